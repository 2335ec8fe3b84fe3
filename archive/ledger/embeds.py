"""What pages need to be seen again: embeds that are still to be fetched, and those that were asked for in vain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from archive.ledger import Connection, rows
from archive.ledger.resources import key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An embed that earlier runs did not get: the first page that wants it, and as what; None where nobody told."""

    url: str
    page: str
    kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """The last answer of an embed that was nothing to show: an error, or a redirect to `location` (as it was written).

    `status` is 0 where no answer came, for the `reason`. Until `fresh_until` it need not be asked again.
    """

    url: str
    status: int
    reason: str | None
    mime: str
    digest: str
    location: str | None
    captured_at: datetime
    fresh_until: datetime


async def enter(
    connection: Connection,
    *,
    site: str,
    due: Sequence[Mapping[str, Any]],
    settled: Sequence[str],
    missed: Sequence[Mapping[str, Any]],
    since: datetime,
) -> None:
    """Enters which embeds an attempt begun at `since` left to fetch, and strikes out those that were settled.

    One that was captured or missed meanwhile is not due. What was missed is kept until somebody may ask again.
    """
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO embeds_due (site, key, url, page, kind)"
            " SELECT %(site)s, %(key)s, %(url)s, %(page)s, %(kind)s"
            " WHERE NOT EXISTS"
            " (SELECT 1 FROM resources WHERE site = %(site)s AND key = %(key)s AND captured_at >= %(since)s)"
            " AND NOT EXISTS"
            " (SELECT 1 FROM embed_misses WHERE site = %(site)s AND key = %(key)s AND captured_at >= %(since)s)"
            " ON CONFLICT (site, key) DO NOTHING",
            [{"kind": None, **one, "site": site, "key": key_of(one["url"]), "since": since} for one in due],
        )
    await connection.execute(
        "DELETE FROM embeds_due WHERE site = %s AND key = ANY(%s)", (site, [key_of(url) for url in settled])
    )
    await connection.execute("DELETE FROM embed_misses WHERE site = %s AND fresh_until < %s", (site, since))
    await _enter_misses(connection, missed, site=site)


async def _enter_misses(connection: Connection, missed: Sequence[Mapping[str, Any]], *, site: str) -> None:
    blank = {"reason": None, "mime": "", "digest": "", "location": None}
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO embed_misses AS known (site, key, url, status, reason, mime, digest, location, captured_at,"
            " fresh_until) VALUES (%(site)s, %(key)s, %(url)s, %(status)s, %(reason)s, %(mime)s, %(digest)s,"
            " %(location)s, %(captured_at)s, %(fresh_until)s)"
            " ON CONFLICT (site, key) DO UPDATE SET url = excluded.url, status = excluded.status,"
            " reason = excluded.reason, mime = excluded.mime, digest = excluded.digest, location = excluded.location,"
            " captured_at = excluded.captured_at, fresh_until = excluded.fresh_until"
            " WHERE known.captured_at < excluded.captured_at",
            [{**blank, **one, "site": site, "key": key_of(one["url"])} for one in missed],
        )


async def due(connection: Connection, *, site: str, most: int) -> list[Due]:
    """Embeds that earlier runs did not get to, those of one page together."""
    found = await rows(
        connection, "SELECT url, page, kind FROM embeds_due WHERE site = %s ORDER BY page, key LIMIT %s", (site, most)
    )
    return [Due(**one) for one in found]


async def among_due(connection: Connection, keys: Sequence[bytes], *, site: str) -> set[bytes]:
    """Which of these keys are of embeds that earlier runs did not get to."""
    found = await rows(connection, "SELECT key FROM embeds_due WHERE site = %s AND key = ANY(%s)", (site, list(keys)))
    return {one["key"] for one in found}


async def misses(connection: Connection, keys: Sequence[bytes], *, site: str) -> dict[bytes, Miss]:
    """What was missed at these keys."""
    found = await rows(
        connection,
        "SELECT key, url, status, reason, mime, digest, location, captured_at, fresh_until FROM embed_misses"
        " WHERE site = %s AND key = ANY(%s)",
        (site, list(keys)),
    )
    return {one["key"]: _miss(one) for one in found}


def _miss(found: DictRow) -> Miss:
    return Miss(**{name: value for name, value in found.items() if name != "key"})
