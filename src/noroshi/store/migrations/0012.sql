-- Incidents and situations: what was said of each, a line at a time, never changed. said: JSON. at: when it was so,
-- entered: when it was written down, in microseconds. once: by which one that sends a line again is known, '' = none.
CREATE TABLE dossier (
  no INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, exercise INTEGER NOT NULL, tlp INTEGER NOT NULL,
  communities TEXT NOT NULL, organisation TEXT NOT NULL, sector TEXT NOT NULL,
  author INTEGER NOT NULL REFERENCES principal, made INTEGER NOT NULL
);
CREATE TABLE dossier_line (
  dossier INTEGER NOT NULL REFERENCES dossier, n INTEGER NOT NULL, at INTEGER NOT NULL, entered INTEGER NOT NULL,
  principal INTEGER NOT NULL REFERENCES principal, said BLOB NOT NULL, once TEXT NOT NULL, PRIMARY KEY (dossier, n)
) WITHOUT ROWID;
CREATE UNIQUE INDEX dossier_once ON dossier_line (dossier, once) WHERE once <> '';
-- Who takes part in a situation.
CREATE TABLE dossier_reader (
  dossier INTEGER NOT NULL REFERENCES dossier, principal INTEGER NOT NULL REFERENCES principal,
  PRIMARY KEY (dossier, principal)
) WITHOUT ROWID;
