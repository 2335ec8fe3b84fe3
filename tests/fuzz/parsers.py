"""Everything that reads what a site sends, by name; and what such garbage is made of."""

from collections.abc import Callable

from hypothesis import strategies as st

from archive import articles
from archive.articles import Hints, Refusal
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import MOST_LINKS, read_page
from crawler.discovery.sitemaps import read_sitemap
from crawler.embeds.css import read_css
from crawler.embeds.html import read_html
from crawler.embeds.modules import read_module
from crawler.manners.robots import read_robots

URL = "https://courier.example/2026/11/22/ferry"
MILLION = 1_000_000
ANY = st.text(st.characters(exclude_categories=["Cs"]))


def read_article(body: bytes) -> None:
    found = articles.read(body, URL, hints=Hints(site="courier", home="https://courier.example/"))
    assert not isinstance(found, Refusal) or found.reason != "failed", found


def read_links(body: bytes) -> None:
    page = read_page(body, url=URL)
    assert len(page.links) <= MOST_LINKS
    assert all(link.url.startswith(("https://", "http://")) for link in page.links)


def read_robots_and_ask(body: bytes) -> None:
    policy = read_robots(200, body=body, url="https://courier.example/robots.txt")
    assert policy.refusal(URL) in (None, "robots-disallowed")
    assert policy.crawl_delay is None or 0 < policy.crawl_delay <= 60


PARSERS: dict[str, Callable[[bytes], object]] = {
    "article": read_article,
    "page": read_links,
    "feed": lambda body: read_feed(body, url=URL),
    "sitemap": lambda body: read_sitemap(body, url=URL),
    "robots": read_robots_and_ask,
    "embeds": lambda body: read_html(body, url=URL),
    "css": lambda body: read_css(body.decode("utf-8", "replace"), base=URL),
    "module": lambda body: read_module(body.decode("utf-8", "replace"), base=URL),
}
MARKS = {
    "html": [
        *(
            "<",
            ">",
            "</",
            "/>",
            "<!--",
            "-->",
            "<p>",
            "</p>",
            "<div class='byline author'>",
            "</div>",
            "<a href='",
            "'>x</a>",
        ),
        *(
            "<h1>",
            "</h1>",
            "<title>",
            "</title>",
            "<script type='application/ld+json'>",
            "</script>",
            "<table><tr><td>",
        ),
        *('<meta property="og:title" content="', '">', "<time datetime='2026-11-22T10:00", "'>", "<svg>", "<template>"),
        *(
            '{"@type":"NewsArticle","headline":"',
            '","author":[',
            "]}",
            "&amp;",
            "&#0;",
            "&#xD800;",
            "\0",
            "é",
            "\u2028",
            "By A and B",
        ),
    ],
    "xml": [
        *(
            "<",
            ">",
            "<?xml version='1.0' encoding='",
            "'?>",
            "<!DOCTYPE x [",
            "<!ENTITY a 'b'>",
            "]>",
            "&a;",
            "&",
            "<![CDATA[",
        ),
        *(
            "]]>",
            "<rss>",
            "<channel>",
            "<item>",
            "<title>",
            "</title>",
            "<link>",
            "</link>",
            "</item>",
            "<urlset>",
            "<url>",
        ),
        *(
            "<loc>https://courier.example/a</loc>",
            "<lastmod>2026-11-22</lastmod>",
            "</url>",
            "</urlset>",
            "<feed xmlns='a'>",
        ),
        *(
            "<entry>",
            "<link href='/b' rel='alternate'/>",
            "<author>",
            "<name>a@b.c (D)</name>",
            "</author>",
            "</entry>",
            "utf-16",
        ),
    ],
    "text": [
        *(
            "User-agent: *\n",
            "User-agent: microfiche\n",
            "Disallow: /",
            "Allow: ",
            "*",
            "$",
            "\n",
            "\r",
            "Crawl-delay: ",
            "1e999",
        ),
        *(
            "Sitemap: ",
            "http://[",
            "https://courier.example/\n",
            "%",
            "%2",
            "é",
            "\0",
            "Request-rate: ",
            "1/",
            "0s",
            "#",
            ":",
            "-1",
        ),
    ],
    "json": [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        '"items"',
        '"url"',
        '"/a"',
        '"title"',
        "null",
        "1e999",
        "\\u",
        "\\ud800",
        "-",
        "NaN",
    ],
}
PIECES = st.one_of(*(st.lists(st.sampled_from(marks) | ANY, max_size=80).map("".join) for marks in MARKS.values()))
BYTES = st.one_of(st.binary(max_size=400), PIECES.map(str.encode), PIECES.map(lambda made: made.encode("utf-16")))
