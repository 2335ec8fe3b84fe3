"""Originals read back by file name and offset alone, however long, and only when they are what the revisit means."""

import dataclasses
import random
from pathlib import Path

import pytest

from archive.originals import OriginalGone, Originals, Reference, local_member, proved, reference_of
from archive.records import Record, read_record
from archive.store import Store
from tests.archive.exchanges import exchange, records, write

KEY = "warc/site=courier/dt=2026-11-22/20261122105500k3v9qa-1-00000.warc.gz"
LARGE = random.Random(1).randbytes(300_000)  # does not compress


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a small answer and a large one."""
    return write(tmp_path, exchange(), exchange("http://news.example/large", body=LARGE))


def wanted(path: Path, *, number: int) -> Reference:
    """The answer of that number, as a revisit names it."""
    found = [record for record in records(path) if record.type == "response"][number]
    return Reference(
        filename=KEY.rpartition("/")[2], offset=found.offset, record_id=found.id, digest=found.digest or ""
    )


@pytest.mark.parametrize(("number", "body"), [(0, b"hello"), (1, LARGE)])
def test_a_record_of_any_length_is_read_by_its_offset(path: Path, store: Store, number: int, body: bytes) -> None:
    """From a local copy and from the store, to its last byte and no further."""
    reference = wanted(path, number=number)
    member = local_member(path, wanted=reference)
    assert read_record(member).payload == body
    store.put_file(KEY, path)
    originals = Originals(store, site="courier")
    assert originals.member(reference) == member
    assert originals.member(reference) == member


def test_little_is_read_beyond_the_record(path: Path) -> None:
    """A page takes one range request; a large one takes a few, each larger than the one before."""
    data = path.read_bytes()
    asked: list[int] = []

    def read(offset: int, length: int) -> bytes:
        asked.append(length)
        return data[offset : offset + length]

    proved(read, wanted=wanted(path, number=0), size=len(data))
    assert asked == [65536]
    proved(read, wanted=wanted(path, number=1), size=len(data))
    assert asked[1:3] == [65536, 131072]
    assert len(asked) == 4


@pytest.mark.parametrize(
    "changes",
    [
        {"record_id": "<urn:uuid:other>"},
        {"digest": "sha256:" + "0" * 64},
        {"offset": 1},
        {"offset": 10**9},
    ],
)
def test_anything_else_is_no_original(path: Path, store: Store, changes: dict[str, object]) -> None:
    """Another record, another payload, no record at all."""
    other = dataclasses.replace(wanted(path, number=0), **changes)
    store.put_file(KEY, path)
    for read in (lambda: local_member(path, wanted=other), lambda: Originals(store, site="courier").member(other)):
        with pytest.raises(OriginalGone):
            read()


def test_a_cut_file_holds_no_original(path: Path) -> None:
    """A member that does not end is none."""
    reference = wanted(path, number=1)
    path.write_bytes(path.read_bytes()[: reference.offset + 1000])
    with pytest.raises(OriginalGone, match="nothing whole lies at"):
        local_member(path, wanted=reference)


def test_a_missing_file_holds_no_original(path: Path, store: Store) -> None:
    """It is told by its key."""
    with pytest.raises(OriginalGone, match=f"{KEY} is gone"):
        Originals(store, site="courier").member(wanted(path, number=0))


def test_a_file_that_is_none_of_ours_holds_no_original(path: Path, store: Store) -> None:
    """A name that could be no object's."""
    other = dataclasses.replace(wanted(path, number=0), filename="elsewhere.warc.gz")
    with pytest.raises(OriginalGone, match=r"cannot be found: 'elsewhere.warc.gz' is no WARC file of ours"):
        Originals(store, site="courier").member(other)


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (("WARC-Refers-To-Filename", "x"),),
        (("WARC-Refers-To-Filename", "x"), ("WARC-Refers-To-File-Offset", "-1")),
        (("WARC-Refers-To-Filename", "x"), ("WARC-Refers-To-File-Offset", "9" * 20)),
    ],
)
def test_a_revisit_that_does_not_say_where_has_no_original(fields: tuple[tuple[str, str], ...]) -> None:
    """Such as other tools write."""
    with pytest.raises(OriginalGone, match="does not say where"):
        reference_of(Record(headers=fields, block=b""))
