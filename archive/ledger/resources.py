"""What is known of URLs and payloads: validators to ask with, originals to refer to.

Entered with commits only, so that a revisit record never refers to what could still be lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from psycopg.rows import DictRow

from archive.ledger import Connection, row, rows
from archive.members import warc_uri
from archive.original import Original

_FIND: Final = (
    "SELECT r.key, r.url, r.status, r.mime, r.digest, r.coding, r.captured_at, r.etag, r.last_modified, r.fresh_until,"
    " p.uri AS original_uri, p.captured_at AS original_date, p.record_id, p.digest AS original_digest, p.filename,"
    ' p."offset", p.coding AS original_coding, p.size'
    " FROM resources AS r LEFT JOIN payloads AS p ON p.site = r.site AND p.digest = r.digest AND p.coding = r.coding"
    " WHERE r.site = %s AND r.key = ANY(%s)"
)
_ORIGINALS: Final = (
    "SELECT p.uri AS original_uri, p.captured_at AS original_date, p.record_id, p.digest AS original_digest,"
    ' p.filename, p."offset", p.coding AS original_coding'
    " FROM payloads AS p JOIN unnest(%s::text[], %s::text[]) AS w(digest, coding)"
    " ON p.digest = w.digest AND p.coding = w.coding WHERE p.site = %s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The last answer 200 at one exact URL, or a 304 that confirmed it.

    `captured_at` is when it was last seen, `etag` and `last_modified` are its validators as the server wrote them,
    `original` holds its payload; it is None where nothing holds it that a revisit could refer to. `size` is that of
    the payload in bytes, 0 where it is not known, `coding` names its codings (`archive.original`).
    """

    url: str
    status: int
    mime: str
    digest: str
    captured_at: datetime
    etag: str | None
    last_modified: str | None
    fresh_until: datetime
    original: Original | None
    size: int = 0
    coding: str = ""


@lru_cache(maxsize=4096)
def key_of(url: str) -> bytes:
    """The 16 bytes under which a URL is kept: of the URL as WARC-Target-URI has it, without its fragment."""
    return sha256(warc_uri(url.partition("#")[0]).encode()).digest()[:16]


async def enter(connection: Connection, told: Sequence[Mapping[str, Any]], *, site: str) -> None:
    """Enters the resources of a commit (`archive.inventory`); what a later one said of a URL stays.

    Of a payload the earliest full capture is kept. A 304 confirms a known resource and makes none.
    """
    await _enter_payloads(connection, [one for one in told if "record_id" in one], site=site)
    values = [_values(one, site=site) for one in told]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO resources AS known (site, key, url, status, mime, digest, coding, captured_at, etag,"
            " last_modified, fresh_until) VALUES (%(site)s, %(key)s, %(url)s, %(status)s, %(mime)s, %(digest)s,"
            " %(coding)s, %(captured_at)s, %(etag)s, %(last_modified)s, %(fresh_until)s)"
            " ON CONFLICT (site, key) DO UPDATE SET url = excluded.url, status = excluded.status,"
            " mime = excluded.mime, digest = excluded.digest, coding = excluded.coding,"
            " captured_at = excluded.captured_at, etag = excluded.etag, last_modified = excluded.last_modified,"
            " fresh_until = excluded.fresh_until WHERE known.captured_at < excluded.captured_at",
            [value for value in values if value["status"] == 200],
        )
        await cursor.executemany(
            "UPDATE resources SET captured_at = %(captured_at)s, etag = coalesce(%(etag)s, etag),"
            " last_modified = coalesce(%(last_modified)s, last_modified), fresh_until = %(fresh_until)s"
            " WHERE site = %(site)s AND key = %(key)s AND digest = %(digest)s AND captured_at < %(captured_at)s",
            [value for value in values if value["status"] == 304],
        )


async def _enter_payloads(connection: Connection, told: Iterable[Mapping[str, Any]], *, site: str) -> None:
    async with connection.cursor() as cursor:
        await cursor.executemany(
            'INSERT INTO payloads AS known (site, digest, coding, uri, captured_at, record_id, filename, "offset",'
            " size) VALUES (%(site)s, %(digest)s, %(coding)s, %(url)s, %(captured_at)s, %(record_id)s, %(filename)s,"
            " %(offset)s, %(size)s) ON CONFLICT (site, digest, coding) DO UPDATE SET uri = excluded.uri,"
            " captured_at = excluded.captured_at, record_id = excluded.record_id, filename = excluded.filename,"
            ' "offset" = excluded."offset" WHERE known.captured_at > excluded.captured_at',
            [{**one, "site": site} for one in told],
        )


def _values(told: Mapping[str, Any], *, site: str) -> dict[str, Any]:
    blank = {"mime": "", "coding": "", "etag": None, "last_modified": None}
    return {**blank, **told, "site": site, "key": key_of(told["url"])}


async def forget(connection: Connection, digests: Sequence[str], *, site: str) -> None:
    """Forgets payloads that are gone from the store, so that the next answer of their bytes is kept whole again."""
    await connection.execute("DELETE FROM payloads WHERE site = %s AND digest = ANY(%s)", (site, list(digests)))


async def find(connection: Connection, keys: Sequence[bytes], *, site: str) -> dict[bytes, Resource]:
    """What is known at these keys, each with its original."""
    found = await rows(connection, _FIND, (site, list(keys)))
    return {one["key"]: _resource(one) for one in found}


async def originals(
    connection: Connection, payloads: Sequence[tuple[str, str]], *, site: str
) -> dict[tuple[str, str], Original]:
    """The full captures of payloads, each named by its digest and coding."""
    digests, codings = [digest for digest, _ in payloads], [coding for _, coding in payloads]
    found = await rows(connection, _ORIGINALS, (digests, codings, site))
    return {(one["original_digest"], one["original_coding"]): _original(one) for one in found}


async def holds_any(connection: Connection, *, site: str) -> bool:
    """Whether any payload of the site is known."""
    return await row(connection, "SELECT 1 FROM payloads WHERE site = %s LIMIT 1", (site,)) is not None


def _resource(found: DictRow) -> Resource:
    return Resource(
        url=found["url"],
        status=found["status"],
        mime=found["mime"],
        digest=found["digest"],
        captured_at=found["captured_at"],
        etag=found["etag"],
        last_modified=found["last_modified"],
        fresh_until=found["fresh_until"],
        original=_original(found) if found["record_id"] else None,
        size=found["size"] or 0,
        coding=found["coding"],
    )


def _original(found: DictRow) -> Original:
    return Original(
        uri=found["original_uri"],
        date=found["original_date"],
        record_id=found["record_id"],
        digest=found["original_digest"],
        filename=found["filename"],
        offset=found["offset"],
        coding=found["original_coding"],
    )
