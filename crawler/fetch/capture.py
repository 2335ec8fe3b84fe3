"""Keeps every exchange: the middleware nearest to the network hands each to the attempt's recording.

What the archive holds already is kept as a revisit (`crawler.known`).

Stands behind all other downloader middlewares, so that robots.txt, redirects, error pages and answers that are asked
again are kept as well, each as it came.
"""

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.exchange import Exchange
from crawler.known import Known
from crawler.live import live_of


class CaptureMiddleware:
    """Writes the exchange the download handler left in `request.meta["exchange"]` before anyone sees the response.

    Puts the record's place into `meta["capture"]`; it is None when no status line came back.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

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
        if exchange is None:
            return
        live = live_of(self._crawler)
        original = await live.known.original_of(exchange)
        capture = await live.recording.exchange(exchange, original=original)
        live.known.learned(exchange, capture)
        request.meta["capture"] = capture
        assert self._crawler.stats is not None
        if original is not None:
            await self._count_saving(exchange, live.known)
        self._crawler.stats.inc_value("archive/exchanges")
        self._crawler.stats.inc_value("archive/bytes", len(exchange.response_head) + len(exchange.response_body))
        if exchange.truncated:
            self._crawler.stats.inc_value(f"archive/truncated/{exchange.truncated}")

    async def _count_saving(self, exchange: Exchange, known: Known) -> None:
        """Count a revisit, and the bytes that were not stored again."""
        stats = self._crawler.stats
        assert stats is not None
        stats.inc_value("archive/revisits")
        saved = len(exchange.response_body)
        if exchange.status == 304:
            stats.inc_value("archive/not_modified")
            resource = await known.resource(exchange.url)
            saved = resource.size if resource else 0
        stats.inc_value("archive/saved", saved)
