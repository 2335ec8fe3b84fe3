-- How the pages of an attempt read, once its articles are derived: what tells that a site's redesign broke extraction.
CREATE TABLE extraction (
    run         text NOT NULL,
    number      integer NOT NULL,
    refused     jsonb,                                   -- promised pages without an article, by reason; null: not known
    words       integer[] NOT NULL,                      -- of each article
    untitled    integer NOT NULL,                        -- articles without a title
    undated     integer NOT NULL,
    unsigned    integer NOT NULL,                        -- without authors
    kinds       jsonb NOT NULL,                          -- articles by kind
    PRIMARY KEY (run, number),
    FOREIGN KEY (run, number) REFERENCES attempts ON DELETE CASCADE
);
