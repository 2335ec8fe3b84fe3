"""Opening a ledger: migrated once, by one; what cannot be reached is told in one line."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from archive.embedded import Services
from archive.errors import LedgerError
from archive.ledger import Ledger, row, rows
from tests.archive.ledgers import MIGRATIONS, add_site


async def test_migrations_are_applied_once_and_in_order(ledger: Ledger) -> None:
    """Each migration is noted under its name; opening again changes nothing."""
    async with ledger.transaction() as connection:
        before = await rows(connection, "SELECT name, at FROM migrations ORDER BY name")
    assert [found["name"] for found in before] == [*MIGRATIONS, "procrastinate-3.10"]
    assert [name[:5] for name in MIGRATIONS] == [f"{number:04d}_" for number in range(1, 1 + len(MIGRATIONS))]
    dsn = ledger.pool.conninfo
    assert isinstance(dsn, str)
    async with Ledger.open(dsn) as again, again.transaction() as connection:
        assert await rows(connection, "SELECT name, at FROM migrations ORDER BY name") == before


async def test_two_that_open_a_new_ledger_at_once_migrate_it_once(embedded: Services) -> None:
    """The second waits for the first."""
    assert embedded.dsn is not None
    dsn = f"{embedded.dsn.rpartition('/')[0]}/opened_by_two"
    async with await psycopg.AsyncConnection.connect(embedded.dsn, autocommit=True) as connection:
        await connection.execute("CREATE DATABASE opened_by_two")

    async def count() -> int:
        async with Ledger.open(dsn) as ledger, ledger.transaction() as connection:
            return len(await rows(connection, "SELECT 1 FROM migrations"))

    assert await asyncio.gather(count(), count()) == [1 + len(MIGRATIONS)] * 2


async def test_a_block_that_fails_leaves_nothing(ledger: Ledger) -> None:
    """A transaction stands or falls as one."""

    class TornError(Exception): ...

    async def tear() -> None:
        async with ledger.transaction() as connection:
            await add_site(connection)
            raise TornError

    with pytest.raises(TornError):
        await tear()
    async with ledger.transaction() as connection:
        assert await row(connection, "SELECT 1 FROM sites") is None


@pytest.mark.parametrize(
    ("dsn", "told"),
    [
        ("postgresql://microfiche:secret@127.0.0.1:1/postgres", "Connection refused"),
        ("postgresql://", "connection"),
        ("nonsense", "missing"),
    ],
)
async def test_what_cannot_be_reached_is_told_in_one_line(dsn: str, told: str) -> None:
    """The line says what is wrong and what to do, and no password."""
    with pytest.raises(LedgerError) as caught:
        async with Ledger.open(dsn):
            pass
    text = str(caught.value)
    assert "\n" not in text
    assert "secret" not in text
    assert text.endswith("check [database] dsn, or leave it out to use the embedded Postgres")
    assert told in text


async def test_a_wrong_password_is_told_at_once(embedded: Services) -> None:
    """No pool retries it for half a minute."""
    assert embedded.dsn is not None
    wrong = embedded.dsn.replace(":", ":x", 2).replace(":x//", "://")
    async with asyncio.timeout(timedelta(seconds=10).total_seconds()):
        with pytest.raises(LedgerError, match="password authentication failed"):
            async with Ledger.open(wrong):
                pass


async def test_an_account_that_may_not_write_is_told_in_one_line(embedded: Services) -> None:
    """Such as one that was made for readers."""
    assert embedded.dsn is not None
    async with await psycopg.AsyncConnection.connect(embedded.dsn, autocommit=True) as connection:
        await connection.execute("CREATE ROLE reader LOGIN PASSWORD 'secret'")
    with pytest.raises(LedgerError, match="permission denied for schema public; check") as caught:
        async with Ledger.open(
            embedded.dsn.replace("//microfiche:", "//reader:").replace(_password(embedded), "secret")
        ):
            pass
    assert "secret" not in str(caught.value)


def _password(embedded: Services) -> str:
    return (embedded.dsn or "").partition("//microfiche:")[2].partition("@")[0]
