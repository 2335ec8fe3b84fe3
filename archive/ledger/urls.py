"""The URLs that were promised, and what came of each.

Promises enter at once; outcomes only with the commit of the attempt that saw them (`decide`). So a crash makes a URL
be fetched again, and never skipped.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from archive.ledger import Connection, rows
from archive.promise import Source
from archive.urls import canonical

_OFFER: Final = (
    "INSERT INTO urls AS known (site, digest, url, source, facts, newest, modified, promised_at, promised_in,"
    " outcome, reason, due_at)"
    " SELECT %(site)s, o.digest, o.url, o.source, o.facts, coalesce(o.newest, '-infinity'), o.modified, %(now)s,"
    " %(run)s, CASE WHEN o.excluded IS NULL THEN 'due' ELSE 'excluded' END, o.excluded,"
    " CASE WHEN o.excluded IS NULL THEN %(now)s END"
    " FROM unnest(%(digests)s::bytea[], %(urls)s::text[], %(sources)s::text[], %(facts)s::jsonb[],"
    " %(newest)s::timestamptz[], %(modified)s::timestamptz[], %(excluded)s::text[])"
    " AS o(digest, url, source, facts, newest, modified, excluded)"
    " ON CONFLICT (site, digest) DO UPDATE SET"
    " facts = CASE WHEN array_position(%(trust)s, excluded.source) <= array_position(%(trust)s, known.source)"
    "   THEN known.facts || excluded.facts ELSE excluded.facts || known.facts END,"
    " source = CASE WHEN array_position(%(trust)s, excluded.source) <= array_position(%(trust)s, known.source)"
    "   THEN excluded.source ELSE known.source END,"
    " newest = greatest(known.newest, excluded.newest), modified = greatest(known.modified, excluded.modified),"
    " outcome = CASE WHEN known.outcome = 'excluded' AND known.decided_at IS NULL THEN 'due'"
    "   ELSE known.outcome END,"
    " reason = CASE WHEN known.outcome = 'excluded' AND known.decided_at IS NULL THEN NULL ELSE known.reason END,"
    " due_at = CASE WHEN (known.outcome = 'excluded' AND known.decided_at IS NULL)"
    "   OR excluded.modified > known.captured_at THEN %(now)s ELSE known.due_at END"
    " WHERE excluded.outcome = 'due' AND ((known.outcome = 'excluded' AND known.decided_at IS NULL)"
    "   OR excluded.modified > coalesce(known.modified, '-infinity')"
    "   OR excluded.newest > known.newest"
    "   OR NOT known.facts @> excluded.facts)"
    " RETURNING (xmax = 0) AS inserted"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A promised URL as the frontier hands it in: to be fetched, or excluded at once with a reason.

    `newest` orders the queue; None is a promise without any date. `facts` is what its promiser said of it. `key` is
    the URL's `digest`, where the caller has it already.
    """

    url: str
    source: str
    facts: Mapping[str, Any]
    newest: datetime | None
    modified: datetime | None
    excluded: str | None = None
    key: bytes = b""


