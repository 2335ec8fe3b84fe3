-- The first full capture of each payload, at whatever URL: what revisit records refer to. `coding` tells how the
-- payload is read: codings, status, type; `filename` and "offset" where its WARC record lies. Entered with a commit only.
CREATE TABLE payloads (
    site        text NOT NULL REFERENCES sites,
    digest      text NOT NULL,                           -- sha256:<hex>, as WARC-Payload-Digest
    coding      text NOT NULL,
    uri         text NOT NULL,
    captured_at timestamptz NOT NULL,
    record_id   text NOT NULL,
    filename    text NOT NULL,
    "offset"    bigint NOT NULL,
    size        bigint NOT NULL,                         -- of the payload, in bytes
    PRIMARY KEY (site, digest, coding)
);

-- The last answer 200 at each exact URL (or a 304 that confirmed it), under the first 16 bytes of sha256 of the URL.
-- captured_at: when it was last seen, as the WARC-Date of that record says. Entered with a commit only.
CREATE TABLE resources (
    site        text NOT NULL REFERENCES sites,
    key         bytea NOT NULL,
    url         text NOT NULL,
    status      smallint NOT NULL,
    mime        text NOT NULL,
    digest      text NOT NULL,
    coding      text NOT NULL,
    captured_at timestamptz NOT NULL,
    etag        text,
    last_modified text,                                  -- as the server wrote it
    fresh_until timestamptz NOT NULL,
    PRIMARY KEY (site, key)
) WITH (fillfactor = 80);

-- What captured pages need and no run has fetched yet.
CREATE TABLE embeds_due (
    site        text NOT NULL REFERENCES sites,
    key         bytea NOT NULL,
    url         text NOT NULL,
    page        text NOT NULL,                           -- the first page that wanted it
    PRIMARY KEY (site, key)
);
