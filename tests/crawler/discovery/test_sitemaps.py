"""crawler.discovery.sitemaps: lists, indexes, news, text, feeds, gzip."""

import gzip
import time
from datetime import UTC, datetime

import pytest

from archive.promise import Promise, Source
from crawler.discovery.sitemaps import MOST_URLS, Child, read_sitemap

URL = "https://valley-courier.example/maps/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(inside, space=SPACE):
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet href="x.xsl"?>\n'
    return f"{head}<urlset {space}>{inside}</urlset>".encode()


def read(body, **said):
    return read_sitemap(body, url=URL, **said)


def paths(sitemap):
    return [promise.url.removeprefix("https://valley-courier.example") for promise in sitemap.promises]


def test_a_urlset_promises_its_urls_in_order():
    sitemap = read(
        urlset(
            "<url><loc>https://valley-courier.example/b</loc><lastmod>2024-05-06T10:11:12+02:00</lastmod></url>"
            "<!-- a comment --><url><loc> /a?b=1&amp;c=2\n</loc><priority>0.5</priority></url>"
            "<url><lastmod>2024-05-07</lastmod><loc><![CDATA[https://valley-courier.example/c]]></loc></url>"
        )
    )
    assert (sitemap.kind, sitemap.children, dict(sitemap.problems)) == ("urlset", (), {})
    assert sitemap.promises == (
        Promise(
            url="https://valley-courier.example/b",
            source=Source.SITEMAP,
            found_in=URL,
            modified=datetime(2024, 5, 6, 8, 11, 12, tzinfo=UTC),
        ),
        Promise(url="https://valley-courier.example/a?b=1&c=2", source=Source.SITEMAP, found_in=URL),
        Promise(
            url="https://valley-courier.example/c",
            source=Source.SITEMAP,
            found_in=URL,
            modified=datetime(2024, 5, 7, tzinfo=UTC),
        ),
    )


def test_an_index_names_its_children():
    sitemap = read(
        f"<sitemapindex {SPACE}><sitemap><loc>2024.xml.gz</loc><lastmod>2024-05</lastmod></sitemap>"
        "<sitemap><loc>https://maps.example/2.xml</loc></sitemap><sitemap><loc>2024.xml.gz</loc></sitemap>"
        "<sitemap><loc></loc></sitemap></sitemapindex>".encode()
    )
    assert sitemap.kind == "index"
    assert sitemap.children == (
        Child("https://valley-courier.example/maps/2024.xml.gz", datetime(2024, 5, 1, tzinfo=UTC)),
        Child("https://maps.example/2.xml"),
    )
    assert dict(sitemap.problems) == {"no-url": 1}


NEWS = """<url><loc>https://valley-courier.example/n</loc><news:news>
<news:publication><news:name>The Valley Courier</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2024-05-06T10:11:12Z</news:publication_date><news:title>Fish &amp; chips</news:title>
<news:keywords>Food, Town,, Food</news:keywords></news:news>
<image:image><image:loc>https://valley-courier.example/i.jpg</image:loc>
<image:title>A picture</image:title></image:image>
<lastmod>2024-05-07</lastmod></url><url><image:image><image:loc>https://valley-courier.example/i.jpg</image:loc>
</image:image><loc>https://valley-courier.example/o</loc></url>"""


