"""From a Scrapy crawler to the attempt it works for."""

from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

if TYPE_CHECKING:
    from crawler.attempts.attempt import LiveAttempt


def live_of(crawler: Crawler) -> "LiveAttempt":
    """The live attempt of the crawler's spider."""
    live: LiveAttempt | None = getattr(crawler.spider, "live", None)
    assert live is not None, "the spider works for no attempt"
    return live
