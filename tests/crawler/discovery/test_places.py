"""crawler.discovery.places: where feeds and sitemaps usually are."""

from crawler.discovery.places import feed_places, sitemap_places


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
