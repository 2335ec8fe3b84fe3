"""A transaction in a shared ledger, rolled back at the end."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.rows import dict_row

from archive.embedded import Services
from archive.ledger import Connection
from tests.archive.ledgers import made


@pytest.fixture
async def connection(embedded: Services) -> AsyncIterator[Connection]:
    dsn = await made(embedded, "untouched")
    async with await psycopg.AsyncConnection.connect(dsn, row_factory=dict_row) as connection:
        yield connection
        await connection.rollback()
