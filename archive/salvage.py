"""What is whole in a WARC file that a crash left, or that was damaged: its exchanges, also behind a hole.

The gzip members show what is whole; the journal says which of them were written in one go, so that an exchange that
lost a record is not taken for a whole one. Reading goes on behind damage, at whatever looks like a gzip member. A
server may have sent bytes that look like our records, though, so one that is found that way counts only if it names
its file's own warcinfo record, by an id that no server has seen.
"""

import mmap
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archive import journal
from archive.errors import ArchiveError
from archive.journal import Span
from archive.records import Record, record_at

_MAGIC = b"\x1f\x8b\x08"
_ID = re.compile(rb"<urn:uuid:[0-9a-f-]{36}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Records that stand or fall together, one behind the other: `id` is the first one's; in bytes of their file.

    `info` tells a warcinfo record, which is worth nothing alone.
    """

    id: str
    offset: int
    length: int
    records: int
    info: bool = False

    @property
    def end(self) -> int:
        """Where the next piece may begin."""
        return self.offset + self.length


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A whole record, and whether it stands directly behind the one found before."""

    record: Record
    follows: bool


def pieces(path: Path, *, spans: Sequence[Span]) -> list[Piece]:
    """Returns all that is whole in a file, in its order; `spans` is what the journal says of the file."""
    if path.stat().st_size == 0:
        return []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        told = {span.offset: span.records for span in spans}
        return list(_pieces(_records(data, spans=spans), told=told))


def _pieces(found: Iterator[_Found], *, told: Mapping[int, int]) -> Iterator[Piece]:
    """Puts records together; `told` is how many belong together at which offset, as far as is known."""
    together: list[Record] = []
    torn = False  # what comes next may be the rest of an exchange that lost its beginning
    for one in found:
        torn = torn or not one.follows
        if together and not (one.follows and _belongs(one.record, together)):
            if one.follows and not awaited(together):  # a write stands behind it, so this one is not torn
                yield _piece(together)
            else:
                torn = True
            together = []
        if not together and torn and not _begins(one.record):
            continue
        torn = False
        together.append(one.record)
        if len(together) >= told.get(together[0].offset, 1) and not awaited(together):
            yield _piece(together)
            together = []


def _belongs(record: Record, together: Sequence[Record]) -> bool:
    """Whether a record continues an exchange."""
    wanted = awaited(together)
    return record.field("WARC-Concurrent-To") == together[0].id and (not wanted or record.type == wanted[0])


def _begins(record: Record) -> bool:
    """Whether a record can stand at the beginning of a write: companions of others cannot."""
    companion = record.field("WARC-Concurrent-To") is not None
    return not (companion and record.type in {"request", "metadata"})


def awaited(together: Sequence[Record]) -> tuple[str, ...]:
    """Returns the types of the records that an exchange still lacks, in their order.

    A response wants its request; a revisit without a head, which stands for an answer 304, wants the head kept apart as
    well; a request that no answer came to wants the note that says why.
    """
    first = together[0]
    wanted: tuple[str, ...] = ()
    if first.type == "response" or (first.type == "revisit" and first.block):
        wanted = ("request",)
    elif first.type == "revisit":
        wanted = ("request", "metadata")
    elif first.type == "request":
        wanted = ("metadata",)
    return wanted[len(together) - 1 :]


def _piece(together: Sequence[Record]) -> Piece:
    first, last = together[0], together[-1]
    return Piece(
        id=first.id,
        offset=first.offset,
        length=last.offset + last.length - first.offset,
        records=len(together),
        info=first.type == "warcinfo",
    )


def _records(data: mmap.mmap, *, spans: Sequence[Span]) -> Iterator[_Found]:
    """Yields the whole records of a file, going on behind damage."""
    ours: set[str] = set()
    position, follows = 0, True
    while 0 <= position < len(data):
        if not follows and not ours:
            ours = _own_ids(data, spans=spans)
            if not ours:
                return
        record = _read(data, position, naming=() if follows else ours)
        if record is None:
            position, follows = data.find(_MAGIC, position + 1), False
            continue
        ours |= _named(record)
        yield _Found(record=record, follows=follows)
        position, follows = position + record.length, True


def _read(data: mmap.mmap, position: int, *, naming: Collection[str] = ()) -> Record | None:
    try:
        return record_at(data, position, naming=naming)
    except ArchiveError:
        return None


def _named(record: Record) -> set[str]:
    """Returns the warcinfo records that a record names, or is. One of a mended file lists those of the old files."""
    if record.type == "warcinfo":
        return {record.id, *(found.decode() for found in _ID.findall(record.block))}
    named = record.field("WARC-Warcinfo-ID")
    return {named} if named else set()


def _own_ids(data: mmap.mmap, *, spans: Sequence[Span]) -> set[str]:
    """Returns the warcinfo records of a file that lost its beginning, as its journalled writes name them.

    Without these it is the one that most of what looks like a record names.
    """
    for span in spans:
        if journal.checksum(data[span.offset : span.end]) == span.checksum:
            record = _read(data, span.offset)
            named = _named(record) if record is not None else set()
            if named:
                return named
    votes = Counter(name for record in _candidates(data) for name in _named(record))
    return {name for name, _ in votes.most_common(1)}


def _candidates(data: mmap.mmap) -> Iterator[Record]:
    position = data.find(_MAGIC)
    while position >= 0:
        record = _read(data, position)
        if record is not None:
            yield record
        position = data.find(_MAGIC, position + (record.length if record else 1))
