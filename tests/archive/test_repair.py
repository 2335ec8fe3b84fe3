"""What a repair saves from behind damage, what it must not take for a record, and that it may die at any point."""

import os
import random
import shutil
import signal
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import points
from archive.errors import ArchiveError
from archive.records import Record
from archive.spool import Folder, Repair, Spool
from archive.warc import WarcWriter
from tests.archive.exchanges import exchange, records
from tests.archive.soundness import sound
from tests.archive.test_power_loss import EARLY, ORIGINAL

FACTS = {"site": "courier"}


@pytest.fixture
def folder(tmp_path) -> Iterator[Folder]:
    with Spool(tmp_path / "spool").begin("run", 1, facts=FACTS) as begun:
        yield begun


def _page(number: int) -> str:
    return f"http://news.example/{number}"


def _left(folder: Folder, *, pages: int = 5, seal: bool = False) -> Path:
    """Leaves one file as a kill does, or a sealed one."""
    writer = WarcWriter(folder.path, prefix="run-1", info={"operator": "Jo"})
    rng = random.Random(5)
    for number in range(pages):
        writer.append(exchange(_page(number), body=rng.randbytes(3000)))
    if seal:
        writer.seal()
    (path,) = folder.path.glob("*.warc.gz*")
    return path


def _damage(path: Path, *, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


def _exchange(path: Path, number: int) -> tuple[Record, Record]:
    response, request = (record for record in records(path) if record.uri == _page(number))
    return response, request


def _pages(folder: Folder) -> list[str]:
    return [record.uri for record in sound(folder.path) if record.type in {"response", "revisit"}]


@pytest.mark.parametrize("journalled", [True, False])
def test_what_stands_behind_a_hole_moves_into_a_fresh_file(folder, caplog, journalled):
    path = _left(folder)
    response, request = _exchange(path, 2)
    _damage(path, at=response.offset + 50, data=bytes(1000))
    if not journalled:
        (folder.path / "run-1.journal").unlink()
    repair = folder.repair()
    assert _pages(folder) == [_page(number) for number in (0, 1, 3, 4)]
    assert [file.name for file in repair.files] == ["run-1-00000.warc.gz", "run-1-00001.warc.gz"]
    assert (repair.records, repair.moved, repair.cut_bytes) == (9, 4, response.length + request.length)
    info, *moved = records(repair.files[1])
    assert "operator: Jo\r\n" in info.block.decode()
    assert "what stood behind damage in run-1-00000.warc.gz" in info.block.decode()
    assert {record.field("WARC-Warcinfo-ID") for record in moved} == {records(repair.files[0])[0].id}
    told = f"run-1: {repair.cut_bytes} bytes of torn or damaged records cut off, 4 records saved from behind them"
    assert [record.getMessage() for record in caplog.records] == [f"{told}, 0 notes dropped"]
    assert folder.repair() == Repair(files=repair.files)


def test_whatever_stands_behind_several_holes_moves_together(folder):
    path = _left(folder, pages=7)
    for offset in [_exchange(path, number)[0].offset for number in (1, 4)]:
        _damage(path, at=offset + 60, data=b"\xff" * 100)
    assert folder.repair().moved == 8
    assert _pages(folder) == [_page(number) for number in (0, 2, 3, 5, 6)]


@pytest.mark.parametrize("journalled", [True, False])
def test_a_file_that_lost_its_beginning_gives_all_that_follows(folder, journalled):
    path = _left(folder)
    if not journalled:
        (folder.path / "run-1.journal").write_bytes(bytes(4096))
    _damage(path, at=0, data=bytes(64))
    repair = folder.repair()
    assert [file.name for file in repair.files] == ["run-1-00001.warc.gz"]
    assert _pages(folder) == [_page(number) for number in range(5)]


@pytest.mark.parametrize("seal", [True, False])
def test_records_whose_file_lost_its_warcinfo_and_nothing_else_get_a_new_one(folder, seal):
    path = _left(folder, seal=seal)
    path.write_bytes(path.read_bytes()[records(path)[1].offset :])
    assert folder.repair().moved == 10
    assert _pages(folder) == [_page(number) for number in range(5)]


@pytest.mark.parametrize("seal", [True, False])
def test_a_file_without_a_byte_goes(folder, seal):
    """No reader takes it for a WARC file."""
    _left(folder, seal=seal).write_bytes(b"")
    assert folder.repair().files == ()
    assert not list(folder.path.glob("*.warc.gz*"))


def test_a_mended_file_can_be_damaged_and_mended_again(folder):
    _damage(path := _left(folder), at=_exchange(path, 0)[0].offset + 20, data=bytes(20))
    fresh = folder.repair().files[-1]
    _damage(fresh, at=records(fresh)[1].offset + 20, data=bytes(20))
    folder.repair()
    assert _pages(folder) == [_page(number) for number in (2, 3, 4)]
    assert "operator: Jo\r\n" in records(min(folder.path.glob("*.warc.gz")))[0].block.decode()


@pytest.mark.parametrize("part", [0, 1])
def test_half_an_exchange_goes_wholly(folder, part):
    """Without its request a response does not count, nor a request without its response."""
    path = _left(folder)
    _damage(path, at=_exchange(path, 3)[part].offset + 30, data=bytes(30))
    folder.repair()
    assert _pages(folder) == [_page(number) for number in (0, 1, 2, 4)]


@pytest.mark.parametrize("lost", [0, 1])
def test_the_note_of_a_lost_exchange_does_not_stay_alone(folder, lost):
    writer = WarcWriter(folder.path, prefix="run-1", info={})
    for number in range(3):
        writer.append(exchange(_page(number), informational=EARLY))
    (path,) = folder.path.glob("*.open")
    *exchanged, note = (record for record in records(path) if record.uri == _page(1))
    _damage(path, at=exchanged[lost].offset + 20, data=bytes(exchanged[lost].length - 30))
    folder.repair()
    assert note.id not in {record.id for record in sound(folder.path)}
    assert _pages(folder) == [_page(0), _page(2)]


def test_damage_that_changes_nothing_costs_nothing(folder):
    """Quirk: no checksum covers the time in a gzip header."""
    path = _left(folder)
    _damage(path, at=_exchange(path, 1)[0].offset + 4, data=b"\x01\x02\x03\x04")
    repair = folder.repair()
    assert (repair.cut_bytes, repair.moved, len(_pages(folder))) == (0, 0, 5)


@pytest.mark.parametrize("begins", ["sound", "damaged"])
@pytest.mark.parametrize("journalled", [True, False])
def test_a_record_that_a_server_made_up_is_never_taken_for_ours(folder, tmp_path, journalled, begins):
    """A body may hold WARC records; when the record around it is damaged, they lie open."""
    (tmp_path / "forged").mkdir()
    forger = WarcWriter(tmp_path / "forged", prefix="run-1", info={})
    forger.append(exchange("http://news.example/never-asked", body=b"lies"))
    forged = forger.seal()[0].read_bytes()
    writer = WarcWriter(folder.path, prefix="run-1", info={})
    for number in range(4):
        writer.append(exchange(_page(number)))
    (path,) = folder.path.glob("*.open")
    info, response, *_ = records(path)
    own = "".join(f"{name}: {value}\r\n" for name, value in response.headers if name != "Content-Length").encode()
    content = b"WARC/1.1\r\n%bContent-Length: %d\r\n\r\n%b\r\n\r\n" % (own, len(forged), forged)
    stored = zlib.compressobj(0, wbits=31)
    hostile = stored.compress(content) + stored.flush()
    data = path.read_bytes()
    assert forged in hostile
    end = response.offset + response.length
    hostile = hostile[:5] + b"\xff" * 20 + hostile[25:]
    path.write_bytes((bytes(info.length) if begins == "damaged" else data[: info.length]) + hostile + data[end:])
    if not journalled:
        (folder.path / "run-1.journal").unlink()
    folder.repair()
    assert _pages(folder) == [_page(number) for number in (1, 2, 3)]


@pytest.mark.parametrize("journalled", [True, False])
@pytest.mark.parametrize("companions", [1, 2])
def test_a_revisit_that_lost_the_head_of_its_304_goes(folder, journalled, companions):
    """It says nothing of what the server answered; cut behind the request, or within the head that stands apart."""
    writer = WarcWriter(folder.path, prefix="run-1", info={})
    writer.append(exchange(_page(0)))
    not_modified = b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"
    writer.append(exchange(_page(1), head=not_modified, body=b"", informational=EARLY), original=ORIGINAL)
    (path,) = folder.path.glob("*.open")
    revisit = next(record for record in records(path) if record.type == "revisit")
    torn = records(path)[records(path).index(revisit) + companions]
    os.truncate(path, torn.offset + torn.length + (0 if companions == 1 else -5))
    if not journalled:
        (folder.path / "run-1.journal").unlink()
    folder.repair()
    assert _pages(folder) == [_page(0)]


def test_the_journal_knows_that_a_note_was_to_follow(folder):
    """Without a journal nothing tells that an exchange, whole as it stands, had heads of 1xx responses."""
    writer = WarcWriter(folder.path, prefix="run-1", info={})
    writer.append(exchange(_page(0)))
    writer.append(exchange(_page(1), informational=EARLY))
    (path,) = folder.path.glob("*.open")
    last = records(path)[-1]
    assert last.type == "metadata"
    os.truncate(path, last.offset)
    copy = folder.path.with_name("run-2")
    shutil.copytree(folder.path, copy)
    (copy / "run-1.journal").unlink()
    folder.repair()
    assert _pages(folder) == [_page(0)]
    with Spool(folder.path.parent).open("run-2") as without:
        without.repair()
        assert _pages(without) == [_page(0), _page(1)]


@pytest.mark.parametrize("name", ["run-1-00000.warc.gz", "run-1.cdxj", "run-1.journal"])
def test_damage_in_a_sealed_folder_is_found_and_mended(folder, name):
    path = _left(folder, seal=True)
    index = (folder.path / "run-1.cdxj").read_bytes()
    _damage(folder.path / name, at=_exchange(path, 4)[0].offset + 40 if "warc" in name else 40, data=b"\0\0\0")
    repair = folder.repair()
    assert _pages(folder) == [_page(number) for number in range(4 if "warc" in name else 5)]
    assert (folder.path / "run-1.cdxj").read_bytes() == index[: len(index) * (4 if "warc" in name else 5) // 5]
    assert (repair.cut_bytes > 0) == ("warc" in name)
    assert folder.repair() == Repair(files=repair.files)


def test_a_note_on_what_is_not_there_goes_and_so_does_the_end(folder):
    """Its URL stays due then; a note of what was left by an earlier attempt speaks of no record of this one."""
    _left(folder, pages=2)
    notes = [
        {"note": "url", "url": f"{_page(0)}#top", "status": 200},
        {"note": "url", "url": "http://NEWS.example:80/1?utm_source=x", "status": 200},
        {"note": "url", "url": f"{_page(1)} ", "status": 200},
        {"note": "url", "url": _page(7), "status": 200},
        {"note": "url", "url": _page(8), "status": 200, "final_url": _page(0)},
        {"note": "url", "url": _page(9), "status": 404, "left": True},
        {"note": "url", "url": _page(10), "status": None, "reason": "timeout"},
        {"note": "embed", "url": _page(11), "page": _page(0)},
        {"note": "end", "ended": "finished"},
    ]
    for note in notes:
        folder.note(note)
    assert folder.repair().dropped_notes == 3
    assert list(folder.notes()) == [note for note in notes if note not in (notes[2], notes[3], notes[-1])]


@pytest.mark.parametrize("damage", [b"\0" * 8, b"\xff", b"\n", b"\t", b"}\n{"])
def test_notes_behind_a_damaged_one_go(folder, damage):
    _left(folder, pages=1, seal=True)
    for number in range(4):
        folder.note({"note": "embed", "url": _page(number), "page": _page(0)})
    path = folder.path / "outcomes.jsonl"
    second = path.read_bytes().index(b"\n") + 20
    _damage(path, at=second, data=damage)
    with pytest.raises(ArchiveError, match="damaged line"):
        list(folder.notes())
    assert folder.repair().dropped_notes >= 3
    assert [note["url"] for note in folder.notes()] == [_page(0)]
    folder.note({"note": "end"})
    assert len(list(folder.notes())) == 2


def test_notes_of_earlier_versions_without_checksums_are_read(folder):
    (folder.path / "outcomes.jsonl").write_text('{"note":"embed","n":1}\n{"note":"embed","n":2}\n{"note":')
    assert [note["n"] for note in folder.notes()] == [1, 2]
    assert folder.repair().dropped_notes == 0
    assert [note["n"] for note in folder.notes()] == [1, 2]


@pytest.mark.parametrize("data", [b"", b"{", b"[1, 2]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_destroyed_facts_are_told_in_one_line(folder, data):
    (folder.path / "attempt.json").write_bytes(data)
    with pytest.raises(
        ArchiveError, match=r"attempt\.json cannot be read, so nobody knows whose folder this is"
    ) as told:
        _ = folder.facts
    assert "\n" not in str(told.value)


def test_leftovers_of_a_dead_repair_and_of_a_dead_upload_go(folder):
    _left(folder, pages=1)
    (folder.path / ".run-1.cdxj.draft").write_text("half")
    (folder.path / "tmpabc.cdxj.gz.tmp").write_text("half")
    folder.repair()
    assert sorted(path.name for path in folder.path.iterdir()) == [
        "attempt.json",
        "run-1-00000.warc.gz",
        "run-1.cdxj",
        "run-1.journal",
    ]


def _dies_at(spool: Spool, moment: str) -> bool:
    """Repairs the orphans in a process that dies at a moment; tells whether it did."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os.environ["KILL_AT"] = moment
        points._passed.clear()
        for orphan in spool.orphans():
            with orphan:
                orphan.repair()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def test_a_repair_killed_at_any_point_is_done_again(tmp_path):
    """Again and again, until one comes through: nothing is lost by any, and nothing stands there twice."""
    spool = Spool(tmp_path / "spool")
    with spool.begin("run", 1, facts=FACTS) as folder:
        path = _left(folder, pages=5)
        folder.note({"note": "url", "url": _page(0), "status": 200})
        folder.note({"note": "url", "url": _page(1), "status": 200})
        _damage(path, at=_exchange(path, 1)[0].offset + 50, data=bytes(1000))
        path.write_bytes(path.read_bytes()[:-3])
    moments = 0
    for name in points.NAMES:
        for number in range(1, 9):
            shutil.copytree(folder.path, (place := tmp_path / f"{name}-{number}") / "spool" / "run-1")
            if not _dies_at(Spool(place / "spool"), f"{name}:{number}"):
                break
            moments += 1
            _dies_at(Spool(place / "spool"), f"{name}:{number}")
            (orphan,) = Spool(place / "spool").orphans()
            with orphan:
                orphan.repair()
                assert _pages(orphan) == [_page(0), _page(2), _page(3)]
                assert [note["url"] for note in orphan.notes()] == [_page(0)]
    assert moments > 15


def test_a_made_up_name_in_a_journal_harms_nothing(folder):
    """Lines prove themselves, so only nonsense of our own making could stand there; it is passed over all the same."""
    _left(folder, pages=2)
    with (folder.path / "run-1.journal").open("ab") as file:
        file.write(b"../../etc/passwd 0 9 1 00000000 00000000\nrun-1-00000.warc.gz 5 99999999999 1 00000000 1234\n\n\n")
    folder.repair()
    assert _pages(folder) == [_page(0), _page(1)]
