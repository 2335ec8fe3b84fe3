"""Everything that reads what a site sends, given garbage: it ends soon, and no exception leaves it.

A million bytes of noise, of one thing repeated, and of pieces of the format put together in any order.
"""

import gzip
import json
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import articles, contentcoding
from archive.articles import Hints, Refusal, dates, jsonld, text
from archive.contentcoding import Bounds
from crawler.discovery.dates import read_date
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import MOST_LINKS, read_page
from crawler.discovery.sitemaps import read_sitemap
from crawler.embeds.css import read_css
from crawler.embeds.html import read_html
from crawler.embeds.modules import read_module
from crawler.manners.retry_after import read_retry_after
from crawler.manners.robots import read_robots
from tests.archive.ledgers import NOON
from tests.fuzz.costs import within

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


@pytest.mark.parametrize("parser", PARSERS)
@given(body=BYTES)
def test_no_exception_leaves_a_parser(parser: str, body: bytes) -> None:
    """Noise, and the marks of its format in any order, in any encoding."""
    PARSERS[parser](body)


NOISE = {
    "bytes": lambda dice: dice.randbytes(MILLION),
    "text": lambda dice: "".join(map(chr, (dice.randrange(1, 0xD800) for _ in range(MILLION // 3)))).encode(),
    **{
        name: lambda dice, marks=marks: "".join(dice.choices([*marks, "a", " "], k=MILLION // 8)).encode()[:MILLION]
        for name, marks in MARKS.items()
    },
}


@pytest.mark.parametrize("noise", NOISE)
@pytest.mark.parametrize("parser", PARSERS)
def test_a_million_bytes_of_garbage(parser: str, noise: str) -> None:
    """Each parser ends within seconds, whatever kind of garbage it is."""
    body = NOISE[noise](random.Random(f"{parser} {noise}"))
    with within(12):
        PARSERS[parser](body)


REPEATED = {
    "page": ["<a", "<a ", "<a b='", "<a href='x'>", "<b><i>", "<!--", "</p>", "&", "<p>a</p>", "<table><tr><td>", "\0"],
    "article": [
        *(
            "<a",
            "<p>",
            "<b><i>",
            "<p>a</p>",
            "&",
            "<table><tr><td>",
            "<br>",
            "<meta name='author' content='a, b and c'>",
        ),
        *("<title>a | b</title>", "<h1>a - b</h1>", "<p class='byline'>By A and B</p>", "<time datetime='2026-11-22'>"),
    ],
    "feed": ["<a", "<rss><channel><item>", "&", "&a;", "<![CDATA[", "<!ENTITY a 'b'>", "{", "[", "<a b='c' "],
    "sitemap": [
        "<a",
        "<a>",
        "<url>",
        "<url><loc>/a</loc></url>",
        "&",
        "<!--",
        "<![CDATA[",
        "http://a/ ",
        "<!DOCTYPE a [",
    ],
    "robots": ["User-agent: a\n", "Disallow: /*a\n", "*", "$", "%", "\r", ":", "Allow: /index.html\n", "Sitemap: /a\n"],
}


@pytest.mark.parametrize(("parser", "unit"), [(parser, unit) for parser, units in REPEATED.items() for unit in units])
def test_a_million_bytes_of_one_thing(parser: str, unit: str) -> None:
    """What takes time by the square of its length would take minutes."""
    start = b"User-agent: *\n" if parser == "robots" else b""
    body = (start + unit.encode() * (MILLION // len(unit)))[:MILLION]
    with within(12):
        PARSERS[parser](body)


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


@given(st.lists(st.sampled_from(MARKS["json"]) | ANY, max_size=60).map("".join))
def test_json_ld_is_read_or_left(script: str) -> None:
    """Broken, wrapped, escaped, several in one."""
    jsonld.load([script, f"<!-- {script} -->", f"[{script},]"])


@pytest.mark.parametrize(
    "unit", ["[", '{"a":', '"', "\\", '\\"', " ", ",", "/*", "]]>", "1", '"a",', "<!--", "{}", "\0"]
)
def test_endless_json_ld(unit: str) -> None:
    """At the beginning of a script, and behind a value that is none any more."""
    script = unit * (300_000 // len(unit))
    for made in (script, f'{{"@type": "Article"{script}', f"{script}x"):
        with within(3):
            jsonld.load([made])


@given(ANY | st.text(st.sampled_from("0123456789-:T.+Z /,JanMonGMT"), max_size=60))
def test_dates_are_read_or_left(value: str) -> None:
    """Neither feeds' nor pages' nor servers' dates raise."""
    read_date(value)
    dates.parse(value)
    assert (read_retry_after(value.encode("utf-8", "replace"), now=NOON) or 0) >= 0


@given(
    st.binary(max_size=300),
    ANY,
    st.sampled_from(["utf-8", "utf-16", "utf-7", "idna", "base64", "\0", "hex", "", "x" * 999]),
)
def test_any_bytes_in_any_charset_are_text(body: bytes, name: str, known: str) -> None:
    """A charset that does not exist, is no charset, or is a trap (utf-7) is as good as none."""
    for charset in (name, known):
        meta = f"<meta charset='{charset}'>".encode("utf-8", "replace")
        assert isinstance(text.decode(meta + body, headers=[("Content-Type", f"text/html; charset={charset}")]), str)
        assert isinstance(text.decode(body, charset=charset), str)
        read_page(meta + body, url=URL, charset=charset)
        read_feed(
            f"<?xml version='1.0' encoding='{charset}'?>".encode("utf-8", "replace") + body, url=URL, charset=charset
        )
        read_sitemap(b"http://a/ " + body, url=URL, charset=charset)


@pytest.mark.parametrize("seed", range(3))
def test_the_charset_of_a_million_odd_bytes_is_guessed(seed: int) -> None:
    """Of noise, of letters of one old code page, of all bytes in turn."""
    dice = random.Random(seed)
    body = [dice.randbytes(MILLION), bytes(dice.choices(range(0xC0, 0x100), k=MILLION)), bytes(range(256)) * 3900][seed]
    with within(6):
        text.decode(body)


@given(st.binary(max_size=200), st.lists(st.sampled_from(["gzip", "deflate", "br", "x", "identity"]), max_size=5))
def test_content_codings_are_undone_as_far_as_they_go(body: bytes, codings: list[str]) -> None:
    """Of noise, and of noise behind the beginning of a real stream."""
    for data in (body, gzip.compress(body)[:-4] + body, gzip.compress(body) + body):
        contentcoding.decode(data, encodings=tuple(codings))


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_bomb_costs_what_its_bounds_say(coding: str) -> None:
    """A gigabyte of nothing in a megabyte, gzipped twice; and a megabyte of noise."""
    bomb = gzip.compress(gzip.compress(bytes(200 << 20), 1), 1)
    for data in (bomb, random.Random(1).randbytes(MILLION)):
        with within(6):
            found = contentcoding.decode(data, encodings=(coding, coding), bounds=Bounds(size=8 << 20))
        assert len(found.data) <= 8 << 20
    with within(6):
        assert read_sitemap(bomb, url=URL).promises == ()


@pytest.mark.parametrize(
    "charset", ["punycode", "idna", "utf-7", "unicode_escape", "base64", "rot13", "undefined", "\0", "x-none"]
)
def test_a_charset_that_is_no_page_s_is_passed_over(charset: str) -> None:
    """Python knows them; browsers do not. Decoding a megabyte of punycode takes minutes, idna always raises."""
    body = f"<html><head><title>Über die Fähre</title></head><body><p>{'ü' * 300_000}-</p></body></html>".encode()
    with within(6):
        assert "Über die Fähre" in text.decode(body, headers=[("Content-Type", f"text/html; charset={charset}")])
        assert "Über die Fähre" in text.decode(body, charset=charset)
        read_page(body, url=URL, charset=charset)
        item = "<item><title>Über die Fähre</title><link>/a</link></item>"
        feed = f"<rss><channel>{item}{'ü' * 300_000}</channel></rss>".encode()
        assert [promise.title for promise in read_feed(feed, url=URL, charset=charset).promises] == ["Über die Fähre"]
