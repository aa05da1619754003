-- As 0009 of SQLite: reduced copies of objects.
CREATE TABLE derivation (
  uid TEXT PRIMARY KEY, collection INTEGER NOT NULL, source TEXT NOT NULL, stamp TEXT NOT NULL, released TEXT NOT NULL,
  target INTEGER NOT NULL, derived TEXT NOT NULL, body BYTEA NOT NULL, plan TEXT NOT NULL, proposer INTEGER NOT NULL,
  reason TEXT NOT NULL, at BIGINT NOT NULL, state TEXT NOT NULL, decided_by INTEGER, decided_at BIGINT,
  why TEXT NOT NULL, sent_at BIGINT
);
CREATE INDEX derivation_source ON derivation (source);
CREATE INDEX derivation_derived ON derivation (derived);
