-- People: who owns the hub and whom an OpenID provider knows, tokens with scopes, sessions, log-ins under way, the link
-- for the first owner. Of secrets only SHA-256 is kept. Times in microseconds since 1970.
ALTER TABLE principal ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
ALTER TABLE principal ADD COLUMN subject TEXT;
CREATE UNIQUE INDEX principal_subject ON principal (subject);
-- collections: numbers as JSON, '' = all of them.
CREATE TABLE token (
  uid TEXT PRIMARY KEY, principal INTEGER NOT NULL REFERENCES principal, label TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE, scopes TEXT NOT NULL, collections TEXT NOT NULL, made INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX token_principal ON token (principal);
-- bond: what the session hangs on (the password's hash, or the provider's subject); when that changes it ends.
CREATE TABLE session (
  digest BLOB PRIMARY KEY, principal INTEGER NOT NULL REFERENCES principal, bond BLOB NOT NULL, made INTEGER NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_principal ON session (principal);
CREATE TABLE login (
  digest BLOB PRIMARY KEY, nonce TEXT NOT NULL, verifier TEXT NOT NULL, expires INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE invitation (digest BLOB PRIMARY KEY, expires INTEGER NOT NULL) WITHOUT ROWID;
