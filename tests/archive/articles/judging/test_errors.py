"""Error pages that answer 200, and articles whose titles only begin like one."""

import pytest

from archive.articles import Article, Refusal, read

URL = "https://valley.example/2026/11/21/a-story"
SHORT = "<p>The petition was handed to the mayor on Friday, and the council will vote on it before the year ends.</p>"


def judged(title: str) -> Article | Refusal:
    page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{SHORT}</article></body></html>"
    return read(page.encode(), URL)


@pytest.mark.parametrize(
    "title",
    [
        "404", "Error 404", "404 Not Found", "404 – Seite nicht gefunden", "403 Forbidden", "500 Internal Server Error",
        "503 Service Temporarily Unavailable", "Fehler 404", "Erreur 404 : page introuvable", "429 Too Many Requests",
    ],
)  # fmt: skip
def test_a_page_that_says_it_is_an_error_is_no_article(title: str) -> None:
    """Whatever status it was sent under."""
    assert judged(title) == Refusal("error", title)


@pytest.mark.parametrize(
    "title",
    [
        "403 signatures pour le vieux pont", "500 Menschen demonstrieren gegen die Brücke", "404 Kilometer zu Fuß",
        "500 pages of documents leaked", "503 new homes for Millbrook", "500 años de historia",
    ],
)  # fmt: skip
def test_a_number_at_the_beginning_is_no_error(title: str) -> None:
    """Newspapers count things."""
    assert isinstance(judged(title), Article)
