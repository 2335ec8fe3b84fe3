"""Every way in which articles and revisits of a real archive can be wrong: verify finds each and names it rightly."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.articles.measure import content_digest
from archive.cdxj import Capture
from archive.derive import dump
from archive.records import iter_records
from archive.verify import Audit, verify
from tests.archive.mutations import NOTHING, World, flipped, made_world, references, rewritten


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with made_world(tmp_path_factory.mktemp("mutations")) as made:
        yield made


@pytest.mark.parametrize(
    "wrong",
    [
        {"offset": 1},
        {"offset": 10**12},
        {"length": 20},
        {"warc": "warc/site=courier/dt=2020-01-01/20200101000000aaaaaa-1-00000.warc.gz"},
        {"warc": "somewhere"},
        {"record_id": "urn:uuid:0"},
        {"payload_digest": NOTHING},
    ],
    ids=str,
)
def test_an_article_whose_capture_does_not_resolve(world: World, wrong: dict) -> None:
    """The line is named; that the derivation gives it otherwise is not told a second time."""
    for commit in (world.first, world.second):
        with world.restored():
            rewritten(world, commit, 2, lambda line: line["capture"].update(wrong))
            found = Counter(
                (one.key, one.kind, one.line) for one in world.findings(commit, again=commit is world.second)
            )
        kinds = {kind for _, kind, _ in found}
        assert {(key, line) for key, _, line in found} == {(commit.name.articles_key, 3)}
        assert "article-capture" in kinds
        assert kinds <= {"article-capture", "article-revisit"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"description": "Something else."},
        {"published": "1999-01-01"},
        {"tags": ["other"]},
        {"id": "0" * 32},
        {"canonical_url": "https://elsewhere.example/"},
        {"text": "Another text."},
        {"sources": {}},
        {"rights": None},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_article_that_is_not_derived_from_its_capture(world: World, wrong: dict) -> None:
    """A forged line whose content digest is right: only deriving it again tells."""
    commit = world.second
    for number in (0, 3):

        def forge(line: dict[str, Any]) -> None:
            line.update(wrong if wrong != {"rights": None} else {"rights": {**line["rights"], "license": "forged"}})
            line["content_digest"] = content_digest(title=line["title"], authors=line["authors"], text=line["text"])

        with world.restored():
            rewritten(world, commit, number, forge)
            assert world.findings(commit) == []
            (finding,) = world.findings(commit, again=True)
        assert (finding.key, finding.kind) == (commit.name.articles_key, "article-not-derived")
        assert (finding.line, finding.url) == (number + 1, world.articles(commit)[number]["url"])


def test_an_article_of_another_extractor_is_not_derived_again(world: World) -> None:
    """What is not checked is told; a line that only pretends to be of another version is a finding."""
    commit = world.second
    lines = world.articles(commit)
    other = [{**line, "extractor": {**line["extractor"], "version": "0"}} for line in lines]
    with world.restored():
        world.store.put_bytes(commit.name.articles_key, dump([{**line, "tags": ["old"]} for line in other]))
        checked = world.checked(commit, again=True)[0]
        assert (checked.findings, checked.derived, checked.unchecked) == ((), None, "derived by microfiche/0")
        world.store.put_bytes(commit.name.articles_key, dump([]), metadata={"extractor": "microfiche/0"})
        checked = world.checked(commit, again=True)[0]
        assert (checked.findings, checked.derived, checked.unchecked) == ((), None, "derived by microfiche/0")
        world.store.put_bytes(commit.name.articles_key, dump([*lines[:2], other[2], *lines[3:]]))
        named = world.named(commit, again=True)
    assert (commit.name.articles_key, "article-invalid") in named


def test_a_missing_article_line(world: World) -> None:
    """The first, one in the middle, the last, all of them."""
    commit = world.second
    key, lines = commit.name.articles_key, world.articles(commit)
    for left in ([0], [3], [len(lines) - 1], list(range(len(lines)))):
        with world.restored():
            world.store.put_bytes(key, dump(line for number, line in enumerate(lines) if number not in left))
            found = [(one.key, one.kind, one.url) for one in world.findings(commit, again=True)]
        assert found == [(key, "article-missing", lines[number]["url"]) for number in left]


def test_a_surplus_article_line(world: World) -> None:
    """One that stands there twice, and one of a page that gives no article, though it is sound in itself."""
    commit = world.second
    key, lines = commit.name.articles_key, world.articles(commit)
    for wrong in (lines[2], surplus(world, lines[2])):
        with world.restored():
            world.store.put_bytes(key, dump([*lines, wrong]))
            assert world.findings(commit) == []
            (finding,) = world.findings(commit, again=True)
        assert (finding.key, finding.kind, finding.line) == (key, "article-surplus", len(lines) + 1)


def surplus(world: World, line: dict[str, Any]) -> dict[str, Any]:
    """An article made of the answer 404 of a page."""
    commit = world.first
    captures = map(Capture.parse, world.lines(commit.name.cdxj_key))
    page = next(capture for capture in captures if capture.status == 404 and capture.mime != "warc/revisit")
    with world.store.open(world.warc(commit)) as stream:
        record = next(found for found in iter_records(stream) if found.offset == page.offset)
    capture = {"warc": world.warc(commit), "offset": page.offset, "length": page.length, "revisit": None}
    capture |= {"record_id": record.id.strip("<>"), "payload_digest": page.digest, "date": record.field("WARC-Date")}
    return {**line, "url": page.url, "capture": {**line["capture"], **capture}}


def test_a_revisit_whose_original_is_gone_or_altered(world: World) -> None:
    """Each revisit of the second commit is named, also where the first commit is not looked at (`--since`)."""
    first = world.warc(world.first)
    pointed = references(world, world.second)
    urls = sorted(url for (name, _), urls in pointed.items() for url in urls if name == first.rpartition("/")[2])
    with world.restored():
        world.store.delete(first)
        assert of_second(world, "revisit-original-gone") == urls
    for (name, offset), some in list(pointed.items())[::4]:
        if name == first.rpartition("/")[2]:
            with world.damaged(first, flipped(offset + 30)):
                assert of_second(world, "revisit-original-damaged") == sorted(some)


def of_second(world: World, kind: str) -> list[str | None]:
    """The URLs of the findings of a kind in the second commit, checked alone."""
    (checked,) = verify(Audit(store=world.store), [world.second.name.commit_key])
    return sorted(one.url or "" for one in checked.findings if one.kind == kind)


def test_the_command_tells_it_all(world: World, tmp_path: Path) -> None:
    """Exit code 0 and nothing wrong; then 1, and each finding with its object, kind and place as JSON."""
    sound = world.machine.run("verify", "--json")
    report = json.loads(sound.stdout)
    assert (sound.returncode, report["findings"], report["quick"], report["not_derived_again"]) == (0, [], False, {})
    assert report["derived_again"] == report["articles"] > 12
    key = world.second.name.articles_key
    with world.restored():
        rewritten(world, world.second, 1, lambda line: line.update(tags=["forged"]))
        damaged = world.machine.run("verify", "--json")
        quick = world.machine.run("verify", "--quick")
    (finding,) = json.loads(damaged.stdout)["findings"]
    assert damaged.returncode == 1
    assert {name: finding[name] for name in ("key", "kind", "line")} == {
        "key": key,
        "kind": "article-not-derived",
        "line": 2,
    }
    assert quick.returncode == 0
    assert "left out (--quick): deriving the articles again" in quick.stdout
