"""Cookies within bounds, tried on responses as Scrapy hands them over."""

import time

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.fetch.cookies import LONGEST_HEADER, MOST, MOST_DOMAINS, BoundedCookiesMiddleware

HOME = "http://news.example/"


@pytest.fixture
def middleware() -> BoundedCookiesMiddleware:
    return BoundedCookiesMiddleware.from_crawler(get_crawler())


def answer(middleware: BoundedCookiesMiddleware, *cookies: str | bytes, url: str = HOME) -> None:
    headers = [("Set-Cookie", cookie) for cookie in cookies]
    middleware.process_response(Request(url), Response(url, headers=headers))


def sent(middleware: BoundedCookiesMiddleware, url: str = HOME) -> bytes | None:
    request = Request(url)
    middleware.process_request(request)
    return request.headers.get("Cookie")


def test_cookies_in_threes_are_sent_back(middleware):
    answer(middleware, "a=1; path=/", "b=2", "c=3; HttpOnly; Max-Age=60")
    assert sent(middleware) == b"a=1; b=2; c=3"
    assert sent(middleware, "http://other.example/") is None


def test_a_cookie_that_is_set_again_replaces_the_first(middleware):
    answer(middleware, "a=1")
    answer(middleware, "a=2")
    assert sent(middleware) == b"a=2"


def test_the_oldest_cookie_goes_where_there_are_too_many(middleware):
    for number in range(500):
        answer(middleware, f"c{number}=x")
    names = [pair.partition(b"=")[0] for pair in sent(middleware).split(b"; ")]
    assert names == [b"c%d" % number for number in range(500 - MOST, 500)]


def test_many_cookies_at_once_are_as_few_afterwards(middleware):
    answer(middleware, *[f"c{number}=x; path=/{number % 7}" for number in range(500)])
    assert sum(1 for _ in middleware.jars[None]) == MOST


@pytest.mark.parametrize("cookie", ["big=" + "x" * 5000, "x" * 5000 + "=big", "a=\x07bell", "b=tab\tbed", "c=grün"])
def test_what_no_request_should_carry_is_not_kept(middleware, cookie):
    answer(middleware, cookie, "kept=1")
    assert sent(middleware) == b"kept=1"


def test_a_request_carries_no_more_than_servers_take(middleware):
    answer(middleware, *[f"c{number}={'x' * 1000}" for number in range(40)])
    cookies = sent(middleware)
    assert len(cookies) <= LONGEST_HEADER
    assert {len(cookie) for cookie in cookies.split(b"; ")} <= {1003, 1004}


def test_the_number_of_domains_is_bounded_too(middleware):
    for number in range(1000):
        answer(middleware, "a=1", url=f"http://host{number}.example/")
    assert sum(1 for _ in middleware.jars[None]) == MOST_DOMAINS
    assert sent(middleware, "http://host999.example/") == b"a=1"


@pytest.mark.parametrize(
    ("url", "domain", "elsewhere", "shared"),
    [
        ("http://www.news.example/", "news.example", "http://m.news.example/", True),
        ("http://news.example/", "example", "http://other.example/", False),
        ("http://news.co.uk/", "co.uk", "http://other.co.uk/", False),
        ("http://news.github.io/", "github.io", "http://other.github.io/", False),
        ("http://news.example/", "other.example", "http://other.example/", False),
    ],
)
def test_a_cookie_is_shared_below_a_site_and_never_below_a_public_suffix(middleware, url, domain, elsewhere, shared):
    answer(middleware, f"a=1; domain={domain}", url=url)
    assert (sent(middleware, elsewhere) is not None) == shared


def test_a_header_of_a_quarter_million_bytes_is_read_in_no_time(middleware):
    started = time.process_time()
    for cookie in ("a=" + "x" * 250_000, "a=1" + ";" * 250_000, "a=1; expires=" + "1 " * 125_000, "=" * 250_000,
                   "a=1; " + 'b="' * 80_000, "a=1; expires=Wed, " + "0" * 250_000):  # fmt: skip
        answer(middleware, cookie)
    assert time.process_time() - started < 10
