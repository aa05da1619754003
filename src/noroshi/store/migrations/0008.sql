-- What people said of two objects: that they are one thing, or are not. Taken back it stays, with who did so and when.
-- everybody: it counts for all who see both; else for its own principal alone.
CREATE TABLE judgement (
  uid TEXT PRIMARY KEY, collection INTEGER NOT NULL, principal INTEGER NOT NULL, everybody INTEGER NOT NULL,
  same INTEGER NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL,
  undone_at INTEGER, undone_by INTEGER
) WITHOUT ROWID;
CREATE INDEX judgement_collection ON judgement (collection, at);
CREATE INDEX judgement_a ON judgement (a);
CREATE INDEX judgement_b ON judgement (b);
