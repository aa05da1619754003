-- Partner hubs: what was agreed with each, how far each way has come, what they have from us, what was refused.
-- password: what we log in with there, sealed with the hub's key. communities: JSON, '' = any.
CREATE TABLE peer (
  no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL, remote TEXT NOT NULL,
  into_uid TEXT NOT NULL DEFAULT '', from_uid TEXT NOT NULL DEFAULT '',
  principal INTEGER NOT NULL REFERENCES principal, password BLOB NOT NULL, pulls INTEGER NOT NULL,
  pushes INTEGER NOT NULL, max_tlp INTEGER NOT NULL, communities TEXT NOT NULL, types TEXT NOT NULL,
  unmarked TEXT NOT NULL, ca TEXT NOT NULL
);
-- place: how far, in the other hub's words for pulls, in our own seq for pushes. policy: a digest of what was agreed when
-- it was reached; where that changes, it begins anew. Times in microseconds.
CREATE TABLE peer_state (
  peer INTEGER NOT NULL REFERENCES peer, way TEXT NOT NULL, place TEXT NOT NULL, cursor TEXT NOT NULL,
  seen TEXT NOT NULL, policy TEXT NOT NULL, done INTEGER NOT NULL, refused INTEGER NOT NULL, failures INTEGER NOT NULL,
  tried INTEGER NOT NULL, next_try INTEGER NOT NULL, fault TEXT NOT NULL, PRIMARY KEY (peer, way)
) WITHOUT ROWID;
CREATE TABLE peer_sent (
  peer INTEGER NOT NULL, id TEXT NOT NULL, sha BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (peer, id, sha)
) WITHOUT ROWID;
CREATE TABLE peer_refused (
  peer INTEGER NOT NULL, way TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, at INTEGER NOT NULL,
  reason TEXT NOT NULL, PRIMARY KEY (peer, way, id, version)
) WITHOUT ROWID;
CREATE INDEX peer_refused_at ON peer_refused (peer, way, at);
