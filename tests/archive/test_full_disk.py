"""Writes that fail midway: the process' file size limit plays the full disk, and a disk of our own the broken one."""

import contextlib
import errno
import os
import random
import resource
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from archive import files
from archive.spool import Folder, Spool
from archive.warc import WarcWriter
from tests.archive.exchanges import STARTED, exchange, records
from tests.archive.soundness import sound
from tests.archive.test_power_loss import EARLY, ORIGINAL

FACTS = {"site": "courier"}


@contextlib.contextmanager
def full_at(size: int) -> Iterator[None]:
    """No file may grow beyond a size; a write that would is cut short there, and the next one fails."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def refused(work: Callable[..., object], *arguments: Any) -> bool:
    """Whether the disk is too full for it."""
    try:
        work(*arguments)
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        return True
    return False


@pytest.fixture
def spool(tmp_path, monkeypatch) -> Spool:
    monkeypatch.setattr(os, "fsync", os.fstat)  # nothing here loses power
    return Spool(tmp_path / "spool")


def _writer(folder: Folder, *, max_size: int = 10**9) -> WarcWriter:
    return WarcWriter(folder.path, prefix=folder.name, info={}, max_size=max_size)


def _capture(writer: WarcWriter, number: int) -> str:
    url = f"http://news.example/{number}"
    if number % 3 == 1:
        writer.append(exchange(url, head=b"HTTP/1.1 304 Not Modified\r\n\r\n", body=b""), original=ORIGINAL)
    elif number % 3 == 2:
        writer.append(exchange(url, head=b"", body=b"", truncated="time"))
    else:
        body = random.Random(number).randbytes(800)
        writer.append(exchange(url, body=body, informational=EARLY))
    return url


def _sizes(folder: Folder) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in folder.path.iterdir()}


def _leaves_no_trace(folder: Folder, before: dict[str, int]) -> None:
    """Nothing has grown, unless a file was begun: then its warcinfo record stands there alone."""
    begun = [path for path in folder.path.glob("*.open") if path.name not in before]
    assert [len(records(path)) for path in begun] in ([], [1])
    if not begun:
        assert _sizes(folder) == before


def _urls(folder: Folder) -> set[str]:
    return {record.uri for record in sound(folder.path)}


@pytest.mark.parametrize("max_size", [10**9, 18_000], ids=["the WARC file is full first", "the index is full first"])
def test_a_write_that_fails_midway_leaves_no_trace_and_the_next_goes_on(spool, max_size):
    """At every fullness: what was refused is nowhere, what was taken stays, and room made is room used."""
    for number, size in enumerate(range(100, 3000, 97)):
        with spool.begin("run", number, facts=FACTS) as folder:
            writer = _writer(folder, max_size=max_size)
            kept = set()
            with full_at(size):
                for page in range(6):
                    before = _sizes(folder)
                    if refused(_capture, writer, page):
                        _leaves_no_trace(folder, before)
                    else:
                        kept.add(f"http://news.example/{page}")
            kept.add(_capture(writer, 9))
            writer.seal()
            assert _urls(folder) == kept


@pytest.mark.parametrize("size", range(200, 3300, 211))
def test_a_full_disk_at_any_fullness_loses_nothing_taken(spool, size):
    """The crawl ends there, as on a disk that stays full; the repair has room again."""
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept: set[str] = set()
        with full_at(size), contextlib.suppress(OSError):
            for page in range(8):
                kept.add(_capture(writer, page))
                folder.note({"note": "embed", "url": str(page), "page": "x"})
        noted = len(list(folder.notes()))
    with spool.open("run-1") as again:
        again.repair()
        assert _urls(again) == kept
        assert len(list(again.notes())) == noted == len(kept)


def test_files_are_sealed_on_a_full_disk(spool):
    """Only the journal's last line finds no room: then the next look at the folder reads the files instead."""
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept = {_capture(writer, page) for page in range(6)}
        with full_at((folder.path / "run-1.journal").stat().st_size + 10):
            sealed = writer.seal()
        assert folder.repair().files == sealed
        assert _urls(folder) == kept


def test_a_note_that_finds_no_room_leaves_no_trace(spool):
    with spool.begin("run", 1, facts=FACTS) as folder:
        folder.note({"n": 1})
        with full_at((folder.path / "outcomes.jsonl").stat().st_size + 5), pytest.raises(OSError, match="too large"):
            folder.note({"n": 2})
        assert list(folder.notes()) == [{"n": 1}]
        folder.note({"n": 3})
        assert list(folder.notes()) == [{"n": 1}, {"n": 3}]


def test_an_attempt_that_finds_no_room_can_be_begun_later(spool):
    with full_at(5), pytest.raises(OSError, match="too large"):
        spool.begin("run", 1, facts=FACTS)
    assert spool.names() == ()
    with spool.begin("run", 1, facts=FACTS) as folder:
        assert dict(folder.facts) == FACTS


