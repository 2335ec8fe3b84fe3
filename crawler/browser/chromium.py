"""The browser of this process: started when it is first needed, shared by all sites, replaced when it dies.

Pages run side by side, at most so many at once and only while all processes of the browser together keep within their
memory. A browser that dies, or a page that crashes, costs the pages under way a second try in a fresh one.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final

from playwright.async_api import Error

from crawler.browser.asked import Asked, Rendered
from crawler.browser.finding import executable_of, problem_of
from crawler.browser.launching import Running
from crawler.browser.rendering import render_page
from crawler.browser.settling import Budget
from crawler.browser.sittings import PAGES, Sitting
from crawler.browser.tab import Gone
from crawler.config import BrowserConfig
from crawler.fetch.failures import unfetched

_TRIES: Final = 3
_WORTHWHILE: Final = 5.0  # seconds that must be left for another try
_TOLD: Final = {
    "browser-died": "Chromium ended while it had the page",
    "page-crashed": "the page crashed in the browser",
    "browser-timeout": "the page did not answer in time",
}


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
        self._failed: str | None = None

    @property
    def problem(self) -> str | None:
        """Why no page can be rendered, in one line with what to do; None when one can, as far as is known."""
        return self._failed or problem_of(self._config)

    async def render(self, asked: Asked) -> Rendered:
        """Renders a page when there is room for it.

        Raises:
            Unfetched: nothing came of it, for a reason of the network or of the browser.
        """
        async with self._places:
            return await self._render(asked)

    async def _render(self, asked: Asked) -> Rendered:
        budget = Budget(asked.budget)
        reason = "browser-timeout"
        for _ in range(_TRIES):
            if budget.left < min(_WORTHWHILE, asked.budget):
                break
            try:
                return await self._try(asked, seconds=budget.left)
            except Gone as gone:
                reason = gone.reason
        raise unfetched(_TOLD[reason], reason=reason)

    async def _try(self, asked: Asked, *, seconds: float) -> Rendered:
        running = await self._browser()
        try:
            async with self._sitting(running, asked) as sitting:
                return await render_page(asked, sitting, seconds=seconds)
        except (Gone, Error) as error:
            if not running.is_alive:
                raise Gone("browser-died") from error
            self._retire(asked.site_key)
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
            if sitting.is_over and not sitting.under_way:
                await sitting.close()

    async def _seat(self, running: Running, asked: Asked) -> Sitting:
        async with self._starting:
            if asked.site_key not in self._sittings:
                self._sittings[asked.site_key] = await Sitting.begin(running.browser, asked)
            return self._sittings[asked.site_key]

    def _retire(self, site_key: str) -> None:
        """Lets no further page begin in a site's context; it is closed with the last one that has begun."""
        sitting = self._sittings.pop(site_key, None)
        if sitting is not None:
            sitting.is_over = True

    async def leave(self, site_key: str) -> None:
        """Closes a site's context: its attempt is over."""
        sitting = self._sittings.pop(site_key, None)
        if sitting is not None:
            sitting.is_over = True
            if not sitting.under_way:
                await sitting.close()

    async def _browser(self) -> Running:
        """Returns the browser, started anew where it has died."""
        async with self._starting:
            if self._running is not None and not self._running.is_alive:
                await self._end()
            if self._running is None:
                self._running = await self._start()
            return self._running

    async def _start(self) -> Running:
        executable = executable_of(self._config)
        if executable is None:
            raise unfetched(str(self.problem), reason="no-browser")
        try:
            return await Running.start(executable, flags=self._flags)
        except Error as error:
            self._failed = f"{executable} does not start: {error.message.partition(chr(10))[0]}"
            raise unfetched(self._failed, reason="no-browser") from error

    async def _end(self) -> None:
        for site_key in list(self._sittings):
            await self.leave(site_key)
        if self._running is not None:
            running, self._running = self._running, None
            await running.close()

    async def close(self) -> None:
        """Ends the browser, if one was started."""
        async with self._starting:
            await self._end()
