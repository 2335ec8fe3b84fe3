"""Where feeds and sitemaps usually are, for sites that name none. The likeliest come first."""

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
