"""Making sure that what others wrote is on the disk."""

import ctypes
import os
from pathlib import Path

from archive.errors import ServiceError


def settle(folder: Path) -> None:
    """Returns when everything written so far to the folder's file system, by anyone, is on the disk (syncfs(2)).

    SeaweedFS hands what it acknowledges to the kernel at once, but does not wait for the disk: its own setting
    (`fs.configure -fsync`) waits for an object's bytes and not for its name, and costs more. So whoever is about to
    give up another copy calls this first. Raises ServiceError when the disk fails.
    """
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if syncfs(descriptor):
            raise ServiceError(f"the disk below {folder} fails ({os.strerror(ctypes.get_errno())}); check it")
    finally:
        os.close(descriptor)
