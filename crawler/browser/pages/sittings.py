"""Browser contexts: one for a site's attempt at a time, renewed before it has grown."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, Self

from playwright.async_api import Browser, BrowserContext, Error

from crawler.browser import hints
from crawler.browser.asked import Asked
from crawler.browser.guard import Guard
from crawler.browser.pages import shots
from crawler.browser.pages.tab import Gone, Tab
from crawler.browser.pages.windows import Windows
from crawler.embeds.pageinfo import Seen

PAGES: Final = 40  # after which a context is renewed: long-lived ones leak
_REMEMBERED: Final = 5_000  # captures, for what later pages take from the cache
_CLOSED: Final = 10.0  # seconds
_OPENED: Final = 20.0  # seconds until a page is there
_LANGUAGE: Final = "en"


class Sitting:
    """A context with its own guard, cookies and cache.

    `captures` has what its pages were answered: a later page takes what it shares with them from the cache, and no
    exchange is seen. `weigh` tells the bytes that the browser's own process holds.
    """

    def __init__(
        self,
        context: BrowserContext,
        guard: Guard,
        *,
        agent: Mapping[str, Any],
        weigh: Callable[[], int],
        stack: contextlib.AsyncExitStack,
    ) -> None:
        self.context = context
        self.windows = Windows(context)
        self.guard = guard
        self.weigh = weigh
        self._agent = agent
        self.captures: dict[str, Seen] = {}
        self.pages = 0
        self.under_way = 0
        self.is_over = False
        self._stack = stack

    @classmethod
    async def begin(cls, browser: Browser, asked: Asked, *, weigh: Callable[[], int]) -> Self:
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
            return cls(context, guard, agent=agent, weigh=weigh, stack=stack.pop_all())
        raise AssertionError("unreachable")

    @contextlib.asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        """Yields an empty page. At the end of the block its window is closed, unless it was left without a trace."""
        try:
            async with asyncio.timeout(_OPENED):
                window = await self.windows.take()
                tab = await Tab.open(window.page, agent=self._agent, is_used=window.pages > 0)
        except TimeoutError as error:
            raise Gone("browser-timeout") from error
        try:
            yield tab
        finally:
            if not (tab.is_left and self.windows.give_back(window)):
                await tab.close()
            self.forget_surplus()

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
