-- Requests in a situation: who is asked, and through whom, so that each finds its own.
CREATE TABLE ask (
  uid TEXT PRIMARY KEY, dossier INTEGER NOT NULL REFERENCES dossier, principal INTEGER NOT NULL REFERENCES principal,
  through INTEGER REFERENCES principal
) WITHOUT ROWID;
CREATE INDEX ask_principal ON ask (principal);
CREATE INDEX ask_through ON ask (through);
