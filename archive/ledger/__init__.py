"""The ledger: what is promised, under way and done, in Postgres.

Everything in it can be read again from the store (`rebuild`), so it decides what happens next but is never the only
place that knows what happened. The job queue lives in the same Postgres, so that "state changed" and "next job queued"
are one transaction. `sites`, `urls`, `attempts`, `revisions`, `resources` and `embeds` hold the statements, one
subject each.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from importlib.resources import files
from typing import Any, LiteralString, TypeAlias

import psycopg
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from archive.errors import LedgerError

Connection: TypeAlias = psycopg.AsyncConnection[DictRow]
_PATIENCE = 10.0  # seconds
_LITTLE_PATIENCE = 2.0
_MIGRATING = 0x6D696372  # the advisory lock under which one process migrates


class Ledger:
    """A pool of connections to a migrated ledger.

    Made by `Ledger.open`; `transaction` gives a connection whose statements stand or fall together.
    """

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self.pool = pool
        self._is_down = False

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, dsn: str, *, connections: int = 8) -> AsyncIterator["Ledger"]:
        """Yields the ledger at `dsn`, migrated to today's schema.

        Raises:
            LedgerError: Postgres cannot be reached or does not admit us.
        """
        await _check(dsn)
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn,
            min_size=1,
            max_size=connections,
            timeout=_PATIENCE,
            reconnect_timeout=5.0,  # whoever asks next begins anew: left alone it would try ever more seldom
            open=False,
            kwargs={"row_factory": dict_row},
            check=AsyncConnectionPool.check_connection,
        )
        await pool.open()
        try:
            ledger = cls(pool)
            try:
                await ledger._migrate()
            except psycopg.Error as error:
                raise LedgerError(_unusable(error)) from error
            yield ledger
        finally:
            await pool.close()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yields a connection; commits at the end of the block, rolls back on an exception.

        Waits ten seconds for a Postgres that is gone, and no more than two as long as it stays away: work is kept, and
        goes on later.

        Raises:
            LedgerError: Postgres went away.
        """
        try:
            async with self.pool.connection(timeout=_LITTLE_PATIENCE if self._is_down else _PATIENCE) as connection:
                self._is_down = False
                yield connection
        except PoolTimeout as error:
            self._is_down = True
            raise LedgerError(_gone(error)) from error
        except psycopg.OperationalError as error:
            raise LedgerError(_gone(error)) from error

    async def _migrate(self) -> None:
        async with self.transaction() as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))
            await connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
            )
            cursor = await connection.execute("SELECT name FROM migrations")
            done = {row["name"] for row in await cursor.fetchall()}
            for name, statements in _migrations():
                if name not in done:
                    await connection.execute(statements())
                    await connection.execute("INSERT INTO migrations (name) VALUES (%s)", (name,))


def _migrations() -> list[tuple[str, Callable[[], Any]]]:
    """Ours in the order of their numbers, after the job queue's own schema: names, and how to read the statements."""
    folder = files(__package__).joinpath("migrations")
    ours = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name)
    return [("procrastinate-3.10", _queue_schema), *((entry.name, entry.read_text) for entry in ours)]


def _queue_schema() -> str:
    from procrastinate.schema import SchemaManager  # a slow import, needed once in the life of a ledger

    return SchemaManager.get_schema()


async def _check(dsn: str) -> None:
    """One plain connection first: a pool would retry a wrong password for half a minute."""
    try:
        connection = await psycopg.AsyncConnection.connect(dsn, connect_timeout=10)
    except psycopg.Error as error:
        raise LedgerError(_unusable(error)) from error
    await connection.close()


def _unusable(error: Exception) -> str:
    advice = "check [database] dsn, or leave it out to use the embedded Postgres"
    return f"Postgres cannot be used: {_first_line(error)}; {advice}"


def _gone(error: Exception) -> str:
    told = f"the ledger's Postgres went away: {_first_line(error)}"
    return f"{told}; what was captured is kept, and the next crawl goes on when it is back"


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


async def rows(connection: Connection, query: LiteralString, parameters: Any = None) -> list[DictRow]:
    """All rows of a query."""
    cursor = await connection.execute(query, parameters)
    return await cursor.fetchall()


async def row(connection: Connection, query: LiteralString, parameters: Any = None) -> DictRow | None:
    """The first row of a query, or None."""
    cursor = await connection.execute(query, parameters)
    return await cursor.fetchone()
