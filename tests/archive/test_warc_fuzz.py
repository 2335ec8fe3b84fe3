"""Random exchanges, damage anywhere in their folder, garbage and bombs: nothing whole is lost, nothing raises."""

import contextlib
import gzip
import io
import random
import tempfile
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import journal, members, warc
from archive import records as reading
from archive.errors import ArchiveError
from archive.exchange import Exchange
from archive.records import Record, iter_records, read_record
from archive.spool import Folder, Spool
from archive.urls import canonical
from archive.warc import OPEN, WarcWriter
from tests.archive.exchanges import STARTED, exchange
from tests.archive.exchanges import records as records_of
from tests.archive.soundness import sound
from tests.archive.test_power_loss import ORIGINAL

MANY = settings(
    deadline=None, derandomize=True, database=None, max_examples=150, suppress_health_check=list(HealthCheck)
)

heads = st.one_of(
    st.just(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
    st.just(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
    st.just(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"),
    st.just(b""),
    st.binary(max_size=60).map(lambda odd: b"HTTP/1.1 200 " + odd + b"\r\n\r\n"),
)
bodies = st.one_of(st.binary(max_size=300), st.integers(0, 9).map(lambda seed: random.Random(seed).randbytes(2000)))


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    head = draw(heads)
    return exchange(
        f"http://news.example/{draw(st.text(max_size=12))}",
        head=head,
        body=draw(bodies) if head else b"",
        started=STARTED + timedelta(microseconds=draw(st.integers(0, 10**9))),
        request_body=draw(st.binary(max_size=20)),
        informational=draw(st.sampled_from([b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"])),
        truncated=draw(st.sampled_from([None, "time", "disconnect"])),
    )


Damage = tuple[str, float, int, bytes]
"""What is done to the bytes: the kind, where (a share of them), to how many, and with which others."""

damages = st.tuples(
    st.sampled_from(["flip", "cut", "delete", "zero", "insert", "append", "overwrite"]),
    st.floats(0, 1),
    st.integers(1, 600),
    st.binary(min_size=1, max_size=200),
)


def damaged(data: bytes, damage: Damage) -> bytes:
    kind, share, length, other = damage
    at = int(share * len(data))
    return {
        "flip": data[:at] + bytes(byte ^ 1 << length % 8 for byte in data[at : at + 1]) + data[at + 1 :],
        "cut": data[:at],
        "delete": data[:at] + data[at + length :],
        "zero": data[:at] + bytes(len(data[at : at + length])) + data[at + length :],
        "insert": data[:at] + other + data[at:],
        "append": data + other,
        "overwrite": data[:at] + other + data[at + len(other) :],
    }[kind]


@given(
    written=st.lists(exchanges(), min_size=1, max_size=6),
    sealed=st.booleans(),
    max_size=st.sampled_from([10**9, 18_000]),
    hurt=st.dictionaries(st.integers(0, 9), damages, min_size=1, max_size=3),
)
@MANY
def test_a_damaged_folder_keeps_every_whole_exchange_and_becomes_sound(written, sealed, max_size, hurt):
    with _same_ids(), tempfile.TemporaryDirectory() as place, _begun(place) as folder:
        writer = WarcWriter(folder.path, prefix="run-1", info={}, max_size=max_size)
        for number, each in enumerate(written):
            writer.append(each, original=ORIGINAL if number % 2 and each.answered else None)
            folder.note({"note": "url", "url": each.url, "status": each.status})
        if sealed:
            writer.seal()
        writes = _writes(folder.path)
        paths = sorted(folder.path.iterdir())
        hurt_paths = {paths[number % len(paths)]: damage for number, damage in hurt.items()}
        for path, damage in hurt_paths.items():
            path.write_bytes(damaged(path.read_bytes(), damage))
        whole = _whole(folder.path, writes)
        with contextlib.suppress(ArchiveError):
            assert isinstance(dict(folder.facts), dict)
        folder.repair()
        kept = {record.id: record.block for record in sound(folder.path)}
        assert kept.items() <= {record.id: record.block for write in writes.values() for record in write}.items()
        assert whole <= kept.keys(), "a whole exchange is lost"
        _notes_are_right(folder, [each.url for each in written], all_there=len(kept) == sum(map(len, writes.values())))
        before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
        assert folder.repair().cut_bytes == 0
        assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


def _begun(place: str) -> Folder:
    return Spool(Path(place)).begin("run", 1, facts={"site": "x"})


@contextlib.contextmanager
def _same_ids() -> Iterator[None]:
    """Record ids are the same in each run, so that the bytes are, and what a case strikes is never another."""
    with mock.patch.object(members.os, "urandom", random.Random(1).randbytes):
        yield


def _writes(folder: Path) -> dict[bytes, list[Record]]:
    """The bytes of each write but those of warcinfo records, with the records in them."""
    writes = {}
    for path in folder.glob("*.warc.gz*"):
        for span in journal.read(folder / "run-1.journal"):
            data = path.read_bytes()[span.offset : span.end]
            if span.name == path.name.removesuffix(OPEN) and span.offset > 0:
                writes[data] = list(iter_records(io.BytesIO(data)))
    return writes


def _whole(folder: Path, writes: dict[bytes, list[Record]]) -> set[str]:
    """The ids of the records in writes of which all bytes still stand somewhere."""
    data = [path.read_bytes() for path in folder.glob("*.warc.gz*")]
    return {record.id for write, records in writes.items() if any(write in each for each in data) for record in records}


def _notes_are_right(folder: Folder, urls: list[str], *, all_there: bool) -> None:
    """They are the first of those written, less those on records that are not there."""
    noted = [note["url"] for note in folder.notes()]
    rest = iter(urls)
    assert all(url in rest for url in noted), "a note was invented or misplaced"
    held = {_written(record.uri) for record in sound(folder.path)}
    answered = [note["url"] for note in folder.notes() if note["status"] is not None]
    assert {_written(members.warc_uri(url.partition("#")[0])) for url in answered} <= held
    if all_there:
        assert noted == urls[: len(noted)]


def _written(url: str) -> str:
    """Two writings of one URL count as the same."""
    with contextlib.suppress(ValueError):
        return canonical(url)
    return url


@given(data=st.binary(max_size=2000))
@MANY
def test_whatever_bytes_are_read_as_a_record_it_is_an_archive_error(data):
    with pytest.raises(ArchiveError):
        read_record(data)


@given(content=st.binary(max_size=500))
@MANY
def test_whatever_a_member_holds_reading_it_ends_in_a_record_or_an_archive_error(content):
    for packed in (b"", b"WARC/1.1\r\n", b"WARC/1.1\r\nContent-Length: 3\r\n"):
        with contextlib.suppress(ArchiveError):
            record = read_record(gzip.compress(packed + content))
            assert (record.type, record.uri, record.id, record.is_http) == ("", "", "", False)


@pytest.mark.parametrize("kind", ["random", "magic", "nested", "zeros", "ones"])
def test_a_million_bytes_of_garbage_end_soon_and_in_an_archive_error(tmp_path, kind):
    """As a file to read, and as a spool file to repair, behind a record and before one."""
    garbage = _garbage(kind)
    with pytest.raises(ArchiveError):
        list(iter_records(io.BytesIO(garbage)))
    with Spool(tmp_path).begin("run", 1, facts={}) as folder:
        writer = WarcWriter(folder.path, prefix="run-1", info={})
        writer.append(exchange("http://news.example/before"))
        (path,) = folder.path.glob("*.open")
        before = path.read_bytes()
        writer.append(exchange("http://news.example/behind"))
        behind = path.read_bytes()[len(before) :]
        path.write_bytes(before + garbage + behind)
        assert folder.repair().cut_bytes == len(garbage)
        assert [record.uri[20:] for record in sound(folder.path)] == ["before", "before", "behind", "behind"]


def _garbage(kind: str) -> bytes:
    size = 10**6
    if kind == "random":
        return random.Random(1).randbytes(size)
    if kind == "magic":  # what looks like the beginning of a gzip member, everywhere
        return (b"\x1f\x8b\x08\0" * size)[:size]
    if kind == "nested":  # each member's stored bytes hold the next one's head, and all claim to be records
        head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x00\xff\xff\0\0WARC/1.1\r\n"
        return (head * (size // len(head) + 1))[:size]
    return (b"\0" if kind == "zeros" else b"\xff") * size


@pytest.mark.parametrize("begin", [b"", b"WARC/1.1\r\nContent-Length: 400000000\r\n\r\n"])
def test_a_gzip_bomb_is_bounded(monkeypatch, begin):
    """What does not begin as a record is not unpacked, and what does only up to the largest record there can be."""
    monkeypatch.setattr(reading, "LARGEST", 4 << 20)
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(begin) + packer.compress(bytes(64 << 20)) + packer.flush()
    tracemalloc.start()
    try:
        for read in (read_record, lambda data: list(iter_records(io.BytesIO(data)))):
            with pytest.raises(ArchiveError, match="more than 4194304 bytes" if begin else "does not begin"):
                read(bomb)
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()


def test_the_writer_takes_no_record_that_the_reader_would_refuse(tmp_path, monkeypatch):
    monkeypatch.setattr(warc, "LARGEST", 1 << 20)
    writer = WarcWriter(tmp_path, prefix="run-1", info={})
    with pytest.raises(ArchiveError, match="too large"):
        writer.append(exchange(body=bytes(1 << 20)))
    writer.append(exchange(body=bytes((1 << 20) - 17_000)))
    assert len(records_of(writer.seal()[0])) == 3
