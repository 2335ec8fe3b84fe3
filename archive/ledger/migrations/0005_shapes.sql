-- How the pages of a URL shape looked to plain HTTP: hollow of looks needed a browser. Entered with the commit.
CREATE TABLE shapes (
    site        text NOT NULL REFERENCES sites,
    shape       text NOT NULL,
    looks       integer NOT NULL,
    hollow      integer NOT NULL,
    at          timestamptz NOT NULL,                    -- the last look
    PRIMARY KEY (site, shape)
);
