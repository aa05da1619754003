-- What migrations/0005 makes in SQLite: people, their tokens and sessions.
ALTER TABLE principal ADD COLUMN owner SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE principal ADD COLUMN subject TEXT COLLATE "C";
CREATE UNIQUE INDEX principal_subject ON principal (subject);
CREATE TABLE token (
  uid TEXT COLLATE "C" PRIMARY KEY, principal INTEGER NOT NULL REFERENCES principal, label TEXT NOT NULL,
  digest BYTEA NOT NULL UNIQUE, scopes TEXT NOT NULL, collections TEXT NOT NULL, made BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX token_principal ON token (principal);
CREATE TABLE session (
  digest BYTEA PRIMARY KEY, principal INTEGER NOT NULL REFERENCES principal, bond BYTEA NOT NULL, made BIGINT NOT NULL,
  expires BIGINT NOT NULL
);
CREATE INDEX session_principal ON session (principal);
CREATE TABLE login (
  digest BYTEA PRIMARY KEY, nonce TEXT NOT NULL, verifier TEXT NOT NULL, expires BIGINT NOT NULL
);
CREATE TABLE invitation (digest BYTEA PRIMARY KEY, expires BIGINT NOT NULL);
