"""Browser contexts: one for a site's attempt at a time, renewed before it has grown."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Self

from playwright.async_api import Browser, BrowserContext, Error, Page

from crawler.browser import hints, shots
from crawler.browser.asked import Asked
from crawler.browser.guard import Guard
from crawler.browser.tab import Gone, Tab
from crawler.embeds.pageinfo import Seen

PAGES: Final = 40  # after which a context is renewed: long-lived ones leak
_REMEMBERED: Final = 5_000  # captures, for what later pages take from the cache
_CLOSED: Final = 10.0  # seconds
_OPENED: Final = 20.0  # seconds until a page is there
_OPENS: Final = 15_000.0  # milliseconds
_OPEN: Final = f"void window.open('about:blank', '', 'popup,noopener,width={shots.WIDTH},height={shots.HEIGHT}')"
_LANGUAGE: Final = "en"


class Sitting:
    """A context with its own guard, cookies and cache.

    `captures` has what its pages were answered: a later page takes what it shares with them from the cache, and no
    exchange is seen.
    """

    def __init__(
        self, context: BrowserContext, guard: Guard, *, agent: Mapping[str, Any], stack: contextlib.AsyncExitStack
    ) -> None:
        self.context = context
        self._opener: Page | None = None
        self._opening = asyncio.Lock()
        self.guard = guard
        self._agent = agent
        self.captures: dict[str, Seen] = {}
        self.pages = 0
        self.under_way = 0
        self.is_over = False
        self._stack = stack

    @classmethod
    async def begin(cls, browser: Browser, asked: Asked) -> Self:
        """Opens a context that reaches nothing but through its guard."""
        async with contextlib.AsyncExitStack() as stack:
            guard = await stack.enter_async_context(Guard(allowed=asked.allowed))
            language = asked.language or _LANGUAGE
            context = await browser.new_context(
                proxy={"server": guard.server},  # Playwright sends loopback through it as well
                viewport={"width": shots.WIDTH, "height": shots.HEIGHT},
                locale=language,
                extra_http_headers=dict(asked.headers),
                service_workers="block",
                accept_downloads=False,
                reduced_motion="reduce",
            )
            agent = hints.told(asked.user_agent, version=browser.version, language=language)
            return cls(context, guard, agent=agent, stack=stack.pop_all())
        raise AssertionError("unreachable")

    @contextlib.asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        """Yields a new page, closed at the end of the block."""
        try:
            async with asyncio.timeout(_OPENED):
                tab = await Tab.open(await self._window(), agent=self._agent)
        except TimeoutError as error:
            raise Gone("browser-timeout") from error
        try:
            yield tab
        finally:
            await tab.close()
            self.forget_surplus()

    async def _window(self) -> Page:
        """Opens a window that has nothing but its page.

        Others have a strip of tabs in which something turns as long as a page loads; that takes as much CPU time as to
        load it. One of those stays open to open these from.
        """
        async with self._opening:
            if self._opener is None:
                self._opener = await self.context.new_page()
                self._opener.once("crash", self._lose_opener)
                self._opener.once("close", self._lose_opener)
            async with self._opener.expect_popup(timeout=_OPENS) as popup:
                await self._opener.evaluate(_OPEN)
            return await popup.value

    def _lose_opener(self, _page: Page) -> None:
        self._opener = None

    def forget_surplus(self) -> None:
        """Forgets the oldest captures beyond a bound."""
        for url in list(itertools.islice(self.captures, max(0, len(self.captures) - _REMEMBERED))):
            del self.captures[url]

    async def close_if_done(self) -> None:
        """Closes it when it is over and no page is under way in it any more."""
        if self.is_over and not self.under_way:
            with contextlib.suppress(Error, TimeoutError):
                async with asyncio.timeout(_CLOSED):
                    await self.context.close()
            await self._stack.aclose()
