"""Which URLs can be asked for, and what is made of those that nearly can."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.fetch.askable import AskableMiddleware, askable

BASE = "http://news.example/a/b"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("c", "http://news.example/a/c"),
        ("/c?d=e&f", "http://news.example/c?d=e&f"),
        ("//other.example/c", "http://other.example/c"),
        ("?q", "http://news.example/a/b?q"),
        ("#part", "http://news.example/a/b"),
        ("HTTPS://Other.Example:8443/C", "https://other.example:8443/C"),
        ("http://other.example:80/", "http://other.example/"),
        ("http://other.example", "http://other.example/"),
        ("  \t/c\r\n", "http://news.example/c"),
        ("/c\r\nSet-Cookie: x=1", "http://news.example/cSet-Cookie:%20x=1"),
        ("/c%0d%0aSet-Cookie:%20x=1", "http://news.example/c%0d%0aSet-Cookie:%20x=1"),
        ("/\0\x1b\x7f", "http://news.example/%00%1B%7F"),
        ('/a b"<c>`d', "http://news.example/a%20b%22%3Cc%3E%60d"),
        ("/voilà", "http://news.example/voil%C3%A0"),
        (b"/voil\xe0", "http://news.example/voil%E0"),
        ("/\u202egnp.exe", "http://news.example/%E2%80%AEgnp.exe"),
        ("/\ud800", "http://news.example/%ED%A0%80"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://reader:s3cret@other.example/", "http://other.example/"),
        ("http://reader:s3cret@a@other.example/", "http://other.example/"),
        ("//@other.example/", "http://other.example/"),
        ("/?utm_source=x", "http://news.example/?utm_source=x"),
    ],
)
def test_a_url_is_made_as_browsers_make_it(location, url):
    assert askable(location, base=BASE) == url


@pytest.mark.parametrize(
    "location",
    ["", " \n", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://news.example/", "mailto:a@b",
     "http://[::1", "http://[::g]/", "http://[fe80::1%25eth0]/", "http://news.example:99999/", "http://news.example:x/",
     "http://news.example%00.evil.example/", "http://a b/", "http://" + "a" * 1001 + "/", "/" + "x" * 8192,
     "/" + "ä" * 3000, "http://%zz/", "http://\ud800/"],
)  # fmt: skip
def test_what_is_no_url_is_none(location):
    assert askable(location, base=BASE) is None


@given(some.text(some.characters(), max_size=60) | some.binary(max_size=60))
def test_whatever_comes_out_can_stand_anywhere(location):
    url = askable(location, base=BASE)
    if url is not None:
        assert url.isascii()
        assert url.isprintable()
        assert not set(' "<>`#') & set(url)
        assert askable(url, base=BASE) == url


def passed(url: str) -> Request | None:
    return AskableMiddleware().process_request(Request(url, meta={"verbatim_url": True}, priority=7))


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/a?b=c",
        "http://127.0.0.1:8300/",
        "http://[::1]:8300/",
        "http://news.example/a#b",
        "HTTP://News.Example:80/a/../b",
        "http://news.example/@b",
    ],
)
def test_a_request_for_a_url_passes_as_it_is(url):
    assert passed(url) is None


def test_a_request_for_what_can_be_mended_is_made_anew():
    mended = passed("http://reader:s3cret@news.example/a b")
    assert (mended.url, mended.priority, mended.dont_filter) == ("http://news.example/a%20b", 7, True)
    assert passed(mended.url) is None


@pytest.mark.parametrize("url", ["gopher://news.example/", "http://news.example:99999/", "http:///", "http://[::1/"])
def test_a_request_for_anything_else_is_refused(url):
    with pytest.raises(IgnoreRequest, match=r"\Abad-url\Z"):
        passed(url)
