"""Runs, their attempts, and the lease under which an attempt may ask a domain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from archive.keys import AttemptName
from archive.ledger import Connection, row, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at one site at one tick: `<run>-<number>` names its spool folder and its objects."""

    site: str
    run: str
    number: int
    tick: datetime

    @property
    def name(self) -> str:
        """The name of its spool folder and the stem of its objects."""
        return f"{self.run}-{self.number}"

    @property
    def objects(self) -> AttemptName:
        """The keys of its objects."""
        day = self.tick.astimezone(UTC).date().isoformat()
        return AttemptName(site=self.site, dt=day, run=self.run, attempt=self.number)


def attempt_of(row: Mapping[str, Any]) -> Attempt:
    """The attempt a row of `site_attempts` tells of."""
    return Attempt(site=row["site"], run=row["run"], number=row["number"], tick=row["tick"])


async def begin(connection: Connection, *, site: str, run: str, tick: datetime, machine: str) -> Attempt:
    """Numbers the next attempt at a run, making the run when it is new."""
    await connection.execute(
        "INSERT INTO runs (id, site, tick) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING", (run, site, tick)
    )
    await connection.execute("SELECT 1 FROM runs WHERE id = %s FOR UPDATE", (run,))
    found = await row(
        connection,
        "INSERT INTO attempts (run, number, machine, started_at)"
        " SELECT %(run)s, coalesce(max(number), 0) + 1, %(machine)s, now() FROM attempts WHERE run = %(run)s"
        " RETURNING number",
        {"run": run, "machine": machine},
    )
    assert found is not None
    return Attempt(site=site, run=run, number=found["number"], tick=tick)


async def restore(
    connection: Connection, attempt: Attempt, *, machine: str, started: datetime, ended: datetime | None = None
) -> None:
    """Makes an attempt known that the ledger forgot, from its spool folder or its commit."""
    await connection.execute(
        "INSERT INTO runs (id, site, tick) VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING",
        (attempt.run, attempt.site, attempt.tick),
    )
    await connection.execute(
        "INSERT INTO attempts (run, number, machine, started_at, ended_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (run, number) DO NOTHING",
        (attempt.run, attempt.number, machine, started, ended),
    )


async def seal(connection: Connection, attempt: Attempt, *, ended: str, counts: Mapping[str, Any]) -> None:
    """Records that nothing more will be captured in this attempt, and why."""
    await connection.execute(
        "UPDATE attempts SET state = 'sealed', ended_at = now(), ended = %s, counts = %s"
        " WHERE run = %s AND number = %s AND state = 'crawling'",
        (ended, Jsonb(dict(counts)), attempt.run, attempt.number),
    )


async def commit(
    connection: Connection, attempt: Attempt, *, ended: str, counts: Mapping[str, Any], at: datetime
) -> None:
    """Records that the attempt's commit object stands."""
    await connection.execute(
        "UPDATE attempts SET state = CASE WHEN state = 'derived' THEN state ELSE 'committed' END, problem = NULL,"
        " committed_at = coalesce(committed_at, %s), ended = %s, counts = %s,"
        " ended_at = coalesce(ended_at, %s) WHERE run = %s AND number = %s",
        (at, ended, Jsonb(dict(counts)), at, attempt.run, attempt.number),
    )


async def derive(
    connection: Connection, attempt: Attempt, *, extractor: str, articles: int, left_out: Mapping[str, int]
) -> None:
    """Records that the attempt's articles object stands, with how many lines, and why other pages gave none."""
    await connection.execute(
        "UPDATE attempts SET state = 'derived', problem = NULL, extractor = %s, derived = %s, derived_at = now()"
        " WHERE run = %s AND number = %s",
        (extractor, Jsonb({"articles": articles, "left_out": dict(left_out)}), attempt.run, attempt.number),
    )


