"""Where feeds and sitemaps usually are, for sites that name none. The likeliest come first."""

import re
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urljoin, urlsplit

_FEEDS = (
    "feed/",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "rss",
    "index.xml",
    "feeds/all.atom.xml",
    "feed.json",
    "rss/news.xml",
    "feeds/",
    "?format=feed&type=rss",
)
_SITEMAPS = (
    "sitemap.xml",
    "sitemap_index.xml",
    "wp-sitemap.xml",
    "news-sitemap.xml",
    "sitemap-news.xml",
    "sitemap_news.xml",
    "sitemap-index.xml",
    "sitemap.xml.gz",
    "sitemaps.xml",
    "sitemap.txt",
)

_A_NO = re.compile(r"http-4(?!08|25|29)\d\d|not-.*|read-elsewhere|off-site|robots-disallowed|bad-url|private-address")
_AGAIN: Final = timedelta(days=30)


def is_worth_a_try(outcome: str, *, reason: str | None, read_at: datetime, now: datetime) -> bool:
    """Whether a usual place is asked again: where something was, or may be as far as anybody knows.

    A plain no holds for thirty days; a server that was away, or in trouble, has not said no.
    """
    return outcome == "read" or not _A_NO.fullmatch(reason or "") or now - read_at > _AGAIN


def feed_places(home: str) -> tuple[str, ...]:
    """List where a site's feed may be, relative to its home page and then to its server's root."""
    return _places(home, _FEEDS)


def sitemap_places(home: str) -> tuple[str, ...]:
    """List where a site's sitemaps may be: at its server's root, and below its home page if that is elsewhere."""
    return tuple(dict.fromkeys(_places(urljoin(home, "/"), _SITEMAPS) + _places(home, _SITEMAPS[:2])))


def _places(base: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    folder = urljoin(base, "./")
    found = [urljoin(folder, path) for path in paths]
    if urlsplit(folder).path != "/":
        found += [urljoin(base, f"/{path}") for path in paths[:4]]
    return tuple(dict.fromkeys(found))
