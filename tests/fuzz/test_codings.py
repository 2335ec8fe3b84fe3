"""Bytes in any charset and any coding: they are text, or as good as none, within bounds."""

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import contentcoding
from archive.articles.markup import text
from archive.contentcoding import Bounds
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import read_page
from crawler.discovery.sitemaps import read_sitemap
from tests.fuzz.costs import within
from tests.fuzz.parsers import ANY, MILLION, URL


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
