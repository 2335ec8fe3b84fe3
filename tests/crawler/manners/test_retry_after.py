"""crawler.manners.retry_after: a server that says "later" is left alone until then, and no other."""

from datetime import UTC, datetime
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.manners.retry_after import backoff, read_retry_after
from tests.crawler.talk import Server, crawl

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"120", 120.0),
        (b" 0 ", 0.0),
        (b"Sun, 01 Mar 2026 12:01:30 GMT", 90.0),
        (b"Sun, 01 Mar 2026 13:00:00 +0100", 0.0),
        (b"Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        (b"99999999999999999999", 999999999.0),
        (b"-5", None),
        (b"soon", None),
        (b"1.5", None),
        (b"Jan\t0\t0:0\t3000000000", None),
        (b"Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("²".encode(), None),
        (b"", None),
        (None, None),
    ],
)
def test_seconds_and_dates_are_read(value, expected):
    assert read_retry_after(value, now=NOW) == expected


@given(some.binary(max_size=60) | some.from_regex(rb"[A-Z][a-z]{2}, \d+ (Jan|Dec) \d+ \d+:\d\d:\d\d [+-]\d+"))
def test_whatever_stands_there_is_seconds_or_nothing(value):
    seconds = read_retry_after(value, now=NOW)
    assert seconds is None or seconds >= 0


def test_backoff_doubles_and_is_bounded():
    assert [backoff(n, base=2.0, longest=30.0, jitter=lambda: 0.0) for n in (1, 2, 3, 4, 5)] == [
        2.0,
        4.0,
        8.0,
        16.0,
        30.0,
    ]
    assert backoff(1, base=2.0, longest=30.0, jitter=lambda: 1.0) == 3.0


def page(path, before):
    return (404, {}, b"") if path == "/robots.txt" else (200, {}, b"page")


class Busy:
    """Answers its first request for a page with a status and a Retry-After, the others with a page."""

    def __init__(self, status, retry_after):
        self.status, self.retry_after, self.told = status, retry_after, None

    def __call__(self, path, before):
        if path == "/robots.txt" or self.told is not None:
            return page(path, before)
        self.told = path
        return self.status, {"Retry-After": self.retry_after}, b""


@pytest.fixture(scope="module")
def talked():
    """One crawl of four servers, one connection to each at a time."""
    busy, closed = Busy(429, "1"), Busy(503, "3600")
    with Server(busy) as a, Server(page) as b, Server(never) as c, Server(closed) as d:
        urls = [server.url(f"/{number}") for number in range(20) for server in (a, b, d)]
        result = crawl(
            *urls,
            c.url("/x"),
            CONCURRENT_REQUESTS_PER_DOMAIN=1,
            CONCURRENT_REQUESTS=100,
            DOWNLOAD_DELAY=0.001,  # without any, Scrapy starts all that is queued at once
            RETRY_AFTER_BASE=0.1,
        )
    return SimpleNamespace(busy=a, other=b, never=c, closed=d, told=busy.told, last=closed.told, **result)


def never(path, before):
    return (404, {}, b"") if path == "/robots.txt" else (503, {}, b"")


def test_a_pause_holds_for_the_whole_server_and_for_no_other(talked):
    told = talked.busy.asked(talked.told)[0]
    after = [when - told for when, path in talked.busy.hits if when > told]
    assert min(after) > 0.99
    assert len(talked.busy.asked(talked.told)) == 2
    assert any(told < when < told + min(after) for when, _ in talked.other.hits)
    assert {talked.outcomes[talked.busy.url(f"/{number}")] for number in range(20)} == {200}


def test_after_the_last_attempt_the_answer_goes_to_the_spider(talked):
    """Without Retry-After the pauses double: 0.1, 0.2, 0.4 seconds at least."""
    gaps = [after - before for before, after in pairwise(talked.never.asked("/x"))]
    assert [gap >= least for gap, least in zip(gaps, (0.1, 0.2, 0.4), strict=True)] == [True, True, True]
    assert talked.outcomes[talked.never.url("/x")] == 503


def test_a_server_that_asks_for_too_long_is_not_asked_again(talked):
    assert [path for _, path in talked.closed.hits] == ["/robots.txt", talked.last]
    assert {talked.outcomes[talked.closed.url(f"/{number}")] for number in range(20)} == {"retry-after"}


def test_all_of_it_is_counted(talked):
    counts = {key: value for key, value in talked.stats.items() if key.startswith("retry_after/")}
    assert counts == {
        "retry_after/paused": 1 + 4,
        "retry_after/retried": 1 + 3,
        "retry_after/status/429": 1,
        "retry_after/status/503": 3,
        "retry_after/closed": 1,
        "retry_after/refused": 19,
        "retry_after/gave-up": 2,
    }
