"""Our crawl stage alone, as a program: from the first request until the attempt is sealed. Prints its cost.

The real spider, with the ledger and the store that the working folder's data folder holds; nothing is shipped.
"""

import argparse
import shutil
from datetime import timedelta

from scrapy.crawler import Crawler

from crawler.config import read_config
from crawler.holdings import held
from crawler.line import open_line
from crawler.run import Crawled, Crawls, run_in_reactor
from crawler.sites.site import Site
from tests.bench.meter import Cost, Meter


class _Watcher:
    """Starts and stops the meter with the crawl."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._crawler: Crawler | None = None
        self.cost: Cost | None = None

    def waiting(self, site: Site) -> None:
        """Nobody else crawls."""

    def began(self, site: Site, crawler: Crawler) -> None:  # noqa: ARG002  the watcher's form
        self._crawler = crawler
        self._meter.attach(crawler)

    def ended(self, crawled: Crawled) -> None:
        self.cost = self._meter.stop()
        assert self._crawler is not None
        assert self._crawler.stats is not None
        assert crawled.ended == "finished", crawled
        assert not self._crawler.stats.get_value("outcome/failed"), self._crawler.stats.get_stats()


def crawl(site: Site, *, meter: Meter) -> Cost:
    """Crawls a site with the configuration of the working folder, and removes what it captured."""
    config = read_config()
    watcher = _Watcher(meter)
    with held(config) as running:

        async def main() -> None:
            async with open_line(config, running=running) as line:
                crawls = Crawls(line, max_pages=None, max_minutes=None, watcher=watcher)
                (crawled,) = await crawls.run([site])
                assert crawled.attempt is not None
                shutil.rmtree(line.spool.root / crawled.attempt.name)

        run_in_reactor(main)
    assert watcher.cost is not None
    return watcher.cost


def main() -> None:
    """Reads the options, crawls, prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("home")
    parser.add_argument("--marks", type=int, nargs="*", default=[])
    options = parser.parse_args()
    site = Site(
        name=options.name,
        home=options.home,
        delay=0,
        backfill="all",
        budget=timedelta(hours=6),
        max_pages=10**6,
        max_bytes=10**12,
    )
    crawl(site, meter=Meter(marks=options.marks)).tell()


if __name__ == "__main__":
    main()
