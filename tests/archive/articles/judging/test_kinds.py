"""What a URL looks like, without its page."""

import pytest

from archive.articles import Shape, shape

SITE = "https://gazette.example"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", Shape.HOME),
        ("", Shape.HOME),
        ("/de/", Shape.HOME),
        ("/index.html", Shape.HOME),
        ("/2026/05/31/flood-in-the-valley/", Shape.ARTICLE),
        ("/2026/05/flood", Shape.ARTICLE),
        ("/news/2026/flood.html", Shape.ARTICLE),
        ("/news/flood-hits-the-lower-valley", Shape.ARTICLE),
        ("/news/flood-12345", Shape.ARTICLE),
        ("/news/12345-flood", Shape.ARTICLE),
        ("/politik/artikel123.html", Shape.ARTICLE),
        ("/article/77", Shape.ARTICLE),
        ("/a/12345", Shape.ARTICLE),
        ("/?p=123", Shape.ARTICLE),
        ("/view.php?article_id=9&page=1", Shape.ARTICLE),
        ("/category/sport/cup-final-goes-to-a-replay", Shape.ARTICLE),
        ("/story/0b5c1f0e-1b1d-4f5e-9d0a-000000000000", Shape.ARTICLE),
        ("/%E6%B4%AA%E6%B0%B4%E3%81%AE%E8%A2%AB%E5%AE%B3%E3%81%8C%E5%BA%83%E3%81%8C%E3%82%8B/", Shape.ARTICLE),
        ("/أخبار/عودة-العبارة-إلى-الخدمة", Shape.ARTICLE),
        ("/themen/hochwasser-in-der-region-id1234567.html", Shape.ARTICLE),
        ("/category/sport/", Shape.SECTION),
        ("/sport", Shape.SECTION),
        ("/sport/football/", Shape.SECTION),
        ("/ressort/politik", Shape.SECTION),
        ("/2026/05/", Shape.SECTION),
        ("/2026/05/31/", Shape.SECTION),
        ("/новости/", Shape.SECTION),
        ("/tag/flood-in-the-lower-valley", Shape.TAG),
        ("/schlagwort/hochwasser", Shape.TAG),
        ("/etiqueta/rio", Shape.TAG),
        ("/mot-cle/pont", Shape.TAG),
        ("/thema/hochwasser", Shape.TAG),
        ("/author/ada-quill", Shape.AUTHOR),
        ("/autor/jorn-petersen/", Shape.AUTHOR),
        ("/auteur/anne", Shape.AUTHOR),
        ("/?s=flood", Shape.SEARCH),
        ("/suche?q=flut", Shape.SEARCH),
        ("/search/flood", Shape.SEARCH),
        ("/sport/page/2", Shape.PAGINATION),
        ("/sport?page=2", Shape.PAGINATION),
        ("/politik/seite-3.html", Shape.PAGINATION),
        ("/images/quay.jpg", Shape.MEDIA),
        ("/report.pdf?download=1", Shape.MEDIA),
        ("/feed/", Shape.MEDIA),
        ("/sport/feed", Shape.MEDIA),
        ("/wp-json/wp/v2/posts", Shape.MEDIA),
        ("/about", Shape.OTHER),
        ("/impressum.html", Shape.OTHER),
        ("/datenschutz/", Shape.OTHER),
    ],
)
def test_shapes(path, expected):
    """Words of many languages, dates, slugs and numbers tell what a URL is."""
    assert shape(SITE + path) is expected


def test_the_sites_own_pattern_decides_what_is_an_article():
    """A pattern makes articles of what it matches and of nothing else; lists stay lists."""
    pattern = r"^/n/\d+$"
    assert shape(f"{SITE}/n/5", article=pattern) is Shape.ARTICLE
    assert shape(f"{SITE}/2026/05/31/flood-in-the-valley/", article=pattern) is Shape.OTHER
    assert shape(f"{SITE}/tag/flood", article=pattern) is Shape.TAG


@pytest.mark.parametrize("url", ["", "?", "//", "http://", "\x00", "a" * 100_000, "http://x/%ff%fe", "http://x/\ud800"])
def test_any_string_is_judged(url):
    """Nothing raises."""
    assert shape(url) in Shape
