-- The last place given in a collection: it never goes back, even where what stood last was taken away.
CREATE TABLE reached (collection INTEGER PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO reached (collection, seq) SELECT collection, max(seq) FROM object GROUP BY collection;
