-- As 0013 of SQLite: requests in a situation.
CREATE TABLE ask (
  uid TEXT COLLATE "C" PRIMARY KEY, dossier INTEGER NOT NULL REFERENCES dossier,
  principal INTEGER NOT NULL REFERENCES principal, through INTEGER REFERENCES principal
);
CREATE INDEX ask_principal ON ask (principal);
CREATE INDEX ask_through ON ask (through);
