"""Objects read once: hashed and counted while they are parsed."""

import gzip
import hashlib
import io
import threading
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from archive.errors import ArchiveError
from archive.store import Store, Stored

_CHUNK = 1 << 20
_LONGEST_LINE = 64 << 20  # twice the largest page that is extracted


class Stopped(Exception):  # noqa: N818  # no error: somebody asked for it
    """The check was called off."""


class Hashed(io.RawIOBase):
    """An object on its way, which remembers what has passed."""

    def __init__(self, stream: BinaryIO, *, stop: threading.Event, passed: Callable[[int], None] | None = None) -> None:
        self._stream = stream
        self._stop = stop
        self._passed = passed
        self._digest = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        """A stream is."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Reads what comes next; raises `Stopped` when the check was called off."""
        if self._stop.is_set():
            raise Stopped
        view = memoryview(buffer)
        chunk = self._stream.read(len(view))
        self._digest.update(chunk)
        self.size += len(chunk)
        view[: len(chunk)] = chunk
        if self._passed is not None:
            self._passed(len(chunk))
        return len(chunk)

    def finish(self, key: str) -> Stored:
        """Reads to the end, and tells what the whole object is."""
        while self.read(_CHUNK):
            pass
        return Stored(key=key, size=self.size, sha256=self._digest.hexdigest())

    def close(self) -> None:
        """Gives the connection back."""
        self._stream.close()
        super().close()


def hashed(store: Store, key: str, *, stop: threading.Event, passed: Callable[[int], None] | None = None) -> Hashed:
    """Opens an object; close it. `passed` is called with the number of bytes of each read."""
    return Hashed(store.open(key), stop=stop, passed=passed)


def lines(stream: io.IOBase) -> Iterator[bytes]:
    """Yields the lines of a gzipped object, without their line feeds.

    Raises:
        ArchiveError: the gzip is cut or damaged, or a line has more than 64 MB; what came before has been yielded.
    """
    unpacked = gzip.GzipFile(fileobj=cast("BinaryIO", stream))
    try:
        while line := unpacked.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise ArchiveError(f"it has a line of more than {_LONGEST_LINE} bytes")
            yield line.removesuffix(b"\n")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ArchiveError(f"its gzip is damaged: {error}") from error
