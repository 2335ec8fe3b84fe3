"""Hand-written pages, each a folder: page.html and what is to be read from it."""

import dataclasses
import json
from pathlib import Path

import pytest

from archive.articles import Article, Hints, extract, read

PAGES = sorted(path for path in (Path(__file__).parent / "pages").iterdir() if path.is_dir())


def given(folder: Path):
    facts = json.loads((folder / "expected.json").read_text("utf-8"))
    hints = Hints(**facts["given"]) if facts["given"] else None
    return (folder / "page.html").read_bytes(), facts["url"], hints, facts["expected"]


def plain(value):
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_a_page_is_read_as_its_author_meant_it(folder):
    """Every field that the fixture names has the value the fixture gives; a page that is no article has its reason."""
    html, url, hints, expected = given(folder)
    found = read(html, url, hints=hints)
    if "reason" in expected:
        assert not isinstance(found, Article)
        assert found.reason == expected["reason"]
        assert extract(html, url, hints=hints) is None
        return
    assert isinstance(found, Article), found
    line = plain(dataclasses.asdict(found))
    assert {name: line[name] for name in expected} == expected


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_extraction_is_a_function_of_its_arguments(folder):
    """The same page gives the same article twice."""
    html, url, hints, _ = given(folder)
    assert read(html, url, hints=hints) == read(html, url, hints=hints)


CHROME = (
    "Scroll Top", "Related Posts", "Leave a comment", "You must be logged in", "Privacy Preferences",
    "When you visit our website", "All rights reserved", "Read also", "Share this", "Photo:", "Posted in",
)  # fmt: skip


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_chrome_never_reaches_the_text(folder):
    """None of the usual phrases of templates stands in any text."""
    html, url, hints, _ = given(folder)
    found = extract(html, url, hints=hints)
    assert not [phrase for phrase in CHROME if found is not None and phrase in found.text]
