"""crawler.jobs.work: it goes on whatever Postgres does, and ends when it is told to."""

import asyncio
from pathlib import Path

from archive.embedded import services
from archive.ledger import Ledger, rows
from crawler import jobs
from crawler.config import Config
from crawler.line import open_line
from tests.archive.holder import noted


async def registered(ledger: Ledger) -> None:
    """Returns when a worker is at work."""
    while True:
        async with ledger.transaction() as connection:
            if await rows(connection, "SELECT id FROM procrastinate_workers"):
                return


async def test_who_is_told_to_end_does_not_begin_again_because_postgres_died_too(tmp_path: Path) -> None:
    """A worker that cannot tell Postgres of its end fails, and is not started anew: once told is enough."""
    with services(tmp_path) as running:
        async with asyncio.timeout(120), open_line(Config(data_dir=tmp_path), running=running) as line:
            working = asyncio.create_task(jobs.work(line, queues=[jobs.DERIVE_QUEUE], concurrency=1))
            await registered(line.ledger)
            noted(tmp_path)["postgres"].kill()
            working.cancel()
            await asyncio.wait({working})
            assert working.cancelled()
