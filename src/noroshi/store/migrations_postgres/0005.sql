-- As 0006 of SQLite: what a principal may see since a later day than it came, and the collection beside each end.
CREATE TABLE audience (
  principal INTEGER NOT NULL, collection INTEGER NOT NULL, release INTEGER NOT NULL, since BIGINT NOT NULL,
  upto BIGINT, PRIMARY KEY (principal, collection, release, since)
);
CREATE TABLE announcing (
  principal INTEGER NOT NULL, collection INTEGER NOT NULL, upto BIGINT NOT NULL, done BIGINT NOT NULL,
  PRIMARY KEY (principal, collection, upto)
);
CREATE TABLE announced (
  principal INTEGER NOT NULL, n BIGINT NOT NULL, collection INTEGER NOT NULL, seq BIGINT NOT NULL,
  PRIMARY KEY (principal, n)
);
CREATE UNIQUE INDEX announced_seq ON announced (principal, collection, seq);
CREATE INDEX announced_row ON announced (n);
ALTER TABLE principal ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN collection INTEGER;
UPDATE link SET collection = o.collection FROM object o WHERE o.n = link.n;
ALTER TABLE link ALTER COLUMN collection SET NOT NULL;
DROP INDEX link_end;
CREATE INDEX link_end ON link (collection, end_id, n);
