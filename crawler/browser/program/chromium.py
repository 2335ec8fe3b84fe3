"""The browser of this process: started when it is first needed, shared by all sites, replaced when it dies.

Pages run side by side, at most so many at once and only while all processes of the browser together keep within their
memory. A browser that dies, or loses what its pages need, and a page that crashes cost the pages under way another try
in a fresh one.
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import psutil
from playwright.async_api import Error

from crawler.browser.asked import Asked, Rendered
from crawler.browser.pages.rendering import render_page
from crawler.browser.pages.sittings import PAGES, Sitting
from crawler.browser.pages.tab import Gone
from crawler.browser.program.finding import executable_of, problem_of
from crawler.browser.program.launching import Running
from crawler.config import BrowserConfig
from crawler.fetch.failures import Unfetched, unfetched

_STARTS: Final = 3  # that fail one after the other, before it is taken to be unable to
_TRIES: Final[Mapping[str, int]] = {"browser-died": 6, "page-crashed": 2, "browser-timeout": 2}
_TOLD: Final[Mapping[str, str]] = {
    "browser-died": "Chromium ended while it had the page",
    "page-crashed": "the page crashed in the browser",
    "browser-timeout": "the page did not come to an end in time",
}
_WORTHWHILE: Final = 5.0  # seconds that must be left for another try
_IDLE: Final = 4  # contexts without a page that stay open
_WATCHED: Final = 2.0  # seconds between two looks at the memory
_SHOWN: Final = 0.1  # seconds in which the death of a process shows that made a page fail
_FAR_BEYOND: Final = 1.5  # times the memory at which the largest page is ended


class Chromium:
    """Renders pages; `flags` are added to the command line of the program."""

    def __init__(self, config: BrowserConfig, *, flags: Sequence[str] = ()) -> None:
        self._config = config
        self._flags = flags
        self._running: Running | None = None
        self._sittings: dict[str, Sitting] = {}
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(config.pages)
        self._changed = asyncio.Condition()
        self._under_way = 0
        self._watch: asyncio.Task[None] | None = None
        self._failed: str | None = None
        self._starts_failed = 0  # one after the other

    @property
    def problem(self) -> str | None:
        """Why no page can be rendered, in one line with what to do; None when one can, as far as is known."""
        return self._failed or problem_of(self._config)

    @property
    def memory(self) -> int:
        """Bytes that the browser holds now."""
        return self._running.processes.memory if self._running is not None and self._running.is_alive else 0

    def processes(self) -> list[psutil.Process]:
        """The browser's processes, its own first."""
        return self._running.processes.all() if self._running is not None else []

    async def render(self, asked: Asked) -> Rendered:
        """Renders a page when there is room for it.

        Raises:
            Unfetched: nothing came of it, for a reason of the network or of the browser.
        """
        async with self._places, self._admitted():
            return await self._render(asked)

    async def leave(self, site_key: str) -> None:
        """Closes a site's context once its last page is done: its attempt is over.

        A browser that could not be started is tried again for the next one: it may be there by then.
        """
        self._failed = None
        await self._close(site_key)

    async def _close(self, site_key: str) -> None:
        sitting = self._sittings.get(site_key)
        if sitting is not None:
            self._retire(site_key)
            await sitting.close_if_done()

    async def close(self) -> None:
        """Ends the browser, if one was started."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        async with self._starting:
            await self._end()

    async def _render(self, asked: Asked) -> Rendered:
        tries: Counter[str] = Counter()
        left = asked.budget
        while True:
            began = time.monotonic()
            try:
                running = await self._browser(asked.user_agent)
                began = time.monotonic()
                return await self._try(running, asked, seconds=left)
            except Gone as gone:
                left -= time.monotonic() - began
                tries[gone.reason] += 1
                if tries[gone.reason] >= _TRIES[gone.reason] or left < _WORTHWHILE:
                    raise unfetched(_TOLD[gone.reason], reason=gone.reason) from gone

    async def _try(self, running: Running, asked: Asked, *, seconds: float) -> Rendered:
        try:
            async with self._sitting(running, asked) as sitting:
                rendered = await render_page(asked, sitting, seconds=seconds)
            if not running.is_alive:
                raise Gone("browser-died")  # and the page may lack what was under way then
            return rendered
        except Unfetched as error:
            await asyncio.sleep(_SHOWN)
            if running.is_alive:
                raise
            raise Gone("browser-died") from error
        except (Gone, Error) as error:
            self._retire(asked.site_key)
            if not running.is_alive:
                raise Gone("browser-died") from error
            raise error if isinstance(error, Gone) else Gone("page-crashed") from error

    @contextlib.asynccontextmanager
    async def _sitting(self, running: Running, asked: Asked) -> AsyncIterator[Sitting]:
        sitting = await self._seat(running, asked)
        sitting.pages += 1
        sitting.under_way += 1
        if sitting.pages >= PAGES:
            self._retire(asked.site_key)
        try:
            yield sitting
        finally:
            sitting.under_way -= 1
            await sitting.close_if_done()

    async def _seat(self, running: Running, asked: Asked) -> Sitting:
        async with self._starting:
            sitting = self._sittings.pop(asked.site_key, None)
            if sitting is None or sitting.context.browser is not running.browser:
                sitting = await running.begin(asked)
                await self._close_idle()
            self._sittings[asked.site_key] = sitting  # the last one in is the last to go
            return sitting

    async def _close_idle(self) -> None:
        idle = [key for key, sitting in self._sittings.items() if not sitting.under_way]
        for site_key in idle[: max(0, len(idle) - _IDLE)]:
            await self._close(site_key)

    def _retire(self, site_key: str) -> None:
        """Lets no further page begin in a site's context; it is closed with the last one that has begun."""
        sitting = self._sittings.pop(site_key, None)
        if sitting is not None:
            sitting.is_over = True

    @contextlib.asynccontextmanager
    async def _admitted(self) -> AsyncIterator[None]:
        """Waits until the browser keeps within its memory; alone in it, a page finds it emptied instead."""
        async with self._changed:
            while self._under_way and self._is_full:
                for site_key in list(self._sittings):
                    await self._close(site_key)
                await self._changed.wait()
            if not self._under_way and self._is_full:
                await self._empty()
            self._under_way += 1
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._watching())
        try:
            yield
        finally:
            async with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    @property
    def _is_full(self) -> bool:
        return self._holds_more_than(self._config.memory)

    def _holds_more_than(self, most: int) -> bool:
        return self._running is not None and self._running.is_alive and self._running.processes.hold_more_than(most)

    async def _empty(self) -> None:
        """Closes all contexts, and if that does not help the browser."""
        for site_key in list(self._sittings):
            await self._close(site_key)
        if self._is_full:
            async with self._starting:
                await self._end()

    async def _watching(self) -> None:
        """Ends the largest page when all together are far beyond their memory: else the system ends anything.

        And a browser that has lost a process that it needs: pages would wait for what does not come any more.
        """
        while True:
            await asyncio.sleep(_WATCHED)
            running = self._running
            if running is not None and not running.is_alive:
                running.processes.end()
            elif self._under_way and running and self._holds_more_than(int(_FAR_BEYOND * self._config.memory)):
                running.processes.end_largest_page()

    async def _browser(self, user_agent: str) -> Running:
        """Returns the browser, started anew where it has died."""
        async with self._starting:
            if self._running is not None and not self._running.is_alive:
                await self._end()
            if self._running is None:
                self._running = await self._start(user_agent)
            return self._running

    async def _start(self, user_agent: str) -> Running:
        executable = executable_of(self._config)
        if executable is None:
            raise unfetched(str(self.problem), reason="no-browser")
        try:
            running = await Running.start(executable, user_agent=user_agent, flags=self._flags)
        except Error as error:
            self._starts_failed += 1
            if self._starts_failed < _STARTS:  # it may have been ended by whoever ended the one before
                raise Gone("browser-died") from error
            self._failed = f"{executable} does not start: {error.message.partition(chr(10))[0]}"
            raise unfetched(self._failed, reason="no-browser") from error
        self._failed, self._starts_failed = None, 0
        return running

    async def _end(self) -> None:
        for site_key in list(self._sittings):
            await self._close(site_key)
        if self._running is not None:
            running, self._running = self._running, None
            await running.close()
