"""Working off the jobs behind a crawl, to the end: shipped, committed, derived."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.errors import LedgerError
from archive.ledger import attempts, queue
from archive.ledger.attempts import Attempt, attempt_of
from crawler import jobs
from crawler.adopt import requeue
from crawler.line import Line
from crawler.tasks import end

_LOOK_EVERY = 0.2  # seconds
_LOST_AFTER = 15.0  # seconds without anything moving, after which jobs are looked for that the queue forgot
STANDSTILL = 1800.0  # seconds without anything moving and without a known reason
PATIENCE = 45.0  # seconds with nothing but failures, after which the command leaves the rest to the next one
_LEDGER_PATIENCE = 15.0  # seconds
SILENCE = 30.0  # seconds in which the store answers nothing at all, likewise


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
        await end(*workers, patience=2 * jobs.GRACE)


async def finish(
    line: Line,
    wanted: Iterable[Attempt],
    *,
    states: frozenset[str] = frozenset({"derived"}),
    patience: float = PATIENCE,
    look: Callable[[list[Mapping[str, Any]]], None] = lambda _: None,
) -> list[Mapping[str, Any]]:
    """Waits until the attempts have reached one of the states; returns the ledger's rows of those that have not.

    An attempt that still has a folder in the spool has reached none. `look` is shown all rows again and again, for a
    progress display. Gives up when for `patience` seconds nothing moved and something failed, when the store says
    nothing, or when nothing will be tried sooner: the jobs stay queued, and the next command goes on.

    Raises:
        LedgerError: Postgres stays away.
    """
    wait = _Wait(line=line, names={(attempt.run, attempt.number) for attempt in wanted}, states=states)
    while True:
        now = await wait.look(patience=patience)
        look(now.rows)
        if not now.open:
            return []
        if wait.over(now, patience=patience):
            return await _told_why(line, now.open)
        if now.still > _LOST_AFTER:
            await _requeue(line, now.open)
        await asyncio.sleep(_LOOK_EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """What one look saw: all rows, those that are not done, when they are tried next, seconds since anything moved."""

    rows: list[Mapping[str, Any]]
    open: list[Mapping[str, Any]]
    tries: Mapping[str, datetime | None]
    still: float


class _Wait:
    """Looks again and again, and knows when something moved last."""

    def __init__(self, *, line: Line, names: Iterable[tuple[str, int]], states: frozenset[str]) -> None:
        self._line = line
        self._names = sorted(names)
        self._states = states
        self._seen: object = None
        self._moved_at = _clock()

    async def look(self, *, patience: float) -> _Sight:
        """Sees how far the attempts are, as soon as the ledger answers."""
        asked = _clock()
        while True:
            try:
                rows, tries = await self._ask()
                return self._sight(rows, tries=tries)
            except LedgerError:
                if _clock() - asked > min(patience, _LEDGER_PATIENCE):
                    raise
                await asyncio.sleep(_LOOK_EVERY)

    async def _ask(self) -> tuple[list[Mapping[str, Any]], Mapping[str, datetime | None]]:
        async with self._line.ledger.transaction() as connection:
            found = [await attempts.get(connection, run=run, number=number) for run, number in self._names]
            tries = await queue.next_tries(connection)
        rows: list[Mapping[str, Any]] = [row for row in found if row is not None]
        return rows, tries

    def _sight(self, rows: list[Mapping[str, Any]], *, tries: Mapping[str, datetime | None]) -> _Sight:
        kept = set(self._line.spool.names())
        state = (self._line.extractors.done, kept, [(row["run"], row["number"], row["state"]) for row in rows])
        if state != self._seen:
            self._seen, self._moved_at = state, _clock()
        not_done = [row for row in rows if row["state"] not in self._states or attempt_of(row).name in kept]
        return _Sight(rows=rows, open=not_done, tries=tries, still=_clock() - self._moved_at)

    def over(self, now: _Sight, *, patience: float) -> bool:
        """Whether waiting on is of no use."""
        if self._line.store.traffic.silent() > min(patience, SILENCE):
            return True
        troubled = any(row["problem"] for row in now.open)
        return now.still > (patience if troubled else STANDSTILL) or (troubled and self._is_far(now, patience))

    def _is_far(self, now: _Sight, patience: float) -> bool:
        """Whether all that is not done failed, is not worked on, and is tried again only when nobody waits any more."""
        far = self._line.now() + timedelta(seconds=max(patience, 2.0))
        return all(_next(row, tries=now.tries, running=self._line.running, far=far) for row in now.open)


def _next(row: Mapping[str, Any], *, tries: Mapping[str, datetime | None], running: set[str], far: datetime) -> bool:
    locks = [f"{task}:{attempt_of(row).name}" for task in ("ship", "derive")]
    due = [tries[lock] for lock in locks if lock in tries]
    return not running.intersection(locks) and bool(due) and all(at is not None and at > far for at in due)


async def look_at(line: Line, wanted: Iterable[Attempt]) -> list[Mapping[str, Any]]:
    """The ledger's rows of the attempts, as they are now."""
    wait = _Wait(line=line, names={(attempt.run, attempt.number) for attempt in wanted}, states=frozenset())
    return (await wait.look(patience=PATIENCE)).rows


async def _told_why(line: Line, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows, each with a reason: a store that says nothing has not failed yet."""
    silent = line.store.traffic.silent()
    problem = f"the store has not answered for {silent:.0f} seconds" if silent else None
    with contextlib.suppress(LedgerError):
        async with line.ledger.transaction() as connection:
            for row in rows:
                if problem and not row["problem"]:
                    await attempts.trouble(connection, attempt_of(row), problem=problem)
    return [{**row, "problem": row["problem"] or problem} for row in rows]


async def _requeue(line: Line, rows: Sequence[Mapping[str, Any]]) -> None:
    with contextlib.suppress(LedgerError):
        await requeue(line, rows)


def _clock() -> float:
    return asyncio.get_running_loop().time()
