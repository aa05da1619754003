-- Principals, what they may do, and objects with their release classes.
CREATE TABLE principal (
  no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, sees INTEGER NOT NULL,
  communities TEXT NOT NULL DEFAULT '[]', password TEXT NOT NULL DEFAULT '', token BLOB UNIQUE,
  version INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE api_root (
  no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL, description TEXT NOT NULL DEFAULT '',
  max_content_length INTEGER NOT NULL
);
CREATE TABLE collection (
  no INTEGER PRIMARY KEY, root INTEGER NOT NULL REFERENCES api_root, uid TEXT NOT NULL, title TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '', default_tlp INTEGER NOT NULL DEFAULT -1, UNIQUE (root, uid)
);
CREATE TABLE permit (
  principal INTEGER NOT NULL REFERENCES principal, collection INTEGER NOT NULL REFERENCES collection,
  can_read INTEGER NOT NULL, can_write INTEGER NOT NULL, PRIMARY KEY (principal, collection)
) WITHOUT ROWID;
CREATE TABLE release (no INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
-- first, last: no older, no newer row of the same class. mixed: the id has rows of several classes or sources, so that
-- which one is first or last depends on who reads. ends: how many objects a relationship or sighting hangs on.
CREATE TABLE object (
  n INTEGER PRIMARY KEY, collection INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
  version INTEGER NOT NULL, stamp TEXT NOT NULL, spec TEXT NOT NULL, source INTEGER NOT NULL, release INTEGER NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL, mixed INTEGER NOT NULL, ends INTEGER NOT NULL, sha BLOB NOT NULL,
  body BLOB NOT NULL
);
CREATE UNIQUE INDEX object_version ON object (collection, id, version, source);
CREATE UNIQUE INDEX object_seq ON object (collection, seq);
CREATE INDEX object_last ON object (collection, seq, release) WHERE last = 1;
CREATE INDEX object_type_last ON object (collection, type, seq, release) WHERE last = 1;
CREATE INDEX object_definition ON object (source) WHERE type = 'marking-definition';
-- What containers of a source pass on to an id (markings as JSON), whether or not the object is there yet.
CREATE TABLE passed (
  source INTEGER NOT NULL, id TEXT NOT NULL, bound TEXT NOT NULL, lent TEXT NOT NULL, PRIMARY KEY (source, id)
) WITHOUT ROWID;
CREATE TABLE link (n INTEGER NOT NULL, end_id TEXT NOT NULL, PRIMARY KEY (n, end_id)) WITHOUT ROWID;
CREATE INDEX link_end ON link (end_id, n);
CREATE TABLE status (
  uid TEXT PRIMARY KEY, root INTEGER NOT NULL, principal INTEGER NOT NULL, requested INTEGER NOT NULL,
  successes TEXT NOT NULL, failures TEXT NOT NULL
) WITHOUT ROWID;
