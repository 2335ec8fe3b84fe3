"""Every way in which the objects of a real archive can be damaged: verify finds each and names it rightly."""

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest

from archive.cdxj import Capture
from archive.commit import Commit
from archive.store import Stored
from tests.archive.mutations import (
    NOTHING,
    Named,
    World,
    dependents,
    flipped,
    made_world,
    references,
    spread,
)
from tests.archive.shelf import change_lines, recommit, restored_sizes


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(tmp_path_factory.mktemp("mutations")) as made:
        yield made


def test_a_sound_archive_has_nothing_wrong(world: World) -> None:
    """It holds what the other tests damage: revisits of the commit's own and of the earlier commit's records."""
    first, second = world.checked(again=True)
    assert (first.findings, second.findings) == ((), ())
    assert (first.unchecked, second.unchecked) == (None, None)
    assert (first.derived, second.derived) == (first.articles, second.articles)
    assert (first.articles, second.articles) > (9, 4)
    assert second.revisits > 5
    pointed = {filename for filename, _ in references(world, world.second)}
    assert pointed >= {world.warc(world.first).rpartition("/")[2]}


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_flipped_byte_in_a_warc_file(world: World, which: str) -> None:
    """The object is named, with the record where its gzip breaks; articles and revisits that need the record too."""
    commit = getattr(world, which)
    key = world.warc(commit)
    for place in spread(len(world.objects[key]), 4, seed=1):
        with world.damaged(key, flipped(place)):
            named = world.named()
        assert (key, "object-altered") in named, place
        assert named <= {(key, "object-altered"), (key, "record-damaged"), *dependents(world)}, place


def test_a_flipped_byte_in_an_article_s_record_is_told_of_the_article_too(world: World) -> None:
    """By its number and its URL."""
    key = world.warc(world.first)
    for number, article in list(enumerate(world.articles(world.first), start=1))[::4]:
        place = article["capture"]["offset"] + article["capture"]["length"] // 2
        with world.damaged(key, flipped(place)):
            (finding,) = [
                found
                for found in world.findings()
                if (found.key, found.kind) == (world.first.name.articles_key, "article-capture")
            ]
        assert (finding.line, finding.url) == (number, article["url"])


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_flipped_byte_in_an_index(world: World, which: str) -> None:
    """Wherever it is, the object is named; lines may be wrong, or none be readable."""
    commit = getattr(world, which)
    key = commit.name.cdxj_key
    for place in spread(len(world.objects[key]), 3, seed=2):
        with world.damaged(key, flipped(place)):
            named = world.named(commit)
        assert (key, "object-altered") in named, place
        assert {one for one, _ in named} == {key}, place


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_flipped_byte_in_a_commit(world: World, which: str) -> None:
    """It is the only finding: what a wrong commit names is not called wrong."""
    commit = getattr(world, which)
    key = commit.name.commit_key
    for place in spread(len(world.objects[key]), 12, seed=3):
        with world.damaged(key, flipped(place)):
            named = world.named(commit)
        assert named in ({(key, "commit-altered")}, {(key, "commit-unreadable")}), place


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_flipped_byte_in_articles(world: World, which: str) -> None:
    """The gzip is damaged: its head, its checksum, or what it holds."""
    commit = getattr(world, which)
    key = commit.name.articles_key
    for place in spread(len(world.objects[key]), 4, seed=4):
        with world.damaged(key, flipped(place)):
            named = world.named(commit)
        assert (key, "articles-damaged") in named, place
        assert {one for one, _ in named} == {key}, place


