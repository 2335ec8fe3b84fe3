-- How the pages of a URL form looked to plain HTTP: hollow of looks needed a browser. Entered with the commit.
CREATE TABLE forms (
    site        text NOT NULL REFERENCES sites,
    form       text NOT NULL,
    looks       integer NOT NULL,
    hollow      integer NOT NULL,
    at          timestamptz NOT NULL,                    -- the last look
    PRIMARY KEY (site, form)
);
