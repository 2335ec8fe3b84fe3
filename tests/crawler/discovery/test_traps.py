"""crawler.discovery.traps: URLs without end."""

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from crawler.discovery.traps import TrapGuard, is_circular, is_facet, is_session, outdated, pattern

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x;jsessionid=0A1B?y=1",
        "https://a.example/x?PHPSESSID=abc",
        "https://a.example/x?y=1&ASPSESSIONIDAABBCCDD=xyz",
        "https://a.example/x?sid=9f8e7d6c5b4a39281706",
        "https://a.example/(S(lit3py55t21z5v55vlm25s55))/story.aspx",
        "https://a.example/x?cfid=1&cftoken=2",
    ],
)
def test_session_ids_are_seen(url):
    assert is_session(urlsplit(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x?sid=1234",
        "https://a.example/?s=football",
        "https://a.example/wiki/Rome_(film)/",
        "https://a.example/a;b/c",
        "https://a.example/?s=internationalization",
    ],
)
def test_what_only_looks_like_a_session_passes(url):
    assert not is_session(urlsplit(url))


@pytest.mark.parametrize(
    "path", ["/a/a/a", "/loop/a/b/a/b/", "/x/y/z/x/y/z", "/a/b/a/c/a", "/News/news/NEWS", "/a/1/a/1"]
)
def test_circles_are_seen(path):
    assert is_circular(path)


@pytest.mark.parametrize(
    "path", ["/", "/2024/01/01/01/x", "/11/11/11/11/", "/sport/football/sport", "/a/a/b", "/news/2024/news-2024"]
)
def test_what_only_resembles_a_circle_passes(path):
    assert not is_circular(path)


@pytest.mark.parametrize(
    "query",
    [
        "sort=new",
        "orderby=date",
        "filter[town]=x",
        "color=red",
        "a=1&b=2&c=3&d=4&e=5",
        "tag=a&tag=b",
        "replytocom=7",
        "SORT=x",
    ],
)
def test_facets_are_seen(query):
    assert is_facet(query)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "p=123",
        "page=7",
        "id=1&cat=2",
        "option=com_content&view=article&id=7&Itemid=8",
        "a=1&utm_source=x&utm_medium=y&utm_a=z&b",
    ],
)
def test_ordinary_queries_pass(query):
    assert not is_facet(query)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2026/03/15/", None),
        ("/2026/03/16", None),
        ("/2026/03/17", "trap-calendar"),
        ("/2026/04/", "trap-calendar"),
        ("/2026/", None),
        ("/2026-03", None),
        ("/archive/2027/", "trap-calendar"),
        ("/2026/02/30/", "trap-calendar"),
        ("/2026/13/", "trap-calendar"),
        ("/1989/01/", "trap-calendar"),
        ("/0000/00/", "trap-calendar"),
        ("/calendar/2026/03/", "trap-calendar"),
        ("/events/2026-03-14", "trap-calendar"),
        ("/events/?month=3", "trap-calendar"),
        ("/events/2026-03-14-concert-in-the-park/", None),
        ("/calendar/", None),
        ("/node/4711", None),
        ("/a/0815/", None),
        ("/2031/05/a-story-from-the-future/", None),
        ("/story-1234/", None),
    ],
)
def test_dates_are_followed_within_reason(path, expected):
    assert outdated(urlsplit(f"https://a.example{path}"), today=TODAY, horizon=None) == expected


def test_archives_before_the_horizon_are_too_old_by_their_last_day():
    horizon = datetime(2026, 2, 13, tzinfo=UTC)
    judged = [
        outdated(urlsplit(f"https://a.example{path}"), today=TODAY, horizon=horizon)
        for path in ("/2025/", "/2026/", "/2026/01/", "/2026/02/", "/2026/02/12/", "/2026/02/13/", "/2025/12/")
    ]
    assert judged == ["archive-too-old", None, "archive-too-old", None, "archive-too-old", None, "archive-too-old"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/sport/page/7?id=12&q=x", "a.example/sport/page/N?id=N&q=*"),
        ("https://a.example/town/some-slug", "a.example/town/*"),
        ("https://a.example/2026/03/14/the-mayor-says-no-for-2-days/", "a.example/N/N/N/*"),
        ("https://a.example/gallery-7/picture-12", "a.example/gallery-N/picture-N"),
        ("https://a.example/", "a.example/"),
    ],
)
def test_patterns_leave_the_numbers_out(url, expected):
    assert pattern(url) == expected


def test_a_pattern_that_leads_nowhere_ends():
    guard = TrapGuard(cap=3)
    assert [guard.admits(f"https://a.example/x/{n}") for n in range(5)] == [True, True, True, False, False]
    assert guard.admits("https://a.example/x/1")
    assert guard.admits("https://a.example/y/1")
    assert list(guard.exhausted()) == ["a.example/x/N"]


def test_the_same_url_counts_once():
    guard = TrapGuard(cap=2)
    assert all(guard.admits("https://a.example/x/1") for _ in range(10))


def test_a_pattern_that_leads_on_never_ends():
    guard = TrapGuard(cap=3)
    for number in range(100):
        assert guard.admits(f"https://a.example/x/{number}")
        if number % 3 == 2:
            guard.led_on(f"https://a.example/x/{number}")


def test_memory_is_bounded():
    guard = TrapGuard(cap=5, patterns=10)
    for number in range(1000):
        guard.admits(f"https://a.example/{'x' * (number % 50)}/{number}")
    assert len(guard._seen) <= 10
