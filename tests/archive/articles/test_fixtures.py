"""The hand-written pages: each is read as its author meant it, or refused for the reason it gives."""

import json

import pytest

from archive.articles import Article, extract, publish, validate
from archive.articles.judging import gates
from tests.archive.articles.fixtures import CAPTURE, FIELDS, FIXTURES, FOLDER, Fixture, index

every = pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)


@every
def test_a_page_is_read_as_its_author_meant_it(fixture: Fixture) -> None:
    """Kind, access, title, authors, dates, language and the exact text; or why the page is no article."""
    difference = fixture.difference()
    assert not difference, f"{fixture.truth['about']}\n{difference}"


@every
def test_a_refused_page_is_never_an_article_and_a_line_is_valid(fixture: Fixture) -> None:
    """What is refused gives no article; what is one gives a line that the schema accepts, with its evidence."""
    found = extract(fixture.html, fixture.url, headers=fixture.headers)
    assert (found is None) == ("refused" in fixture.truth)
    if isinstance(found, Article):
        line = publish(found, site="x", key=fixture.url, url=fixture.url, capture=CAPTURE)
        assert validate(json.loads(json.dumps(line))) == []
        assert ("kind" in found.sources) == (found.kind != "article")
        assert ("access" in found.sources) == (found.access != "unknown")


@every
def test_a_gate_is_known_at_sight(fixture: Fixture) -> None:
    """With the same word, but for consent walls, which a browser settles; nothing else is taken for a gate."""
    kind = fixture.truth["as"].partition(":")[0] if fixture.truth.get("refused") == "gate" else "consent"
    assert gates.at_sight(fixture.html, url=fixture.url) == (None if kind == "consent" else f"gate-{kind}")


def test_every_truth_is_whole() -> None:
    """A truth names every field that matters, and every page has one."""
    pages = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.html")}
    assert pages == {fixture.name for fixture in FIXTURES}
    articles = [fixture.truth["article"] for fixture in FIXTURES if "article" in fixture.truth]
    assert all(set(FIELDS) <= set(article) for article in articles)
    assert all(("article" in fixture.truth) != ("refused" in fixture.truth) for fixture in FIXTURES)


def test_the_index_lists_every_page() -> None:
    """`python -m tests.archive.articles.renew` writes it again."""
    assert (FOLDER / "README.md").read_text("utf-8") == index(FIXTURES)
