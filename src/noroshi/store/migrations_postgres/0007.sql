-- As 0008 of SQLite: what people said of two objects.
CREATE TABLE judgement (
  uid TEXT PRIMARY KEY, collection INTEGER NOT NULL, principal INTEGER NOT NULL, everybody INTEGER NOT NULL,
  same INTEGER NOT NULL, a TEXT NOT NULL, b TEXT NOT NULL, at BIGINT NOT NULL, reason TEXT NOT NULL,
  undone_at BIGINT, undone_by INTEGER
);
CREATE INDEX judgement_collection ON judgement (collection, at);
CREATE INDEX judgement_a ON judgement (a);
CREATE INDEX judgement_b ON judgement (b);
