"""Originals read back: the records behind revisits, found by the file name and offset that a revisit names.

Whoever needs one reads it here: to derive a page, to answer for a 304 (`Originals`), or to verify (`archive.verify`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from isal import isal_zlib

from archive.errors import ArchiveError
from archive.keys import warc_key
from archive.records import Record, read_record

if TYPE_CHECKING:
    from archive.store import Store  # extracting processes import this module, and have no use for an S3 client

REVISIT: Final = "warc/revisit"  # what the index gives as the media type of a revisit
_FIRST_READ: Final = 1 << 16  # most records are smaller
_MOST_READ: Final = 1 << 22
_GZIP: Final = 31

Read = Callable[[int, int], bytes]  # (offset, length) -> bytes


class OriginalGone(ArchiveError):  # noqa: N818  # a state of the archive, as `Locked` is one of the spool
    """What a revisit refers to is not there, or is something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Where a revisit's original lies, its record id (with angle brackets), and the digest of its payload."""

    filename: str
    offset: int
    record_id: str
    digest: str


def reference_of(revisit: Record) -> Reference:
    """Reads where a revisit record of ours points; raises OriginalGone on one that does not say."""
    offset = revisit.field("WARC-Refers-To-File-Offset") or ""
    filename = revisit.field("WARC-Refers-To-Filename")
    if not filename or not (offset.isascii() and offset.isdigit()) or len(offset) > 15:
        raise OriginalGone(f"the revisit {revisit.id} does not say where its original lies")
    return Reference(
        filename=filename,
        offset=int(offset),
        record_id=revisit.field("WARC-Refers-To") or "",
        digest=revisit.digest or "",
    )


class Originals:
    """Reads the originals of one site from the store; keeps the sizes of the objects it has looked at."""

    def __init__(self, store: "Store", *, site: str) -> None:
        self._store = store
        self._site = site
        self._sizes: dict[str, int | None] = {}

    def member(self, wanted: Reference) -> bytes:
        """The gzip member of a committed original, proved to be it.

        Raises:
            OriginalGone: it is not there, or something else is.
            StoreError: the store failed.
        """
        try:
            key = warc_key(self._site, wanted.filename)
        except ArchiveError as error:
            raise OriginalGone(f"the original cannot be found: {error}") from error
        if key not in self._sizes:
            there = self._store.head(key)
            self._sizes[key] = there.size if there else None
        size = self._sizes[key]
        if size is None:
            raise OriginalGone(f"{key} is gone")
        return proved(lambda offset, length: self._store.get_range(key, offset, length), wanted=wanted, size=size)


def local_member(path: Path, *, wanted: Reference, end: int | None = None) -> bytes:
    """The same of an original in a local copy of its file, which is whole from there up to `end`, or its own end."""

    def read(offset: int, length: int) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)

    return proved(read, wanted=wanted, size=path.stat().st_size if end is None else end)


def proved(read: Read, *, wanted: Reference, size: int) -> bytes:
    """Reads a gzip member of unknown length from a file of `size` bytes; raises OriginalGone when it is another."""
    try:
        member = member_at(read, offset=wanted.offset, size=size)
        record = read_record(member)
    except ArchiveError as error:
        raise OriginalGone(f"what lies at {wanted.offset} of {wanted.filename} cannot be read: {error}") from error
    if record.type not in ("response", "resource") or (record.id, record.digest) != (wanted.record_id, wanted.digest):
        raise OriginalGone(f"at {wanted.offset} of {wanted.filename} lies {record.id}, not {wanted.record_id}")
    return member


def member_at(read: Read, *, offset: int, size: int) -> bytes:
    """Reads the gzip member that begins at an offset of a file of `size` bytes, and little beyond it.

    Raises:
        OriginalGone: no whole one does.
    """
    stream = isal_zlib.decompressobj(wbits=_GZIP)
    pieces: list[bytes] = []
    position, length = offset, _FIRST_READ
    while not stream.eof:
        length = min(length, size - position)
        if length <= 0:
            raise OriginalGone(f"nothing whole lies at {offset}")
        pieces.append(read(position, length))
        _inflate(stream, pieces[-1])
        position, length = position + length, min(2 * length, _MOST_READ)
    member = b"".join(pieces)
    return member[: len(member) - len(stream.unused_data)]


def _inflate(stream: isal_zlib.Decompress, piece: bytes) -> None:
    try:
        stream.decompress(piece)
    except isal_zlib.error as error:  # type: ignore[misc]  # the stub calls the class an instance
        raise OriginalGone(f"a gzip member is damaged: {error}") from error
