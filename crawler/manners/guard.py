"""Nothing is asked without the lease, nor off the site: the middleware that every request meets first."""

from functools import lru_cache

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.urls import registrable
from crawler.attempts.live import live_of
from crawler.manners.robots import robots_of
from crawler.manners.slots import EMBEDS
from crawler.sites.scope import Scope

EMBED_SHARE = 0.25  # of the site's delay
EMBEDS_AT_ONCE = 4  # a domain


class GuardMiddleware:
    """Refuses what this attempt may not ask: `lease-lost`, or a redirect that leads `off-site`.

    Also puts all servers of one registrable domain into one downloader slot, so that they share its delay. Documents
    (`meta["document"]`), robots.txt and what pages need (`meta["embed"]`) may lie on other sites, as many do.

    Embeds have a second slot a domain, with a quarter of the site's delay: a browser asks for them all at once. On the
    site itself they share the pages' slot where robots.txt asks for a delay, which means all that we ask.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GuardMiddleware":
        """Make the middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Pass a request or refuse it."""
        live = live_of(self._crawler)
        if not live.lease.valid:
            self._refuse("lease-lost")
        meta = request.meta
        if meta.get("embed"):
            meta["download_slot"] = await self._embed_slot(request.url, delay=live.site.delay, home=live.site.home)
            return
        if not (meta.get("document") or meta.get("is_robots")) and not Scope(live.site).on_site(request.url):
            self._refuse("off-site")
        meta["download_slot"] = _slot(request.url)

    async def _embed_slot(self, url: str, *, delay: float, home: str) -> str:
        name = _slot(url)
        if name == _slot(home) and (await robots_of(self._crawler).policy(url)).crawl_delay:
            return name
        assert self._crawler.engine is not None
        name += EMBEDS
        self._crawler.engine.downloader.per_slot_settings.setdefault(
            name, {"delay": delay * EMBED_SHARE, "concurrency": EMBEDS_AT_ONCE, "jitter": 0.5 if delay else 0.0}
        )
        return name

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
