"""Fields of pages, feeds and style sheets that never end: reading them takes no time by the square."""

import json

import pytest

from archive.articles.markup import jsonld
from crawler.discovery.feeds import read_feed
from crawler.embeds.css import read_css
from crawler.embeds.html import read_html
from tests.fuzz.costs import within
from tests.fuzz.parsers import URL, read_article

CSS = (
    "a",
    "1",
    " ",
    "a ",
    "1 ",
    ", ",
    "a 1x, ",
    "(",
    "()",
    "(a:",
    "1.",
    "url(",
    "'",
    "\\",
    "/*",
    "@import ",
    "calc(",
    "{",
    "<=",
)


@pytest.mark.parametrize("unit", CSS)
def test_a_page_whose_images_and_styles_never_end(unit: str) -> None:
    """srcset, sizes, media queries, style sheets and style attributes of 100,000 characters."""
    value = (unit * 100_000)[:100_000]
    page = (
        f'<html><body><img srcset="{value}"><img srcset="a {value}"><img srcset="a 1w, b 2w" sizes="{value}">'
        f'<link rel=stylesheet href=a media="{value}"><picture><source media="{value}" srcset=a><img src=b></picture>'
        f'<p style="{value}"><style media="{value}">{value}</style></body></html>'
    )
    with within(6):
        read_html(page.encode(), url=URL)
        read_css(value, base=URL)


FIELDS = ["author", "creator", "title", "link", "guid", "pubDate", "updated", "category", "language", "name", "id"]


@pytest.mark.parametrize("field", FIELDS)
def test_a_feed_whose_field_never_ends(field: str) -> None:
    """Names and dates are looked at by regular expressions of others."""
    for unit in ("a", "1", " ", "a ", "-", "(", "@", "a@a ", "2026-", ", "):
        value = unit * (200_000 // len(unit))
        item = f"<item><link>/a</link><{field}>{value}</{field}></item>"
        with within(3):
            read_feed(f"<rss><channel>{item}</channel></rss>".encode(), url=URL)


META = ("author", "date", "article:published_time", "keywords", "description", "og:title", "og:site_name", "language")
UNITS = ("a", "1", " ", "a ", "a, ", " | ", " - ", "By a and ", "2026-", "&amp;", "é", "(", "/", "@", "a-", "\u200b")


@pytest.mark.parametrize("unit", UNITS)
def test_a_page_whose_words_never_end(unit: str) -> None:
    """Title, byline, date, every meta, every field of JSON-LD: 60,000 characters of one thing in each."""
    value = unit * (60_000 // len(unit))
    fields = {"headline": value, "datePublished": value, "author": [{"name": value}], "keywords": value}
    page = (
        f"<html lang='{value[:100]}'><head><title>{value}</title>"
        + "".join(f'<meta name="{name}" content="{value}">' for name in META)
        + f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **fields})}</script></head><body>"
        + f"<h1>{value}</h1><p class='byline'>{value}</p><time>{value}</time><p>{value}</p></body></html>"
    )
    with within(6):
        read_article(page.encode())


@pytest.mark.parametrize(
    "unit", ["[", '{"a":', '"', "\\", '\\"', " ", ",", "/*", "]]>", "1", '"a",', "<!--", "{}", "\0"]
)
def test_endless_json_ld(unit: str) -> None:
    """At the beginning of a script, and behind a value that is none any more."""
    script = unit * (300_000 // len(unit))
    for made in (script, f'{{"@type": "Article"{script}', f"{script}x"):
        with within(3):
            jsonld.load([made])
