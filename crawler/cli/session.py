"""One call of `microfiche crawl`, from the first request to the closing summary."""

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rich.console import Console

from archive.embedded import Services
from archive.ledger import sites as ledger_sites
from archive.ledger.attempts import attempt_of
from crawler.adopt import Adopted, adopt
from crawler.cli.progress import Progress
from crawler.cli.summary import summarise
from crawler.config import Config
from crawler.finish import finish, look_at, working
from crawler.line import Line, open_line
from crawler.room import SPOOL_FULL
from crawler.run import Crawled, Crawls, run_in_reactor
from crawler.sites.site import Site
from crawler.standing import told_waiting, waiting

INTERRUPTED = 130
INCOMPLETE = 3
_LAST_WORDS = 2.0  # seconds for threads that have nothing left to do
DONE = frozenset({"finished", "max-pages", "max-minutes"})  # a cap that was asked for counts as done


class Session:
    """Crawls, ships and derives; tells what came of it."""

    def __init__(self, config: Config, progress: Progress, *, max_pages: int | None, max_minutes: float | None) -> None:
        self._config = config
        self._progress = progress
        self._max_pages = max_pages
        self._max_minutes = max_minutes
        self._interrupts = 0
        self._crawls: Crawls | None = None
        self._threads = ThreadPoolExecutor(thread_name_prefix="asyncio")

    def run(self, sites: Sequence[Site], *, running: Services) -> int:
        """Runs to the end; returns the exit code."""
        return run_in_reactor(lambda: self._whole(sites, running=running))

    def end_threads(self) -> bool:
        """Lets the threads go; False when one still waits, for a store that says nothing most likely."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        ours = [one for one in threading.enumerate() if one.name.startswith("asyncio")]
        deadline = time.monotonic() + _LAST_WORDS
        for one in ours:
            one.join(max(0.0, deadline - time.monotonic()))
        return not any(one.is_alive() for one in ours)

    async def _whole(self, sites: Sequence[Site], *, running: Services) -> int:
        asyncio.get_running_loop().set_default_executor(self._threads)
        with contextlib.suppress(asyncio.CancelledError):
            async with open_line(self._config, running=running) as line, self._interruptible():
                line.extractors.warm()
                async with working(line), self._progress.drawn():
                    return await self._run(line, sites)
        return INTERRUPTED

    async def _run(self, line: Line, sites: Sequence[Site]) -> int:
        before = await self._adopt(line)
        self._crawls = Crawls(line, max_pages=self._max_pages, max_minutes=self._max_minutes, watcher=self._progress)
        crawled = await self._crawls.run(await self._active(line, sites))
        again = await self._adopt_lost(line, crawled)
        begun = [one.attempt for one in crawled if one.attempt]
        wanted = dict.fromkeys([*before.attempts, *again.attempts, *begun])
        unfinished = await finish(line, wanted, look=lambda rows: self._look(line, rows))
        await self._tell(line, crawled, unfinished)
        return INCOMPLETE if before.left and not self._interrupts else self._code(crawled, unfinished)

    async def _adopt(self, line: Line) -> Adopted:
        """Finishes what earlier commands left, as far as that takes no time."""
        adopted = await adopt(line)
        for told in adopted.left:
            self._progress.say(f"microfiche: {told}")
        if count := len(adopted.attempts):
            self._progress.say(f"finishing {count} earlier attempt{'s' * (count > 1)} first")
            await finish(line, adopted.attempts, states=frozenset({"committed", "derived"}), patience=5.0)
        return adopted

    async def _adopt_lost(self, line: Line, crawled: Sequence[Crawled]) -> Adopted:
        """Ships what crawls left that could not tell the ledger of their end; now, when Postgres is back."""
        if any(one.attempt is None and one.ended != SPOOL_FULL for one in crawled):
            return await adopt(line)
        return Adopted(attempts=(), left=())

    def _look(self, line: Line, rows: list[Mapping[str, Any]]) -> None:
        self._progress.look(rows, line.extractors)
        self._progress.silent(line.store.traffic.silent())

    async def _active(self, line: Line, sites: Sequence[Site]) -> list[Site]:
        """Leaves out what an operator has paused or removed, and says so."""
        active = []
        async with line.ledger.transaction() as connection:
            for site in sites:
                state = await ledger_sites.state(connection, site.name)
                if state in ("paused", "removed"):
                    self._progress.say(f"{site.name}: {state}; to ask it again: microfiche site resume {site.name}")
                else:
                    active.append(site)
        return active

    async def _tell(self, line: Line, crawled: Sequence[Crawled], unfinished: Sequence[Mapping[str, Any]]) -> None:
        rows = {row["run"]: row for row in await look_at(line, [one.attempt for one in crawled if one.attempt])}
        reasons = {row["run"]: row for row in unfinished}
        self._progress.stop()
        console = Console(soft_wrap=True)
        for one in crawled:
            if problem := problem_of(one):
                self._progress.say(f"microfiche: {problem}")
            elif one.attempt:
                run = one.attempt.run
                summarise(console, {**rows[run], **reasons.get(run, {})}, where=line.address)
        told = {one.attempt for one in crawled if one.attempt and not problem_of(one)}
        for row in unfinished:
            if attempt_of(row) not in told:
                self._progress.say(f"microfiche: {told_waiting(waiting(row, tries={}))}")

    def _code(self, crawled: Sequence[Crawled], unfinished: Sequence[Mapping[str, Any]]) -> int:
        if self._interrupts:
            return INTERRUPTED
        failed = [one for one in crawled if problem_of(one)]
        if crawled and len(failed) == len(crawled):
            return 1
        cut_short = [one for one in crawled if one.ended not in DONE]
        return INCOMPLETE if failed or cut_short or unfinished else 0

    @contextlib.asynccontextmanager
    async def _interruptible(self) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupt, task)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _interrupt(self, task: asyncio.Task[Any]) -> None:
        """Once: finish what is under way, ship it, end. Twice: end at once. Three times: without a word."""
        self._interrupts += 1
        if self._interrupts == 1 and self._crawls is not None:
            self._progress.say("interrupted: keeping what there is; once more to end at once")
            self._stopping = asyncio.ensure_future(self._crawls.stop())
        elif self._interrupts <= 2:
            task.cancel()
        else:
            os._exit(INTERRUPTED)


def problem_of(crawled: Crawled) -> str | None:
    """Why a crawl gave nothing, in words that say what to do; None when it gave something."""
    home = crawled.site.home
    if crawled.attempt is None:
        return f"{crawled.site.name}: {crawled.problem}"
    if crawled.problem == "robots-unreachable":
        return f"{home} does not answer, not even for robots.txt; check the address, or try again later"
    if crawled.problem == "lease-lost" or (crawled.ended == "lease-lost" and not crawled.promised):
        return f"{home} was not crawled: its lease was lost, for Postgres or this machine was too slow; try again later"
    if crawled.problem == "interrupted":
        return f"{home} was not read before the run ended ({crawled.ended}); the next crawl asks for it again"
    if crawled.problem:
        return f"{home} cannot be read ({crawled.problem}); check the address, or try again later"
    if not crawled.promised and crawled.ended == "finished":
        return (
            f"{home} looks like no news site: no feed, no sitemap, no link that looks like an article;"
            " name them in a TOML file of its own (microfiche site add)"
        )
    return None
