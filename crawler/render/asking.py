"""What a page may ask for while a browser shows it: the manners of the crawl, applied to each of its requests."""

from scrapy.crawler import Crawler

from crawler.attempts.live import live_of
from crawler.fetch.addresses import Admission, Place, literal_address, places
from crawler.manners.robots import robots_of
from crawler.sites.scope import Scope

OFF_SITE, PRIVATE, LEASE_LOST = "off-site", "private-address", "lease-lost"


class Asking:
    """Decides on requests of one crawl's pages; the guard decides again on the address that is connected to."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.allowed = places(crawler.settings.getlist("MICROFICHE_ALLOWED_ADDRESSES"))

    async def may_ask(self, url: str, *, is_navigation: bool) -> str | None:
        """Returns why a URL may not be asked for; None when it may.

        `is_navigation` means the page itself, which stays on the site; what it needs may lie anywhere, as robots.txt of
        each server allows.
        """
        live = live_of(self._crawler)
        if not live.lease.valid:
            return LEASE_LOST
        if is_navigation and not Scope(live.site).on_site(url):
            return OFF_SITE
        asked = Place.of_url(url)
        address = literal_address(asked.host) if asked else None
        if asked and address and not Admission(allowed=self.allowed, asked=asked).admits(address, port=asked.port):
            return PRIVATE
        return (await robots_of(self._crawler).policy(url)).refusal(url)