def test_a_repair_that_finds_no_room_is_done_later(spool, tmp_path):
    """At every fullness it fails with the reason and loses nothing, or succeeds."""
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept = {_capture(writer, page) for page in range(8)} - {"http://news.example/3"}
        (path,) = folder.path.glob("*.open")
        data = bytearray(path.read_bytes())
        lost = next(span for span in (folder.path / "run-1.journal").read_text().splitlines()[4:])
        offset = int(lost.split(" ")[1])
        data[offset + 20 : offset + 60] = bytes(40)
        path.write_bytes(data)
    failed = 0
    for size in range(50, len(data), 401):
        place = tmp_path / str(size)
        shutil.copytree(folder.path, place / "run-1")
        with Spool(place).open("run-1") as left:
            with full_at(size):
                failed += refused(left.repair)
            left.repair()
            assert _urls(left) == kept
    assert failed > 5


def test_what_a_kill_left_is_sealed_where_there_is_no_room_at_all(spool):
    """Nothing has to be written when nothing is damaged: shipping it is what makes room."""
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept = {_capture(writer, page) for page in range(6)}
        with full_at(0):
            assert [path.name for path in folder.repair().files] == ["run-1-00000.warc.gz"]
            assert folder.repair().files
        assert _urls(folder) == kept


class Broken:
    """The system calls of archive/files.py, of which some fail as told."""

    def __init__(self) -> None:
        self.failing: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name in self.failing:
            return self._fail
        return getattr(os, name)

    def write(self, descriptor: int, data: bytes) -> int:
        if "write" not in self.failing:
            return os.write(descriptor, data)
        os.write(descriptor, data[: len(data) // 2])
        raise OSError(errno.EIO, "the disk is broken")

    def _fail(self, *_: Any) -> None:
        raise OSError(errno.EIO, "the disk is broken")


@pytest.fixture
def broken(monkeypatch) -> Broken:
    disk = Broken()
    monkeypatch.setattr(files, "os", disk)
    return disk


def test_nothing_is_written_behind_what_could_not_be_taken_back(spool, broken):
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept = {_capture(writer, 0)}
        torn = _sizes(folder)
        broken.failing = {"write", "ftruncate"}
        for _ in range(2):
            with pytest.raises(OSError, match="broken"):
                _capture(writer, 3)
        torn = _sizes(folder)
        broken.failing = {"ftruncate"}
        for refused in (lambda: _capture(writer, 3), writer.sync, writer.seal):
            with pytest.raises(OSError, match="broken"):
                refused()
        assert _sizes(folder) == torn
        copy = folder.path.with_name("run-2")
        shutil.copytree(folder.path, copy)
        broken.failing = set()
        writer.seal()
        assert _urls(folder) == kept
    with spool.open("run-2") as left:
        left.repair()
        assert _urls(left) == kept


def test_a_torn_record_that_can_be_cut_off_later_is_cut_before_the_next(spool, broken):
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept = {_capture(writer, 0)}
        real, writes = broken.write, iter([False, True])

        def write(descriptor: int, data: bytes) -> int:
            if next(writes, False):
                os.write(descriptor, data[:100])
                raise OSError(errno.EIO, "the disk is broken")
            return real(descriptor, data)

        broken.write = write  # the journal takes its line, the WARC file only a part
        broken.failing = {"ftruncate"}
        with pytest.raises(OSError, match="broken"):
            _capture(writer, 3)
        broken.failing = set()
        kept.add(_capture(writer, 6))
        writer.seal()
        assert _urls(folder) == kept


def test_nothing_is_written_after_an_fsync_that_failed(spool, broken):
    """Quirk: the next fsync would succeed, whatever was lost. What is written can still be read, so it is repaired."""
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept = {_capture(writer, 0)}
        broken.failing = {"fsync"}
        with pytest.raises(OSError, match="broken"):
            writer.sync()
        broken.failing = set()
        for refused in (lambda: _capture(writer, 3), writer.sync, writer.seal):
            with pytest.raises(OSError, match="an fsync of it failed"):
                refused()
    with spool.open("run-1") as left:
        left.repair()
        assert _urls(left) == kept


def test_a_sync_costs_nothing_when_nothing_was_written(spool, monkeypatch):
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        _capture(writer, 0)
        synced.clear()
        writer.sync()
        assert len(synced) == 4  # the WARC file, the index, the journal, and the names
        writer.sync()
        assert len(synced) == 4
        _capture(writer, 1)
        writer.sync()
        assert len(synced) == 7


def test_a_metadata_record_that_finds_no_room_leaves_no_trace(spool):
    with spool.begin("run", 1, facts=FACTS) as folder:
        writer = _writer(folder)
        kept = {_capture(writer, 0)}
        before = _sizes(folder)
        with full_at(writer.size + 50), pytest.raises(OSError, match="too large"):
            writer.append_metadata("urn:x", content_type="text/plain", payload=b"x" * 500, date=STARTED)
        assert _sizes(folder) == before
        writer.seal()
        assert _urls(folder) == kept
