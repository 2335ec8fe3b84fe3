"""The power goes at every step of an attempt, of its repair and of its removal; what was synced is there."""

import ast
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from archive import files
from archive.original import Original
from archive.records import Record
from archive.spool import Folder, Spool
from archive.warc import WarcWriter
from tests.archive import disk as disks
from tests.archive.disk import Disk, lay_out
from tests.archive.exchanges import STARTED, exchange, records
from tests.archive.soundness import sound

FACTS = {"site": "courier", "toml": "name = 'courier'"}
ORIGINAL = Original(
    uri="http://news.example/old",
    date=STARTED,
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000000>",
    digest=f"sha256:{'0' * 64}",
    filename="old-1-00000.warc.gz",
    offset=512,
)
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a loss of power must not take, as things stand."""

    begun: bool = False
    urls: frozenset[str] = frozenset()
    notes: int = 0


class Attempt:
    """An attempt as a crawl makes it, with all kinds of exchanges, small enough to lose power at each of its steps."""

    def __init__(self, *, captures: int, rng: random.Random) -> None:
        self.known = Known()
        self._captures = captures
        self.urls: list[str] = []
        self.notes: list[dict[str, Any]] = []
        self._rng = rng

    def write_unsealed(self, folder: Folder) -> list[Record]:
        """Leaves the folder as a kill would; returns all records but the warcinfo's."""
        writer = WarcWriter(folder.path, prefix="run-1", info={"robots": "obey"}, max_size=20_000)
        for number in range(self._captures):
            self._capture(writer, number)
        files = sorted(folder.path.glob("*.open"))
        return [record for path in files for record in records(path) if record.type != "warcinfo"]

    def run(self, spool: Spool) -> None:
        with spool.begin("run", 1, facts=FACTS) as folder:
            self.known = replace(self.known, begun=True)
            writer = WarcWriter(folder.path, prefix="run-1", info={"robots": "obey"}, max_size=20_000)
            writer.append_resource("urn:x", content_type="application/toml", payload=b"x = 1", date=STARTED)
            for number in range(self._captures):
                self._capture(writer, number)
                self._note(folder, {"note": "url", "url": self.urls[-1], "status": None if number % 4 == 1 else 200})
                if self._rng.random() < 0.3:
                    self._sync(folder, writer)
            self._note(folder, {"note": "end", "ended": "finished"})
            self._sync(folder, writer)
            writer.seal()

    def _capture(self, writer: WarcWriter, number: int) -> None:
        url = f"http://news.example/{number}"
        body = self._rng.randbytes(self._rng.choice((10, 700, 2500)))
        if number % 4 == 1:
            writer.append(exchange(url, head=b"", body=b"", truncated="disconnect"))
        elif number % 4 == 2:
            head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
            writer.append(exchange(url, head=head, body=b"", informational=EARLY), original=ORIGINAL)
        else:
            writer.append(exchange(url, body=body, informational=EARLY if number % 4 else b""))
        self.urls.append(url)

    def _note(self, folder: Folder, note: dict[str, Any]) -> None:
        folder.note(note)
        self.notes.append(note)

    def _sync(self, folder: Folder, writer: WarcWriter) -> None:
        writer.sync()
        self.known = replace(self.known, urls=frozenset(self.urls))
        folder.sync()
        self.known = replace(self.known, notes=len(self.notes))


class Losses:
    """The disks that losses of power would leave, each once, with what they must hold."""

    def __init__(self, *, known: Callable[[], Known], rng: random.Random, most: bool) -> None:
        self.images: dict[frozenset[tuple[str, bytes | None]], Known] = {}
        self._known = known
        self._rng = rng
        self._most = most

    def at(self, disk: Disk) -> None:
        for image in disk.images(self._rng) if self._most else [disk.image(self._rng)]:
            self.images[frozenset(image.items())] = self._known()


@pytest.fixture
def no_power(monkeypatch) -> None:
    """Repairs that are not themselves cut off need not wait for the real disk."""
    monkeypatch.setattr(os, "fsync", os.fstat)


def _repaired(
    image: frozenset[tuple[str, bytes | None]], place: Path, *, known: Known
) -> tuple[list[Record], list[Any]]:
    """Repairs what an image holds, and finds it sound; the records and notes that are left."""
    lay_out(dict(sorted(image)), place)
    folders = list(Spool(place / "spool").orphans())
    assert [folder.name for folder in folders] == ["run-1"][: len(folders)]
    if not folders:
        assert not known.begun
        return [], []
    with folders[0] as folder:
        assert dict(folder.facts) == FACTS
        files = folder.repair().files
        before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
        again = folder.repair()
        assert (again.cut_bytes, again.moved, again.dropped_notes, again.files) == (0, 0, 0, files)
        assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before
        return sound(folder.path), list(folder.notes())


def _holds(image: Any, place: Path, *, known: Known, attempt: Attempt, written: dict[str, bytes]) -> None:
    found, notes = _repaired(image, place, known=known)
    uris = {record.uri for record in found}
    assert known.urls <= uris, "what was synced is lost"
    assert {record.id: record.block for record in found}.items() <= written.items(), "a record was invented"
    assert known.notes <= len(notes)
    assert notes == [note for note in attempt.notes if note in notes], "a note was invented"
    assert {note["url"] for note in notes if note.get("status")} <= uris, "a note speaks of what is not there"
    shutil.rmtree(place)


