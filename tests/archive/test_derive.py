"""Which records of a commit are read as pages, and what becomes of one whose index is damaged."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.commit import Commit
from archive.derive import EXTRACTOR, derive, lines_of
from archive.errors import ArchiveError
from archive.pages import Extractors
from archive.store import Store
from tests.archive.shelf import HOME, change
from tests.archive.test_revisits import URL, answer, page, shipped


@pytest.fixture(scope="module")
def extractors() -> Iterator[Extractors]:
    with Extractors(processes=1) as running:
        yield running


@pytest.fixture
def commit(store: Store, tmp_path: Path) -> Commit:
    """One article, committed without any outcome."""
    return shipped(store, tmp_path / "spool", (answer(page()), None))


def urls(commit: Commit, *, store: Store, extractors: Extractors, scratch: Path) -> list[str]:
    derived = lines_of(commit, store=store, extractors=extractors, scratch=scratch)
    return [line["url"] for line in derived.lines]


def test_an_embed_that_a_crash_left_unmarked_is_no_page(
    store: Store, commit: Commit, extractors: Extractors, tmp_path: Path
) -> None:
    """It was wanted as an embed and nothing else; a page that is another one's embed too stays a page."""
    working = {"store": store, "extractors": extractors, "scratch": tmp_path}
    assert urls(commit, **working) == [URL]
    settled = replace(commit, embeds_settled=(f"{URL}#top",))
    assert urls(settled, **working) == []
    assert urls(replace(settled, outcomes=({"url": URL, "final_url": None},)), **working) == [URL]
    assert urls(replace(settled, outcomes=({"url": HOME, "final_url": URL},)), **working) == [URL]


def test_who_derived_an_object_stands_beside_it(
    store: Store, commit: Commit, extractors: Extractors, tmp_path: Path
) -> None:
    """In its metadata: an object without lines could not say it."""
    derive(commit, store=store, extractors=extractors, scratch=tmp_path)
    assert store.metadata(commit.name.articles_key) == {"extractor": EXTRACTOR, "left-out": "{}"}


def test_a_damaged_index_is_told_in_one_line(
    store: Store, commit: Commit, extractors: Extractors, tmp_path: Path
) -> None:
    """Cut, and with a wrong byte in what it packs."""
    for damage in (lambda data: data[:-9], lambda data: data[:-20] + b"0" * 12 + data[-8:]):
        change(store, commit.name.cdxj_key, damage)
        with pytest.raises(ArchiveError, match=rf"{commit.name.cdxj_key} is damaged \(.*\); run verify"):
            lines_of(commit, store=store, extractors=extractors, scratch=tmp_path)
