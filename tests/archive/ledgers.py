"""An empty ledger for a test, and what goes into it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import psycopg

from archive.embedded import Services
from archive.ledger import Connection, Ledger, attempts, sites
from archive.ledger.attempts import Attempt
from archive.ledger.urls import Offer

MIGRATIONS = sorted(file.name for file in files("archive.ledger").joinpath("migrations").iterdir())
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@asynccontextmanager
async def fresh_ledger(running: Services) -> AsyncIterator[Ledger]:
    """Yields an empty ledger that nobody else works in."""
    async with Ledger.open(await made(running, "scratch"), connections=4) as ledger:
        async with ledger.transaction() as connection:
            await connection.execute("TRUNCATE sites, runs, attempts, leases, urls, article_captures CASCADE")
        yield ledger


async def made(running: Services, name: str) -> str:
    """The address of a migrated database, made when it is not there."""
    assert running.dsn is not None
    dsn = f"{running.dsn.rpartition('/')[0]}/{name}"
    async with await psycopg.AsyncConnection.connect(running.dsn, autocommit=True) as connection:
        cursor = await connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if not await cursor.fetchone():
            await connection.execute(f"CREATE DATABASE {name}")
            async with Ledger.open(dsn, connections=1):
                pass
    return dsn


async def add_site(connection: Connection, name: str = "courier") -> str:
    await sites.put(connection, name=name, home=f"https://{name}.example/", toml=f'name = "{name}"')
    return name


async def add_attempt(
    connection: Connection, *, site: str = "courier", run: str | None = None, tick: datetime = NOON, machine: str = "m1"
) -> Attempt:
    return await attempts.begin(connection, site=site, run=run or run_id(tick), tick=tick, machine=machine)


def run_id(tick: datetime, *, tail: str = "aaaaaa") -> str:
    return f"{tick:%Y%m%d%H%M%S}{tail}"


def offer(url: str, *, newest: datetime | None = None, excluded: str | None = None, **facts: Any) -> Offer:
    modified, source = facts.pop("modified", None), facts.pop("source", "sitemap")
    return Offer(url=url, source=source, facts=facts, newest=newest, modified=modified, excluded=excluded)


def outcome(url: str, word: str = "captured", *, at: datetime = NOON, **changes: Any) -> dict[str, Any]:
    """An outcome as a commit has it."""
    captured = word == "captured"
    return {
        "url": url,
        "source": "sitemap",
        "facts": {},
        "newest": None,
        "modified": None,
        "promised_at": at.isoformat(),
        "outcome": word,
        "reason": None if captured else "http-404",
        "status": 200 if captured else 404,
        "at": at.isoformat(),
        "tries": 0 if captured else 1,
        "captures": int(captured),
        "first_captured_at": at.isoformat() if captured else None,
        "due": None,
        **changes,
    }


def line(number: int, *, at: datetime = NOON, digest: str = "a", site: str = "courier") -> dict[str, Any]:
    """What the ledger keeps of an article line."""
    return {
        "site": site,
        "id": f"{number:032x}",
        "url": f"https://{site}.example/{number}",
        "capture": {"date": at.isoformat()},
        "content_digest": f"sha256:{digest * 64}",
    }
