"""Keeps every exchange: the middleware nearest to the network hands each to the attempt's recording.

What the archive holds already is kept as a revisit (`crawler.attempts.known`).

Stands behind all other downloader middlewares, so that robots.txt, redirects, error pages and answers that are asked
again are kept as well, each as it came. What a browser exchanges is kept by the same `Keeper`.
"""

from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from archive import cdxj, facts
from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.pages import PAGES
from crawler.attempts.attempt import LiveAttempt
from crawler.attempts.known import Known
from crawler.attempts.live import live_of

_NOT_MODIFIED: Final = 304


class Keeper:
    """Writes a crawl's exchanges, and counts them."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    async def keep(self, exchange: Exchange, *, is_embed: bool = False) -> Capture | None:
        """Keeps an exchange; returns when it is written. None when no status line came back."""
        live, stats = live_of(self._crawler), self._stats
        original = await live.known.original_of(exchange)
        capture = await live.recording.exchange(exchange, original=original)
        live.known.learned(exchange, capture, is_embed=is_embed)
        if original is not None:
            await self._count_saving(exchange, live.known)
        stats.inc_value("archive/exchanges")
        stats.inc_value("archive/bytes", len(exchange.response_head) + len(exchange.response_body))
        if exchange.truncated:
            stats.inc_value(f"archive/truncated/{exchange.truncated}")
        return capture

    async def keep_rendered(self, exchange: Exchange, *, is_page: bool) -> Capture | None:
        """Keeps what a browser exchanged; answers in HTML that are not the page itself are marked as none."""
        capture = await self.keep(exchange, is_embed=not is_page)
        if capture is not None and not is_page and exchange.status == 200 and _is_html(exchange):
            await note_embed(live_of(self._crawler), capture, url=exchange.url)
        return capture

    async def _count_saving(self, exchange: Exchange, known: Known) -> None:
        """Counts a revisit, and the bytes that were not stored again."""
        self._stats.inc_value("archive/revisits")
        saved = len(exchange.response_body)
        if exchange.status == _NOT_MODIFIED:
            self._stats.inc_value("archive/not_modified")
            resource = await known.resource(exchange.url)
            saved = resource.size if resource else 0
        self._stats.inc_value("archive/saved", saved)

    @property
    def _stats(self) -> StatsCollector:
        assert self._crawler.stats is not None
        return self._crawler.stats


class CaptureMiddleware:
    """Writes the exchange the download handler left in `request.meta["exchange"]` before anyone sees the response.

    Puts the record's place into `meta["capture"]`; it is None when no status line came back.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._keeper = Keeper(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CaptureMiddleware":
        """Make the middleware."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Keep an answer."""
        await self._keep(request)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002  Scrapy's form
        """Keep what came before a failure."""
        await self._keep(request)

    async def _keep(self, request: Request) -> None:
        exchange: Exchange | None = request.meta.pop("exchange", None)
        if exchange is not None:
            request.meta["capture"] = await self._keeper.keep(exchange, is_embed=bool(request.meta.get("embed")))


async def note_embed(live: LiveAttempt, capture: Capture, *, url: str) -> None:
    """Leaves word in the WARC that this answer in HTML was asked for as an embed, and is no page of the site."""
    uri = f"{facts.EMBED}{capture.filename}:{capture.offset}"
    payload = f"{url}\r\n".encode()
    await live.recording.resource(uri, content_type="text/uri-list", payload=payload, date=live.line.now())


def _is_html(exchange: Exchange) -> bool:
    return cdxj.mime(exchange.head.first("content-type")).lower() in PAGES
