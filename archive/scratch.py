"""A folder of one process's own for files that may vanish; what the dead left is cleared by whoever comes next."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def own_folder(root: Path) -> Iterator[Path]:
    """Yields a fresh folder below `root`, locked as long as this process lives, and removes it at the end.

    Raises:
        OSError: the disk is full, or the folder is not ours to write to.
    """
    with _changing(root):
        _clear(root)
        folder = Path(tempfile.mkdtemp(dir=root))
        lock = _locked(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _clear(root: Path) -> None:
    for path in root.iterdir():
        if not path.is_dir():
            path.unlink(missing_ok=True)
        elif (lock := _locked(path)) is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock; None while someone else does, or where it has just been removed."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextlib.contextmanager
def _changing(root: Path) -> Iterator[None]:
    """Keeps others from clearing a folder that is made and not locked yet."""
    descriptor = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
