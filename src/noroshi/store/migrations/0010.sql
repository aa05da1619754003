-- A place of its own for each release class: who reads goes over rows of the classes that it sees, and over no other, so
-- that neither the number of hidden rows nor their time shows in how long an answer takes.
DROP INDEX object_last;
DROP INDEX object_type_last;
CREATE INDEX object_release ON object (collection, release, seq, last);
CREATE INDEX object_type_last ON object (collection, type, release, seq) WHERE last = 1;
