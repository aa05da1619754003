-- What a principal may see since a later day than it came: it is told of it at new places, and at no other.
-- audience: rows of a class with since < seq <= upto; without upto, leave is withdrawn from `since` on.
CREATE TABLE audience (
  principal INTEGER NOT NULL, collection INTEGER NOT NULL, release INTEGER NOT NULL, since INTEGER NOT NULL,
  upto INTEGER, PRIMARY KEY (principal, collection, release, since)
) WITHOUT ROWID;
-- How far the announcing has come, until it is done.
CREATE TABLE announcing (
  principal INTEGER NOT NULL, collection INTEGER NOT NULL, upto INTEGER NOT NULL, done INTEGER NOT NULL,
  PRIMARY KEY (principal, collection, upto)
) WITHOUT ROWID;
CREATE TABLE announced (
  principal INTEGER NOT NULL, n INTEGER NOT NULL, collection INTEGER NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (principal, n)
) WITHOUT ROWID;
CREATE UNIQUE INDEX announced_seq ON announced (principal, collection, seq);
CREATE INDEX announced_row ON announced (n);
ALTER TABLE principal ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;
-- The collection of a relationship stands with its ends, so that the same ids in another collection cost nothing.
CREATE TABLE link_within (
  n INTEGER NOT NULL, end_id TEXT NOT NULL, collection INTEGER NOT NULL, PRIMARY KEY (n, end_id)
) WITHOUT ROWID;
INSERT INTO link_within (n, end_id, collection) SELECT l.n, l.end_id, o.collection FROM link l JOIN object o ON o.n = l.n;
DROP TABLE link;
ALTER TABLE link_within RENAME TO link;
CREATE INDEX link_end ON link (collection, end_id, n);
