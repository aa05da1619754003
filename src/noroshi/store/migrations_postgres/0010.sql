-- As 0011 of SQLite: what hangs on marking definitions that their source has not sent yet.
CREATE TABLE awaited (
  source INTEGER NOT NULL, definition TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (source, definition, id)
);
CREATE INDEX awaited_id ON awaited (id);
