"""The spool: locks, journals, and repair of what a kill left at any byte."""

import gzip
import io
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import cdxj
from archive.errors import ArchiveError
from archive.spool import Folder, Locked, Spool
from archive.warc import OPEN, WarcWriter, iter_records
from tests.archive.exchanges import exchange, records
from tests.machine import wait_until

STARTED = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def spool(tmp_path) -> Spool:
    return Spool(tmp_path / "spool")


def _crawl(folder: Folder, *, urls: int = 3, max_size: int = 10**9) -> WarcWriter:
    writer = WarcWriter(folder.path, prefix=folder.name, info={}, max_size=max_size)
    for number in range(urls):
        writer.append(exchange(f"http://news.example/{number}"))
    return writer


def _index_is_right(folder: Path) -> None:
    """Every line of the index finds its record, and every capture has its line."""
    lines = [line for path in sorted(folder.glob("*.cdxj")) for line in path.read_text().splitlines()]
    anew = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            anew += [capture.line() for capture in cdxj.index(iter_records(file), filename=path.name)]
    assert lines == anew


def test_an_attempt_has_its_folder_and_its_facts(spool):
    with spool.begin("20240506-x", 2, facts={"site": "grün", "tick": "2024"}) as folder:
        assert (folder.name, folder.path) == ("20240506-x-2", spool.root / "20240506-x-2")
        assert dict(folder.facts) == {"site": "grün", "tick": "2024"}
        assert spool.names() == ("20240506-x-2",)
    with spool.open("20240506-x-2") as again:
        assert dict(again.facts) == {"site": "grün", "tick": "2024"}


@pytest.mark.parametrize("run", ["", "../x", "a/b", ".hidden", "a b", "x\n"])
def test_a_run_that_is_no_plain_name_gets_no_folder(spool, run):
    with pytest.raises(ArchiveError, match="cannot name"):
        spool.begin(run, 1, facts={})


def test_an_attempt_is_begun_once(spool):
    spool.begin("run", 1, facts={}).close()
    with pytest.raises(ArchiveError, match="exists already"):
        spool.begin("run", 1, facts={})


def test_a_held_folder_is_touched_by_nobody_else(spool):
    with spool.begin("run", 1, facts={}):
        assert list(spool.orphans()) == []
        with pytest.raises(Locked, match="held"):
            spool.open("run-1")
    assert [folder.name for folder in spool.orphans()] == ["run-1"]


def test_a_folder_that_is_gone_cannot_be_opened(spool):
    with pytest.raises(Locked, match="gone"):
        spool.open("run-1")


def test_a_lock_ends_with_its_process(spool):
    script = (
        "import sys, time; from pathlib import Path; from archive.spool import Spool\n"
        "folder = Spool(Path(sys.argv[1])).begin('run', 1, facts={}); print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", script, spool.root], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    assert list(spool.orphans()) == []
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    assert [folder.name for folder in spool.orphans()] == ["run-1"]


def test_outcomes_are_read_back_in_order(spool):
    with spool.begin("run", 1, facts={}) as folder:
        assert list(folder.notes()) == []
        folder.note({"url": "http://a/\n", "outcome": "captured"})
        folder.note({"url": "http://b/ü", "outcome": "failed"})
        folder.sync()
        assert list(folder.notes()) == [
            {"url": "http://a/\n", "outcome": "captured"},
            {"url": "http://b/ü", "outcome": "failed"},
        ]


def test_a_torn_outcome_is_dropped_and_never_spoils_the_next(spool):
    with spool.begin("run", 1, facts={}) as folder:
        folder.note({"n": 1})
    path = folder.path / "outcomes.jsonl"
    path.write_bytes(path.read_bytes() + b'{"n":' + b"9" * 9000)
    with spool.open("run-1") as folder:
        assert list(folder.notes()) == [{"n": 1}]
        folder.note({"n": 2})
        assert list(folder.notes()) == [{"n": 1}, {"n": 2}]


def test_a_damaged_outcome_is_told(spool):
    with spool.begin("run", 1, facts={}) as folder:
        (folder.path / "outcomes.jsonl").write_text('{"n":1}\nnonsense\n{"n":2}\n')
        with pytest.raises(ArchiveError, match="damaged line"):
            list(folder.notes())


def test_a_sealed_folder_needs_no_repair(spool):
    with spool.begin("run", 1, facts={}) as folder:
        files = _crawl(folder).seal()
        before = {path: path.read_bytes() for path in folder.path.iterdir()}
        repair = folder.repair()
        assert (repair.cut_bytes, repair.records, repair.files) == (0, 0, files)
        assert {path: path.read_bytes() for path in folder.path.iterdir()} == before


