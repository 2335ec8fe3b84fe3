"""Bare Scrapy, as a program: its own aiohttp handler, its default middlewares, a callback that does nothing.

It reads the sitemap and fetches every page in it, with the concurrency that we use. Prints its cost.

Quirk: on asyncio, Scrapy 2.19 starts CONCURRENT_ITEMS tasks for each response, 100 by default, whether there are items
or not. That is a third of its CPU and more; `--lean` starts one, as we do.
"""

import argparse
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response
from scrapy.spiders import SitemapSpider

from crawler import settings
from crawler.run import run_in_reactor
from tests.bench.meter import Meter

_HANDLER = "scrapy.core.downloader.handlers._aiohttp.AiohttpDownloadHandler"


class BareSpider(SitemapSpider):
    """Fetches what a sitemap names."""

    name = "bare"

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Looks at nothing."""


def main() -> None:
    """Reads the options, crawls, prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("--lean", action="store_true")
    options = parser.parse_args()
    runner = AsyncCrawlerRunner(
        {
            "TWISTED_REACTOR": settings.TWISTED_REACTOR,
            "DOWNLOAD_HANDLERS": {"http": _HANDLER, "https": _HANDLER},
            "CONCURRENT_REQUESTS": settings.CONCURRENT_REQUESTS,
            "CONCURRENT_REQUESTS_PER_DOMAIN": settings.CONCURRENT_REQUESTS_PER_DOMAIN,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_ITEMS": settings.CONCURRENT_ITEMS if options.lean else 100,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    meter = Meter()

    async def crawl() -> None:
        crawler = runner.create_crawler(BareSpider)
        meter.attach(crawler)
        await runner.crawl(crawler, sitemap_urls=[f"{options.home}sitemap.xml"])
        meter.stop().tell()

    run_in_reactor(crawl)


if __name__ == "__main__":
    main()