async def derive_again(connection: Connection, attempt: Attempt) -> None:
    """Has an attempt wait for its derivation whose articles object is lost or damaged."""
    await connection.execute(
        "UPDATE attempts SET state = 'committed' WHERE run = %s AND number = %s AND state = 'derived'",
        (attempt.run, attempt.number),
    )


async def trouble(connection: Connection, attempt: Attempt, *, problem: str) -> None:
    """Records what ship or derive last failed with, for `status` and `doctor`."""
    await connection.execute(
        "UPDATE attempts SET problem = %s WHERE run = %s AND number = %s", (problem, attempt.run, attempt.number)
    )


async def get(connection: Connection, *, run: str, number: int) -> DictRow | None:
    """One attempt with its site and tick."""
    return await row(
        connection,
        "SELECT * FROM site_attempts WHERE run = %s AND number = %s",
        (run, number),
    )


async def unfinished(connection: Connection) -> list[DictRow]:
    """Attempts that are not derived yet, oldest first."""
    return await rows(
        connection,
        "SELECT * FROM site_attempts WHERE state <> 'derived' ORDER BY started_at",
    )


async def forget(connection: Connection, attempt: Attempt) -> bool:
    """Forgets an attempt that died before it had a spool folder; not while it holds a lease. True when it is gone."""
    cursor = await connection.execute(
        "DELETE FROM attempts WHERE run = %(run)s AND number = %(number)s AND committed_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM leases WHERE run = %(run)s AND number = %(number)s AND until > now())",
        {"run": attempt.run, "number": attempt.number},
    )
    return cursor.rowcount == 1


async def committed(
    connection: Connection,
    *,
    sites: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[DictRow]:
    """Committed attempts whose run ticked in the span, oldest first."""
    return await rows(
        connection,
        "SELECT * FROM site_attempts WHERE committed_at IS NOT NULL"
        " AND (%(sites)s::text[] IS NULL OR site = ANY(%(sites)s))"
        " AND (%(since)s::timestamptz IS NULL OR tick >= %(since)s)"
        " AND (%(until)s::timestamptz IS NULL OR tick < %(until)s) ORDER BY tick, number",
        {"sites": list(sites) if sites else None, "since": since, "until": until},
    )


async def standing(
    connection: Connection, *, sites: Sequence[str] | None = None, since: datetime | None = None
) -> list[DictRow]:
    """Committed attempts whose run ticked on the day of `since` or later: what names each, and its state."""
    return await rows(
        connection,
        "SELECT site, run, number, tick, state FROM site_attempts WHERE committed_at IS NOT NULL"
        " AND (%(sites)s::text[] IS NULL OR site = ANY(%(sites)s))"
        " AND (%(since)s::timestamptz IS NULL OR tick >= date_trunc('day', %(since)s::timestamptz, 'UTC'))"
        " ORDER BY site, tick, number",
        {"sites": list(sites) if sites else None, "since": since},
    )


async def lease(connection: Connection, attempt: Attempt, *, domain: str, machine: str, seconds: float) -> bool:
    """Takes or renews the lease on a domain; False while another attempt holds one that has not run out."""
    cursor = await connection.execute(
        "INSERT INTO leases AS held (domain, run, number, machine, until)"
        " VALUES (%(domain)s, %(run)s, %(number)s, %(machine)s, now() + %(span)s * interval '1 second')"
        " ON CONFLICT (domain) DO UPDATE SET run = excluded.run, number = excluded.number,"
        " machine = excluded.machine, until = excluded.until"
        " WHERE held.until < now() OR (held.run = excluded.run AND held.number = excluded.number)",
        {
            "domain": domain,
            "run": attempt.run,
            "number": attempt.number,
            "machine": machine,
            "span": seconds,
        },
    )
    return cursor.rowcount == 1


async def release(connection: Connection, *, run: str, number: int) -> None:
    """Gives back whatever the attempt holds: it asks no more, or is known to be dead."""
    await connection.execute("DELETE FROM leases WHERE run = %s AND number = %s", (run, number))
