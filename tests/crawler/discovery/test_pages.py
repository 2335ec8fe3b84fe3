"""crawler.discovery.pages: links, feeds, and where a page goes on."""

import itertools
import time

import pytest

from crawler.discovery.html import DEEPEST, plain
from crawler.discovery.pages import MOST_LINKS, Link, following_pages, read_page

URL = "https://valley-courier.example/sport/"

PAGE = """<!doctype html><html><head>
<link rel="canonical" href="/sport/"><link rel="alternate" type="application/rss+xml; charset=utf-8" href="feed/">
<link rel="alternate" type="application/atom+xml" href="https://feeds.example/atom">
<link rel=alternate hreflang=de href=/de/>
<link rel="ALTERNATE" type="APPLICATION/FEED+JSON" href="/feed.json">
<link rel="alternate" type="application/rss+xml" href="/comments/feed/">
<link rel="alternate" type="application/json" href="https://valley-courier.example/wp-json/wp/v2/pages/7">
<meta name="ROBOTS" content="NoIndex, follow"></head><body>
<header><a href="/">Home</a></header><nav><a href="/news">News</a><a href="/sport/#top">Sport</a></nav>
<p><a href="/a?b=1&amp;c=2#d">A</a> <a href=" b/../c\n">C</a> <a href="//other.example/x">X</a>
<a href="/news">again</a>
<a href="?page=2">2</a> <a href="mailto:a@b.example">m</a> <a href="javascript:void(0)">j</a> <a href="#here">h</a>
<a>none</a>
<a href="">empty</a> <a href="http://[::1">broken</a>
<a href="HTTPS://Valley-Courier.example/Up">up</a> <a href="tel:1">t</a></p>
</body></html>"""


def test_links_are_absolute_distinct_and_in_page_order():
    assert read_page(PAGE, url=URL).links == (
        Link("https://valley-courier.example/", navigation=True),
        Link("https://valley-courier.example/news", navigation=True),
        Link("https://valley-courier.example/sport/", navigation=True),
        Link("https://valley-courier.example/a?b=1&c=2"),
        Link("https://valley-courier.example/sport/c"),
        Link("https://other.example/x"),
        Link("https://valley-courier.example/sport/?page=2"),
        Link("https://Valley-Courier.example/Up"),
    )


def test_links_in_shadow_roots_are_links_and_those_in_templates_are_none():
    """A rendered page holds its open shadow roots as templates of their own kind."""
    inner = (
        '<template shadowrootmode="open"><a href="/inner">I</a><template><a href="/never">N</a></template></template>'
    )
    page = f'<news-app><template shadowrootmode="open"><news-list>{inner}</news-list></template><a href="/slot">S</a>'
    assert [link.url for link in read_page(page, url="https://a.example/").links] == [
        "https://a.example/inner",
        "https://a.example/slot",
    ]


def test_feeds_are_those_of_articles():
    assert read_page(PAGE, url=URL).feeds == (
        "https://valley-courier.example/sport/feed/",
        "https://feeds.example/atom",
        "https://valley-courier.example/feed.json",
    )


def test_the_head_is_read():
    page = read_page(PAGE, url=URL)
    assert (page.canonical, page.noindex, page.nofollow) == ("https://valley-courier.example/sport/", True, False)
    assert read_page("<meta name=robots content=none>", url=URL).nofollow
    assert read_page("<meta name=microfiche content='nofollow'>", url=URL).nofollow
    assert not read_page("<meta name=otherbot content='nofollow'>", url=URL).nofollow


def test_base_href_is_honoured():
    page = read_page("<base href='/b/'><a href='x'>x</a><a href='/y'>y</a>", url=URL)
    assert [link.url for link in page.links] == [
        "https://valley-courier.example/b/x",
        "https://valley-courier.example/y",
    ]
    page = read_page("<base href='https://c.example/d/'><a href='x'>x</a><a href='/y'>y</a>", url=URL)
    assert [link.url for link in page.links] == ["https://c.example/d/x", "https://c.example/y"]


@pytest.mark.parametrize("base", ["javascript:1", "http://[", "", "#"])
def test_an_odd_base_is_none(base):
    assert read_page(f"<base href='{base}'><a href='x'>x</a>", url=URL).links == (Link(f"{URL}x"),)


