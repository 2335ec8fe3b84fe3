"""crawler.sites.scope: what is on the site, and worth a request."""

from datetime import UTC, datetime

import pytest

from archive.promise import Source
from crawler.sites.scope import Scope, Verdict
from crawler.sites.site import Site

SITE = Site(name="a", home="https://www.valley-courier.example/", max_depth=5)


def scope(**changes):
    return Scope(SITE.model_copy(update=changes), clock=lambda: datetime(2026, 3, 15, 12, tzinfo=UTC))


def reason(path, **said):
    return scope().judge(f"https://www.valley-courier.example{path}", **said).reason


@pytest.mark.parametrize(
    "url",
    [
        "https://www.valley-courier.example/sport/",
        "http://valley-courier.example/",
        "https://sport.valley-courier.example/a?b=c",
        "https://www.valley-courier.example:8443/",
    ],
)
def test_a_registrable_domain_is_one_site(url):
    assert scope().judge(url) == Verdict(allowed=True)
    assert scope().on_site(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hill-herald.example/", "off-site"),
        ("https://valley-courier.example.evil.example/", "off-site"),
        ("https://www.valley-courier.example@evil.example/", "off-site"),
        ("https://notvalley-courier.example/", "off-site"),
        ("ftp://www.valley-courier.example/", "not-http"),
        ("mailto:desk@valley-courier.example", "not-http"),
        ("javascript:void(0)", "not-http"),
        ("/sport/", "not-http"),
        ("https://", "not-http"),
        ("https://www.valley-courier.example:port/", "not-http"),
        ("http://[::1", "not-http"),
        ("", "not-http"),
        (f"https://www.valley-courier.example/{'x' * 2048}", "too-long"),
    ],
)
def test_what_lies_elsewhere_is_refused(url, expected):
    assert scope().judge(url) == Verdict(allowed=False, reason=expected)


def test_an_address_is_a_site_by_its_port():
    here = Scope(Site(name="a", home="http://127.0.0.1:8000/"))
    assert here.on_site("http://127.0.0.1:8000/x")
    assert not here.on_site("http://127.0.0.1:8001/x")
    assert not here.on_site("http://127.0.0.2:8000/x")


def test_hosts_named_besides_are_on_the_site():
    here = Scope(SITE, hosts=frozenset({"cdn.example"}))
    assert here.on_site("https://cdn.example/a")
    assert not here.on_site("https://other.example/a")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sport/", None),
        ("/sport/page/7/", None),
        ("/?p=123", None),
        ("/a/b/c/d/e/f/g/h/i/j/k", None),
        ("/a/b/c/d/e/f/g/h/i/j/k/l/m", "too-deep"),
        ("/picture.jpg", "media"),
        ("/report.pdf", "media"),
        ("/sport?sort=new", "trap-facet"),
        ("/sport/x/sport/x/", "trap-repeating"),
        ("/sport;jsessionid=1A", "session-id"),
        ("/calendar/2026/11", "trap-calendar"),
        ("/2027/01/", "trap-calendar"),
        ("/2026/03/", None),
        ("/2025/11/", "archive-too-old"),
    ],
)
def test_traps_are_refused(path, expected):
    assert reason(path) == expected


def test_depth_is_bounded_by_the_site():
    assert reason("/sport/", depth=5) is None
    assert reason("/sport/", depth=6) == "too-deep"


def test_a_promised_article_is_no_trap():
    path = "/2026/03/14/the-mayor-says-no-again?sort=new&a=1&b=2&c=3&d=4&e=5"
    assert reason(path, promised=Source.LINK) == "trap-facet"
    for source in (Source.FEED, Source.NEWS_SITEMAP, Source.SITEMAP):
        assert reason(path, promised=source, depth=99) is None


def test_a_promise_off_the_site_is_refused_all_the_same():
    url = "https://hill-herald.example/2026/03/14/the-mayor-says-no-again"
    assert scope().judge(url, promised=Source.FEED).reason == "off-site"


def test_a_promised_list_may_be_a_trap():
    assert reason("/calendar/2026/11", promised=Source.SITEMAP) == "trap-calendar"


def test_backfill_decides_how_old_an_archive_may_be():
    assert scope(backfill="all").judge("https://www.valley-courier.example/2001/05/").reason is None
    assert reason("/2026/02/12/") == "archive-too-old"
    assert reason("/2026/02/14/") is None
