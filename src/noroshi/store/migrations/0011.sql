-- What hangs on marking definitions that their source has not sent yet: it is shown to nobody until they come.
CREATE TABLE awaited (
  source INTEGER NOT NULL, definition TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (source, definition, id)
) WITHOUT ROWID;
CREATE INDEX awaited_id ON awaited (id);