@pytest.mark.parametrize(
    ("url", "html", "expected"),
    [
        ("/sport/", "<link rel=next href=/sport/p2><a href=/sport/page/2/>2</a>", "/sport/p2"),
        ("/sport/", "<a rel='nofollow next' href='/sport/older'>older</a><a href=/sport/page/2/>2</a>", "/sport/older"),
        ("/sport/", "<a href=/sport/page/3/>3</a><a href=/sport/page/2/>2</a>", "/sport/page/2/"),
        ("/sport/page/2/", "<a href=/sport/page/1/>1</a><a href=/sport/page/3/>3</a>", "/sport/page/3/"),
        ("/sport/page/2", "<a href=/sport/page/1>1</a>", None),
        ("/sport?page=9", "<a href='/sport?page=8'>8</a><a href='/sport?page=10'>10</a>", "/sport?page=10"),
        ("/sport?a=1&page=9&b=2", "<a href='/sport?a=1&page=10&b=2'>10</a>", "/sport?a=1&page=10&b=2"),
        ("/sport", "<a href='/sport?page=2'>2</a>", "/sport?page=2"),
        ("/sport/", "<a href='?paged=2'>2</a>", "/sport/?paged=2"),
        ("/?cat=3", "<a href='/?cat=3&paged=2'>2</a>", "/?cat=3&paged=2"),
        ("/?cat=3", "<a href='/?paged=2&cat=3'>2</a>", "/?paged=2&cat=3"),
        ("/?cat=3", "<a href='/?cat=3&p=2'>an article</a>", None),
        ("/sport/", "<a href='/sport/2'>2</a>", "/sport/2"),
        ("/sport/seite-2.html", "<a href='seite-3.html'>3</a>", "/sport/seite-3.html"),
        ("/sport/", "<a href='/sport/seite/2/'>2</a>", "/sport/seite/2/"),
        ("/sport/", "<a href='/culture/page/2/'>2</a><a href='/sport/1'>1</a>", None),
        ("/sport/", "<link rel=next href='/sport/'>", None),
        ("/sport/", "<link rel=next href='#'>", None),
        ("/", "<a href='/page/2/'>2</a>", "/page/2/"),
    ],
)
def test_the_next_page_is_found(url, html, expected):
    site = "https://valley-courier.example"
    assert read_page(html, url=site + url).next == (site + expected if expected else None)


def test_pages_may_be_bytes_of_any_charset():
    assert read_page("<a href='/käse'>".encode("latin-1"), url=URL, charset="latin-1").links[0].url.endswith("/käse")
    assert read_page("<a href='/käse'>".encode(), url=URL).links[0].url.endswith("/käse")
    assert read_page("<a href='/x'>".encode("utf-16"), url=URL, charset="utf-16").links == (
        Link("https://valley-courier.example/x"),
    )
    assert read_page(b"<a href='/x'>\xff", url=URL, charset="no-such-charset").links == (
        Link("https://valley-courier.example/x"),
    )


@pytest.mark.parametrize("body", ["", b"", "plain", b"\x00\xff", "<", "<a href", "<html><frameset>", "{}"])
def test_what_is_no_page_has_no_links(body):
    assert read_page(body, url=URL).links == ()


def test_links_are_bounded():
    page = read_page("".join(f"<a href=/{number}>" for number in range(MOST_LINKS + 100)), url=URL)
    assert (len(page.links), page.links[-1].url) == (MOST_LINKS, f"https://valley-courier.example/{MOST_LINKS - 1}")


def test_a_large_page_is_read_in_milliseconds():
    teasers = (
        f"<div class=t><h2><a href=/2024/05/story-{n}>T</a></h2><p>{'lorem ' * 120}</p></div>"
        for n in itertools.count()
    )
    html = "<nav><a href=/s>s</a></nav>" + "".join(itertools.islice(teasers, 300))
    started = time.process_time()
    for _ in range(20):
        assert len(read_page(html, url=URL).links) == 301
    assert (time.process_time() - started) / 20 < 0.02  # about 0.002 on an idle core, half of it the parse


def test_following_pages_are_all_different():
    assert len(set(following_pages(URL))) == len(list(following_pages(URL)))


def test_pages_that_people_write_are_left_whole():
    rows = "<tr><td>1<td>2<td>3" * 5000
    html = (
        f"<table>{rows}</table><p>" + "<div><img><br><p>x</div>" * 5000 + f"<a data-x='{'a=1 ' * 20000}' href=/x>x</a>"
    )
    assert plain(html) == html
    script = f"<script>{'var a = 1; ' * 20000}</script><p>x"
    assert plain(script) == script


def test_pages_that_nest_without_end_are_cut():
    assert plain("<div>" * 10_000) == "<div>" * DEEPEST
    assert plain("<a b='</div>'>" * 10_000) == "<a b='</div>'>" * DEEPEST
    assert plain("<p>x</p>" + "<b " + "a=1 " * 10_000 + ">") == "<p>x</p>"
