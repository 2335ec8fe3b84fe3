"""The windows of a browser context, each of which shows one page after another.

A window has a renderer of its own; to start one and to end it is half of what a small page costs. So one that was left
without a trace (`Visit.leave`) is kept for the next page of the same context, and any other is closed.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.async_api import BrowserContext, Page

from crawler.browser.pages import shots

PAGES: Final = 20  # after which a window is closed: what its renderer holds grows
_OPENS: Final = 15_000.0  # milliseconds
_OPEN: Final = f"void window.open('about:blank', '', 'popup,noopener,width={shots.WIDTH},height={shots.HEIGHT}')"


@dataclass(kw_only=True, eq=False)  # Playwright writes its own into whatever has a method that listens
class Window:
    """A window; `pages` is how many it has shown, `is_lost` that it has crashed or was closed."""

    page: Page
    pages: int = 0
    is_lost: bool = False

    def lose(self, _page: Page) -> None:
        """Takes note that it is no more."""
        self.is_lost = True


class Windows:
    """Opens windows that have nothing but their page, and keeps those that are free.

    Others have a strip of tabs in which something turns as long as a page loads; that takes as much CPU time as to
    load it. One of those stays open to open these from.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.opened = 0
        self._context = context
        self._opener: Page | None = None
        self._opening = asyncio.Lock()
        self._free: list[Window] = []

    async def take(self) -> Window:
        """Returns a window whose document is empty. One that was used before may have crashed since."""
        while self._free:
            window = self._free.pop()
            if not window.is_lost:
                return window
        window = Window(page=await self._open())
        _once_gone(window.page, window.lose)
        self.opened += 1
        return window

    def give_back(self, window: Window) -> bool:
        """Takes a window whose page was left without a trace; False when it has shown enough of them."""
        window.pages += 1
        if window.is_lost or window.pages >= PAGES:
            return False
        self._free.append(window)
        return True

    async def _open(self) -> Page:
        async with self._opening:
            if self._opener is None:
                self._opener = await self._context.new_page()
                _once_gone(self._opener, self._lose_opener)
            async with self._opener.expect_popup(timeout=_OPENS) as popup:
                await self._opener.evaluate(_OPEN)
            return await popup.value

    def _lose_opener(self, _page: Page) -> None:
        self._opener = None


def _once_gone(page: Page, told: Callable[[Page], None]) -> None:
    page.once("crash", told)
    page.once("close", told)
