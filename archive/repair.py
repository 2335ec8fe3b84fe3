"""A spool folder made whole after a crash, a loss of power or damage; see `archive.spool` for what a folder holds.

1. Look: a folder whose files are all sealed and covered by its journal is left as it is.
2. Read what is whole in each WARC file (`archive.salvage`) and decide what stays and what moves.
3. Move what is whole behind damage into a fresh file: every reader would lose it where it stands.
4. Cut each file behind its last whole write; a file that holds none goes.
5. Make the index anew, keep the notes that what is left supports, write the journal for what is there now.
6. Seal.

Each step leaves a folder from which the same repair begins again, so a repair may die at any point: what was moved is
found in its new file and not moved twice, and only the last step takes the marks away by which the folder is known to
need one.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from archive import cdxj, journal, members, notes
from archive.errors import ArchiveError
from archive.files import AppendFile, remove_drafts, remove_file, sync_path, write_whole
from archive.journal import Span
from archive.points import reached
from archive.records import iter_records
from archive.salvage import Piece, pieces
from archive.warc import OPEN, seal_file, warc_name

OUTCOMES: Final = "outcomes.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a repair did: `files` are all WARC files now, the numbers tell of those it had to mend.

    `cut_bytes` were torn or damaged and are gone; `records` were kept, of which `moved` stood behind damage;
    `dropped_notes` spoke of what is not there or stood behind a damaged one.
    """

    cut_bytes: int = 0
    records: int = 0
    moved: int = 0
    dropped_notes: int = 0
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of a file: its beginning stays, `moved` goes into a fresh one."""

    stays: tuple[Piece, ...]
    moved: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """How many bytes stay."""
        return self.stays[-1].end if self.stays else 0

    @property
    def records(self) -> int:
        """How many records are kept, here or there."""
        return sum(piece.records for piece in (*self.stays, *self.moved))


def repair(folder: Path) -> Repair:
    """Makes the folder whole whose lock the caller holds; nothing that is whole in it is lost."""
    remove_drafts(folder)
    if _is_sound(folder):
        return Repair(files=tuple(_files(folder)), dropped_notes=_mend_notes(folder / OUTCOMES, held=None))
    plans = plan({path: pieces(path, spans=_spans(path)) for path in _files(folder)})
    mended = {path: it for path, it in plans.items() if not _is_whole(path, size=it.size)}
    before = sum(path.stat().st_size for path in mended)
    for path, it in mended.items():
        _move(path, it.moved)
    reached("repair-moved")
    for path, it in mended.items():
        _cut(path, size=it.size)
    reached("repair-cut")
    dropped = _write_anew(folder)
    reached("repair-indexed")
    for path in _files(folder):
        if path.name.endswith(OPEN):
            seal_file(path)
    kept = sum(piece.length for it in mended.values() for piece in (*it.stays, *it.moved))
    return Repair(
        cut_bytes=before - kept,
        records=sum(it.records for it in mended.values()),
        moved=sum(piece.records for it in mended.values() for piece in it.moved),
        dropped_notes=dropped,
        files=tuple(_files(folder)),
    )


def plan(found: Mapping[Path, Sequence[Piece]]) -> dict[Path, Plan]:
    """Decides what stays and what moves, by what is whole in each file.

    A warcinfo record at the beginning and what stands in a row behind it stay, unless that is nothing. What is whole
    elsewhere moves, unless an earlier repair moved it.
    """
    rows = {path: tuple(_row(pieces)) for path, pieces in found.items()}
    stays = {path: row if _is_file(row) else () for path, row in rows.items()}
    known = {piece.id for row in stays.values() for piece in row}
    plans = {}
    for path, row in stays.items():
        moved = []
        for piece in found[path]:
            if not piece.info and piece.id not in known:
                known.add(piece.id)
                moved.append(piece)
        plans[path] = Plan(stays=row, moved=tuple(moved))
    return plans


def _row(pieces: Iterable[Piece]) -> Iterator[Piece]:
    end = 0
    for piece in pieces:
        if piece.offset != end:
            return
        yield piece
        end = piece.end


def _is_file(row: Sequence[Piece]) -> bool:
    return bool(row) and row[0].info and not all(piece.info for piece in row)


def _is_sound(folder: Path) -> bool:
    """Tells whether all WARC files are sealed, and they and their index are what the journal says.

    A folder without any is not: its notes may speak of files that were lost.
    """
    files = _files(folder)
    if not files or any(path.name.endswith(OPEN) for path in files):
        return False
    spans = [span for path in folder.glob(f"*{journal.SUFFIX}") for span in journal.read(path)]
    return journal.covers(spans, files=[*files, *folder.glob("*.cdxj")])


def _is_whole(path: Path, *, size: int) -> bool:
    """Tells whether a file is sealed and all of it is to stay; one without a byte is not."""
    return not path.name.endswith(OPEN) and 0 < size == path.stat().st_size


def _spans(path: Path) -> list[Span]:
    """What the journal says of a WARC file."""
    name, spans = _final_name(path), journal.read(path.with_name(f"{_prefix(path)}{journal.SUFFIX}"))
    return [span for span in spans if span.name == name]


def _move(path: Path, moved: Sequence[Piece]) -> None:
    """Copies what is whole behind damage into a fresh file, under a warcinfo record that says so."""
    if not moved:
        return
    prefix = _prefix(path)
    name = warc_name(prefix, 1 + max(_serial(other) for other in _files(path.parent, prefix=prefix)))
    with path.open("rb") as file:
        records = (_bytes(file, piece) for piece in moved)
        write_whole(path.with_name(f"{name}{OPEN}"), _warcinfo(path, moved, name=name), more=records)


def _warcinfo(path: Path, moved: Sequence[Piece], *, name: str) -> bytes:
    """Returns the record that begins a fresh file: what the old file's says, and which records of that kind it lost."""
    with path.open("rb") as file:
        records = [next(iter_records(BytesIO(_bytes(file, piece)))) for piece in moved]
        info = _info(file)
    ids = " ".join(sorted({record.field("WARC-Warcinfo-ID") or "" for record in records}))
    info["description"] = f"what stood behind damage in {_final_name(path)}, under the warcinfo record {ids}"
    draft = members.warcinfo(info, record_id=members.new_id(), filename=name, date=records[0].date)
    return members.member(draft)


