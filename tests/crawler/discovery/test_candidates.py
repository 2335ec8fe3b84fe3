"""crawler.discovery.candidates: what is worth fetching, and how new it is."""

from datetime import UTC, datetime

import pytest

from archive.promise import Promise, Source
from crawler.discovery.candidates import dated, is_candidate
from crawler.sites.site import Site

SITE = Site(name="a", home="https://a.example/")
OWN = SITE.model_copy(update={"article": r"^/story/\d+$"})
ARTICLE = "/2026/03/14/the-mayor-says-no-again"


def reason(path, source, *, site=SITE):
    verdict = is_candidate(Promise(url=f"https://a.example{path}", source=source, found_in="x"), site=site)
    assert verdict.allowed is (verdict.reason is None)
    return verdict.reason


@pytest.mark.parametrize("source", [Source.SEED, Source.FEED, Source.NEWS_SITEMAP])
@pytest.mark.parametrize("path", [ARTICLE, "/tag/x/", "/", "/whatever"])
def test_what_feeds_and_news_sitemaps_promise_always_is(source, path):
    assert reason(path, source) is None
    assert reason(path, source, site=OWN) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (ARTICLE, None),
        ("/whatever", None),
        ("/sport/", "not-article:section"),
        ("/tag/x/", "not-article:tag"),
        ("/author/x/", "not-article:author"),
        ("/search?q=x", "not-article:search"),
        ("/sport/page/2", "not-article:pagination"),
        ("/report.pdf", "not-article:media"),
        ("/", "not-article:home"),
    ],
)
def test_what_sitemaps_promise_is_unless_it_is_plainly_a_list(path, expected):
    assert reason(path, Source.SITEMAP) == expected


@pytest.mark.parametrize("source", [Source.SECTION, Source.LINK])
@pytest.mark.parametrize(
    ("path", "expected"), [(ARTICLE, None), ("/whatever", "not-article:other"), ("/sport/", "not-article:section")]
)
def test_a_link_is_only_when_it_looks_like_an_article(source, path, expected):
    assert reason(path, source) == expected


def test_the_sites_own_pattern_decides_for_sitemaps_and_links():
    for source in (Source.SITEMAP, Source.LINK):
        assert reason("/story/7", source, site=OWN) is None
        assert reason(ARTICLE, source, site=OWN) == "not-article:other"


def test_the_newest_date_known_decides():
    def promise(**said):
        return Promise(source=Source.FEED, found_in="x", **{"url": "https://a.example/x", **said})

    published, modified = datetime(2024, 5, 6, tzinfo=UTC), datetime(2024, 5, 7, tzinfo=UTC)
    assert dated(promise(published=published, modified=modified)) == published
    assert dated(promise(modified=modified)) == modified
    assert dated(promise(url="https://a.example/2024/05/08/x")) == datetime(2024, 5, 8, tzinfo=UTC)
    assert dated(promise()) is None
