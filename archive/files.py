"""Files that are only appended to, and the few system calls that make writing safe against a crash."""

import contextlib
import os
from pathlib import Path

from archive.points import reached


class AppendFile:
    """A file opened for appending; a write that fails leaves no trace.

    Writes go straight to the kernel: what `append` has taken survives the death of this process, and after `sync` the
    loss of power. Raises `OSError` as the system calls do (a full disk is `ENOSPC`).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        self.size = os.fstat(self._descriptor).st_size

    def append(self, data: bytes) -> int:
        """Writes all of the data behind the end; returns the offset at which it stands."""
        start = self.size
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except BaseException:
            self.cut(start)
            raise
        self.size += len(data)
        return start

    def cut(self, size: int) -> None:
        """Takes back everything behind `size` bytes."""
        os.ftruncate(self._descriptor, size)
        self.size = size

    def sync(self) -> None:
        """Returns when the file's bytes are on the disk."""
        reached("before-fsync")
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Closes the file; closing twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def sync_path(path: Path) -> None:
    """Returns when a file's bytes, or a folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Puts a file in place whole: whoever looks finds the old bytes or the new ones, also after a loss of power."""
    draft = path.with_name(f".{path.name}.draft")
    with contextlib.closing(AppendFile(draft)) as file:
        file.cut(0)
        file.append(data)
        file.sync()
    draft.replace(path)
    sync_path(path.parent)