def test_news_is_promised_with_its_facts_and_images_are_passed_over():
    space = (
        f'{SPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    )
    sitemap = read(urlset(NEWS, space))
    assert sitemap.promises == (
        Promise(
            url="https://valley-courier.example/n",
            source=Source.NEWS_SITEMAP,
            found_in=URL,
            published=datetime(2024, 5, 6, 10, 11, 12, tzinfo=UTC),
            modified=datetime(2024, 5, 7, tzinfo=UTC),
            title="Fish & chips",
            tags=("Food", "Town"),
            language="en",
        ),
        Promise(url="https://valley-courier.example/o", source=Source.SITEMAP, found_in=URL),
    )


@pytest.mark.parametrize(
    "space",
    [
        "",
        SPACE,
        SPACE.replace("http:", "https:"),
        'xmlns="http://www.google.com/schemas/sitemap/0.84"',
        'xmlns="urn:x"',
    ],
)
def test_any_namespace_will_do(space):
    assert paths(read(urlset("<url><loc>/a</loc></url>", space))) == ["/a"]


def test_prefixed_names_will_do():
    body = (
        b'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>/a</s:loc></s:url></s:urlset>'
    )
    assert paths(read(body)) == ["/a"]


def test_plain_text_is_a_sitemap():
    body = b"\xef\xbb\xbfhttps://valley-courier.example/a\r\n\r\nhttps://valley-courier.example/b\nftp://x\nhttps://valley-courier.example/a\n"
    sitemap = read(body)
    assert (sitemap.kind, paths(sitemap), dict(sitemap.problems)) == ("text", ["/a", "/b"], {"not-http": 1})


def test_a_feed_is_a_sitemap():
    sitemap = read(b"<?xml version='1.0'?><rss version='2.0'><channel><item><link>/a</link></item></channel></rss>")
    assert (sitemap.kind, paths(sitemap), sitemap.promises[0].source) == ("feed", ["/a"], Source.FEED)


def test_gzip_is_known_by_its_first_bytes_and_may_have_members():
    whole = urlset("<url><loc>/a</loc></url>")
    assert paths(read(gzip.compress(whole))) == ["/a"]
    assert paths(read(gzip.compress(whole[:50]) + gzip.compress(whole[50:]))) == ["/a"]
    assert paths(read(gzip.compress(whole) + b"\0" * 512)) == ["/a"]


def test_a_cut_gzip_is_read_as_far_as_it_goes():
    body = gzip.compress(urlset("".join(f"<url><loc>/{number * 7919}</loc></url>" for number in range(5000))))
    sitemap = read(body[: len(body) // 2])
    assert 1000 < len(sitemap.promises) < 4000
    assert sitemap.problems["gzip-truncated"] == 1


def test_broken_gzip_promises_nothing():
    assert read(b"\x1f\x8b\x08\x00garbage").promises == ()


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<url><loc>/a?b=1&c=2</loc></url><url><loc>/b</loc></url>", ["/a?b=1&c=2", "/b"]),
        ("<url><loc>/a</loc></url><url><loc>/b</loc>", ["/a"]),
        ("<url><loc>/a</loc></url></urlset><url><loc>/b</loc></url>", ["/a"]),
        ("<url><loc>/a</loc></url><url><loc>/b</loc></url><url><loc>/", ["/a", "/b"]),
    ],
)
def test_what_is_not_well_formed_is_read_as_far_as_it_goes(inside, expected):
    sitemap = read(urlset(inside))
    assert paths(sitemap)[: len(expected)] == expected
    assert sitemap.problems["malformed"] == 1


def test_white_space_before_the_declaration_does_no_harm():
    sitemap = read(b"\n\n \xef\xbb\xbf" + urlset("<url><loc>/a</loc></url>"))
    assert (paths(sitemap), dict(sitemap.problems)) == (["/a"], {})


@pytest.mark.parametrize("body", [b"", b"<html><body>404</body></html>", b"\x00\x01", b"Not found", b"{}"])
def test_what_is_no_sitemap_promises_nothing(body):
    sitemap = read(body)
    assert (sitemap.kind, sitemap.promises) == (None, ())
    assert sitemap.problems["not-a-sitemap"] == 1


def test_an_empty_sitemap_is_one():
    assert read(urlset("")).kind == "urlset"


def test_a_url_named_twice_is_promised_once():
    sitemap = read(urlset("<url><loc>/a</loc></url>" * 3))
    assert (paths(sitemap), dict(sitemap.problems)) == (["/a"], {"duplicate": 2})


def test_a_hundred_thousand_urls_are_read_within_seconds():
    body = urlset(
        "".join(f"<url><loc>https://a.example/{n}</loc><lastmod>2024-05-06</lastmod></url>\n" for n in range(100_000))
    )
    started = time.process_time()
    sitemap = read(gzip.compress(body, 1))
    assert len(sitemap.promises) == 100_000
    assert time.process_time() - started < 15  # about 3 on an idle core


def test_there_is_an_end_to_it():
    text = b"".join(b"https://a.example/%d\n" % number for number in range(MOST_URLS + 10))
    sitemap = read(text)
    assert (len(sitemap.promises), dict(sitemap.problems)) == (MOST_URLS, {"too-many": 1})
