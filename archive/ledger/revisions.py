"""What the articles objects hold, line by line, and the revisions that follow from it."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from psycopg.rows import DictRow

from archive.ledger import Connection, row
from archive.ledger.attempts import Attempt


async def put(connection: Connection, attempt: Attempt, *, lines: Iterable[Mapping[str, Any]]) -> int:
    """Replaces what is known of an attempt's articles object; returns its number of lines.

    Two that derive the same attempt at once (one was thought dead) come one after the other.
    """
    await connection.execute(
        "SELECT 1 FROM attempts WHERE run = %s AND number = %s FOR UPDATE", (attempt.run, attempt.number)
    )
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which lines to publish: of some sites, captured in a span, readable in the archive since a moment.

    None leaves a bound open. `newest_only` takes of each article the newest revision in the span; `committed_since`
    then leaves out those whose lines could be read before: what was pulled earlier is not pulled again.
    """

    sites: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    committed_since: datetime | None = None
    newest_only: bool = True


_PUBLISHED: Final = (
    " FROM (SELECT *, row_number() OVER (PARTITION BY site, id ORDER BY revision DESC) AS place FROM revisions"
    "  WHERE changed = 1"
    "  AND (%(sites)s::text[] IS NULL OR site = ANY(%(sites)s))"
    "  AND (%(since)s::timestamptz IS NULL OR captured_at >= %(since)s)"
    "  AND (%(until)s::timestamptz IS NULL OR captured_at < %(until)s)"
    ") AS v JOIN site_attempts AS a ON a.run = v.run AND a.number = v.number"
    " WHERE (v.place = 1 OR NOT %(newest_only)s)"
    " AND (%(committed_since)s::timestamptz IS NULL OR a.derived_at >= %(committed_since)s)"
)


async def published(connection: Connection, choice: Choice) -> AsyncIterator[DictRow]:
    """Streams the lines to publish: site, tick, run, number, line, revision; the first capture of each revision.

    In the order of the objects that hold them, so that each object is read once.
    """
    async with connection.cursor("published") as cursor:
        await cursor.execute(
            "SELECT v.site, a.tick, v.run, v.number, v.line, v.revision"
            + _PUBLISHED
            + " ORDER BY a.tick, v.run, v.number, v.line",
            _parameters(choice),
        )
        async for found in cursor:
            yield found


async def count_published(connection: Connection, choice: Choice) -> int:
    """How many lines `published` gives."""
    found = await row(connection, "SELECT count(*) AS number" + _PUBLISHED, _parameters(choice))
    assert found is not None
    number: int = found["number"]
    return number


def _parameters(choice: Choice) -> dict[str, Any]:
    return {**asdict(choice), "sites": list(choice.sites) if choice.sites else None}
