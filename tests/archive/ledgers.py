"""A fresh, migrated ledger for a test, in a database of its own."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from archive.embedded import Services
from archive.ledger import Connection, Ledger, attempts, sites
from archive.ledger.attempts import Attempt
from archive.ledger.urls import Offer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@asynccontextmanager
async def fresh_ledger(running: Services) -> AsyncIterator[Ledger]:
    """Yields a ledger that nobody else sees."""
    assert running.dsn is not None
    name = f"test_{secrets.token_hex(6)}"
    await template(running)
    await _execute(running.dsn, f"CREATE DATABASE {name} TEMPLATE migrated")
    async with Ledger.open(dsn_of(running, name), connections=4) as ledger:
        yield ledger


def dsn_of(running: Services, name: str) -> str:
    assert running.dsn is not None
    return running.dsn.rpartition("/")[0] + f"/{name}"


async def template(running: Services) -> str:
    """The address of an empty ledger that was migrated once; nobody commits anything to it."""
    assert running.dsn is not None
    async with await psycopg.AsyncConnection.connect(running.dsn, autocommit=True) as connection:
        cursor = await connection.execute("SELECT 1 FROM pg_database WHERE datname = 'migrated'")
        if not await cursor.fetchone():
            await connection.execute("CREATE DATABASE migrated")
            async with Ledger.open(dsn_of(running, "migrated"), connections=1):
                pass
    return dsn_of(running, "migrated")


async def _execute(dsn: str, statement: str) -> None:
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        await connection.execute(statement)


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
    modified = facts.pop("modified", None)
    return Offer(url=url, source="sitemap", facts=facts, newest=newest, modified=modified, excluded=excluded)


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
