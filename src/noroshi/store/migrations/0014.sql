-- Exercises: collections that hold nothing else, and who is there for them alone. calls: JSON, [name, number, languages].
ALTER TABLE collection ADD COLUMN exercise INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN exercise INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact ADD COLUMN calls TEXT NOT NULL DEFAULT '[]';
