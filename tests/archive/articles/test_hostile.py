"""Megabytes of junk: nothing raises, and nothing takes more than two seconds of a processor."""

import json
import random
import time
from typing import Final

import pytest

from archive.articles import Article, extract, read
from tests.archive.articles.fixtures import FIXTURES

URL: Final = "https://gazette.example/2026/03/10/fish-market-to-close/"
SECONDS: Final = 2.0
MACHINE: Final = 3  # how much slower than a quiet machine of today one may be that runs other things besides
PROSE: Final = "<p>The harbour board voted on Tuesday night to close the old fish market for two years.</p>"
LOCKED: Final = "<meta property='article:content_tier' content='locked'>"


def page(body: str, *, head: str = "") -> str:
    return (
        f"<html lang=en><head><title>Fish market to close</title>{head}</head><body><article>"
        f"<h1>Fish market to close</h1>{body}{PROSE}</article></body></html>"
    )


def data(text: str) -> str:
    return page("", head=f"<script type='application/ld+json'>{text}</script>")


def claiming(text: str, *, claim: str) -> str:
    paragraphs = "".join(f"<p>{text[at : at + 600]}</p>" for at in range(0, len(text), 600))
    return page(paragraphs, head=f"<script type='application/ld+json'>{_claim(claim)}</script>")


def _claim(text: str) -> str:
    return json.dumps({"@type": "NewsArticle", "headline": "Fish market to close", "articleBody": text})


LETTERS: Final = "".join(random.Random(1).choices("abcdefgh ", k=1_500_000))
JUNK = {
    "another claim": claiming(LETTERS, claim=LETTERS[:399_000][::-1]),
    "a claim of the beginning": claiming(LETTERS, claim=LETTERS[:399_000]),
    "19 MB of scripts": page("", head="<script>" + "var a=1;" * 2_400_000 + "</script>"),
    "20 MB of comments": page("", head="<!--" + "x" * 20_000_000 + "-->"),
    "20 MB of one word": page("<p>" + "gull " * 4_000_000),
    "20 MB without a space": page("<p>" + "g" * 20_000_000),
    "20 MB of NUL": b"\x00" * 20_000_000,
    "20 MB of open brackets": "<" * 20_000_000,
    "bytes of nothing": random.Random(1).randbytes(2_000_000),
    "lone surrogates": page("<p>" + "\ud800" * 1_000_000),
    "entities": page("<p>" + "&amp;&#x1F600;&nosuch;&#0;&#xD800;" * 100_000),
    "nested div": "<div>" * 500_000,
    "nested b": page("<b><i>" * 100_000 + "text"),
    "nested table": page("<table><tr><td>" * 50_000 + "text"),
    "nested quote": page("<blockquote>" * 100_000 + "text"),
    "nested wall": page("<div class=paywall>" * 20_000 + "<p>Subscribe to continue reading</p>", head=LOCKED),
    "nested live": page("<div class=live>" * 20_000 + "<time datetime='2026-01-01T10:00:00Z'>10</time>" * 3_000),
    "paragraphs": page("<p>lorem ipsum dolor sit amet</p>" * 100_000),
    "headings": page("<h1>By the way</h1>" * 100_000),
    "times": page("<time datetime='2026-01-01'>now</time>" * 100_000),
    "images": page("<figure class=gallery><img src=a><figcaption>x</figcaption></figure>" * 100_000),
    "forms": page("<form action=/login><input type=password></form>" * 100_000),
    "walls": page("<div class=paywall><p>Subscribe to continue reading</p></div>" * 100_000, head=LOCKED),
    "banners": page("<div>We use cookies <button>Accept all</button></div>" * 100_000),
    "entries": page("<div class=live-blog>" + "<div><time datetime='2026-01-01T10:00:00Z'>10</time>x</div>" * 100_000),
    "noscript": "<noscript><h1>x</h1><p>The harbour board voted on Tuesday to close</p></noscript>" * 100_000,
    "puzzles": "<title>Are you a robot?</title>" + "<div class=g-recaptcha></div>" * 100_000,
    "bylines": page("<p class='byline'>By Ada Quill and Tom Reed</p>" * 100_000),
    "one byline": page("<p class='byline'>By " + "A and " * 500_000),
    "one byline of dots": page("<p class='byline'>By " + "Ada Quill · " * 100_000),
    "bylines above the text": page("<p>By Ada Quill • 10 March 2026</p>" * 100_000),
    "names of its own": page("".join(f"<p class='x{i} comment-{i}'>x</p>" for i in range(100_000))),
    "attributes": "<p " + "a=b " * 1_000_000 + ">x</p>",
    "one attribute": page("<p class='" + "related-" * 1_000_000 + "'>x"),
    "metas": page("", head="<meta name=author content='x y'>" * 100_000),
    "title of bars": "<title>" + " | " * 300_000 + "</title><p>hello",
    "title of errors": "<title>" + "error 404 not found " * 50_000 + "</title><p>hello",
    "breaks": page("<br>" * 100_000 + "hello"),
    "dates": page("<p>" + "10. März 2026 " * 100_000),
    "json deep": data("[" * 1_000_000),
    "json wide": data('[{"@type":"NewsArticle","author":{"@id":"#a"}}' + ',{"@type":"NewsArticle"}' * 50_000 + "]"),
    "json broken": data('{"a":"b",' * 200_000),
    "json quotes": data('{"' + '\\"' * 800_000),
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_takes_two_seconds_at_most(name: str) -> None:
    """Whatever there is 100,000 times or 20 MB of; and it never breaks us."""
    begun = time.process_time()
    found = read(JUNK[name], URL)
    assert time.process_time() - begun < MACHINE * SECONDS
    assert isinstance(found, Article) or found.reason != "failed", found


@pytest.mark.parametrize("name", ["19 MB of scripts", "json deep", "json broken"])
def test_an_article_beside_junk_is_read(name: str) -> None:
    """Junk in front of it does not hide it."""
    found = extract(JUNK[name], URL)
    assert found is not None
    assert found.title == "Fish market to close"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "not a url",
        "http://[::1",
        "https://x.example/\ud800",
        "https://x/" + "a" * 9999,
        "\x00",
        "https://x/%ff",
    ],
)
def test_any_url_will_do(url: str | None) -> None:
    """The URL is a hint: none, or a broken one, does not stop the page from being read."""
    fixture = next(fixture for fixture in FIXTURES if fixture.name == "systems/wordpress-classic")
    found = extract(fixture.html, url)
    assert found is not None
    assert found.title == "Bread is dear"