def test_a_cut_file(world: World) -> None:
    """Each kind of object, cut to nothing, near its beginning, in the middle, before its last byte."""
    name = world.second.name
    wanted = {
        world.warc(world.second): "object-cut",
        name.cdxj_key: "object-cut",
        name.commit_key: "commit-unreadable",
        name.articles_key: "articles-damaged",
    }
    for key, kind in wanted.items():
        size = len(world.objects[key])
        for length in (0, 9, size // 2, size - 1):
            with world.damaged(key, lambda data, length=length: data[:length]):
                named = world.named(world.second)
            assert (key, kind) in named, (key, length)
            assert {one for one, _ in named} <= {key, name.articles_key}, (key, length)


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_missing_object(world: World, which: str) -> None:
    """Under its own key; without its WARC file the articles and revisits that need it are told too."""
    commit = getattr(world, which)
    for key in (world.warc(commit), commit.name.cdxj_key):
        with world.restored():
            world.store.delete(key)
            named = world.named()
        assert (key, "object-missing") in named
        assert named <= {(key, "object-missing"), *dependents(world)}, key


def test_missing_articles_are_told_and_are_no_finding(world: World) -> None:
    """They may be on their way; the next crawl derives them."""
    with world.restored():
        world.store.delete(world.first.name.articles_key)
        first, second = world.checked(again=True)
    assert (first.articles, first.findings, second.findings) == (None, (), ())


def test_a_commit_that_lists_what_is_not_there(world: World) -> None:
    """A file of its own attempt, one of another attempt, one of another site."""
    for number, commit in enumerate((world.first, world.second)):
        invented = Stored(key=commit.name.warc_key(3 + number), size=10, sha256="0" * 64)
        other = dataclasses.replace(commit.name, attempt=9).warc_key(0)
        foreign = Stored(key=other.replace("courier", "herald"), size=10, sha256="0" * 64)
        with world.restored():
            recommit(world.store, commit, objects=(*commit.objects, invented))
            assert world.named(commit) == {(invented.key, "object-missing")}
        for key in (other, foreign.key):
            with world.restored():
                recommit(world.store, commit, objects=(*commit.objects, dataclasses.replace(foreign, key=key)))
                assert world.named(commit) == {(commit.name.commit_key, "commit-wrong")}


def test_a_commit_that_does_not_list_what_it_should(world: World) -> None:
    """Each of its objects left out."""
    for commit in (world.first, world.second):
        for left in commit.objects:
            with world.restored():
                recommit(world.store, commit, objects=tuple(one for one in commit.objects if one != left))
                (finding,) = world.findings(commit)
            assert (finding.key, finding.kind) == (commit.name.commit_key, "commit-omits")
            assert left.key in finding.problem


def altered_lines(world: World, commit: Commit, **changes: Any) -> Iterator[tuple[Capture, set[Named]]]:
    """Index lines with another value, one after the other: the capture, and what is found."""
    key = commit.name.cdxj_key
    lines = world.lines(key)
    for number in (0, len(lines) // 2, len(lines) - 1):
        capture = Capture.parse(lines[number])
        wrong = dataclasses.replace(capture, **{name: make(capture) for name, make in changes.items()})
        with world.restored():
            mended = sorted([*lines[:number], wrong.line(), *lines[number + 1 :]])
            change_lines(world.store, key, lambda _, mended=mended: mended)
            restored_sizes(world.store, commit)
            yield capture, world.named(commit)


def test_an_index_line_with_a_wrong_offset(world: World) -> None:
    """Where nothing begins; and where another capture begins."""
    for commit in (world.first, world.second):
        key = commit.name.cdxj_key
        for _, named in altered_lines(world, commit, offset=lambda capture: capture.offset + 1):
            assert named == {(key, "index-place"), (key, "index-omits")}
        other = Capture.parse(world.lines(key)[1])
        for _, named in altered_lines(world, commit, offset=lambda _, other=other: other.offset):
            assert named == {(key, "index-disagrees"), (key, "index-omits")}


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": lambda _: NOTHING},
        {"length": lambda capture: capture.length - 1},
        {"status": lambda _: 299},
        {"mime": lambda _: "text/x-other"},
        {"timestamp": lambda _: "20200101000000"},
        {"url": lambda capture: f"{capture.url}x"},
        {"urlkey": lambda capture: f"{capture.urlkey}x"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_index_line_that_says_otherwise(world: World, changes: dict) -> None:
    """A wrong digest, and whatever else the record says."""
    key = world.second.name.cdxj_key
    for _, named in altered_lines(world, world.second, **changes):
        assert named == {(key, "index-disagrees")}


def test_a_record_that_no_index_line_names(world: World) -> None:
    """A page, a revisit, a record of our own."""
    for commit in (world.first, world.second):
        key = commit.name.cdxj_key
        lines = world.lines(key)
        for number in (0, len(lines) // 2, len(lines) - 1):
            left = Capture.parse(lines[number])
            with world.restored():
                change_lines(world.store, key, lambda lines, number=number: lines[:number] + lines[number + 1 :])
                restored_sizes(world.store, commit)
                (finding,) = world.findings(commit)
            assert (finding.key, finding.kind) == (key, "index-omits")
            assert (finding.url, finding.offset) == (left.url, left.offset)
