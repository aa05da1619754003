-- What was done and what was given to whom: two chains of hashes (share/chain.py), and what their seals were made with.
CREATE TABLE journal (
  no INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, content BLOB NOT NULL, hash BLOB NOT NULL
);
CREATE TABLE ledger (
  no INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, content BLOB NOT NULL, hash BLOB NOT NULL
);
CREATE TABLE salt (chain TEXT NOT NULL, no INTEGER NOT NULL, salt BLOB NOT NULL, PRIMARY KEY (chain, no)) WITHOUT ROWID;
CREATE TABLE checkpoint (no INTEGER PRIMARY KEY, text TEXT NOT NULL);
-- Rows that were deleted: who received them can still be told. Of one that was erased only its number is left.
CREATE TABLE gone (
  n INTEGER PRIMARY KEY, collection INTEGER NOT NULL, id TEXT NOT NULL, stamp TEXT NOT NULL, sha BLOB NOT NULL
);
CREATE INDEX gone_id ON gone (id) WHERE id <> '';
