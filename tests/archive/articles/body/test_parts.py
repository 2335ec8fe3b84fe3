"""Which link leads to an article's next page, and how the text of its pages becomes one."""

import pytest

from archive.articles.body.parts import following, joined

URL = "https://courier.example/2026/11/ferry"


@pytest.mark.parametrize(
    ("tag", "url"),
    [
        ('<a href="?page=2">2</a>', f"{URL}?page=2"),
        ('<a class="next" href="/2026/11/ferry/2/">weiter</a>', f"{URL}/2/"),
        ("<a href='/2026/11/ferry/seite-2'>2</a>", f"{URL}/seite-2"),
        ('<link rel="next" href="https://courier.example/2026/11/ferry-2">', f"{URL}-2"),
        ("<a rel=next href=ferry,2>on</a>", f"{URL},2"),
        ('<a href="ferry?seite=2&amp;x=1">2</a>', None),
        ('<a href="/2026/11/ferry-2">Another ferry</a>', None),
        ('<link rel="next" href="/2026/11/another-story/">', None),
        ('<link rel="next" href="/page/2/">', None),
        ('<a href="/2026/11/ferry/20/">20</a>', None),
        ('<a href="https://elsewhere.example/2026/11/ferry?page=2">2</a>', None),
        ('<a href="http://[broken/2">2</a>', None),
    ],
)
def test_the_next_page_has_the_articles_own_address(tag: str, url: str | None) -> None:
    assert following(f"<p>…</p>{tag}".encode(), url=URL, number=2) == url


def test_forms_keep_the_end_of_the_address_and_its_query() -> None:
    page = b'<a href="/ferry-page-3.html?x=1">3</a><a href="/ferry.html?x=1&amp;page=3">3</a>'
    assert following(page, url="https://courier.example/ferry.html?x=1", number=3) == (
        "https://courier.example/ferry-page-3.html?x=1"
    )
    assert following(page, url="https://courier.example/ferry.html?x=1", number=2) is None


def test_pages_become_one_text_in_order() -> None:
    """What a page repeats of an earlier one stands once; a short line may well be said twice. Page numbers go."""
    lead = "The ferry sails again, and this is what the council says about it."
    assert (
        joined([f"{lead}\n\n1 | 2 »\n\nNo.\n\nOne.", f"{lead}\n\nTwo.\n\nNo."])
        == f"{lead}\n\nNo.\n\nOne.\n\nTwo.\n\nNo."
    )
