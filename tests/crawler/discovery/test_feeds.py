"""crawler.discovery.feeds: every dialect, the broken ones too."""

import json
from datetime import UTC, datetime

import pytest

from archive.promise import Promise, Source
from crawler.discovery.feeds import MOST_ENTRIES, read_feed

URL = "https://valley-courier.example/news/feed/"

RSS2 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>The Valley Courier</title><link>https://valley-courier.example/</link><language>en_GB</language>
<atom:link rel="self" href="https://valley-courier.example/news/feed/"/><atom:link rel="next" href="?paged=2"/>
<item><title>Salt &amp;amp; <![CDATA[<b>pepper</b>]]></title><link>https://valley-courier.example/a</link>
<pubDate>Mon, 06 May 2024 10:00:00 +0200</pubDate><dc:creator>Ann Ash</dc:creator><dc:creator>Bo Birch</dc:creator>
<category>Food</category><category domain="x">Town</category><category>Food</category>
<guid isPermaLink="false">7</guid><description>short &lt;p&gt;</description>
<content:encoded><![CDATA[<p>The whole <a href="https://elsewhere.example/">story</a></p>]]></content:encoded>
<media:content url="https://valley-courier.example/i.jpg"><media:title>A picture's title</media:title></media:content>
</item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="cs" xml:base="http://valley-courier.example/x/">
<title>t</title><link rel="next" href="feed2.xml"/>
<entry xml:lang="en"><title type="html">A &lt;i&gt;b&lt;/i&gt; &amp;amp; c</title>
<link rel="enclosure" href="1.mp3" type="audio/mpeg"/><link rel="alternate" type="text/html" href="../1"/>
<link rel="alternate" type="application/json" href="1.json"/><id>tag:valley-courier.example,2024:1</id>
<updated>2024-01-02T00:00:00Z</updated><published>2024-01-01T10:00:00</published>
<author><name>Zed</name><email>zed@valley-courier.example</email></author><author><name>Yed</name></author>
<category term="t1" label="Town"/><category term="t2"/><content type="html">&lt;p&gt;</content></entry>
<entry><title>no language</title><link href="/2"/><updated>2024-01-03T00:00:00Z</updated></entry></feed>"""

RDF = """<?xml version="1.0" encoding="ISO-8859-1"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://a.example/"><title>K\u00e4se</title><link>http://a.example/</link></channel>
<item rdf:about="http://a.example/1"><title>K\u00e4se</title><link>http://a.example/1</link>
<dc:date>2024-05-06T10:11:12+02:00</dc:date><dc:creator>J\u00f6rg</dc:creator><dc:language>de</dc:language>
<dc:subject>Kost</dc:subject></item></rdf:RDF>"""


def promised(text, **said):
    return read_feed(text.encode() if isinstance(text, str) else text, url=URL, **said)


def item(inside):
    return f"<rss version='2.0'><channel><item>{inside}</item></channel></rss>"


def test_rss_2_is_read_whole():
    feed = promised(RSS2)
    assert (feed.kind, feed.next, dict(feed.problems)) == ("rss", f"{URL}?paged=2", {})
    assert feed.promises == (
        Promise(
            url="https://valley-courier.example/a",
            source=Source.FEED,
            found_in=URL,
            published=datetime(2024, 5, 6, 8, tzinfo=UTC),
            title="Salt & pepper",
            authors=("Ann Ash", "Bo Birch"),
            tags=("Food", "Town"),
            language="en-GB",
        ),
    )


def test_atom_is_read_whole():
    feed = promised(ATOM)
    assert (feed.kind, feed.next, dict(feed.problems)) == ("atom", "http://valley-courier.example/x/feed2.xml", {})
    assert feed.promises == (
        Promise(
            url="http://valley-courier.example/1",
            source=Source.FEED,
            found_in=URL,
            published=datetime(2024, 1, 1, 10, tzinfo=UTC),
            modified=datetime(2024, 1, 2, tzinfo=UTC),
            title="A b & c",
            authors=("Zed", "Yed"),
            tags=("Town", "t2"),
            language="en",
        ),
        Promise(
            url="http://valley-courier.example/2",
            source=Source.FEED,
            found_in=URL,
            modified=datetime(2024, 1, 3, tzinfo=UTC),
            title="no language",
            language="cs",
        ),
    )


def test_rss_1_in_latin_1_is_read():
    promise = promised(RDF.encode("latin-1")).promises[0]
    assert (promise.url, promise.title, promise.authors, promise.tags) == (
        "http://a.example/1",
        "Käse",
        ("Jörg",),
        ("Kost",),
    )
    assert datetime(2024, 5, 6, 8, 11, 12, tzinfo=UTC) in (promise.published, promise.modified)


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93", "0.94"])
def test_older_rss_is_read(version):
    text = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd">'
        f'<rss version="{version}"><channel><item><title>Caf&eacute;</title><link>/1</link></item></channel></rss>'
    )
    promise = promised(text).promises[0]
    assert (promise.url, promise.title) == ("https://valley-courier.example/1", "Café")


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        ("<link>/a</link>", "https://valley-courier.example/a"),
        ("<link>a</link>", "https://valley-courier.example/news/feed/a"),
        ("<link>\n  https://valley-courier.example/a\n </link>", "https://valley-courier.example/a"),
        (
            "<link><![CDATA[https://valley-courier.example/a?b=1&c=2]]></link>",
            "https://valley-courier.example/a?b=1&c=2",
        ),
        ("<link>https://valley-courier.example/a?b=1&amp;c=2</link>", "https://valley-courier.example/a?b=1&c=2"),
        ("<guid>https://valley-courier.example/g</guid>", "https://valley-courier.example/g"),
        ("<guid isPermaLink='true'>https://valley-courier.example/g</guid>", "https://valley-courier.example/g"),
        (
            "<link>https://valley-courier.example/a</link><guid>https://valley-courier.example/g</guid>",
            "https://valley-courier.example/a",
        ),
        (
            "<link>https://feeds.example/x</link><f:origLink xmlns:f='http://rssnamespace.org/feedburner/ext/1.0'>"
            "https://valley-courier.example/a</f:origLink>",
            "https://valley-courier.example/a",
        ),
    ],
)
def test_an_item_is_found_by_its_link_or_permalink(inside, url):
    assert [promise.url for promise in promised(item(inside)).promises] == [url]


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("<title>x</title>", "no-url"),
        ("<guid isPermaLink='false'>https://valley-courier.example/g</guid>", "no-url"),
        ("<link></link>", "no-url"),
        ("<link>javascript:alert(1)</link>", "not-http"),
        ("<link>file:///etc/passwd</link>", "not-http"),
        ("<link>http://[::1</link>", "no-url"),
        (f"<link>https://a.example/{'x' * 3000}</link>", "not-http"),
    ],
)
def test_an_item_that_leads_nowhere_is_counted(inside, problem):
    feed = promised(item(inside))
    assert (feed.promises, dict(feed.problems)) == ((), {problem: 1})


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Mon, 06 May 2024 10:00:00", datetime(2024, 5, 6, 10, tzinfo=UTC)),
        ("2024-05-06", datetime(2024, 5, 6, tzinfo=UTC)),
        ("Mon, 06 May 2024 10:00:00 EST", datetime(2024, 5, 6, 15, tzinfo=UTC)),
        ("a while ago", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("", None),
    ],
)
def test_dates_without_a_zone_are_utc_and_odd_ones_none(date, expected):
    promise = promised(item(f"<link>/a</link><pubDate>{date}</pubDate>")).promises[0]
    assert (promise.published, promise.modified) == (expected, None)


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("jo@valley-courier.example (Jo Doe)", ("Jo Doe",)),
        ("jo@valley-courier.example", ()),
        ("Jo Doe", ("Jo Doe",)),
        ("", ()),
    ],
)
def test_mail_addresses_are_no_names(author, expected):
    assert promised(item(f"<link>/a</link><author>{author}</author>")).promises[0].authors == expected


def test_an_address_named_twice_is_promised_once():
    feed = promised("<rss><channel>" + "<item><link>/a</link></item>" * 3 + "</channel></rss>")
    assert (len(feed.promises), dict(feed.problems)) == (1, {"duplicate": 2})


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><title>Fish & chips</title><link>/a?b=1&c=2</link></item></channel></rss>",
        "\n<?xml version='1.0'?><rss><channel><item><title>Fish &amp; chips</title><link>/a?b=1&amp;c=2</link></item>",
        "<rss><channel><item><title>Fish &#38; chips\x0b</title><link>/a?b=1&c=2</link></item></channel></rss></rss>",
        "<rss><channel><item><title><![CDATA[Fish & chips]]></title><link>/a?b=1&c=2</link></item></chan",
    ],
)
def test_what_is_not_well_formed_is_read_as_far_as_it_goes(text):
    feed = promised(text)
    assert [(promise.url, promise.title) for promise in feed.promises] == [
        ("https://valley-courier.example/a?b=1&c=2", "Fish & chips")
    ]


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (RSS2.replace("Salt", "Küche").encode(), None),
        (b"\xef\xbb\xbf" + RSS2.replace("Salt", "Küche").encode(), "latin-1"),
        (RSS2.replace("Salt", "Küche").replace("UTF-8", "windows-1252").encode("windows-1252"), None),
        (RSS2.replace("Salt", "Küche").replace('encoding="UTF-8"', "").encode("utf-16"), None),
        (RSS2.replace("Salt", "Küche & Co").replace('encoding="UTF-8"', "").encode("latin-1"), "latin-1"),
        (RSS2.replace("Salt", "Küche & Co").encode(), "no-such-charset"),
    ],
)
def test_the_charset_is_found(body, charset):
    assert promised(body, charset=charset).promises[0].title.startswith("Küche")


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"<html><body>404</body></html>", b"\x00\x01\x02", b"<", b"<urlset/>", b"plain text"]
)
def test_what_is_no_feed_promises_nothing(body):
    feed = promised(body)
    assert (feed.kind, feed.promises) == (None, ())
    assert feed.problems["not-a-feed"] == 1


def test_an_empty_feed_is_a_feed():
    assert promised("<rss version='2.0'><channel><title>x</title></channel></rss>").kind == "rss"


def test_only_so_many_entries_are_read():
    items = "".join(f"<item><link>/{number}</link></item>" for number in range(MOST_ENTRIES + 5))
    feed = promised(f"<rss><channel>{items}</channel></rss>")
    assert (len(feed.promises), dict(feed.problems)) == (MOST_ENTRIES, {"too-many": 5})
    assert feed.promises[0].url == "https://valley-courier.example/0"


JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "language": "de",
    "next_url": "/feed.json?page=2",
    "items": [
        {
            "id": "7",
            "url": "/a",
            "title": "Salt & pepper",
            "date_published": "2024-05-06T10:11:12+02:00",
            "date_modified": "2024-05-07",
            "authors": [{"name": "Ann Ash"}, {"url": "x"}, "no object", {"name": 7}],
            "tags": ["Food", 7, "Town"],
            "language": "en",
        },
        {"id": "https://valley-courier.example/b", "author": {"name": "Bo Birch"}},
        {"id": "c", "external_url": "https://valley-courier.example/c"},
    ],
}


def test_json_feed_is_read_whole():
    feed = promised(json.dumps(JSON_FEED))
    assert (feed.kind, feed.next, dict(feed.problems)) == (
        "json",
        "https://valley-courier.example/feed.json?page=2",
        {},
    )
    assert feed.promises == (
        Promise(
            url="https://valley-courier.example/a",
            source=Source.FEED,
            found_in=URL,
            published=datetime(2024, 5, 6, 8, 11, 12, tzinfo=UTC),
            modified=datetime(2024, 5, 7, tzinfo=UTC),
            title="Salt & pepper",
            authors=("Ann Ash",),
            tags=("Food", "Town"),
            language="en",
        ),
        Promise(
            url="https://valley-courier.example/b",
            source=Source.FEED,
            found_in=URL,
            authors=("Bo Birch",),
            language="de",
        ),
        Promise(url="https://valley-courier.example/c", source=Source.FEED, found_in=URL, language="de"),
    )


@pytest.mark.parametrize(
    ("document", "urls", "problems"),
    [
        ({"items": [7, None, [], "x"]}, [], {"wrong-type": 4}),
        ({"items": [{"url": 7}]}, [], {"wrong-type": 1, "no-url": 1}),
        (
            {"items": [{"url": "/a", "title": [], "tags": "x", "authors": {}, "date_published": 7, "language": {}}]},
            ["/a"],
            {"wrong-type": 3},
        ),
        ({"items": {}}, [], {"not-a-feed": 1}),
        ({"items": None}, [], {"not-a-feed": 1}),
        ({"next_url": 7, "language": 7, "items": [{"url": "/a"}]}, ["/a"], {}),
        ({}, [], {"not-a-feed": 1}),
    ],
)
def test_json_of_wrong_types_is_counted(document, urls, problems):
    feed = promised(json.dumps(document))
    assert [promise.url for promise in feed.promises] == [f"https://valley-courier.example{url}" for url in urls]
    assert dict(feed.problems) == problems


@pytest.mark.parametrize("body", [b'{"items": [', b'{"a":' * 100_000, b"{}}", b'{"items": "\xff"'])
def test_broken_json_promises_nothing(body):
    feed = promised(body)
    assert (feed.kind, feed.promises, dict(feed.problems)) == (None, (), {"malformed": 1})
