"""One call of `microfiche crawl`, from the first request to the closing summary."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from rich.console import Console

from archive.embedded import Services
from archive.ledger import sites as ledger_sites
from archive.ledger.attempts import Attempt
from crawler import jobs
from crawler.cli.progress import Progress
from crawler.cli.summary import summarise
from crawler.config import Config
from crawler.finish import finish, working
from crawler.line import Line, open_line
from crawler.run import Crawled, Crawls, run_in_reactor
from crawler.site import Site

INTERRUPTED = 130
INCOMPLETE = 3
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

    def run(self, sites: Sequence[Site], *, running: Services) -> int:
        """Runs to the end; returns the exit code."""
        return run_in_reactor(lambda: self._whole(sites, running=running))

    async def _whole(self, sites: Sequence[Site], *, running: Services) -> int:
        with contextlib.suppress(asyncio.CancelledError):
            async with open_line(self._config, running=running) as line, self._interruptible():
                line.extractors.warm()
                async with working(line), self._progress.drawn():
                    return await self._run(line, sites)
        return INTERRUPTED

    async def _run(self, line: Line, sites: Sequence[Site]) -> int:
        adopted = await jobs.adopt(line)
        if adopted:
            self._progress.say(f"finishing {len(adopted)} earlier attempt{'s' * (len(adopted) > 1)} first")
            await finish(line, adopted, states=frozenset({"committed", "derived"}), patience=5.0)
        self._crawls = Crawls(line, max_pages=self._max_pages, max_minutes=self._max_minutes, watcher=self._progress)
        crawled = await self._crawls.run(await self._active(line, sites))
        wanted = [*adopted, *(one.attempt for one in crawled if one.attempt)]
        unfinished = await finish(line, wanted, look=lambda rows: self._progress.look(rows, line.extractors))
        await self._tell(line, crawled)
        return self._code(crawled, unfinished)

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

    async def _tell(self, line: Line, crawled: Sequence[Crawled]) -> None:
        rows = {row["run"]: row for row in await self._rows(line, [one.attempt for one in crawled if one.attempt])}
        self._progress.stop()
        console = Console(soft_wrap=True)
        for one in crawled:
            if problem := problem_of(one):
                self._progress.say(f"microfiche: {problem}")
            elif one.attempt:
                summarise(console, rows[one.attempt.run], where=line.address)

    async def _rows(self, line: Line, attempts: Sequence[Attempt]) -> list[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = []
        await finish(line, attempts, patience=0.0, look=lambda found: rows.extend(found[len(rows) :]))
        return rows

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
    if crawled.problem:
        return f"{home} cannot be read ({crawled.problem}); check the address, or try again later"
    if not crawled.promised and crawled.ended == "finished":
        return (
            f"{home} looks like no news site: no feed, no sitemap, no link that looks like an article;"
            " name them in a TOML file of its own (microfiche site add)"
        )
    return None
