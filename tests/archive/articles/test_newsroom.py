"""The fictional newspaper's pages, each against its truth."""

from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from archive.articles import Article, Hints, read
from tests.newsroom import Newsroom, Truth

BUSY = {429, 500, 503}


def folded(text: str) -> str:
    return " ".join(text.split())


def fetched(url: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Ask until the newspaper answers: some of its pages refuse the first requests."""
    for _ in range(5):
        try:
            with urlopen(Request(url, headers={"Accept-Encoding": "identity"})) as answer:
                return answer.read(), tuple(answer.headers.items())
        except HTTPError as error:
            if error.code not in BUSY:
                raise
    message = f"the newspaper never answers {url}"
    raise AssertionError(message)


def differences(truth: Truth, *, hints: Hints) -> dict[str, object]:
    html, headers = fetched(truth.url)
    found = read(html, truth.url, headers=headers, hints=hints)
    assert isinstance(found, Article), (truth.url, found)
    pairs = {
        "title": (found.title, truth.title),
        "authors": (found.authors, truth.authors),
        "published": (found.published, truth.published or None),
        "section": (found.section, truth.section or None),
        "text": (folded(found.text), folded(truth.text)),
        "chrome": ([phrase for phrase in truth.chrome if folded(phrase) in folded(found.text)], []),
    }
    return {f"{name} of {truth.url}": pair for name, pair in pairs.items() if pair[0] != pair[1]}


def test_every_article_equals_its_truth():
    """Title, authors, date, section and text of each article are those its author meant; no chrome is in any text."""
    with Newsroom(articles=150, now=datetime(2026, 6, 1, 12, tzinfo=UTC)) as paper:
        hints = Hints(site="valley", home=paper.url)
        wrong: dict[str, object] = {}
        for truth in paper.truth:
            wrong |= differences(truth, hints=hints)
    assert wrong == {}
