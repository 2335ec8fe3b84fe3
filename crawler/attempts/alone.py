"""`scrapy crawl news -a site=NAME`: a spider started by Scrapy itself gets its attempt here, and all that follows.

The `microfiche` command hands its spiders a live attempt; one that has none was started by Scrapy's own command. Then
this extension opens the line and begins the attempt before the crawl, and ships and derives it afterwards.
"""

import contextlib
import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.attempts.attempt import LiveAttempt
from crawler.finish import finish, working
from crawler.holdings import held
from crawler.line import Line, open_line
from crawler.spiders.news import NewsSpider

logger = logging.getLogger(__name__)


class Alone:
    """Gives a spider without an attempt one of its own."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._services = contextlib.AsyncExitStack()
        self._attempt = contextlib.AsyncExitStack()
        self._line: Line | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension."""
        alone = cls(crawler)
        crawler.signals.connect(alone.open, signal=signals.spider_opened)
        crawler.signals.connect(alone.close, signal=signals.engine_stopped)
        return alone

    async def open(self, spider: NewsSpider) -> None:
        """Begin an attempt, unless the spider has one."""
        if spider.live is not None:
            return
        running = self._services.enter_context(held(spider.config))
        self._line = await self._services.enter_async_context(open_line(spider.config, running=running))
        spider.live = await self._attempt.enter_async_context(
            LiveAttempt.begin(self._line, spider.site, waiting=lambda: logger.info("another crawl has this domain"))
        )

    async def close(self) -> None:
        """Ship and derive what was captured; engine_stopped comes when the spider has written its last note."""
        spider = self._crawler.spider
        if self._line is None or not isinstance(spider, NewsSpider) or spider.live is None:
            return
        async with self._services:
            await self._attempt.aclose()
            async with working(self._line):
                for row in await finish(self._line, [spider.live.attempt]):
                    name, problem = spider.live.attempt.name, row["problem"] or "not done yet"
                    logger.error("attempt %s waits for the next crawl: %s", name, problem)
