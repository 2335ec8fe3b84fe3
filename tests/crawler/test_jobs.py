"""crawler.jobs.work: it goes on whatever Postgres does, and ends when it is told to."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

from archive.embedded import services
from archive.ledger import Ledger, rows
from crawler import jobs
from tests.archive.holder import noted


async def registered(ledger: Ledger) -> None:
    """Returns when a worker is at work."""
    async with asyncio.timeout(60):
        while True:
            async with ledger.transaction() as connection:
                if await rows(connection, "SELECT id FROM procrastinate_workers"):
                    return


async def test_who_is_told_to_end_does_not_begin_again_because_postgres_died_too(tmp_path: Path) -> None:
    """A worker that cannot tell Postgres of its end fails, and is not started anew."""
    with services(tmp_path, s3=False) as running:
        async with Ledger.open(running.dsn or "") as ledger, jobs.open_queue(ledger) as app:
            working = asyncio.create_task(jobs.work(SimpleNamespace(queue=app), queues=["derive"], concurrency=1))
            await registered(ledger)
            noted(tmp_path)["postgres"].kill()
            working.cancel()
            done, _ = await asyncio.wait({working}, timeout=60)
            assert working in done
            assert working.cancelled()
