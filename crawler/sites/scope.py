"""Which URLs belong to a site, and which of them are worth a request.

`Scope.judge` knows the site and the day, and looks at the URL alone. Traps that only show by their number are left to
`crawler.discovery.traps.TrapGuard`. The reasons, each counted under `scope/`:

    not-http, too-long, off-site    nothing that this site's crawl asks for
    media                           an image, a video, a document
    session-id                      a URL made for one visitor
    trap-repeating                  a path that runs in circles: /a/a/a, /x/y/x/y, one word three times
    trap-facet                      the same list sorted, filtered or shared differently; or many parameters at once
    trap-calendar                   a date archive of a day that never was, or a dated page of an event calendar
    archive-too-old                 a date archive from before the site's backfill bound
    too-deep                        more path segments than sites have, or more links followed than the site allows
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from archive.articles.judging.kinds import Shape, shape
from archive.promise import Source
from archive.urls import registrable
from crawler.discovery.traps import is_circular, is_facet, is_session, outdated
from crawler.sites.site import LONGEST_URL, Site

DEEPEST_PATH = 12  # segments
PROMISERS = frozenset({Source.SEED, Source.FEED, Source.NEWS_SITEMAP, Source.SITEMAP})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a URL may be asked for, and the reason if not."""

    allowed: bool
    reason: str | None = None


ALLOWED = Verdict(allowed=True)


def refused(reason: str) -> Verdict:
    """Make the verdict that refuses for `reason`."""
    return Verdict(allowed=False, reason=reason)


def utc_now() -> datetime:
    """Tell the present as an aware datetime in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=4096)
def _domain(origin: str) -> str | None:
    try:
        return registrable(origin)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _origin(home: str) -> str:
    parts = urlsplit(home)
    return f"{parts.scheme}://{parts.netloc}/"


@lru_cache(maxsize=8192)
def shape_of(url: str, *, article: str | None) -> Shape:
    """Judge a URL's shape, remembering the latest: each promise is judged by scope and as a candidate."""
    return shape(url, article=article)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is on a site: its registrable domain (host and port for an address), and the `hosts` named besides.

    `clock` gives the present, which decides which archive pages lie in the future or too far back.
    """

    site: Site
    hosts: frozenset[str] = frozenset()
    clock: Callable[[], datetime] = utc_now

    def on_site(self, url: str) -> bool:
        """Tell whether a URL is on the site, whatever it leads to."""
        parts = _split(url)
        return parts is not None and self._on_site(parts)

    def judge(self, url: str, *, depth: int = 0, promised: Source | None = None) -> Verdict:
        """Decide on a URL found `depth` links from the home page, or named by a feed or sitemap (`promised`).

        What looks like an article and was promised is never refused as a trap.
        """
        reason = self._outside(url)
        if reason is None and not self._is_promised_article(url, promised=promised):
            reason = self._unwanted(url, urlsplit(url), depth=depth)
        return refused(reason) if reason else ALLOWED

    def _outside(self, url: str) -> str | None:
        if len(url) > LONGEST_URL:
            return "too-long"
        if url.startswith(_origin(self.site.home)):
            return None
        parts = _split(url)
        if parts is None:
            return "not-http"
        return None if self._on_site(parts) else "off-site"

    def _on_site(self, parts: SplitResult) -> bool:
        if parts.hostname in self.hosts:
            return True
        domain = _domain(f"{parts.scheme}://{parts.netloc}/")
        return domain is not None and domain == _domain(_origin(self.site.home))

    def _is_promised_article(self, url: str, *, promised: Source | None) -> bool:
        return promised in PROMISERS and shape_of(url, article=self.site.article) is Shape.ARTICLE

    def _unwanted(self, url: str, parts: SplitResult, *, depth: int) -> str | None:
        if depth > self.site.max_depth or parts.path.count("/") > DEEPEST_PATH:
            return "too-deep"
        if is_session(parts):
            return "session-id"
        if is_circular(parts.path):
            return "trap-repeating"
        if is_facet(parts.query):
            return "trap-facet"
        now = self.clock()
        stale = outdated(parts, today=now.date(), horizon=self.site.horizon(now))
        if stale:
            return stale
        return "media" if shape_of(url, article=self.site.article) is Shape.MEDIA else None


def _split(url: str) -> SplitResult | None:
    """Split an http or https URL; None for any other, and for what is no URL."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (a port that is no number shows only when it is read)
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None
