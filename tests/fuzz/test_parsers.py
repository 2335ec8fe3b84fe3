"""Everything that reads what a site sends, given garbage: it ends soon, and no exception leaves it.

A million bytes of noise, of one thing repeated, and of pieces of the format put together in any order.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.markup import jsonld
from archive.articles.metadata import dates
from crawler.discovery.dates import read_date
from crawler.manners.retry_after import read_retry_after
from tests.archive.ledgers import NOON
from tests.fuzz.costs import within
from tests.fuzz.parsers import ANY, BYTES, MARKS, MILLION, PARSERS


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


@given(ANY | st.text(st.sampled_from("0123456789-:T.+Z /,JanMonGMT"), max_size=60))
def test_dates_are_read_or_left(value: str) -> None:
    """Neither feeds' nor pages' nor servers' dates raise."""
    read_date(value)
    dates.parse(value)
    assert (read_retry_after(value.encode("utf-8", "replace"), now=NOON) or 0) >= 0


@given(st.lists(st.sampled_from(MARKS["json"]) | ANY, max_size=60).map("".join))
def test_json_ld_is_read_or_left(script: str) -> None:
    """Broken, wrapped, escaped, several in one."""
    jsonld.load([script, f"<!-- {script} -->", f"[{script},]"])
