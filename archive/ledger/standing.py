"""How each site stands: when it was asked last, what it holds, how its promises and revisions fall on the days."""

from psycopg.rows import DictRow

from archive.ledger import Connection, rows

_RECENT = 100  # dated promises from which the usual gap is told


async def overview(connection: Connection) -> list[DictRow]:
    """Name, home, state, tick of the last run (or None) and number of articles of every site, by name."""
    return await rows(
        connection,
        "SELECT name, home, state,"
        " (SELECT max(tick) FROM runs WHERE site = sites.name) AS last_run,"
        " (SELECT count(DISTINCT id) FROM article_captures WHERE site = sites.name) AS articles"
        " FROM sites ORDER BY name",
    )


async def pulse(connection: Connection) -> list[DictRow]:
    """A site: its newest promise and the median gap between its latest ones (None with fewer than two).

    A promise without a date counts as of the moment when it was heard of, one dated ahead as of then too.
    """
    return await rows(
        connection,
        "SELECT site, max(at) AS newest, percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap FROM ("
        "  SELECT site, at, at - lag(at) OVER (PARTITION BY site ORDER BY at) AS gap FROM ("
        "    SELECT site, at, row_number() OVER (PARTITION BY site ORDER BY at DESC) AS place FROM ("
        "      SELECT site, least(coalesce(nullif(newest, '-infinity'), promised_at), promised_at) AS at FROM urls"
        "    ) AS dated"
        "  ) AS ranked WHERE place <= %s"
        ") AS gaps GROUP BY site ORDER BY site",
        (_RECENT,),
    )


async def revised(connection: Connection) -> list[DictRow]:
    """Numbers of revisions beyond the first, a site and UTC day of their capture."""
    return await rows(
        connection,
        "SELECT site, (captured_at AT TIME ZONE 'UTC')::date AS day, count(*) AS number FROM revisions"
        " WHERE changed = 1 AND revision > 1 GROUP BY 1, 2 ORDER BY 1, 2",
    )


async def rendered(connection: Connection) -> list[DictRow]:
    """Counts of consent outcomes a site and UTC day of the runs; their sum is the pages a browser rendered."""
    return await rows(
        connection,
        "SELECT site, (tick AT TIME ZONE 'UTC')::date AS day, met.key AS outcome, sum(met.value::integer) AS number"
        " FROM site_attempts, jsonb_each_text(coalesce(counts -> 'consent', '{}')) AS met"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )


async def tally(connection: Connection, *, site: str | None = None) -> list[DictRow]:
    """Counts of promised URLs a site, UTC day of the promise, outcome and reason."""
    return await rows(
        connection,
        "SELECT site, (promised_at AT TIME ZONE 'UTC')::date AS day, outcome, reason, count(*) AS number"
        " FROM urls WHERE %(site)s::text IS NULL OR site = %(site)s GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        {"site": site},
    )
