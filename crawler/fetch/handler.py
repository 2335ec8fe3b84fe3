"""The download handler of http and https: plain HTTP, or the browser for a request that says `meta["render"]`."""

from scrapy import Request
from scrapy.http import Response

from crawler.fetch.wire import WireDownloadHandler


class DownloadHandler(WireDownloadHandler):
    """Downloads over the wire what is not to be rendered."""

    async def download_request(self, request: Request) -> Response:
        """Downloads one request; raises what `crawler.fetch.wire` raises."""
        if not request.meta.get("render"):
            return await super().download_request(request)
        from crawler.render.rendering import render  # only where a page needs it

        return await render(self.crawler, request)
