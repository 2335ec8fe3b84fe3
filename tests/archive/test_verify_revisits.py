"""Verify follows each revisit to its original, wherever that lies, and tells what is wrong with either."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from isal import isal_zlib

from archive.commit import Commit
from archive.original import Original
from archive.records import iter_records
from archive.store import Store
from archive.verify import Audit, check
from tests.archive.ledgers import DAY, NOON
from tests.archive.shelf import change, change_article, original_of, restored_sizes, shelve, warc_key

OTHER_ID = "<urn:uuid:00000000-0000-4000-8000-000000000000>"
NOTHING = f"sha256:{'0' * 64}"


@pytest.fixture
def first(store: Store, tmp_path: Path) -> Commit:
    """The attempt that holds the page."""
    return shelve(store, tmp_path / "first", pages=("one",))


@pytest.fixture
def original(store: Store, first: Commit) -> Original:
    return original_of(store, first, "one")


def revisiting(store: Store, folder: Path, original: Original) -> Commit:
    """Another attempt a day later, whose page is a revisit of an original."""
    return shelve(store, folder / "second", pages=("one",), tick=NOON + DAY, again={"one": original})


def found(store: Store, commit: Commit) -> set[tuple[str, str]]:
    """The findings by the object's folder and kind."""
    findings = check(Audit(store=store), commit.name.commit_key).findings
    return {(finding.key.partition("/")[0], finding.kind) for finding in findings}


def told(store: Store, commit: Commit, kind: str) -> str:
    """The one finding of a kind."""
    (finding,) = [one for one in check(Audit(store=store), commit.name.commit_key).findings if one.kind == kind]
    return finding.problem


def test_a_revisit_of_another_commit_is_sound(store: Store, tmp_path: Path, original: Original) -> None:
    """Also when only the later commit is checked, as `--since` does; its article names both records."""
    commit = revisiting(store, tmp_path, original)
    checked = check(Audit(store=store), commit.name.commit_key)
    assert (checked.revisits, checked.articles, checked.findings) == (1, 1, ())


def test_an_original_that_is_gone_is_told(store: Store, tmp_path: Path, first: Commit, original: Original) -> None:
    """By the revisit, and by the article that was read from it."""
    commit = revisiting(store, tmp_path, original)
    store.delete(warc_key(first))
    assert found(store, commit) == {("warc", "revisit-original-gone"), ("articles", "article-capture")}
    assert told(store, commit, "revisit-original-gone").endswith(f"has no original: {warc_key(first)} is missing")


def test_an_original_that_was_cut_off_is_told(store: Store, tmp_path: Path, first: Commit, original: Original) -> None:
    """At its beginning it is gone, further on it is damaged."""
    commit = revisiting(store, tmp_path, original)
    whole = store.get(warc_key(first))
    store.put_bytes(warc_key(first), whole[: original.offset])
    assert found(store, commit) == {("warc", "revisit-original-gone"), ("articles", "article-capture")}
    store.put_bytes(warc_key(first), whole[: original.offset + 50])
    assert found(store, commit) == {("warc", "revisit-original-damaged"), ("articles", "article-capture")}


