"""The stylesheets of one crawl: what each needs, read when it came, or from the archive when it did not come again."""

import asyncio
from typing import Final

from scrapy.crawler import Crawler

from archive.charsets import usable
from archive.ledger.resources import Resource
from archive.originals import Originals
from crawler.embeds.css import read_css
from crawler.embeds.needs import Needs
from crawler.embeds.stored import stored
from crawler.live import live_of

MOST_KEPT: Final = 1000  # stylesheets; a site has a few dozen
_LARGE = 1 << 18  # bytes; more are read in a thread


class Sheets:
    """What stylesheets need, by their URL; the oldest are forgotten when there are too many."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._read: dict[str, Needs | None] = {}
        self._recalling = asyncio.Lock()
        self._originals: Originals | None = None  # the spider has no attempt yet

    async def read(self, body: bytes, *, url: str, charset: str | None) -> None:
        """Reads a stylesheet that came from `url`."""
        text = _text(body, charset=charset)
        needs = await asyncio.to_thread(read_css, text, base=url) if len(text) > _LARGE else read_css(text, base=url)
        self._keep(url, needs)

    async def needs(self, url: str, *, known: Resource | None) -> Needs | None:
        """What a stylesheet needs; of one that was not sent again, as the archive holds it. None when nobody knows."""
        if url not in self._read:
            async with self._recalling:
                if url not in self._read:
                    await self._recall(url, known=known)
        return self._read.get(url)

    async def stored(self, known: Resource) -> bytes | None:
        """What a resource answered, from the archive."""
        live = live_of(self._crawler)
        if self._originals is None:
            self._originals = Originals(live.line.store, site=live.site.name)
        return await stored(known, originals=self._originals)

    async def _recall(self, url: str, *, known: Resource | None) -> None:
        known = known or await live_of(self._crawler).known.resource(url)
        body = await self.stored(known) if known is not None else None
        if body is None:
            self._keep(url, None)
        else:
            await self.read(body, url=url, charset=None)

    def _keep(self, url: str, needs: Needs | None) -> None:
        self._read[url] = needs
        if len(self._read) > MOST_KEPT:
            del self._read[next(iter(self._read))]


def _text(body: bytes, *, charset: str | None) -> str:
    return body.decode(usable(charset) or "utf-8-sig", errors="replace")
