-- What migrations/0015 makes in SQLite: links that invite a person, and evidence that comes with answers.
CREATE TABLE invited (
  uid TEXT COLLATE "C" PRIMARY KEY, digest BYTEA NOT NULL UNIQUE, name TEXT COLLATE "C" NOT NULL, kind TEXT NOT NULL,
  sees INTEGER NOT NULL, communities TEXT NOT NULL, organisation TEXT COLLATE "C" NOT NULL, sectors TEXT NOT NULL,
  exercise INTEGER NOT NULL, author INTEGER NOT NULL REFERENCES principal, made BIGINT NOT NULL,
  expires BIGINT NOT NULL, state TEXT NOT NULL
);
CREATE TABLE evidence_file (
  uid TEXT COLLATE "C" NOT NULL UNIQUE, dossier INTEGER NOT NULL REFERENCES dossier, body BYTEA NOT NULL
);
