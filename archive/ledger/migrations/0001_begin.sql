-- Sites we keep, as their TOML says; `state` is what an operator set with site pause|resume|remove.
CREATE TABLE sites (
    name        text PRIMARY KEY,
    home        text NOT NULL,
    toml        text NOT NULL,
    state       text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'removed')),
    added_at    timestamptz NOT NULL DEFAULT now()
);

-- A run is one site at one tick, an attempt one try at it.
CREATE TABLE runs (
    id          text PRIMARY KEY,
    site        text NOT NULL REFERENCES sites,
    tick        timestamptz NOT NULL
);
CREATE INDEX runs_by_site ON runs (site, tick);

-- crawling: holds a spool folder; sealed: waits to be shipped; committed: its commit object stands; derived: so do its articles.
CREATE TABLE attempts (
    run         text NOT NULL REFERENCES runs,
    number      integer NOT NULL,
    machine     text NOT NULL,
    state       text NOT NULL DEFAULT 'crawling' CHECK (state IN ('crawling', 'sealed', 'committed', 'derived')),
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    ended       text,                                    -- why: finished, a cap's name, interrupted, lease-lost, crashed
    counts      jsonb NOT NULL DEFAULT '{}',
    problem     text,                                    -- what ship or derive last failed with
    committed_at timestamptz,
    extractor   text,
    derived     jsonb,                                   -- {articles: n, left_out: {reason: n}}
    PRIMARY KEY (run, number)
);
CREATE INDEX attempts_open ON attempts (state) WHERE state <> 'derived';

CREATE VIEW site_attempts AS
SELECT attempts.*, runs.site, runs.tick FROM attempts JOIN runs ON runs.id = attempts.run;

-- One attempt at a time on a registrable domain.
CREATE TABLE leases (
    domain      text PRIMARY KEY,
    run         text NOT NULL,
    number      integer NOT NULL,
    machine     text NOT NULL,
    until       timestamptz NOT NULL
);

-- Every URL a seed, feed, sitemap or section promised, under the first 16 bytes of sha256 of its id/1 key.
-- newest: published, else modified, else -infinity; due_at: when to ask (again), null is never.
CREATE TABLE urls (
    site        text NOT NULL REFERENCES sites,
    digest      bytea NOT NULL,
    url         text NOT NULL,
    source      text NOT NULL,
    facts       jsonb NOT NULL DEFAULT '{}',
    newest      timestamptz NOT NULL,
    modified    timestamptz,
    promised_at timestamptz NOT NULL,
    promised_in text NOT NULL,                           -- the run that first heard of it
    outcome     text NOT NULL DEFAULT 'due' CHECK (outcome IN ('due', 'captured', 'failed', 'excluded', 'later')),
    reason      text,
    status      smallint,
    tries       smallint NOT NULL DEFAULT 0,
    captures    integer NOT NULL DEFAULT 0,
    first_captured_at timestamptz,
    captured_at timestamptz,
    due_at      timestamptz,
    taken       text,                                    -- the attempt that is fetching it, or was
    decided_in  text,                                    -- the run the outcome is of
    decided_at  timestamptz,                             -- an older commit shipped late does not overrule a newer one
    kind        text,                                    -- what the derivation read it as; null: not read
    PRIMARY KEY (site, digest)
) WITH (fillfactor = 80);
CREATE INDEX urls_due ON urls (site, newest DESC) WHERE due_at IS NOT NULL;
CREATE INDEX urls_promised ON urls (promised_in);
CREATE INDEX urls_decided ON urls (decided_in);
CREATE INDEX urls_undecided ON urls (site) WHERE decided_in IS NULL;

-- Whether a backfill that reaches back to `since` reaches a URL: an undated one always, one that was captured before
-- always, and one that a feed shows as current whatever its age.
CREATE FUNCTION in_reach(newest timestamptz, captures integer, facts jsonb, since timestamptz) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT newest = '-infinity' OR captures > 0 OR facts ? 'current' OR newest >= coalesce(since, '-infinity')
$$;

-- Feeds, sitemaps and sections as last read; a sitemap whose modified date has not moved is not asked again.
CREATE TABLE documents (
    site        text NOT NULL REFERENCES sites,
    url         text NOT NULL,
    kind        text NOT NULL,
    outcome     text NOT NULL,
    reason      text,
    modified    timestamptz,
    read_at     timestamptz NOT NULL,
    PRIMARY KEY (site, url)
);

-- Each article line derived; revisions are the fold of these in capture order.
CREATE TABLE article_captures (
    site        text NOT NULL,
    id          text NOT NULL,
    captured_at timestamptz NOT NULL,
    run         text NOT NULL,
    number      integer NOT NULL,
    line        integer NOT NULL,                        -- of the articles object, from 0
    url         text NOT NULL,
    content_digest text NOT NULL,
    PRIMARY KEY (site, id, captured_at, run, number, line)
);
CREATE INDEX article_captures_by_attempt ON article_captures (run, number);

CREATE VIEW revisions AS
SELECT *, sum(changed) OVER (PARTITION BY site, id ORDER BY captured_at, run, number, line) AS revision
FROM (
    SELECT *, CASE WHEN content_digest IS DISTINCT FROM
        lag(content_digest) OVER (PARTITION BY site, id ORDER BY captured_at, run, number, line) THEN 1 ELSE 0 END AS changed
    FROM article_captures
) AS folded;
