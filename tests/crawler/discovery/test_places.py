"""crawler.discovery.places: where feeds and sitemaps usually are."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery.places import feed_places, is_worth_a_try, sitemap_places


def test_the_likeliest_places_come_first():
    assert feed_places("https://a.example/")[:3] == (
        "https://a.example/feed/",
        "https://a.example/rss.xml",
        "https://a.example/feed.xml",
    )
    assert sitemap_places("https://a.example/")[:2] == (
        "https://a.example/sitemap.xml",
        "https://a.example/sitemap_index.xml",
    )


def test_a_home_in_a_folder_has_its_own_places_and_those_of_its_server():
    assert "https://a.example/news/feed/" in feed_places("https://a.example/news/")
    assert "https://a.example/feed/" in feed_places("https://a.example/news/")
    assert "https://a.example/news/sitemap.xml" in sitemap_places("https://a.example/news/")
    assert sitemap_places("https://a.example/news/")[0] == "https://a.example/sitemap.xml"


def test_the_lists_are_short_and_name_nothing_twice():
    for home in ("https://a.example/", "https://a.example/news/", "https://a.example/index.html"):
        for places in (feed_places(home), sitemap_places(home)):
            assert len(set(places)) == len(places) <= 16


@pytest.mark.parametrize(
    ("outcome", "reason", "days", "worth"),
    [
        ("read", "rss", 0, True),
        ("failed", "http-404", 1, False),
        ("failed", "http-404", 31, True),
        ("failed", "not-a-sitemap", 1, False),
        ("failed", "http-503", 1, True),
        ("failed", "http-429", 1, True),
        ("failed", "timeout", 1, True),
        ("failed", "lease-lost", 1, True),
    ],
)
def test_a_place_where_nothing_was_is_left_alone_for_a_while(outcome: str, reason: str, *, days: int, worth: bool):
    """A server in trouble has not said that nothing is there: else one bad day would cost a sitemap for good."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert is_worth_a_try(outcome, reason=reason, read_at=now - timedelta(days=days), now=now) is worth