async def _one_writer(connection: Connection, *, site: str) -> None:
    """Lets one transaction at a time write a site's URLs: two that meet rows in different orders would deadlock."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"urls of {site}",))


def digest(url: str) -> bytes:
    """The 16 bytes under which the ledger keeps a URL: two URLs with one `id/1` key are one."""
    return sha256(canonical(url).encode()).digest()[:16]


async def offer(connection: Connection, offers: Sequence[Offer], *, site: str, run: str, now: datetime) -> int:
    """Enters promises; returns how many URLs were new.

    A known URL comes due again when its promiser says that it changed after it was captured, or when something now
    wants it that was excluded before it was ever asked for. What a more trustworthy source said stays.
    """
    unique = {offer.key or digest(offer.url): offer for offer in reversed(offers)}
    if not unique:
        return 0
    await _one_writer(connection, site=site)
    found = await rows(
        connection,
        _OFFER,
        {"site": site, "run": run, "now": now, "trust": [str(source) for source in Source], **_columns(unique)},
    )
    return sum(row["inserted"] for row in found)


def _columns(offers: Mapping[bytes, Offer]) -> dict[str, list[Any]]:
    """Offers by their digest, column by column."""
    return {
        "digests": list(offers),
        "urls": [offer.url for offer in offers.values()],
        "sources": [offer.source for offer in offers.values()],
        "facts": [Jsonb(dict(offer.facts)) for offer in offers.values()],
        "newest": [offer.newest for offer in offers.values()],
        "modified": [offer.modified for offer in offers.values()],
        "excluded": [offer.excluded for offer in offers.values()],
    }


async def take(
    connection: Connection,
    *,
    site: str,
    attempt: str,
    now: datetime,
    since: datetime | None,
    most: int,
    without: str | None = None,
) -> list[DictRow]:
    """Hands out the newest due URLs that this attempt has not had; undated ones come last.

    `since` is the backfill's bound; what is older stays due for a run whose bound reaches it, unless a feed shows it
    as current: then it is wanted whatever its age. URLs that wait for the reason `without` go on waiting.
    """
    await _one_writer(connection, site=site)
    return await rows(
        connection,
        "UPDATE urls SET taken = %(attempt)s FROM (SELECT site, digest FROM urls"
        "  WHERE site = %(site)s AND due_at <= %(now)s AND taken IS DISTINCT FROM %(attempt)s"
        "  AND in_reach(newest, captures, facts, %(since)s::timestamptz)"
        "  AND (outcome <> 'later' OR reason IS DISTINCT FROM %(without)s::text)"
        "  ORDER BY newest DESC LIMIT %(most)s) AS due"
        " WHERE urls.site = due.site AND urls.digest = due.digest"
        " RETURNING url, source, facts, nullif(newest, '-infinity') AS newest, modified, promised_at, tries, captures,"
        " first_captured_at, captured_at",
        {"site": site, "attempt": attempt, "now": now, "since": since, "most": most, "without": without},
    )


async def waiting(
    connection: Connection,
    *,
    site: str,
    attempt: str,
    now: datetime,
    since: datetime | None,
    without: str | None = None,
) -> int:
    """How many URLs `take` would still hand out to this attempt."""
    found = await rows(
        connection,
        "SELECT count(*) AS number FROM urls WHERE site = %(site)s AND due_at <= %(now)s"
        " AND taken IS DISTINCT FROM %(attempt)s AND in_reach(newest, captures, facts, %(since)s::timestamptz)"
        " AND (outcome <> 'later' OR reason IS DISTINCT FROM %(without)s::text)",
        {"site": site, "attempt": attempt, "now": now, "since": since, "without": without},
    )
    number: int = found[0]["number"]
    return number


async def postpone(
    connection: Connection,
    *,
    site: str,
    attempt: str,
    now: datetime,
    since: datetime | None,
    without: str | None = None,
) -> DictRow:
    """Gives due URLs that this attempt has not had their reason; returns the numbers under `backfill` and `budget`."""
    await _one_writer(connection, site=site)
    found = await rows(
        connection,
        "WITH left_over AS (UPDATE urls SET outcome = 'later', reason = CASE"
        "  WHEN in_reach(newest, captures, facts, %(since)s::timestamptz) THEN 'budget' ELSE 'backfill' END"
        "  WHERE site = %(site)s AND due_at <= %(now)s AND outcome IN ('due', 'later')"
        "  AND taken IS DISTINCT FROM %(attempt)s AND (outcome <> 'later' OR reason IS DISTINCT FROM %(without)s::text)"
        "  RETURNING reason)"
        " SELECT count(*) FILTER (WHERE reason = 'backfill') AS backfill,"
        " count(*) FILTER (WHERE reason = 'budget') AS budget FROM left_over",
        {"site": site, "attempt": attempt, "now": now, "since": since, "without": without},
    )
    return found[0]


async def undecided(connection: Connection, *, site: str, attempt: str, now: datetime) -> AsyncIterator[DictRow]:
    """Streams what no commit tells of yet and this attempt did not take: left for later, excluded, or due again.

    With these in its commit, the ledger can be made again without reading any feed or sitemap.
    """
    async with connection.cursor("undecided") as cursor:
        await cursor.execute(
            "SELECT url, source, facts, nullif(newest, '-infinity') AS newest, modified, promised_at, outcome, reason,"
            " status, tries, captures, first_captured_at, captured_at, due_at FROM urls"
            " WHERE site = %(site)s AND taken IS DISTINCT FROM %(attempt)s"
            " AND ((outcome IN ('due', 'later', 'excluded') AND decided_in IS NULL)"
            "   OR (outcome = 'captured' AND due_at <= %(now)s)) ORDER BY digest",
            {"site": site, "attempt": attempt, "now": now},
        )
        async for row in cursor:
            yield row


async def decide(connection: Connection, outcomes: Iterable[Mapping[str, Any]], *, site: str, run: str) -> None:
    """Enters the outcomes of a commit; what a later attempt decided already stays."""
    await _one_writer(connection, site=site)
    values = [
        {
            **outcome,
            "site": site,
            "run": run,
            "digest": digest(outcome["url"]),
            "facts": Jsonb(outcome.get("facts") or {}),
            "captured_at": outcome.get("captured_at") or (outcome["at"] if outcome["outcome"] == "captured" else None),
        }
        for outcome in outcomes
    ]
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO urls AS known (site, digest, url, source, facts, newest, modified, promised_at, promised_in,"
            " outcome, reason, status, tries, captures, first_captured_at, captured_at, due_at, decided_in,"
            " decided_at)"
            " VALUES (%(site)s, %(digest)s, %(url)s, %(source)s, %(facts)s,"
            " coalesce(%(newest)s::timestamptz, '-infinity'), %(modified)s, %(promised_at)s, %(run)s, %(outcome)s,"
            " %(reason)s, %(status)s, %(tries)s, %(captures)s, %(first_captured_at)s, %(captured_at)s,"
            " %(due)s, %(run)s, %(at)s)"
            " ON CONFLICT (site, digest) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,"
            " status = excluded.status, tries = excluded.tries, captures = excluded.captures,"
            " first_captured_at = coalesce(known.first_captured_at, excluded.first_captured_at),"
            " captured_at = coalesce(excluded.captured_at, known.captured_at), due_at = excluded.due_at,"
            " decided_in = excluded.decided_in, decided_at = excluded.decided_at,"
            " facts = known.facts || excluded.facts, newest = greatest(known.newest, excluded.newest),"
            " modified = greatest(known.modified, excluded.modified),"
            " promised_at = least(known.promised_at, excluded.promised_at)"
            " WHERE known.decided_at IS NULL OR known.decided_at < excluded.decided_at",
            values,
        )


async def set_kinds(connection: Connection, kinds: Mapping[str, str], *, site: str) -> None:
    """Enters what the derivation read pages as; a page that was never promised has no row and is passed over."""
    await _one_writer(connection, site=site)
    await connection.execute(
        "UPDATE urls SET kind = k.kind FROM unnest(%s::bytea[], %s::text[]) AS k(digest, kind)"
        " WHERE urls.site = %s AND urls.digest = k.digest",
        ([digest(url) for url in kinds], list(kinds.values()), site),
    )


async def put_documents(connection: Connection, documents: Iterable[Mapping[str, Any]], *, site: str) -> None:
    """Enters feeds, sitemaps and sections as a commit says that they were read."""
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO documents AS known (site, url, kind, outcome, reason, modified, read_at, reader)"
            " VALUES (%(site)s, %(url)s, %(kind)s, %(outcome)s, %(reason)s, %(modified)s, %(at)s, %(reader)s)"
            " ON CONFLICT (site, url) DO UPDATE SET kind = excluded.kind, outcome = excluded.outcome,"
            " reason = excluded.reason, modified = excluded.modified, read_at = excluded.read_at,"
            " reader = excluded.reader WHERE known.read_at < excluded.read_at",
            [{"reader": None, **document, "site": site} for document in documents],
        )


async def documents(connection: Connection, *, site: str) -> list[DictRow]:
    """What is known of a site's feeds, sitemaps and sections."""
    return await rows(
        connection,
        "SELECT url, kind, outcome, reason, modified, read_at, reader FROM documents WHERE site = %s",
        (site,),
    )
