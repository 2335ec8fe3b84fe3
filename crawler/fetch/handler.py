"""The download handler of http and https: plain HTTP, or the browser for a request that says `meta["render"]`."""

import asyncio
from collections import defaultdict

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetch.conditional import AT_HAND
from crawler.fetch.wire import WireDownloadHandler


class DownloadHandler(WireDownloadHandler):
    """Downloads over the wire what is not to be rendered.

    A page that leads to one which this crawl has rendered, or is rendering, is not rendered again there.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._rendered: set[str] = set()

    async def download_request(self, request: Request) -> Response:
        """Downloads one request; raises what `crawler.fetch.wire` raises."""
        if not request.meta.get("render"):
            return await super().download_request(request)
        from crawler.render.rendering import render  # only where a page needs it

        async with self._turns[request.url]:
            if request.meta.get("redirect_urls") and request.url in self._rendered:
                return Response(request.url, request=request, flags=[AT_HAND])
            response = await render(self.crawler, request)
            self._rendered.add(response.url)
            return response
