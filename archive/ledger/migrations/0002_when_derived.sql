-- When the articles of an attempt could be read: the cursor of those who pull what is new (articles --committed-since).
ALTER TABLE attempts ADD COLUMN derived_at timestamptz;
UPDATE attempts SET derived_at = now() WHERE state = 'derived';
CREATE INDEX attempts_by_derivation ON attempts (derived_at);

-- A view keeps the columns it was made with.
DROP VIEW site_attempts;
CREATE VIEW site_attempts AS
SELECT attempts.*, runs.site, runs.tick FROM attempts JOIN runs ON runs.id = attempts.run;
