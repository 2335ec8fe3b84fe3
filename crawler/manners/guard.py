"""Nothing is asked without the lease, nor off the site: the middleware that every request meets first."""

from functools import lru_cache

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.urls import registrable
from crawler.live import live_of
from crawler.scope import Scope


class GuardMiddleware:
    """Refuses what this attempt may not ask: `lease-lost`, or a redirect that leads `off-site`.

    Also puts all servers of one registrable domain into one downloader slot, so that they share its delay. Documents
    (`meta["document"]`) and robots.txt may lie on other sites, as many feeds do.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        """Make the middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Pass a request or refuse it."""
        live = live_of(self._crawler)
        if not live.lease.valid:
            self._refuse("lease-lost")
        if not (request.meta.get("document") or request.meta.get("is_robots")) and not Scope(live.site).on_site(
            request.url
        ):
            self._refuse("off-site")
        request.meta["download_slot"] = _slot(request.url)

    def _refuse(self, reason: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"guard/{reason}")
        raise IgnoreRequest(reason)


@lru_cache(maxsize=4096)
def _slot_of_origin(origin: str) -> str:
    try:
        return registrable(origin)
    except ValueError:
        return origin


def _slot(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return _slot_of_origin(f"{scheme}://{rest.partition('/')[0]}/")
