-- Warnings: who is warned how, what was said in each version, who was chosen and why, what was sent, what they answered.
-- Lists and texts are JSON. secret: the web hook's, sealed with the hub's key. Times in microseconds.
CREATE TABLE contact (
  principal INTEGER PRIMARY KEY REFERENCES principal, organisation TEXT NOT NULL, sectors TEXT NOT NULL,
  products TEXT NOT NULL, networks TEXT NOT NULL, mail TEXT NOT NULL, hook TEXT NOT NULL, secret BLOB NOT NULL
);
-- collection: where it is posted for TAXII, '' = nowhere; since: the last entry of the ledger before it was.
CREATE TABLE warning (
  no INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, author INTEGER NOT NULL REFERENCES principal,
  made INTEGER NOT NULL, audience TEXT NOT NULL, collection TEXT NOT NULL DEFAULT '', since INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE warning_version (
  warning INTEGER NOT NULL REFERENCES warning, version INTEGER NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
  said BLOB NOT NULL, key TEXT NOT NULL, signature TEXT NOT NULL, PRIMARY KEY (warning, version)
) WITHOUT ROWID;
CREATE TABLE warning_recipient (
  warning INTEGER NOT NULL REFERENCES warning, principal INTEGER NOT NULL REFERENCES principal, sectors TEXT NOT NULL,
  reasons TEXT NOT NULL, kept_from TEXT NOT NULL, chosen_by INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (warning, principal)
) WITHOUT ROWID;
-- state: sending (until: whose turn it is till then), sent, failed, posted.
CREATE TABLE warning_sending (
  warning INTEGER NOT NULL REFERENCES warning, version INTEGER NOT NULL, principal INTEGER NOT NULL,
  channel TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL,
  fault TEXT NOT NULL, PRIMARY KEY (warning, version, principal, channel)
) WITHOUT ROWID;
CREATE TABLE warning_receipt (
  warning INTEGER NOT NULL REFERENCES warning, version INTEGER NOT NULL, principal INTEGER NOT NULL,
  state TEXT NOT NULL, at INTEGER NOT NULL, via TEXT NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (warning, version, principal, state)
) WITHOUT ROWID;