def _info(file: BinaryIO) -> dict[str, str]:
    """Returns what the warcinfo record of a file says; nothing when that is lost."""
    file.seek(0)
    try:
        block = next(iter_records(file)).block.decode()
    except (ArchiveError, StopIteration, UnicodeDecodeError):
        return {}
    return {name: value for name, colon, value in (line.partition(": ") for line in block.splitlines()) if colon}


def _bytes(file: BinaryIO, piece: Piece) -> bytes:
    file.seek(piece.offset)
    return file.read(piece.length)


def _cut(path: Path, *, size: int) -> None:
    """Cuts a file to a size, or removes it when nothing is to stay."""
    if size == 0:
        remove_file(path)
    elif size < path.stat().st_size:
        with contextlib.closing(AppendFile(path)) as file:
            file.cut(size)
            file.sync()


def _write_anew(folder: Path) -> int:
    """Writes index, notes and journal for the WARC files that are there now; returns how many notes were dropped."""
    urls: set[str] = set()
    prefixes = sorted({_prefix(path) for path in _files(folder)})
    for stale in [*folder.glob("*.cdxj"), *folder.glob(f"*{journal.SUFFIX}")]:
        if stale.stem not in prefixes:
            remove_file(stale)
    for prefix in prefixes:
        captures = [capture for path in _files(folder, prefix=prefix) for capture in _captures(path)]
        urls.update(capture.url for capture in captures)
        _put(folder / f"{prefix}.cdxj", b"".join(f"{capture.line()}\n".encode() for capture in captures))
    dropped = _mend_notes(folder / OUTCOMES, held=notes.Held(urls))
    for prefix in prefixes:
        paths = [*_files(folder, prefix=prefix), folder / f"{prefix}.cdxj"]
        lines = [journal.span_of(path, name=_final_name(path)).line() for path in paths]
        with contextlib.suppress(OSError):  # on a full disk it goes without: then the next look reads the files
            _put(folder / f"{prefix}{journal.SUFFIX}", b"".join(lines))
    return dropped


def _captures(path: Path) -> list[cdxj.Capture]:
    with path.open("rb") as file:
        return list(cdxj.index(iter_records(file), filename=_final_name(path)))


def _mend_notes(path: Path, *, held: notes.Held | None) -> int:
    """Keeps the notes before the first damaged one that are supported, and the end only if all are; returns the rest.

    `held` is None where every record that was written is there.
    """
    if not path.exists():
        return 0
    data = path.read_bytes()
    lines = list(notes.whole(data))
    kept = [(line, note) for line, note in lines if held is None or held.supports(note)]
    if len(kept) < len(lines):
        kept = [(line, note) for line, note in kept if note.get("note") != "end"]
    _put(path, b"".join(line for line, _ in kept))
    return data.count(b"\n") - len(kept)


def _put(path: Path, data: bytes) -> None:
    """Writes a file unless it says the same already."""
    if path.exists() and path.read_bytes() == data:
        sync_path(path)
    else:
        write_whole(path, data)


def _files(folder: Path, *, prefix: str = "") -> list[Path]:
    """Returns the WARC files of a folder, or those of one prefix, by their serials."""
    found = [*folder.glob("*.warc.gz"), *folder.glob(f"*.warc.gz{OPEN}")]
    return sorted((path for path in found if prefix in ("", _prefix(path))), key=_final_name)


def _final_name(path: Path) -> str:
    return path.name.removesuffix(OPEN)


def _prefix(path: Path) -> str:
    return _final_name(path).rpartition("-")[0]


def _serial(path: Path) -> int:
    return int(_final_name(path).removeprefix(f"{_prefix(path)}-").removesuffix(".warc.gz"))