def test_an_original_with_a_flipped_byte_is_told(
    store: Store, tmp_path: Path, first: Commit, original: Original
) -> None:
    """Its gzip member cannot be read any more."""
    commit = revisiting(store, tmp_path, original)
    place = original.offset + 40
    change(store, warc_key(first), lambda data: data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert found(store, commit) == {("warc", "revisit-original-damaged"), ("articles", "article-capture")}


def test_an_original_that_was_written_anew_is_told(
    store: Store, tmp_path: Path, first: Commit, original: Original
) -> None:
    """A whole record whose payload is another: a takedown that forgot the revisits, or a forger."""
    commit = revisiting(store, tmp_path, original)
    change(store, warc_key(first), _rewritten(lambda content: content.replace(b"\r\n\r\n<p>Th", b"\r\n\r\n<p>Oh")))
    assert found(store, commit) == {("warc", "revisit-original-differs"), ("articles", "article-capture")}
    assert "whose payload is sha256:" in told(store, commit, "revisit-original-differs")


@pytest.mark.parametrize(
    ("wrong", "kind", "problem"),
    [
        ({"record_id": OTHER_ID}, "revisit-original-differs", f"not {OTHER_ID}"),
        ({"uri": "https://courier.example/two"}, "revisit-original-differs", "not https://courier.example/two"),
        ({"date": NOON - timedelta(seconds=1)}, "revisit-original-differs", "not 2026-11-20T11:59:59.000000Z"),
        ({"digest": NOTHING}, "revisit-original-differs", f"not {NOTHING}"),
        ({"offset": 7}, "revisit-original-damaged", "cannot be read"),
        ({"offset": 10**9}, "revisit-original-gone", "bytes"),
        ({"filename": "20200101000000aaaaaa-1-00000.warc.gz"}, "revisit-original-gone", "is missing"),
        ({"filename": "somewhere-else.warc.gz"}, "revisit-original-gone", "which nothing holds"),
    ],
)
def test_a_revisit_that_points_elsewhere_is_told(
    store: Store, tmp_path: Path, original: Original, wrong: dict, kind: str, problem: str
) -> None:
    """Whichever of its fields is wrong."""
    commit = shelve(
        store,
        tmp_path / "second",
        pages=("one",),
        tick=NOON + DAY,
        again={"one": dataclasses.replace(original, **wrong)},
        derived=False,
    )
    assert found(store, commit) == {("warc", kind)}
    assert problem in told(store, commit, kind)


def test_a_revisit_of_a_record_that_is_no_answer_is_told(store: Store, tmp_path: Path, original: Original) -> None:
    """A revisit of a revisit holds no bytes."""
    second = revisiting(store, tmp_path, original)
    chained = original_of(store, second, "one")
    third = shelve(
        store, tmp_path / "third", pages=("one",), tick=NOON + 2 * DAY, again={"one": chained}, derived=False
    )
    assert found(store, third) == {("warc", "revisit-original-differs")}
    assert "where a record of type revisit lies" in told(store, third, "revisit-original-differs")


def test_a_revisit_that_names_no_file_is_found_by_url_and_date(
    store: Store, tmp_path: Path, first: Commit, original: Original
) -> None:
    """As records that other tools wrote, or an older version: through the site's indexes."""
    commit = revisiting(store, tmp_path, original)
    change(store, warc_key(commit), _rewritten(_without_place))
    restored_sizes(store, commit)
    kinds = {kind for _, kind in found(store, commit)}
    assert not {kind for kind in kinds if kind.startswith("revisit")}
    store.delete(first.name.cdxj_key)
    assert "which nothing holds" in told(store, commit, "revisit-original-gone")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"record_id": "urn:uuid:0"}, "whose record id is urn:uuid:"),
        ({"offset": 0}, "whose type is warcinfo, not revisit"),
        ({"offset": 10**9}, "which is missing, too short"),
        ({"warc": "warc/site=courier/dt=2020-01-01/20200101000000aaaaaa-1-00000.warc.gz"}, "which is missing"),
        ({"warc": "warc/site=herald/dt=2020-01-01/x.warc.gz"}, "no WARC file of the site"),
    ],
)
def test_an_article_that_names_a_wrong_revisit_is_told(
    store: Store, tmp_path: Path, original: Original, wrong: dict, problem: str
) -> None:
    """The revisit proves when the page was seen; its capture is read as ever."""
    commit = revisiting(store, tmp_path, original)
    change_article(store, commit, capture={"revisit": _revisit(store, commit, wrong)})
    findings = check(Audit(store=store), commit.name.commit_key).findings
    assert {finding.kind for finding in findings} == {"article-revisit"}
    assert any(problem in finding.problem for finding in findings)


def test_an_article_that_was_seen_at_another_time_is_told(store: Store, tmp_path: Path, original: Original) -> None:
    """Its date is the revisit's, not the original's."""
    commit = revisiting(store, tmp_path, original)
    change_article(store, commit, capture={"date": "2026-11-20T12:00:00.000000Z"})
    assert found(store, commit) == {("articles", "article-revisit")}


def _revisit(store: Store, commit: Commit, wrong: dict) -> dict:
    revisit = original_of(store, commit, "one")
    with store.open(warc_key(commit)) as stream:
        length = _length_at(stream, int(wrong.get("offset", revisit.offset)))
    told = {"warc": warc_key(commit), "offset": revisit.offset, "record_id": revisit.record_id.strip("<>")}
    return {**told, "length": length, **wrong}


def _length_at(stream: BinaryIO, offset: int) -> int:
    return next((record.length for record in iter_records(stream) if record.offset == offset), 100)


def _without_place(content: bytes) -> bytes:
    lines = content.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.startswith((b"WARC-Refers-To-F", b"WARC-Refers-To: ")))


def _rewritten(alter: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Packs the records anew that are altered; the others stay as they are, byte by byte."""

    def rewrite(data: bytes) -> bytes:
        members, rest = [], data
        while rest:
            member = isal_zlib.decompressobj(wbits=31)
            content = member.decompress(rest)
            packed, rest = rest[: len(rest) - len(member.unused_data)], member.unused_data
            members.append(packed if alter(content) == content else isal_zlib.compress(alter(content), 3, 31))
        return b"".join(members)

    return rewrite
