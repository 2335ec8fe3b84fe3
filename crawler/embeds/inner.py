"""What embeds need in turn: stylesheets, module scripts, the documents of frames.

Each is read once: when it came, or from the archive when it did not come again.
"""

import asyncio
from typing import Final

from scrapy.crawler import Crawler

from archive.charsets import usable
from archive.ledger.resources import Resource
from archive.originals import Originals
from crawler.attempts.live import live_of
from crawler.embeds.css import read_css
from crawler.embeds.html import read_html
from crawler.embeds.modules import read_module
from crawler.embeds.needs import Kind, Need, Needs
from crawler.embeds.stored import stored
from crawler.fetch.addresses import Place, places
from crawler.sites.scope import Scope
from crawler.sites.site import Site

MOST_KEPT: Final = 1000  # a site has a few dozen
_LARGE = 1 << 18  # bytes; more are read in a thread


class Inner:
    """What embeds need, by their URL; the oldest are forgotten when there are too many."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._read: dict[str, Needs | None] = {}
        self._recalling = asyncio.Lock()
        self._originals: Originals | None = None  # the spider has no attempt yet

    async def read(self, body: bytes, *, url: str, kind: Kind, charset: str | None) -> None:
        """Reads what came from `url`, where it was asked for as a frame, a module, or else a stylesheet."""
        if kind == "frame":
            self._keep(url, await read_page(body, url=url, charset=charset))
            return
        read = read_module if kind == "module" else read_css
        text = body.decode(usable(charset) or "utf-8-sig", errors="replace")
        needs = await asyncio.to_thread(read, text, base=url) if len(text) > _LARGE else read(text, base=url)
        self._keep(url, needs)

    async def needs(self, embed: Need, *, known: Resource | None) -> Needs | None:
        """What an embed needs; of one that was not sent again, as the archive holds it. None when nobody knows."""
        if embed.url not in self._read:
            async with self._recalling:
                if embed.url not in self._read:
                    await self._recall(embed, known=known)
        return self._read.get(embed.url)

    async def stored(self, known: Resource) -> bytes | None:
        """What a resource answered, from the archive."""
        live = live_of(self._crawler)
        if self._originals is None:
            self._originals = Originals(live.line.store, site=live.site.name)
        return await stored(known, originals=self._originals)

    async def _recall(self, embed: Need, *, known: Resource | None) -> None:
        known = known or await live_of(self._crawler).known.resource(embed.url)
        body = await self.stored(known) if known is not None else None
        if body is None:
            self._keep(embed.url, None)
        else:
            await self.read(body, url=embed.url, kind=embed.kind, charset=None)

    def _keep(self, url: str, needs: Needs | None) -> None:
        self._read[url] = needs
        if len(self._read) > MOST_KEPT:
            del self._read[next(iter(self._read))]


def is_own(frame: str, *, site: Site) -> bool:
    """Whether a frame's document is fetched: one of the site, or of a server that its `embed_hosts` name.

    Frames of others hold advertisements, players and what only a browser with scripts could show.
    """
    return Scope(site).on_site(frame) or Place.of_url(frame) in places(site.embed_hosts)


async def read_page(body: bytes, *, url: str, charset: str | None) -> Needs:
    """Reads what a page needs; a large one in a thread."""
    if len(body) > _LARGE:
        return await asyncio.to_thread(read_html, body, url=url, charset=charset)
    return read_html(body, url=url, charset=charset)
