"""robots.txt, the sitemap index and its children by year, the news sitemap. Every article is promised exactly once."""

import gzip
import re
from collections.abc import Iterable
from datetime import timedelta
from html import escape

from tests.newsroom.faults import failure
from tests.newsroom.pages.kind import PageKind, document
from tests.newsroom.paper import BAD, Paper
from tests.newsroom.stories import Story
from tests.newsroom.wire import Reply, Request

XML = "application/xml; charset=utf-8"
SCHEMA = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
GZIPPED_YEAR = 2022
ROBOTS = """# The Valley Courier welcomes readers of every kind
User-agent: GreedyBot
Disallow: /

User-agent: *
Disallow: /private/
Disallow: /search
Allow: /search/help
{delay}
Sitemap: {base}/sitemap_index.xml
Sitemap: {base}/news-sitemap.xml
"""


def robots(paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns robots.txt, or what a test has put in its place."""
    if isinstance(paper.robots, int):
        return failure(paper.robots)
    delay = f"Crawl-delay: {paper.crawl_delay}\n" if paper.crawl_delay is not None else ""
    text = ROBOTS.format(base=paper.base, delay=delay) if paper.robots is None else paper.robots
    return Reply(headers=(("Content-Type", "text/plain"),), body=text.encode())


def index(paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the index; two of its children are not to be had."""
    latest = {story.moment.year: story for story in sorted(paper.stories, key=lambda story: story.changed)}
    children = [(f"/sitemaps/{_file(year)}", latest[year].changed.isoformat()) for year in sorted(latest, reverse=True)]
    children += [(f"/sitemaps/{name}.xml", paper.now.isoformat()) for name in ("misc", "broken", "vanished")]
    items = "".join(
        f"<sitemap><loc>{paper.base}{path}</loc><lastmod>{changed}</lastmod></sitemap>\n" for path, changed in children
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {SCHEMA}>\n{items}</sitemapindex>\n'
    return document(text, mime=XML, modified=max(story.changed for story in paper.stories))


def year(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns the sitemap of one year."""
    stories = [story for story in paper.stories if story.moment.year == int(match["year"])]
    if not stories or match[0].rpartition("/")[2] != _file(int(match["year"])):
        return None
    text = _urlset(_promise(paper, story) for story in stories)
    changed = max(story.changed for story in stories)
    if match["gz"]:
        return document(gzip.compress(text.encode(), mtime=0), mime="application/gzip", modified=changed, coding="")
    return document(text, mime=XML, modified=changed)


def misc(paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the sitemap of promises that come to nothing."""
    return document(_urlset(f"<url><loc>{paper.base}{escape(path)}</loc></url>\n" for path in BAD), mime=XML)


def broken(_paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Answers 500 for ever."""
    return failure(500)


def news(paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the Google News sitemap of the last two days."""
    newest = max(story.moment for story in paper.stories)
    stories = [story for story in paper.latest if story.moment > newest - timedelta(days=2)]
    items = "".join(_news_item(paper, story) for story in stories)
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SCHEMA} {space}>\n{items}</urlset>\n'
    return document(text, mime=XML, modified=max(story.changed for story in stories))


def _file(number: int) -> str:
    return f"{number}.xml.gz" if number == GZIPPED_YEAR else f"{number}.xml"


def _urlset(items: Iterable[str]) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {SCHEMA}>\n{"".join(items)}</urlset>\n'


def _promise(paper: Paper, story: Story) -> str:
    loc = escape(paper.base + story.href)
    return (
        f"<url><loc>{loc}</loc><lastmod>{story.changed.isoformat()}</lastmod><changefreq>monthly</changefreq></url>\n"
    )


def _news_item(paper: Paper, story: Story) -> str:
    return (
        f"<url><loc>{escape(paper.base + story.href)}</loc><news:news><news:publication><news:name>"
        f"{escape(story.language.labels['site'])}</news:name><news:language>{story.language.code}</news:language></news:publication>"
        f"<news:publication_date>{story.moment.isoformat()}</news:publication_date><news:title>{escape(story.title)}</news:title>"
        "</news:news></url>\n"
    )


PAGES = (
    PageKind(name="robots", pattern=r"/robots\.txt", answer=robots),
    PageKind(name="sitemap-index", pattern=r"/sitemap_index\.xml", answer=index),
    PageKind(name="sitemap-year", pattern=r"/sitemaps/(?P<year>\d{4})\.xml(?P<gz>\.gz)?", answer=year),
    PageKind(name="sitemap-misc", pattern=r"/sitemaps/misc\.xml", answer=misc),
    PageKind(name="sitemap-broken", pattern=r"/sitemaps/broken\.xml", answer=broken),
    PageKind(name="news-sitemap", pattern=r"/news-sitemap\.xml", answer=news),
)
