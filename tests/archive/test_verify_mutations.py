"""Every way in which a real archive can be damaged, tried at several places: verify finds each and names it rightly.

The archive is made by the real command: a newspaper crawled twice, so that the second commit holds revisits of what the
first one holds. Each damage is done to the objects in the store, looked for, and undone.
"""

import dataclasses
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from archive import derive
from archive.articles.measure import content_digest
from archive.cdxj import Capture
from archive.commit import Commit, load
from archive.derive import dump
from archive.embedded import services
from archive.pages import Extractors
from archive.records import iter_records
from archive.store import Store, Stored
from archive.verify import Audit, Checked, Derivation, Finding, commit_keys, verify
from tests.archive.conftest import open_store
from tests.archive.shelf import change, change_lines, recommit, restored_sizes
from tests.machine import Machine
from tests.newsroom import Newsroom

NOTHING = f"sha256:{'0' * 64}"
Named = tuple[str, str]  # the key of an object, the kind of a finding


class World:
    """The archive, and what its objects were."""

    def __init__(self, store: Store, *, machine: Machine, derivation: Derivation) -> None:
        self.store = store
        self.machine = machine
        self.derivation = derivation
        self.objects = {key: store.get(key) for key in store.keys("")}
        self.keys = list(commit_keys(store))
        self.first, self.second = (load(self.objects[key], key=key) for key in self.keys)

    def checked(self, *commits: Commit, again: bool = False) -> list[Checked]:
        """Checks these commits, or all."""
        audit = Audit(store=self.store, derivation=self.derivation if again else None)
        return list(verify(audit, [one.name.commit_key for one in commits] or list(commit_keys(self.store))))

    def findings(self, *commits: Commit, again: bool = False) -> list[Finding]:
        return [finding for checked in self.checked(*commits, again=again) for finding in checked.findings]

    def named(self, *commits: Commit, again: bool = False) -> set[Named]:
        return {(finding.key, str(finding.kind)) for finding in self.findings(*commits, again=again)}

    @contextmanager
    def damaged(self, key: str, damage: Callable[[bytes], bytes]) -> Iterator[None]:
        """An object damaged for the length of the block."""
        with self.restored():
            change(self.store, key, damage)
            yield

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Puts back at the end of the block whatever was changed in it."""
        try:
            yield
        finally:
            for key in set(self.store.keys("")) - self.objects.keys():
                self.store.delete(key)
            for key, data in self.objects.items():
                if self.store.head(key) is None or self.store.get(key) != data:
                    self.store.put_bytes(key, data)

    def lines(self, key: str) -> list[str]:
        return gzip.decompress(self.objects[key]).decode().splitlines()

    def articles(self, commit: Commit) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines(commit.name.articles_key)]

    def warc(self, commit: Commit) -> str:
        return commit.name.warc_key(0)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    machine = Machine(tmp_path_factory.mktemp("mutations"))
    data = machine.folder / "microfiche-data"
    with Newsroom(articles=12, seed=9) as paper, services(data) as running, Extractors() as extractors:
        machine.site("courier", paper.url)
        machine.crawl("courier")
        paper.publish_new(2)
        for one in paper.truth[:4]:
            paper.revise(one, f"{one.text}\n\nIt went on.")
        machine.crawl("courier")
        store = open_store(running, prefix="")
        whole = World(store, machine=machine, derivation=Derivation(extractors=extractors, scratch=machine.folder))
        yield whole
        assert whole.findings() == []  # every damage was undone


def flipped(place: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:place] + bytes([data[place] ^ 0x08]) + data[place + 1 :]


def spread(size: int, number: int, *, seed: int) -> list[int]:
    """The first byte, the last, and some between."""
    return [0, size - 1, *sorted(random.Random(seed).sample(range(1, size - 1), number))]


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


def rewritten(world: World, commit: Commit, number: int, change: Callable[[dict[str, Any]], Any]) -> None:
    """Puts the articles with one of them changed."""
    lines = world.articles(commit)
    change(lines[number])
    world.store.put_bytes(commit.name.articles_key, dump(lines))


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
    """The first, one in the middle, the last, all of them: then what stands beside the bytes says who derived them."""
    commit = world.second
    key, lines = commit.name.articles_key, world.articles(commit)
    assert world.store.metadata(key) == {"extractor": derive.EXTRACTOR}
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


def references(world: World, commit: Commit) -> dict[tuple[str, int], list[str]]:
    """Where the revisits of a commit point, each with the URLs that do."""
    pointed: dict[tuple[str, int], list[str]] = {}
    with world.store.open(world.warc(commit)) as stream:
        for record in iter_records(stream):
            if record.type == "revisit":
                place = (
                    record.field("WARC-Refers-To-Filename") or "",
                    int(record.field("WARC-Refers-To-File-Offset") or 0),
                )
                pointed.setdefault(place, []).append(record.uri)
    return pointed


def dependents(world: World) -> set[Named]:
    """What may be wrong where a WARC file is damaged: the articles and the revisits that lead into it."""
    articles = {(one.name.articles_key, kind) for one in (world.first, world.second) for kind in ARTICLE_KINDS}
    revisits = {(world.warc(one), kind) for one in (world.first, world.second) for kind in REVISIT_KINDS}
    return articles | revisits


ARTICLE_KINDS = ("article-capture", "article-revisit")
REVISIT_KINDS = ("revisit-original-gone", "revisit-original-damaged")


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
