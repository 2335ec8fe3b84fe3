"""Several sites at once, in one process and one loop: an attempt each, a Scrapy crawler each."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor

from archive.ledger.attempts import Attempt
from crawler import settings
from crawler.attempts.attempt import LiveAttempt
from crawler.line import Line
from crawler.manners.slots import abandon
from crawler.room import SPOOL_FULL, no_room
from crawler.sites.site import Site
from crawler.spiders.news import NewsSpider
from crawler.trouble import words

if TYPE_CHECKING:
    from twisted.internet.asyncioreactor import AsyncioSelectorReactor

_T = TypeVar("_T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """How the crawl of one site went: why it ended, and what kept it from beginning, if anything did."""

    site: Site
    attempt: Attempt | None
    ended: str
    problem: str | None
    promised: int


class Watcher(Protocol):
    """Whoever wants to see a crawl, such as a progress bar."""

    def waiting(self, site: Site) -> None:
        """Another crawl has the site's domain."""

    def began(self, site: Site, crawler: Crawler) -> None:
        """The crawl begins; its stats can be looked at from now on."""

    def ended(self, crawled: Crawled) -> None:
        """The crawl is over."""


class Crawls:
    """Crawls sites side by side; `stop` ends them all gracefully."""

    def __init__(self, line: Line, *, max_pages: int | None, max_minutes: float | None, watcher: Watcher) -> None:
        self._line = line
        self._max_pages = max_pages
        self._max_minutes = max_minutes
        self._watcher = watcher
        self._places = asyncio.Semaphore(line.config.crawl.sites_at_once)
        self._runner = AsyncCrawlerRunner(project_settings())
        self._starting = asyncio.Lock()
        self._stopping = False

    async def run(self, sites: Iterable[Site]) -> list[Crawled]:
        """Crawls all sites; returns how each went, without those a stop kept from beginning."""
        crawled = await asyncio.gather(*(self._one(site) for site in sites))
        return [one for one in crawled if one is not None]

    async def stop(self) -> None:
        """Asks nothing more; what is under way is finished and kept."""
        self._stopping = True
        for crawler in self._runner.crawlers:
            if crawler.engine is not None:
                abandon(crawler)
        await self._runner.stop()

    async def _one(self, site: Site) -> Crawled | None:
        async with self._places:
            try:
                return await self._crawl(site)
            except Exception as error:
                logger.exception("the crawl of %s failed", site.name)
                return Crawled(site=site, attempt=None, ended="failed", problem=words(error), promised=0)

    async def _crawl(self, site: Site) -> Crawled | None:
        if full := await asyncio.to_thread(no_room, self._line):
            return Crawled(site=site, attempt=None, ended=SPOOL_FULL, problem=f"not crawled: {full}", promised=0)
        begin = LiveAttempt.begin(self._line, site, waiting=lambda: self._watcher.waiting(site))
        async with contextlib.AsyncExitStack() as stack:
            if self._stopping:
                return None
            live = await stack.enter_async_context(begin)
            crawler = self._runner.create_crawler(NewsSpider)
            self._watcher.began(site, crawler)
            await (await self._started(crawler, live))
            crawled = _describe(crawler, live)
        self._watcher.ended(crawled)
        return crawled

    async def _started(self, crawler: Crawler, live: LiveAttempt) -> "asyncio.Future[None]":
        """Starts a crawl; one after the other and with pauses, for each start stops the loop that renews the leases."""
        loop = asyncio.get_running_loop()
        caps = {"max_pages": self._max_pages, "max_minutes": self._max_minutes}
        async with self._starting:
            begun = loop.time()
            crawl = asyncio.ensure_future(self._runner.crawl(crawler, site=live.site, live=live, **caps))
            await asyncio.sleep(0)
            await asyncio.sleep(min(1.0, loop.time() - begun))
        return crawl


def _describe(crawler: Crawler, live: LiveAttempt) -> Crawled:
    spider = crawler.spider
    assert isinstance(spider, NewsSpider)
    return Crawled(
        site=live.site,
        attempt=live.attempt,
        ended=spider.ended or "failed",
        problem=spider.problem,
        promised=spider.promised,
    )


def project_settings() -> Settings:
    """Scrapy's settings for this project, whatever the working folder."""
    found = Settings()
    found.setmodule(settings, priority="project")
    return found


def run_in_reactor(main: Callable[[], Awaitable[_T]]) -> _T:
    """Runs a coroutine in the one loop that Scrapy, the job queue and the browser share; returns its result."""
    install_reactor(settings.TWISTED_REACTOR)
    from twisted.internet import reactor as installed

    reactor = cast("AsyncioSelectorReactor", installed)
    loop = asyncio.get_event_loop()
    outcome: asyncio.Future[_T] = loop.create_future()

    async def body() -> None:
        try:
            outcome.set_result(await main())
        except BaseException as error:  # noqa: BLE001  raised again by whoever reads the outcome
            outcome.set_exception(error)
        finally:
            reactor.stop()  # type: ignore[no-untyped-call]  # Twisted has no annotations here

    tasks: list[asyncio.Task[None]] = []
    reactor.callWhenRunning(lambda: tasks.append(loop.create_task(body())))
    reactor.run(installSignalHandlers=False)  # type: ignore[no-untyped-call]  # nor here
    return outcome.result()
