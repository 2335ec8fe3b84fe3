"""An empty ledger for a test, or a transaction in a shared one that is rolled back at the end."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.rows import dict_row

from archive.embedded import Services
from archive.ledger import Connection, Ledger
from tests.archive.ledgers import fresh_ledger, made


@pytest.fixture
async def ledger(embedded: Services) -> AsyncIterator[Ledger]:
    async with fresh_ledger(embedded) as ledger:
        yield ledger


@pytest.fixture
async def connection(embedded: Services) -> AsyncIterator[Connection]:
    dsn = await made(embedded, "untouched")
    async with await psycopg.AsyncConnection.connect(dsn, row_factory=dict_row) as connection:
        yield connection
        await connection.rollback()
