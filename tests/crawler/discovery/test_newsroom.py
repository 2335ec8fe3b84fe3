"""The fictional newspaper, discovered: what its feeds and sitemaps promise is what it has."""

import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from archive.promise import Source
from archive.urls import canonical, fetchable
from crawler.discovery.candidates import is_candidate
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import read_page
from crawler.discovery.places import feed_places
from crawler.discovery.sections import sections
from crawler.discovery.sitemaps import read_sitemap
from crawler.manners.robots import read_robots
from crawler.sites.scope import Scope
from crawler.sites.site import site_from_url
from tests.newsroom import Newsroom


@pytest.fixture(scope="module")
def paper():
    with Newsroom(articles=120) as newsroom:
        yield newsroom


def get(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def key(url):
    return canonical(fetchable(url))


def whole(paper):
    return Scope(site_from_url(paper.url).model_copy(update={"backfill": "all"}))


def promised(paper):
    """Everything robots.txt leads to, sitemap by sitemap."""
    status, body = get(f"{paper.url}robots.txt")
    todo = list(read_robots(status, body=body, url=f"{paper.url}robots.txt").sitemaps)
    promises = []
    while todo:
        status, body = get(url := todo.pop())
        if status == 200:
            sitemap = read_sitemap(body, url=url)
            assert not sitemap.problems
            promises += sitemap.promises
            todo += [child.url for child in sitemap.children]
    return promises


def test_the_sitemaps_promise_every_article_and_all_are_worth_fetching(paper):
    promises, scope = promised(paper), whole(paper)
    articles = {key(truth.url) for truth in paper.truth}
    in_sitemaps = [key(promise.url) for promise in promises if promise.source is Source.SITEMAP]
    assert articles <= set(in_sitemaps)
    assert len(in_sitemaps) == len(set(in_sitemaps))
    for promise in promises:
        if key(promise.url) in articles:
            assert scope.judge(promise.url, promised=promise.source).allowed
            assert is_candidate(promise, site=scope.site).allowed


def test_the_news_sitemap_tells_title_language_and_date(paper):
    truths = {key(truth.url): truth for truth in paper.truth}
    news = [promise for promise in promised(paper) if promise.source is Source.NEWS_SITEMAP]
    assert news
    for promise in news:
        truth = truths[key(promise.url)]
        assert (promise.title, promise.language) == (truth.title, truth.language)
        assert abs((promise.published - datetime.now(UTC)).days) < 400


def test_every_feed_names_articles_as_they_are(paper):
    truths = {key(truth.url): truth for truth in paper.truth}
    kinds = set()
    for url in feed_places(paper.url):
        status, body = get(url)
        feed = read_feed(body, url=url) if status == 200 else None
        if feed is None or feed.kind is None:
            continue
        kinds.add(feed.kind)
        assert feed.promises
        assert not feed.problems
        for promise in feed.promises:
            truth = truths[key(promise.url)]
            assert promise.title == truth.title
            assert not promise.authors or promise.authors == truth.authors
            assert promise.published is not None
    assert kinds == {"rss", "atom", "json"}


def test_the_home_page_names_feeds_and_sections_and_no_trap_is_followed(paper):
    status, body = get(paper.url)
    page, scope = read_page(body, url=paper.url), whole(paper)
    assert status == 200
    assert {f"{paper.url}feed/", f"{paper.url}feed.json"} <= set(page.feeds)
    chosen = sections(page.links, scope=scope)
    assert {f"{paper.url}news/", f"{paper.url}sport/", f"{paper.url}opinion/"} <= set(chosen)
    assert not [url for url in chosen if "calendar" in url or "?" in url]
    refused = {scope.judge(link.url).reason for link in page.links}
    assert {"trap-calendar", "trap-facet"} <= refused
