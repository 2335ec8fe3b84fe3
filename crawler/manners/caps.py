"""A run ends at its caps: pages, minutes, bytes; or when its lease is gone. What is left stays due."""

import asyncio
import contextlib
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.attempts.live import live_of
from crawler.manners.slots import abandon, hold_pages
from crawler.room import SPOOL_FULL, overflows

_LOOK_EVERY = 0.5  # seconds


class Caps:
    """Closes the spider with the name of the cap that was reached.

    Settings: `MICROFICHE_MAX_PAGES`, `MICROFICHE_MAX_SECONDS` and what that cap is called (`MICROFICHE_TIME_CAP`),
    `MICROFICHE_MAX_BYTES`. Pages are those of the site, not feeds, sitemaps or robots.txt, and an article of several
    pages is one. What these pages need is fetched beyond their cap.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._pages = settings.getint("MICROFICHE_MAX_PAGES")
        self._seconds = settings.getfloat("MICROFICHE_MAX_SECONDS")
        self._time_cap = settings.get("MICROFICHE_TIME_CAP") or "budget"
        self._bytes = settings.getint("MICROFICHE_MAX_BYTES")
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the extension; raises NotConfigured when there is no cap."""
        if not crawler.settings.getint("MICROFICHE_MAX_PAGES"):
            raise NotConfigured("a run has caps")
        caps = cls(crawler)
        crawler.signals.connect(caps.opened, signal=signals.spider_opened)
        crawler.signals.connect(caps.closed, signal=signals.spider_closed)
        return caps

    def opened(self) -> None:
        """Begin to watch."""
        self._watch = asyncio.ensure_future(self._look())

    async def closed(self, **_: Any) -> None:
        """Stop watching."""
        if self._watch and self._watch is not asyncio.current_task():
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch

    def reached(self, *, elapsed: float) -> str | None:
        """The cap that is reached, or None."""
        stats = self._crawler.stats
        assert stats is not None
        live = live_of(self._crawler)
        if live.recording.problem:
            return "spool-failed"
        if overflows(live.line):
            return SPOOL_FULL
        if not live.lease.valid:
            return "lease-lost"
        if self._bytes and stats.get_value("archive/bytes", 0) >= self._bytes:
            return "max-bytes"
        if self._seconds and elapsed >= self._seconds:
            return self._time_cap
        return "max-pages" if stats.get_value("archive/pages", 0) >= self._pages and self._settled() else None

    def _settled(self) -> bool:
        """Whether the pages so far have what they need, as far as they can; no other page is asked for meanwhile.

        An article that is begun is read to its last page first.
        """
        if getattr(self._crawler.spider, "parts", 0):
            return False
        hold_pages(self._crawler)
        embeds = getattr(self._crawler.spider, "embeds", None)
        return embeds is None or embeds.idle

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if reason := self.reached(elapsed=loop.time() - started):
                assert self._crawler.engine is not None
                abandon(self._crawler)
                await asyncio.shield(asyncio.ensure_future(self._crawler.engine.close_spider_async(reason=reason)))
                return
