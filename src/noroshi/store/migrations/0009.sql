-- Reduced copies of objects: proposed, decided on by a second person. source "" = erased. released: the key of the
-- release class that the source had then. sent_at: when the copy went into its collection, NULL = not yet.
CREATE TABLE derivation (
  uid TEXT PRIMARY KEY, collection INTEGER NOT NULL, source TEXT NOT NULL, stamp TEXT NOT NULL, released TEXT NOT NULL,
  target INTEGER NOT NULL, derived TEXT NOT NULL, body BLOB NOT NULL, plan TEXT NOT NULL, proposer INTEGER NOT NULL,
  reason TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, decided_by INTEGER, decided_at INTEGER,
  why TEXT NOT NULL, sent_at INTEGER
) WITHOUT ROWID;
CREATE INDEX derivation_source ON derivation (source);
CREATE INDEX derivation_derived ON derivation (derived);
