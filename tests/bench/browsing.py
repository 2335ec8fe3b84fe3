"""Renders pages, as a program of its own: `python -m tests.bench.browsing ours|plain|lean FILE [--marks]`.

Ours records all that goes over the wire and keeps DOM, pictures and storage; plain Playwright loads the pages and
keeps nothing, lean does so with our flags. All use the same Chromium, a context for all pages, and two pages at once.
"""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import psutil
from playwright.async_api import async_playwright

from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.spool import Spool
from archive.warc import WarcWriter
from crawler.attempts.attempt import Recording
from crawler.browser.asked import Asked
from crawler.browser.program.chromium import Chromium
from crawler.browser.program.finding import executable_of
from crawler.browser.program.launching import FLAGS
from crawler.browser.records import keep_rendered
from crawler.config import BrowserConfig
from crawler.fetch.addresses import Place
from tests.bench.meter import Cost

AT_ONCE: Final = 2
_BUDGET: Final = 60.0
_MARK: Final = 50  # pages between two looks at the memory
Load = Callable[[str], Awaitable[None]]


def main() -> None:
    """Loads the first page to warm up, then measures the rest."""
    kind, file, *marks = sys.argv[1:]
    urls = Path(file).read_text().split()
    asyncio.run(_measure({"ours": ours, "plain": plain, "lean": lean}[kind], urls, has_marks=bool(marks)))


async def _measure(contestant: Callable[[str], AsyncIterator[Load]], urls: list[str], *, has_marks: bool) -> None:
    """Tells the cost; with marks, also what Chromium holds after so many pages."""
    held: list[tuple[int, int]] = []
    done = 0
    async with asynccontextmanager(contestant)(urls[0]) as load:
        await load(urls[0])
        places = asyncio.Semaphore(AT_ONCE)

        async def one(url: str) -> None:
            nonlocal done
            async with places:
                await load(url)
                done += 1
                if has_marks and done % _MARK == 0:
                    held.append((done, _held_by_chromium()))

        began, cpu = time.perf_counter(), _cpu()
        await asyncio.gather(*map(one, urls[1:]))
        cost = Cost(seconds=time.perf_counter() - began, cpu=_cpu() - cpu, rss_peak=_held(), rss_at=tuple(held))
    cost.tell()


async def plain(_first: str) -> AsyncIterator[Load]:
    """Plain Playwright as it comes: a page is opened, gone to until it has loaded, and closed."""
    async with _loading() as load:
        yield load


async def lean(_first: str) -> AsyncIterator[Load]:
    """The same with our flags, which switch off what a window has besides its page."""
    async with _loading(*FLAGS) as load:
        yield load


@asynccontextmanager
async def _loading(*flags: str) -> AsyncIterator[Load]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable_of(BrowserConfig()), args=flags, chromium_sandbox=os.geteuid() != 0
        )
        context = await browser.new_context(viewport={"width": 1280, "height": 800})

        async def load(url: str) -> None:
            page = await context.new_page()
            await page.goto(url)
            await page.close()

        yield load
        await browser.close()


async def ours(first: str) -> AsyncIterator[Load]:
    """Ours: settled, recorded, taken, kept in WARC files."""
    place = Place.of_url(first)
    assert place is not None
    with tempfile.TemporaryDirectory() as spool:
        folder = Spool(Path(spool)).begin("20261122105500k3v9qa", 1, facts={})
        recording = Recording(folder, WarcWriter(folder.path, prefix=folder.name, info={}))
        chromium = Chromium(BrowserConfig(pages=AT_ONCE))

        async def keep(exchange: Exchange, *, is_page: bool) -> Capture | None:
            return await recording.exchange(exchange)

        async def may_ask(url: str, *, is_navigation: bool) -> str | None:
            return None

        async def load(url: str) -> None:
            asked = Asked(
                url=url,
                site_key="bench",
                user_agent="microfiche/bench",
                keep=keep,
                may_ask=may_ask,
                allowed=frozenset({place, Place(host="localhost", port=place.port)}),
                budget=_BUDGET,
            )
            await keep_rendered(recording, await chromium.render(asked), attempt=folder.name)

        yield load
        await chromium.close()
        await recording.seal()
        folder.close()


def _sum(read: Callable[[psutil.Process], float]) -> float:
    """Adds up over this program and all that it started; again when one of them ended meanwhile."""
    while True:
        with contextlib.suppress(psutil.NoSuchProcess):
            return sum(read(process) for process in [psutil.Process(), *psutil.Process().children(recursive=True)])


def _cpu() -> float:
    """Seconds of CPU, those of processes that ended included."""
    return _sum(lambda process: sum(process.cpu_times()[:4]))


def _held() -> int:
    return int(_sum(lambda process: process.memory_info().rss))


def _held_by_chromium() -> int:
    return int(_sum(lambda process: process.memory_info().rss if "chrom" in process.name() else 0))


if __name__ == "__main__":
    main()
