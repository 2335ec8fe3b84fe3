"""Working off the jobs behind a crawl, to the end: shipped, committed, derived."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any

from archive.ledger import attempts
from archive.ledger.attempts import Attempt
from crawler import jobs
from crawler.line import Line

_LOOK_EVERY = 0.2  # seconds
STANDSTILL = 1800.0  # seconds without anything moving, with or without a known reason
PATIENCE = 45.0  # seconds with nothing but failures, after which the command leaves the rest to the next one


@contextlib.asynccontextmanager
async def working(line: Line) -> AsyncIterator[None]:
    """Works on this machine's jobs in the background for the length of the block."""
    workers = [
        asyncio.create_task(jobs.work(line, queues=[line.ship_queue, jobs.DERIVE_QUEUE], concurrency=2)),
        asyncio.create_task(jobs.work(line, queues=[jobs.RESCUE_QUEUE], concurrency=1)),
    ]
    try:
        yield
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def finish(
    line: Line,
    wanted: Iterable[Attempt],
    *,
    states: frozenset[str] = frozenset({"derived"}),
    patience: float = PATIENCE,
    look: Callable[[list[Mapping[str, Any]]], None] = lambda _: None,
) -> list[Mapping[str, Any]]:
    """Waits until the attempts have reached one of the states; returns the ledger's rows of those that have not.

    `look` is shown all rows again and again, for a progress display. Gives up when for `patience` seconds nothing
    moved and something failed: the jobs stay queued, and the next command goes on.
    """
    names = {(attempt.run, attempt.number) for attempt in wanted}
    loop = asyncio.get_running_loop()
    before, moved_at = None, loop.time()
    while True:
        rows = await _rows(line, names)
        look(rows)
        open_rows = [row for row in rows if row["state"] not in states]
        state = (line.extractors.done, [(row["run"], row["number"], row["state"]) for row in rows])
        if state != before:
            before, moved_at = state, loop.time()
        still = loop.time() - moved_at
        stuck = still > (patience if any(row["problem"] for row in open_rows) else STANDSTILL)
        if not open_rows or stuck:
            return open_rows
        await asyncio.sleep(_LOOK_EVERY)


async def _rows(line: Line, names: Iterable[tuple[str, int]]) -> list[Mapping[str, Any]]:
    async with line.ledger.transaction() as connection:
        found = [await attempts.get(connection, run=run, number=number) for run, number in sorted(names)]
    return [row for row in found if row is not None]