def test_an_empty_folder_is_whole(spool):
    with spool.begin("run", 1, facts={}) as folder:
        assert folder.repair().files == ()


def test_a_folder_left_in_the_middle_is_sealed_whole(spool):
    spool.begin("run", 1, facts={}).close()
    with spool.open("run-1") as folder:
        writer = _crawl(folder)
        index = writer.index.read_bytes()
    (orphan,) = spool.orphans()
    repair = orphan.repair()
    assert (repair.cut_bytes, repair.records) == (0, 7)
    assert [path.name for path in repair.files] == ["run-1-00000.warc.gz"]
    assert writer.index.read_bytes() == index
    assert orphan.repair().files == repair.files


@pytest.mark.parametrize("journalled", [True, False])
def test_a_kill_at_any_byte_leaves_whole_exchanges(spool, monkeypatch, journalled):
    """A file is cut all over its last three members: a note why no answer came, a response, its request."""
    monkeypatch.setattr(os, "fsync", os.fstat)  # thousands of repairs; none of them loses power
    with spool.begin("run", 1, facts={}) as folder:
        writer = _crawl(folder, urls=1)
        writer.append_resource("urn:x", content_type="text/plain", payload=b"x", date=STARTED)
        writer.append(exchange("http://news.example/nothing", head=b"", body=b"", truncated="time"))
        writer.append(exchange("http://news.example/last"))
        (torn,) = folder.path.glob(f"*{OPEN}")
        data, index = torn.read_bytes(), writer.index.read_bytes()
        journal = (folder.path / "run-1.journal").read_bytes()
    made = list(iter_records(io.BytesIO(data)))
    types = ["warcinfo", "response", "request", "resource", "request", "metadata", "response", "request"]
    assert [record.type for record in made] == types
    whole = {made[number].offset: number for number in (4, 6)} | {len(data): 8}
    borders = [*(record.offset for record in made[5:]), len(data)]
    for cut in range(made[5].offset, len(data) + 1):
        if cut % 31 and min(abs(cut - border) for border in borders) > 9:
            continue
        for old in folder.path.glob("run-1*"):
            old.unlink()
        torn.write_bytes(data[:cut])
        writer.index.write_bytes(index[: len(index) * cut // len(data)])
        (folder.path / "run-1.journal").write_bytes(journal if journalled else b"")
        with spool.open("run-1") as torn_folder:
            repair, again = torn_folder.repair(), torn_folder.repair()
        kept = max(end for end in whole if end <= cut)
        assert (repair.cut_bytes, repair.records) == (cut - kept, whole[kept])
        assert (again.cut_bytes, again.records, again.files) == (0, 0, repair.files)
        left = {path.name for path in folder.path.iterdir()}
        assert left == {"attempt.json", "run-1-00000.warc.gz", "run-1.cdxj", "run-1.journal"}
        assert repair.files[0].read_bytes() == data[:kept]
        assert gzip.decompress(data[:kept])
        _index_is_right(folder.path)


@pytest.mark.parametrize("whole", [0, 1, 2])
def test_a_file_cut_before_its_first_whole_exchange_goes(spool, whole):
    with spool.begin("run", 1, facts={}) as folder:
        _crawl(folder, urls=1)
        (path,) = folder.path.glob(f"*{OPEN}")
        os.truncate(path, records(path)[whole].offset + (whole > 0))
        assert folder.repair().files == ()
        assert [path.name for path in folder.path.iterdir()] == ["attempt.json"]


def test_gzip_finds_a_repaired_file_sound(spool):
    with spool.begin("run", 1, facts={}) as folder:
        _crawl(folder, urls=5)
        (path,) = folder.path.glob(f"*{OPEN}")
        os.truncate(path, path.stat().st_size - 3)
        (repaired,) = folder.repair().files
    assert subprocess.run(["gzip", "-t", repaired], check=False).returncode == 0
    assert len(records(repaired)) == 9


def test_garbage_behind_the_last_exchange_goes(spool):
    with spool.begin("run", 1, facts={}) as folder:
        _crawl(folder)
        (path,) = folder.path.glob(f"*{OPEN}")
        size = path.stat().st_size
        path.write_bytes(path.read_bytes() + bytes(5000))
        assert folder.repair().cut_bytes == 5000
        assert (folder.path / "run-1-00000.warc.gz").stat().st_size == size
        _index_is_right(folder.path)


def test_rolled_files_are_all_sealed_and_indexed_in_their_order(spool):
    with spool.begin("run", 1, facts={}) as folder:
        _crawl(folder, urls=40, max_size=20_000)
        unsealed = sorted(folder.path.glob(f"*{OPEN}"))
        assert len(unsealed) > 2
        unsealed[0].rename(unsealed[0].with_suffix(""))  # a seal that was killed between two files
        with unsealed[-1].open("ab") as file:
            file.write(b"\x1f\x8b")
        repair = folder.repair()
        assert repair.cut_bytes == 2
        assert [path.name for path in repair.files] == [path.stem for path in unsealed]
        lines = (folder.path / "run-1.cdxj").read_text().splitlines()
        assert [json.loads(line.split(" ", 2)[2])["url"] for line in lines] == [
            f"http://news.example/{number}" for number in range(40)
        ]
        _index_is_right(folder.path)


def test_a_removed_folder_is_gone(spool):
    folder = spool.begin("run", 1, facts={})
    _crawl(folder).seal()
    folder.note({"n": 1})
    folder.remove()
    assert list(spool.root.iterdir()) == []
    spool.begin("run", 1, facts={}).close()


def test_what_a_crash_left_of_making_and_removing_is_cleared(spool):
    spool.begin("run", 1, facts={}).close()
    (spool.root / ".making-run-2").mkdir()
    (spool.root / ".removing-run-3").mkdir()
    (spool.root / ".removing-run-3" / "x").write_text("x")
    assert [folder.name for folder in spool.orphans()] == ["run-1"]
    assert sorted(path.name for path in spool.root.iterdir()) == ["run-1"]


def test_what_is_being_removed_by_someone_is_left_to_them(spool):
    folder = spool.begin("run", 1, facts={})
    folder.path.rename(spool.root / ".removing-run-1")
    assert list(spool.orphans()) == []
    assert (spool.root / ".removing-run-1").exists()


def test_free_bytes_are_those_of_the_disk(spool, tmp_path):
    assert 0 < spool.free_bytes() <= shutil.disk_usage(tmp_path).free


def test_the_size_of_a_spool_is_that_of_all_its_files(spool):
    """Folders that are held, left behind or being removed count alike: they lie on the disk."""
    assert spool.size() == 0
    with spool.begin("run", 1, facts={}) as folder:
        _crawl(folder)
        spool.begin("run", 2, facts={}).close()
        (spool.root / ".removing-run-3").mkdir()
        (spool.root / ".removing-run-3" / "x").write_bytes(bytes(1000))
        (spool.root / "stray").write_text("no folder")
        sizes = [path.stat().st_size for path in spool.root.glob("*/*")]
        assert spool.size() == sum(sizes) > 3000


def test_there_is_room_until_too_much_waits(spool):
    with spool.begin("run", 1, facts={}) as folder:
        (folder.path / "run-1-00000.warc.gz").write_bytes(bytes(2_500_000))
        held = spool.size()
        assert spool.room(most=held, least_free=0) is None
        assert spool.room(most=held - 1, least_free=0) == (
            f"2.5 MB wait in the spool {spool.root} to be shipped, more than the 2.5 MB allowed"
        )


def test_there_is_room_until_the_disk_is_nearly_full(spool):
    assert spool.room(most=10**9, least_free=0) is None
    told = spool.room(most=10**9, least_free=10**18)
    assert told.startswith("only ")
    assert told.endswith(f"are free on the disk of the spool {spool.root}; 1000000000.0 GB are wanted")


def _write_for_ever(root: str) -> None:
    folder = Spool(Path(root)).begin("run", 1, facts={})
    writer = WarcWriter(folder.path, prefix="run-1", info={}, max_size=200_000)
    for number in range(10**6):
        writer.append(exchange(f"http://news.example/{number}", body=os.urandom(3000)))
        folder.note({"n": number})


@pytest.mark.parametrize("seed", range(2))
def test_kill_nine_loses_nothing_that_was_acknowledged(spool, seed):
    """An outcome is noted after its exchange is appended: every outcome has its capture after the repair."""
    writing = multiprocessing.get_context("spawn").Process(target=_write_for_ever, args=(str(spool.root),))
    writing.start()
    outcomes = spool.root / "run-1" / "outcomes.jsonl"
    wait_until(lambda: outcomes.exists() and outcomes.stat().st_size > 300 + 3777 * seed)
    writing.kill()
    writing.join()
    (folder,) = spool.orphans()
    folder.repair()
    noted = {line["n"] for line in folder.notes()}
    lines = (folder.path / "run-1.cdxj").read_text().splitlines()
    captured = {int(json.loads(line.split(" ", 2)[2])["url"].rpartition("/")[2]) for line in lines}
    assert noted
    assert noted <= captured
    assert len(captured - noted) <= 1
    _index_is_right(folder.path)
