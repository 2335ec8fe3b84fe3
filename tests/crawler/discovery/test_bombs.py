"""Feeds, sitemaps and pages made to hurt: each is read within seconds and bounded memory, and gives away nothing."""

import gzip
import random
import resource
import time

import pytest

from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import read_page
from crawler.discovery.sitemaps import read_sitemap
from crawler.manners.robots import read_robots

URL = "https://valley-courier.example/x"
ENTRY = b"<item><title>%s</title><link>/a</link></item>"
LOC = b"<url><loc>https://valley-courier.example/%s</loc></url>"


def doctype(entities):
    return b'<?xml version="1.0"?><!DOCTYPE x [' + entities + b"]>"


def rss(inside):
    return b"<rss version='2.0'><channel>" + inside + b"</channel></rss>"


def urlset(inside):
    return b"<urlset>" + inside + b"</urlset>"


LAUGHS = b'<!ENTITY l0 "ha">' + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
QUADRATIC = b'<!ENTITY q "' + b"A" * 100_000 + b'">'
EXTERNAL = b'<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "file:///etc/hostname"> %p;'


@pytest.mark.parametrize(
    ("entities", "use"),
    [(LAUGHS, b"&l11;"), (QUADRATIC, b"&q;" * 50_000), (EXTERNAL, b"&e;")],
    ids=["laughs", "quadratic", "external"],
)
def test_entities_are_never_expanded(entities, use):
    started = time.process_time()
    feed = read_feed(doctype(entities) + rss(ENTRY % b"x" + ENTRY % use), url=URL)
    sitemap = read_sitemap(doctype(entities) + urlset(LOC % b"a" + LOC % use), url=URL)
    assert time.process_time() - started < 10
    assert feed.problems["entities"] == 1
    assert sitemap.problems["entities"] == 1
    said = repr(feed) + repr(sitemap)
    assert "root:" not in said
    assert "haha" not in said
    assert "AAA" not in said
    assert [promise.url for promise in feed.promises] == ["https://valley-courier.example/a"]


def test_entities_hidden_in_utf_16_are_not_expanded_either():
    body = (
        (doctype(LAUGHS) + rss(ENTRY % b"&l11;")).decode().replace('version="1.0"', 'version="1.0" encoding="utf-16"')
    )
    assert "haha" not in repr(read_feed(body.encode("utf-16"), url=URL))
    assert "haha" not in repr(read_sitemap(body.encode("utf-16"), url=URL))


def test_an_attribute_full_of_entities_is_dropped():
    entities = b'<!ENTITY a "AAAAAAAAAA"><!ENTITY b "' + b"&a;" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000 + b'">'
    feed = read_feed(doctype(entities) + b"<rss x='&c;'><channel>" + ENTRY % b"t" + b"</channel></rss>", url=URL)
    assert [promise.title for promise in feed.promises] == ["t"]


def test_a_gzip_bomb_is_seen():
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000)
    sitemap = read_sitemap(bomb, url=URL)
    assert (len(bomb) < 100_000, sitemap.promises, sitemap.problems["gzip-bomb"]) == (True, (), 1)


def fill(piece, *, before=b"", size=2_000_000):
    return before + piece * (size // len(piece))


HEAPS = {
    "deep": fill(b"<a>"),
    "unclosed": fill(b"<"),
    "cdata": fill(b"<![CDATA["),
    "comments": fill(b"<!--"),
    "ampersands": fill(b"&", before=b"<rss><channel>"),
    "elements": fill(b"<a/>", before=b"<rss><channel>"),
    "items": fill(b"<item/>", before=b"<rss><channel>"),
    "urls": fill(b"<url/>", before=b"<urlset>"),
    "doctypes": fill(b"<!DOCTYPE ["),
    "brackets": fill(b"]  ", before=b"<!DOCTYPE a ["),
    "attributes": b"<rss " + b" ".join(b"a%d=''" % number for number in range(100_000)) + b"/>",
    "brackets in json": b'{"items":' + fill(b"["),
    "nesting divs": fill(b"<div>"),
    "divs behind wrong ends": fill(b"<div></x>"),
    "divs behind comments": fill(b"<div><!--</div>-->"),
    "menus": fill(b"<nav><a href=/x>"),
    "links": b"".join(b"<a href=/%d>" % number for number in range(100_000)),
    "attributes of a link": b"<a " + b" ".join(b"a%d=''" % number for number in range(100_000)) + b" href=/x>",
    "quotes": fill(b"<a href='"),
    "dots": b"<a href='" + b"/." * 500_000 + b"'>",
    "scripts": fill(b"<script>"),
    "tables": fill(b"<table><tr>"),
    "zeros": bytes(2_000_000),
    "high bytes": b"\xff" * 2_000_000,
}


@pytest.mark.parametrize("name", HEAPS)
def test_a_heap_of_anything_is_read_within_seconds(name):
    for reader in (read_feed, read_sitemap, read_page):
        started = time.process_time()
        reader(HEAPS[name], url=URL)
        assert time.process_time() - started < 20, reader.__name__  # 2 at most, on an idle core
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1_500_000  # kB


SEEDS = (
    rss(ENTRY % b"t &amp; <![CDATA[<b>]]>"),
    b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>t</title><link href='/a'/>"
    b"<updated>2024-01-01T00:00:00Z</updated></entry></feed>",
    b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"/a","tags":["x"],"authors":[{"name":"n"}]}]}',
    urlset(LOC % b"a" + b"<url><loc>/b</loc><lastmod>2024-05-06T10:11:12Z</lastmod></url>"),
    b"<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2024</lastmod></sitemap></sitemapindex>",
    b"<html><head><base href='/b/'><link rel=next href='?page=2'></head>"
    b"<body><nav><a href='/x'>x</a></nav><a href='//y/z'>y</a>",
    gzip.compress(urlset(LOC % b"a")),
    b"User-agent: *\nDisallow: /a*$\nCrawl-delay: 1\nSitemap: https://a.example/\nRequest-rate: 1/2\n",
)


def spoilt(body, rng):
    """Flip, cut, repeat and insert at random places."""
    pieces = bytearray(body)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(pieces) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            pieces[at : at + 1] = bytes([rng.randrange(256)])
        elif kind == 1:
            del pieces[at : at + rng.randrange(20)]
        elif kind == 2:
            pieces[at:at] = pieces[: rng.randrange(30)]
        else:
            pieces[at:at] = rng.choice(
                [b"<", b"&", b"]]>", b"<![CDATA[", b"\x00", b"&#xD800;", b"<!DOCTYPE a [", b"http://[", b"\\ud800"]
            )
    return bytes(pieces)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_spoilt_documents_never_raise(seed):
    rng = random.Random(seed)
    for _ in range(400):
        body = spoilt(SEEDS[seed], rng)
        for promise in (*read_feed(body, url=URL).promises, *read_sitemap(body, url=URL).promises):
            assert promise.url.startswith(("http://", "https://"))
        for link in read_page(body, url=URL).links:
            assert link.url.startswith(("http://", "https://"))
        read_robots(200, body=body, url=URL).allows("https://valley-courier.example/a")
