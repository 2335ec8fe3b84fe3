"""The spool: one locked folder an attempt on the local disk, from the first record to the commit; and its repair.

    <root>/<run>-<attempt>/
        attempt.json         the facts of the attempt, whole from the start
        outcomes.jsonl       one line an outcome, appended; a torn last line counts as not written
        *.warc.gz[.open]     see `archive.warc`
        <prefix>.cdxj        one line a capture

A folder belongs to whoever holds its lock (flock on the folder itself). The lock goes with the process, so the folders
that nobody holds are those of the dead: `orphans` hands them out, locked, and `repair` makes them whole. Names that
begin with a dot are folders being made or removed.

The lock is inherited by forked children and lives as long as one of them does: start workers by spawn or exec.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from archive import cdxj
from archive.errors import ArchiveError
from archive.files import AppendFile, sync_path, write_whole
from archive.points import reached
from archive.records import Record, iter_records
from archive.warc import OPEN, seal_file

FACTS: Final = "attempt.json"
OUTCOMES: Final = "outcomes.jsonl"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAKING = ".making-"
_REMOVING = ".removing-"


class Locked(ArchiveError):  # noqa: N818  # a state of the folder, not a fault
    """A spool folder is held by someone else, or is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What a repair did: the bytes it cut off, the whole records it kept in the files it mended, all WARC files."""

    cut_bytes: int
    records: int
    files: tuple[Path, ...]


class Folder:
    """One attempt's folder, locked for as long as this object is open; a context manager."""

    def __init__(self, path: Path, *, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._outcomes: AppendFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The folder's name: "<run>-<attempt>"."""
        return self.path.name

    @property
    def facts(self) -> Mapping[str, Any]:
        """What `begin` was told of the attempt."""
        try:
            return MappingProxyType(json.loads((self.path / FACTS).read_bytes()))
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{self.path / FACTS} cannot be read: {error}") from error

    def note(self, line: Mapping[str, Any]) -> None:
        """Appends one outcome."""
        if self._outcomes is None:
            self._outcomes = AppendFile(self.path / OUTCOMES)
            self._outcomes.cut(_whole_lines(self.path / OUTCOMES))
        self._outcomes.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        reached("outcome-noted")

    def notes(self) -> Iterator[dict[str, Any]]:
        """Yields the outcomes in the order of their noting; raises `ArchiveError` at a line that is damaged."""
        path = self.path / OUTCOMES
        if not path.exists():
            return
        with path.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    yield _parsed(line, path=path)

    def sync(self) -> None:
        """Returns when the outcomes noted so far would survive the loss of power."""
        if self._outcomes is not None:
            self._outcomes.sync()
            sync_path(self.path)

    def repair(self) -> Repair:
        """Makes the folder whole after a crash: torn tails go, whole records stay, files are sealed and indexed.

        Of each `.open` file everything behind the last whole exchange is cut off; a file without one is removed. The
        index is made anew from the records before the files lose their `.open`, so a repair that dies is done again.
        A folder without `.open` files is left as it is.
        """
        unfinished = sorted(self.path.glob(f"*.warc.gz{OPEN}"))
        whole = {path: _whole(path) for path in unfinished}
        cut = sum(_cut(path, size=extent.size) for path, extent in whole.items())
        self._cut_outcomes()
        reached("repair-cut")
        kept = [path for path in unfinished if path.exists()]
        if unfinished:
            self._index_anew([*self.path.glob("*.warc.gz"), *kept])
            reached("repair-indexed")
        for path in kept:
            seal_file(path)
        records = sum(extent.records for extent in whole.values())
        return Repair(cut_bytes=cut, records=records, files=tuple(sorted(self.path.glob("*.warc.gz"))))

    def remove(self) -> None:
        """Removes the folder and releases the lock; a crash on the way leaves a leftover that `orphans` clears."""
        trash = self.path.with_name(f"{_REMOVING}{self.path.name}")
        self.path.rename(trash)
        reached("folder-leaving")
        sync_path(trash.parent)
        self._close_outcomes()
        shutil.rmtree(trash)
        self.close()

    def close(self) -> None:
        """Releases the lock; closing twice does nothing."""
        self._close_outcomes()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _close_outcomes(self) -> None:
        if self._outcomes is not None:
            self._outcomes.close()
            self._outcomes = None

    def _cut_outcomes(self) -> None:
        path = self.path / OUTCOMES
        self._close_outcomes()
        if path.exists():
            with contextlib.closing(AppendFile(path)) as file:
                file.cut(_whole_lines(path))
                file.sync()

    def _index_anew(self, files: Iterable[Path]) -> None:
        """Writes the index of each prefix anew, over its finished and unfinished files in the order of serials."""
        by_prefix: dict[str, list[Path]] = {}
        for path in sorted(files, key=_final_name):
            by_prefix.setdefault(_final_name(path).rpartition("-")[0], []).append(path)
        for prefix, paths in by_prefix.items():
            write_whole(self.path / f"{prefix}.cdxj", b"".join(_index_lines(paths)))
        for stale in {path.stem for path in self.path.glob("*.cdxj")} - by_prefix.keys():
            (self.path / f"{stale}.cdxj").unlink()


class Spool:
    """The folder of all attempts of one machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, run: str, attempt: int, *, facts: Mapping[str, Any]) -> Folder:
        """Makes and locks the folder of a new attempt; its facts are on the disk before anyone can see it.

        Raises `ArchiveError` when the attempt has a folder already or `run` is no plain name.
        """
        name = f"{run}-{attempt}"
        if not _NAME.fullmatch(name):
            raise ArchiveError(f"{name!r} cannot name a spool folder; use letters, digits, dots and dashes")
        self.root.mkdir(parents=True, exist_ok=True)
        making, final = self.root / f"{_MAKING}{name}", self.root / name
        with self._changing():
            if final.exists():
                raise ArchiveError(f"{final} exists already; an attempt is begun once")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir(mode=0o700)
            descriptor = _lock(making)
            write_whole(making / FACTS, json.dumps(dict(facts), ensure_ascii=False, indent=1).encode())
            making.rename(final)
            sync_path(self.root)
        reached("folder-begun")
        return Folder(final, descriptor=descriptor)

    def open(self, name: str) -> Folder:
        """Locks a folder by its name; raises `Locked` when someone holds it or it is not there."""
        return Folder(self.root / name, descriptor=_lock(self.root / name))

    def orphans(self) -> Iterator[Folder]:
        """Yields the folders that nobody holds, locked for the caller, who closes or removes each."""
        self._clear_leftovers()
        for path in self._folders():
            with contextlib.suppress(Locked):
                yield Folder(path, descriptor=_lock(path))

    def names(self) -> tuple[str, ...]:
        """Returns the names of all attempts in the spool, held or not."""
        return tuple(path.name for path in self._folders())

    def size(self) -> int:
        """Returns how many bytes the folders of all attempts hold, those of the dead included; it reads no file."""
        return sum(_held(path) for path in self.root.iterdir()) if self.root.exists() else 0

    def room(self, *, most: int, least_free: int) -> str | None:
        """Returns why no new run may be begun, in one line for a person; None when there is room.

        `most` bounds the bytes that wait in the spool, `least_free` what has to stay free on its disk.
        """
        held, free = self.size(), self.free_bytes()
        if held > most:
            return f"{_told(held)} wait in the spool {self.root} to be shipped, more than the {_told(most)} allowed"
        if free < least_free:
            return f"only {_told(free)} are free on the disk of the spool {self.root}; {_told(least_free)} are wanted"
        return None

    def free_bytes(self) -> int:
        """Returns how many bytes this process may still write to the spool's disk."""
        place = next(path for path in (self.root.absolute(), *self.root.absolute().parents) if path.exists())
        disk = os.statvfs(place)
        return disk.f_bavail * disk.f_frsize

    def _folders(self) -> list[Path]:
        if not self.root.exists():
            return []
        return sorted(path for path in self.root.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())

    def _clear_leftovers(self) -> None:
        if not self.root.exists():
            return
        with self._changing():
            for path in [*self.root.glob(f"{_MAKING}*"), *self.root.glob(f"{_REMOVING}*")]:
                with contextlib.suppress(Locked):
                    descriptor = _lock(path)
                    shutil.rmtree(path)
                    os.close(descriptor)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Keeps others from making and clearing folders: one that is just made cannot be locked yet."""
        descriptor = os.open(self.root, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _lock(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise Locked(f"{path} is gone") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), path.stat()):
            raise Locked(f"{path} was replaced while it was locked")
    except (BlockingIOError, FileNotFoundError) as error:
        os.close(descriptor)
        raise Locked(f"{path} is held by another process") from error
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _held(folder: Path) -> int:
    """Returns the bytes of a folder's files; those that go while it looks do not count."""
    size = 0
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):
                size += entry.stat(follow_symlinks=False).st_size
    return size