@pytest.mark.parametrize(("captures", "most", "seed"), [(3, True, 0), (12, False, 1), (12, False, 2), (12, False, 3)])
def test_an_attempt_that_loses_power_at_any_step_keeps_what_was_synced(
    tmp_path, monkeypatch, no_power, captures, most, seed
):
    rng = random.Random(seed)
    attempt = Attempt(captures=captures, rng=rng)
    losses = Losses(known=lambda: attempt.known, rng=rng, most=most)
    (tmp_path / "disk").mkdir()
    with monkeypatch.context() as power:
        power.setattr(files, "os", Disk(tmp_path / "disk", step=losses.at))
        attempt.run(Spool(tmp_path / "disk" / "spool"))
    written = {record.id: record.block for record in sound(tmp_path / "disk" / "spool" / "run-1")}
    assert len(losses.images) > 100
    for number, (image, known) in enumerate(losses.images.items()):
        _holds(image, tmp_path / str(number), known=known, attempt=attempt, written=written)


def test_a_repair_that_loses_power_at_any_step_is_done_again(tmp_path, monkeypatch, no_power):
    """A hole in the first file and a torn end: the repair moves, cuts, indexes and seals; its own steps are lost."""
    rng = random.Random(7)
    attempt = Attempt(captures=5, rng=rng)
    (tmp_path / "disk").mkdir()
    with Spool(tmp_path / "disk" / "spool").begin("run", 1, facts=FACTS) as folder:
        whole = attempt.write_unsealed(folder)
        file = next(iter(sorted(folder.path.glob("*.open"))))
        data = bytearray(file.read_bytes())
        first = next(record for record in whole if record.type == "response")
        data[first.offset : first.offset + 100] = bytes(100)
        file.write_bytes(bytes(data) + b"\x1f\x8b\x08torn")
    written = {record.id: record.block for record in whole}
    losses = Losses(known=lambda: Known(begun=True), rng=rng, most=True)
    with monkeypatch.context() as power:
        power.setattr(files, "os", Disk(tmp_path / "disk", step=losses.at))
        (orphan,) = Spool(tmp_path / "disk" / "spool").orphans()
        done = orphan.repair()
        orphan.close()
    kept = {record.id for record in sound(orphan.path)}
    assert done.moved > 0
    assert kept == written.keys() - {first.id, first.field("WARC-Concurrent-To")}
    assert len(losses.images) > 20
    for number, image in enumerate(losses.images):
        found, _ = _repaired(image, tmp_path / str(number), known=Known(begun=True))
        assert {record.id for record in found} == kept
        shutil.rmtree(tmp_path / str(number))


def test_a_removal_that_loses_power_leaves_the_whole_folder_or_none(tmp_path, monkeypatch, no_power):
    rng = random.Random(8)
    attempt = Attempt(captures=3, rng=rng)
    (tmp_path / "disk").mkdir()
    attempt.run(Spool(tmp_path / "disk" / "spool"))
    (orphan,) = Spool(tmp_path / "disk" / "spool").orphans()
    whole = {record.id for record in sound(orphan.path)}
    losses = Losses(known=Known, rng=rng, most=True)
    with monkeypatch.context() as power:
        power.setattr(files, "os", Disk(tmp_path / "disk", step=losses.at))
        orphan.remove()
    assert len(losses.images) > 5
    for number, image in enumerate(losses.images):
        found, _ = _repaired(image, tmp_path / str(number), known=Known())
        assert {record.id for record in found} in (whole, set())
        assert list((tmp_path / str(number) / "spool").glob(".*")) == []


def test_a_full_file_is_on_the_disk_before_the_next_begins(tmp_path, monkeypatch):
    """Its bytes and its name, and so are its lines of the index and the journal."""
    seen: list[str] = []

    def look(disk: Disk) -> None:
        folder = disk.root.live.get("spool", disks.Folder()).live.get("run-1")
        for name in sorted(folder.live) if folder else ():
            if name.endswith(".open") and name not in seen:
                seen.append(name)
                for earlier in (*seen[:-1], *(["run-1.cdxj", "run-1.journal"] if len(seen) > 1 else [])):
                    assert folder.durable[earlier] is folder.live[earlier]
                    assert folder.live[earlier].durable == folder.live[earlier].live

    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(files, "os", Disk(tmp_path / "disk", step=look))
    Attempt(captures=8, rng=random.Random(9)).run(Spool(tmp_path / "disk" / "spool"))
    assert len(seen) > 2


def test_everything_that_changes_the_spool_goes_through_the_files_that_a_test_can_lose(tmp_path):
    """Nothing in the spool's code writes, renames or removes by itself."""
    changing = {
        "write_bytes",
        "write_text",
        "unlink",
        "rename",
        "mkdir",
        "touch",
        "rmdir",
        "rmtree",
        "write",
        "truncate",
    }
    changing |= {"ftruncate", "fsync", "symlink_to", "hardlink_to", "makedirs", "replace_with"}
    for name in ("spool", "repair", "salvage", "journal", "notes", "warc", "records"):
        tree = ast.parse((Path(files.__file__).with_name(f"{name}.py")).read_text())
        called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        used = {function.attr for function in called if isinstance(function, ast.Attribute)}
        assert used & changing == set(), name
        modes = [
            ast.unparse(call)
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and "open" in ast.unparse(call.func)
        ]
        assert [call for call in modes if "'w" in call or "'a" in call or "+'" in call] == [], name
