"""Files written so that a crash cannot hurt: the only place of the spool that changes a disk.

What a system call has taken survives the death of this process; what `sync` has returned for survives the loss of
power, and so do names once `sync_path` has returned for their folder. A failed write leaves no trace, and where even
taking it back fails, the file takes nothing more: behind a torn record every reader would lose what follows.
"""

# The system calls by their own names: a test puts a disk in their place that loses power.
# ruff: noqa: PTH102, PTH104, PTH106, PTH108

import contextlib
import errno
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from archive.points import reached

_DRAFT = ".draft"


class AppendFile:
    """A file opened for appending; a write that fails leaves no trace.

    Raises `OSError` as the system calls do (a full disk is `ENOSPC`), and `EIO` when an earlier failure left a state
    that must not be built upon.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        self.size = os.fstat(self._descriptor).st_size
        self._synced = False
        self._torn = False  # bytes stand behind `size` that could not be taken back
        self._uncertain = False  # an fsync failed: the kernel may have dropped what it should have written

    def append(self, data: bytes) -> int:
        """Writes all of the data behind the end; returns the offset at which it stands."""
        if self._torn or self._uncertain:
            self._mend()
        start = self.size
        rest = memoryview(data)
        self._synced = False
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except BaseException:
            self.take_back(start)
            raise
        self.size += len(data)
        return start

    def cut(self, size: int) -> None:
        """Cuts off everything behind `size` bytes."""
        self._synced = False
        os.ftruncate(self._descriptor, size)
        self.size = size
        self._torn = False

    def take_back(self, size: int) -> None:
        """Cuts off what a failed write left behind `size` bytes; where that fails too, the next append tries again."""
        try:
            self.cut(size)
        except OSError:
            self.size = size
            self._torn = True

    def sync(self) -> None:
        """Returns when the file's bytes are on the disk; costs nothing when they were."""
        if self._synced and not self._torn:
            return
        self._mend()
        reached("before-fsync")
        try:
            os.fsync(self._descriptor)
        except OSError:
            self._uncertain = True
            raise
        self._synced = True

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _mend(self) -> None:
        """Quirk: after a failed fsync, Linux reports success the next time, though bytes may be lost."""
        if self._uncertain:
            raise OSError(errno.EIO, "an fsync of it failed, nothing more is written to it", str(self.path))
        if self._torn:
            self.cut(self.size)


@contextlib.contextmanager
def all_or_none(*files: AppendFile) -> Iterator[None]:
    """Takes back what the block appended to the files when it fails."""
    sizes = [file.size for file in files]
    try:
        yield
    except BaseException:
        for file, size in zip(files, sizes, strict=True):
            file.take_back(size)
        raise


def sync_path(path: Path) -> None:
    """Returns when a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, *chunks: bytes, more: Iterable[bytes] = ()) -> None:
    """Puts a file in place whole: whoever looks finds the old bytes or the new ones, also after a loss of power.

    A crash on the way leaves a draft, see `remove_drafts`.
    """
    draft = path.with_name(f".{path.name}{_DRAFT}")
    try:
        with contextlib.closing(AppendFile(draft)) as file:
            file.cut(0)
            for chunk in (*chunks, *more):
                file.append(chunk)
            file.sync()
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(draft)  # on a full disk its room is needed
        raise
    reached("draft-written")
    rename(draft, to=path)


def remove_drafts(folder: Path) -> None:
    """Removes what crashes left half written in a folder that the caller holds: drafts and temporary files."""
    for draft in [*folder.glob(f".*{_DRAFT}"), *folder.glob("*.tmp")]:
        os.unlink(draft)


def rename(path: Path, *, to: Path) -> None:
    """Gives a file or folder another name beside its old one, which stands for good when this returns."""
    os.rename(path, to)
    reached("renamed")
    sync_path(to.parent)


def remove_file(path: Path) -> None:
    """Removes a file for good."""
    os.unlink(path)
    sync_path(path.parent)


def remove_folder(path: Path) -> None:
    """Removes a folder and what is in it."""
    with os.scandir(path) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                remove_folder(Path(entry.path))
            else:
                os.unlink(entry.path)
    os.rmdir(path)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """Makes a folder and the parents it lacks; their names are on the disk when this returns."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, mode)
    sync_path(path.parent)
