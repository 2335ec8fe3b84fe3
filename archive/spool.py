"""The spool: one locked folder an attempt on the local disk, from the first record to the commit; and its repair.

    <root>/<run>-<attempt>/
        attempt.json         the facts of the attempt, whole from the start
        outcomes.jsonl       one line an outcome, see `archive.notes`
        *.warc.gz[.open]     see `archive.warc`
        <prefix>.cdxj        one line a capture
        <prefix>.journal     one line a write, see `archive.journal`

What is acknowledged when:

- `begin` returned: the folder, its name and its facts survive the loss of power.
- `WarcWriter.append` or `note` returned: what was written survives the death of the process (kill -9 at any moment).
- `WarcWriter.sync` and then `Folder.sync` returned: it survives the loss of power. The crawl calls them every five
  seconds, in this order: no note is on the disk for good before the record it speaks of.
- A WARC file is full: it survives the loss of power, with its name, before the next one is begun.
- `WarcWriter.seal` returned: so does everything. Bytes, index and journal are on the disk before the first file loses
  its `.open`, so a folder without `.open` files is whole.
- `remove` is called only when the commit stands and the ledger knows it. The folder changes its name first, so a crash
  leaves it whole or not at all.

What is not acknowledged may be there or not, in part, or as zeros; `repair` keeps what is whole of it. A note that
speaks of a record that is not there goes, so that its URL is asked again: a crash refetches, it never skips.

A folder belongs to whoever holds its lock (flock on the folder itself). The lock goes with the process, so the folders
that nobody holds are those of the dead: `orphans` hands them out, locked, and `repair` makes them whole. Names that
begin with a dot are folders being made or removed.

The lock is inherited by forked children and lives as long as one of them does: start workers by spawn or exec.
"""

import contextlib
import fcntl
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from archive import notes
from archive.errors import ArchiveError
from archive.files import AppendFile, make_folder, remove_folder, rename, sync_path, write_whole
from archive.points import reached
from archive.repair import OUTCOMES, Repair, repair

__all__ = ["FACTS", "OUTCOMES", "Folder", "Locked", "Repair", "Spool"]

logger = logging.getLogger(__name__)
FACTS: Final = "attempt.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MAKING = ".making-"
_REMOVING = ".removing-"


class Locked(ArchiveError):  # noqa: N818  # a state of the folder, not a fault
    """A spool folder is held by someone else, or is gone."""


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
        path = self.path / FACTS
        try:
            return MappingProxyType(dict(json.loads(path.read_bytes())))
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise ArchiveError(f"{path} cannot be read, so nobody knows whose folder this is: {error}") from error

    def note(self, line: Mapping[str, Any]) -> None:
        """Appends one outcome."""
        if self._outcomes is None:
            path = self.path / OUTCOMES
            self._outcomes = AppendFile(path)
            self._outcomes.cut(_whole_lines(path))
        self._outcomes.append(notes.dump(line))
        reached("outcome-noted")

    def notes(self) -> Iterator[dict[str, Any]]:
        """Yields the outcomes in the order of their noting; raises `ArchiveError` at a line that is damaged."""
        return notes.read(self.path / OUTCOMES)

    def sync(self) -> None:
        """Returns when the outcomes noted so far would survive the loss of power."""
        if self._outcomes is not None:
            self._outcomes.sync()
            sync_path(self.path)

    def repair(self) -> Repair:
        """Makes the folder whole after a crash; see `archive.repair`. A folder that is whole is left as it is."""
        self._close_outcomes()
        done = repair(self.path)
        if done.cut_bytes or done.moved or done.dropped_notes:
            logger.warning(
                "%s: %d bytes of torn or damaged records cut off, %d records saved from behind them, %d notes dropped",
                *(self.name, done.cut_bytes, done.moved, done.dropped_notes),
            )
        return done

    def remove(self) -> None:
        """Removes the folder and releases the lock; a crash on the way leaves a leftover that `orphans` clears."""
        trash = self.path.with_name(f"{_REMOVING}{self.path.name}")
        rename(self.path, to=trash)
        reached("folder-leaving")
        self._close_outcomes()
        remove_folder(trash)
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
        make_folder(self.root)
        making, final = self.root / f"{_MAKING}{name}", self.root / name
        with self._changing():
            if final.exists():
                raise ArchiveError(f"{final} exists already; an attempt is begun once")
            if making.exists():
                remove_folder(making)
            make_folder(making, mode=0o700)
            descriptor = _lock(making)
            write_whole(making / FACTS, json.dumps(dict(facts), ensure_ascii=False, indent=1).encode())
            rename(making, to=final)
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
                    try:
                        remove_folder(path)
                    finally:
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
