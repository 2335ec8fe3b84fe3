"""Nothing raises and nothing takes long, whatever the page."""

import random
import time
from pathlib import Path

import pytest

from archive.articles import Article, extract, read

PAGES = sorted((Path(__file__).parent / "pages").glob("*/page.html"))
URL = "https://gazette.example/2026/03/10/fish-market-to-close/"

JUNK = {
    "nested": "<div>" * 500_000,
    "paragraphs": "<html><body>" + "<p>lorem ipsum dolor sit amet</p>" * 600_000,
    "attributes": "<p " + "a=b " * 1_000_000 + ">x</p>",
    "nul": b"\x00" * 20_000_000,
    "binary": random.Random(1).randbytes(2_000_000),
    "open": "<" * 20_000_000,
    "json": "<html><script type='application/ld+json'>" + "[" * 1_000_000 + "</script><p>hello</p>",
    "class": "<html><div class='" + "related-" * 200_000 + "'>x</div><p>hi",
    "bylines": "<p class='byline'>By " + "A and " * 500_000,
    "metas": "<meta name=author content='x y'>" * 50_000 + "<p>hello",
    "bars": "<title>" + " | " * 300_000 + "</title><p>hello",
    "breaks": "<article>" + "<br>" * 60_000 + "hello",
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_is_bounded(name):
    """Megabytes of junk end soon; the bound is generous, as tests share their machine."""
    begun = time.process_time()
    read(JUNK[name], URL)
    assert time.process_time() - begun < 20


def mutated(page: bytes, *, dice: random.Random) -> bytes:
    for _ in range(dice.randrange(1, 12)):
        at, size = dice.randrange(len(page)), dice.randrange(1, 200)
        match dice.randrange(4):
            case 0:
                page = page[:at] + page[at + size :]
            case 1:
                page = page[:at] + dice.randbytes(size) + page[at:]
            case 2:
                page = page[:at] + page[at : at + size] * dice.randrange(2, 9) + page[at:]
            case _:
                page = (
                    page[:at]
                    + dice.choice([b"<", b">", b'"', b"</div>", b"<table>", b"<!--", b"{", b"\xff"])
                    + page[at:]
                )
        page = page or b" "
    return page


def test_mutated_pages_never_raise():
    """Pages cut, doubled and sprinkled with junk give an article or a reason why not, and never break us."""
    dice = random.Random(7)
    for page in PAGES * 6:
        found = read(mutated(page.read_bytes(), dice=dice), URL)
        assert isinstance(found, Article) or found.reason != "failed", found


@pytest.mark.parametrize(
    "url", [None, "", "not a url", "http://[::1", "https://x.example/\ud800", "https://x/" + "a" * 9999]
)
def test_any_url_will_do(url):
    """The URL is a hint: none, or a broken one, does not stop the page from being read."""
    found = extract(next(path for path in PAGES if path.parent.name == "wordpress").read_bytes(), url)
    assert found is not None
    assert found.title == "Fish market to close for two years"
