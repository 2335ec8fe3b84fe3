"""What the articles objects hold, line by line, and the revisions that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from archive.ledger import Connection, rows
from archive.ledger.attempts import Attempt


async def put(connection: Connection, attempt: Attempt, *, lines: Iterable[Mapping[str, Any]]) -> int:
    """Replaces what is known of an attempt's articles object; returns its number of lines."""
    await connection.execute(
        "DELETE FROM article_captures WHERE run = %s AND number = %s", (attempt.run, attempt.number)
    )
    values = [
        (
            line["site"],
            line["id"],
            line["capture"]["date"],
            attempt.run,
            attempt.number,
            number,
            line["url"],
            line["content_digest"],
        )
        for number, line in enumerate(lines)
    ]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO article_captures (site, id, captured_at, run, number, line, url, content_digest)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            values,
        )
    return len(values)


async def published(
    connection: Connection,
    *,
    sites: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    newest_only: bool = True,
) -> list[DictRow]:
    """The lines to publish: site, tick, run, number, line, revision; the first capture of each revision.

    In the order of the objects that hold them, so that each object is read once. The span is of capture dates.
    """
    return await rows(
        connection,
        "SELECT v.site, r.tick, v.run, v.number, v.line, v.revision FROM ("
        "  SELECT *, row_number() OVER (PARTITION BY site, id ORDER BY revision DESC) AS place FROM revisions"
        "  WHERE changed = 1"
        "  AND (%(sites)s::text[] IS NULL OR site = ANY(%(sites)s))"
        "  AND (%(since)s::timestamptz IS NULL OR captured_at >= %(since)s)"
        "  AND (%(until)s::timestamptz IS NULL OR captured_at < %(until)s)"
        ") v JOIN runs r ON r.id = v.run WHERE %(all)s OR v.place = 1"
        " ORDER BY r.tick, v.run, v.number, v.line",
        {"sites": list(sites) if sites else None, "since": since, "until": until, "all": not newest_only},
    )
