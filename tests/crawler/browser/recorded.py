"""A page that is recorded, and what came of it."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.members import digest
from crawler.browser.guard import GUARDED_FLAGS, Guard
from crawler.browser.program.launching import EXECUTABLE, FLAGS, WITH_PREFERENCES
from crawler.browser.recording.cdp import Session
from crawler.browser.recording.recorder import Recorder
from crawler.embeds.pageinfo import Seen
from crawler.fetch.addresses import Place
from tests.machine import ROOT

MayAsk = Callable[[str], str | None]


@asynccontextmanager
async def browsing(*flags: str, preferences: bool = True) -> AsyncIterator[Browser]:
    executable = _executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=WITH_PREFERENCES if preferences else executable,
            env={**os.environ, EXECUTABLE: executable},
            args=["--no-sandbox", *FLAGS, *GUARDED_FLAGS, *flags],
            timeout=120_000,
        )
        try:
            yield browser
        finally:
            await browser.close()


def _executable() -> str:
    return subprocess.run([ROOT / "scripts" / "browser"], check=True, capture_output=True, text=True).stdout.strip()


@dataclass
class Recorded:
    """What one page's recorder handed out, in order."""

    page: Page
    recorder: Recorder
    exchanges: list[Exchange] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)

    def of(self, path: str) -> list[Exchange]:
        return [exchange for exchange in self.exchanges if exchange.url.partition("//")[2].partition("/")[2] == path]

    def one(self, path: str) -> Exchange:
        (found,) = self.of(path)
        return found

    @property
    def asked(self) -> list[str]:
        return sorted(f"{exchange.method} /{exchange.url.split('/', 3)[3]}" for exchange in self.exchanges)

    async def idle(self) -> None:
        await self.recorder.wait_idle(0.3)

    async def until(self, *requests: str) -> None:
        """Waits until requests were recorded that may come late."""
        while not set(requests) <= set(self.asked):  # noqa: ASYNC110  the recorder tells nobody
            await asyncio.sleep(0.02)
        await self.idle()

    async def missed(self, count: int) -> None:
        """Waits until so many things are missing, and nothing is under way."""
        while len(self.recorder.missing) < count:  # noqa: ASYNC110  likewise
            await asyncio.sleep(0.02)
        await self.idle()


@dataclass
class Desk:
    """A browser context behind a guard, in which pages are recorded."""

    context: BrowserContext
    guard: Guard
    remembered: dict[str, Seen] = field(default_factory=dict)

    @asynccontextmanager
    async def page(
        self,
        *,
        may_ask: Callable[[str], str | None] = lambda _url: None,
        on_keep: Callable[[Exchange], Awaitable[None]] | None = None,
        **limits: Any,
    ) -> AsyncIterator[Recorded]:
        exchanges: list[Exchange] = []
        pages: list[str] = []

        async def keep(exchange: Exchange, *, is_page: bool) -> Capture | None:
            exchanges.append(exchange)
            if is_page:
                pages.append(exchange.url)
            if on_keep is not None:
                await on_keep(exchange)
            return _capture(exchange)

        async def asking(url: str, *, is_navigation: bool) -> str | None:
            return may_ask(url)

        page = await self.context.new_page()
        recorder = Recorder(
            Session(await self.context.new_cdp_session(page)),
            keep=keep,
            may_ask=asking,
            guard=self.guard,
            remembered=self.remembered,
            **limits,
        )
        await recorder.begin()
        try:
            yield Recorded(page, recorder, exchanges, pages)
        finally:
            await recorder.finish(seconds=1)
            await page.close()


def _capture(exchange: Exchange) -> Capture:
    return Capture(
        urlkey="",
        timestamp="",
        url=exchange.url,
        mime="",
        status=exchange.status,
        digest=digest(exchange.payload),
        filename="",
        offset=0,
        length=0,
    )


@asynccontextmanager
async def desk(browser: Browser, *ports: int, **options: Any) -> AsyncIterator[Desk]:
    """Opens a context that may reach these ports of this machine."""
    allowed = frozenset(Place(host=host, port=port) for port in ports for host in ("127.0.0.1", "localhost"))
    async with Guard(allowed=allowed) as guard:
        context = await browser.new_context(service_workers="block", proxy={"server": guard.server}, **options)
        try:
            yield Desk(context, guard)
        finally:
            await context.close()