def _told(size: float) -> str:
    """Returns a number of bytes as people say it."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _parsed(line: bytes, *, path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{path} holds a damaged line: {line[:200]!r}") from error


def _whole_lines(path: Path) -> int:
    """Returns the size of a file without its torn last line."""
    size = path.stat().st_size
    with path.open("rb") as file:
        end = size
        while end:
            begin = max(0, end - 4096)
            file.seek(begin)
            found = file.read(end - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            end = begin
    return 0


def _cut(path: Path, *, size: int) -> int:
    """Cuts an unfinished file to a size, or removes it when nothing is to stay; returns how many bytes went."""
    lost = path.stat().st_size - size
    if size == 0:
        path.unlink()
        sync_path(path.parent)
    elif lost:
        with contextlib.closing(AppendFile(path)) as file:
            file.cut(size)
            file.sync()
    return lost


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extent:
    """How much of a file is whole: bytes, and records in them."""

    size: int = 0
    records: int = 0


def _whole(path: Path) -> _Extent:
    """Returns how far whole exchanges and lone records reach; a warcinfo record alone is nothing."""
    whole = _Extent()
    companion = ""  # the id of the record whose companion has to follow
    with path.open("rb") as file, contextlib.suppress(ArchiveError):
        for number, record in enumerate(iter_records(file), start=1):
            companion = _awaited(record, companion=companion)
            if not companion and record.type != "warcinfo":
                whole = _Extent(size=record.offset + record.length, records=number)
    return whole


def _awaited(record: Record, *, companion: str) -> str:
    """Returns the id of the record that still wants its companion once this one has been read.

    A response wants its request; a request without a response wants the note that says why there is none.
    """
    is_companion = bool(companion) and record.field("WARC-Concurrent-To") == companion
    if is_companion and record.type in {"request", "metadata"}:
        return ""
    if record.type in {"response", "revisit", "request"}:
        return record.id
    return companion


def _final_name(path: Path) -> str:
    return path.name.removesuffix(OPEN)


def _index_lines(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            for capture in cdxj.index(iter_records(file), filename=_final_name(path)):
                yield f"{capture.line()}\n".encode()
