-- What read a document: a digest of the software and the site's TOML. Other ones may judge its promises otherwise, so an
-- unchanged document is then read again, from the archive.
ALTER TABLE documents ADD COLUMN reader text;
