-- What a page needs that gave nothing to show when it was last asked for: an error, a redirect, no answer. It need not be
-- asked again before `fresh_until`. Entered with a commit only.
CREATE TABLE embed_misses (
    site        text NOT NULL REFERENCES sites,
    key         bytea NOT NULL,
    url         text NOT NULL,
    status      smallint NOT NULL,                       -- 0: no answer, for the reason
    reason      text,
    mime        text NOT NULL,
    digest      text NOT NULL,
    location    text,                                    -- of a redirect, as the server wrote it
    captured_at timestamptz NOT NULL,
    fresh_until timestamptz NOT NULL,
    PRIMARY KEY (site, key)
);

-- What it was needed as: older commits do not tell.
ALTER TABLE embeds_due ADD COLUMN kind text;
