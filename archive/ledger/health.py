"""How the pages of each attempt read; entered with its articles."""

from datetime import timedelta

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from archive.health import Health
from archive.ledger import Connection, rows
from archive.ledger.attempts import Attempt

_SPAN = timedelta(days=30)  # the past that a site is compared with


async def put(connection: Connection, attempt: Attempt, health: Health) -> None:
    """Replaces what is known of an attempt."""
    await connection.execute(
        "INSERT INTO extraction (run, number, refused, words, untitled, undated, unsigned, kinds)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (run, number) DO UPDATE SET refused = excluded.refused,"
        " words = excluded.words, untitled = excluded.untitled, undated = excluded.undated,"
        " unsigned = excluded.unsigned, kinds = excluded.kinds",
        (
            attempt.run,
            attempt.number,
            None if health.refused is None else Jsonb(dict(health.refused)),
            list(health.words),
            health.untitled,
            health.undated,
            health.unsigned,
            Jsonb(dict(health.kinds)),
        ),
    )


async def recent(connection: Connection) -> list[DictRow]:
    """Site, tick and health of the attempts of each site's last month, in the order of their ticks."""
    return await rows(
        connection,
        "SELECT a.site, a.tick, e.refused, e.words, e.untitled, e.undated, e.unsigned, e.kinds"
        " FROM extraction AS e JOIN site_attempts AS a ON a.run = e.run AND a.number = e.number"
        " JOIN (SELECT site, max(tick) AS newest FROM runs GROUP BY site) AS last ON last.site = a.site"
        " WHERE a.tick > last.newest - %s ORDER BY a.site, a.tick, a.number",
        (_SPAN,),
    )


def health_of(row: DictRow) -> Health:
    """Reads the health in a row of `recent`."""
    return Health(
        words=tuple(row["words"]),
        untitled=row["untitled"],
        undated=row["undated"],
        unsigned=row["unsigned"],
        kinds=row["kinds"],
        refused=row["refused"],
    )
