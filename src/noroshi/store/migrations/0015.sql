-- Links that invite a person, kept by their digest: what it will be, and whose contact. state: open, taken, withdrawn.
CREATE TABLE invited (
  uid TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL, sees INTEGER NOT NULL,
  communities TEXT NOT NULL, organisation TEXT NOT NULL, sectors TEXT NOT NULL, exercise INTEGER NOT NULL,
  author INTEGER NOT NULL REFERENCES principal, made INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
-- Evidence that comes with an organisation's answers: a file as it came. Its line, with its SHA-256, is in its dossier.
CREATE TABLE evidence_file (
  uid TEXT NOT NULL UNIQUE, dossier INTEGER NOT NULL REFERENCES dossier, body BLOB NOT NULL
);
