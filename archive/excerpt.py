"""A local copy of those records of a WARC file that are wanted, at the offsets where they lie: a file with holes.

What is far apart is asked for by ranges of its own, so that a record is read from the store by its offset, once, and
little that nobody wants with it.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from archive.cdxj import Capture
from archive.store import Store

_GAP: Final = 256 << 10  # bytes: to read on over so much costs less than another request
_MOST: Final = 8 << 20  # bytes a request

Span = tuple[int, int]
"""Where a stretch of a file begins, and where it ends."""


class Excerpt:
    """The wanted records of one WARC file; `holds` tells which others came with them."""

    def __init__(self, path: Path, *, spans: Iterable[Span]) -> None:
        self.path = path
        self._spans = tuple(spans)

    @classmethod
    def take(cls, store: Store, *, key: str, captures: Iterable[Capture], path: Path) -> "Excerpt":
        """Reads the records of these captures from the store; raises StoreError when it fails or has too few bytes."""
        spans = list(spans_of(captures))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            for start, end in spans:
                for offset in range(start, end, _MOST):
                    os.pwrite(descriptor, store.get_range(key, offset, min(_MOST, end - offset)), offset)
        finally:
            os.close(descriptor)
        return cls(path, spans=spans)

    @property
    def name(self) -> str:
        """The name of the WARC file."""
        return self.path.name

    def end_from(self, offset: int) -> int | None:
        """Where the stretch ends that is here from an offset on; None where nothing is."""
        return next((end for start, end in self._spans if start <= offset < end), None)


def spans_of(captures: Iterable[Capture]) -> Iterator[Span]:
    """Yields the stretches that hold these records, in their order; neighbours in one."""
    begun: Span | None = None
    for offset, length in sorted({(capture.offset, capture.length) for capture in captures}):
        if begun is None or offset > begun[1] + _GAP:
            if begun is not None:
                yield begun
            begun = (offset, offset + length)
        else:
            begun = (begun[0], max(begun[1], offset + length))
    if begun is not None:
        yield begun
