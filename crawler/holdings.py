"""The archive and its ledger for commands that look and do not crawl: no queue, no spool, no extraction; quick to open.

Only what a command asks for is started: `status` needs Postgres alone, `verify` the store alone.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from archive.embedded import Services, kept, services
from archive.ledger import Ledger
from crawler.config import Config

if TYPE_CHECKING:
    from archive.store import Store


def is_begun(config: Config) -> bool:
    """Whether there can be anything to look at: nothing configured and no data folder means an empty archive."""
    return config.database.dsn is not None or config.store.url is not None or config.data_dir.exists()


@contextlib.contextmanager
def held(config: Config, *, ledger: bool = True, store: bool = True) -> Iterator[Services]:
    """Holds up what embedded services the configuration leaves to us, of those that are asked for.

    One that dies meanwhile is started again.
    """
    postgres, s3 = ledger and config.database.dsn is None, store and config.store.url is None
    if not (postgres or s3):
        yield Services()
        return
    with (
        services(config.data_dir, postgres=postgres, s3=s3) as running,
        kept(config.data_dir, postgres=postgres, s3=s3),
    ):
        yield running


def open_store(config: Config, *, running: Services) -> "Store":
    """The configured store, or the embedded one.

    Raises:
        StoreError: its address is none.
    """
    from archive.store import Store  # boto3 takes a while to load, and many commands need no store

    if config.store.url:
        return Store(config.store.url, endpoint=config.store.endpoint, region=config.store.region)
    return Store(
        store_address(config, running=running),
        endpoint=running.endpoint,
        region="us-east-1",
        access_key=running.access_key,
        secret_key=running.secret_key,
    )


def store_address(config: Config, *, running: Services) -> str:
    """Where the store lies, as s3://bucket/prefix."""
    return config.store.url or f"s3://{running.bucket}"


@contextlib.asynccontextmanager
async def open_ledger(config: Config, *, running: Services) -> AsyncIterator[Ledger]:
    """Yields the configured ledger, or the embedded one, migrated.

    Raises:
        LedgerError: Postgres cannot be reached or does not admit us.
    """
    dsn = config.database.dsn or running.dsn
    assert dsn is not None
    async with Ledger.open(dsn, connections=4) as ledger:
        yield ledger
