"""The journal of an attempt's files: which bytes were written in one go, a line a write, beside the WARC files.

    run-1-00000.warc.gz 0 512 1 9f3a2b1c 5d1c2d3e
    │                   │ │   │ │        └ CRC-32 of the line before it
    │                   │ │   │ └ CRC-32 of the bytes
    │                   │ │   └ records in them, 0 where the line speaks of several writes
    │                   │ └ how many bytes
    └ the file's final  └ where they begin

A line is written before its bytes, so it is an intention: the bytes' own checksum tells whether it was carried out.
Each line proves itself; one that is torn, zeroed or altered is passed over, and the others still count. When the files
are sealed a last line covers the index: now all bytes of all files are covered, and `covers` finds a folder sound
without unpacking anything.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from isal import isal_zlib

SUFFIX: Final = ".journal"
_LINE = re.compile(rb"(([\x21-\x7e]+) (\d{1,15}) (\d{1,15}) (\d{1,9}) ([0-9a-f]{8})) ([0-9a-f]{8})")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The bytes of one write: `offset` and `length` in the file whose final name is `name`, and their CRC-32."""

    name: str
    offset: int
    length: int
    records: int
    checksum: int

    @property
    def end(self) -> int:
        """Where the next write begins."""
        return self.offset + self.length

    def line(self) -> bytes:
        """Returns the journal's line, with its line feed."""
        told = f"{self.name} {self.offset} {self.length} {self.records} {self.checksum:08x}".encode()
        return b"%b %08x\n" % (told, checksum(told))

    @classmethod
    def parse(cls, line: bytes) -> Self | None:
        """Reads a line without its line feed; None when it does not prove itself."""
        found = _LINE.fullmatch(line)
        if found is None or checksum(found[1]) != int(found[7], 16):
            return None
        offset, length, records = (int(found[group]) for group in (3, 4, 5))
        return cls(name=found[2].decode(), offset=offset, length=length, records=records, checksum=int(found[6], 16))


def checksum(data: bytes, start: int = 0) -> int:
    """Returns the CRC-32 of bytes that stand behind others of which `start` is the CRC-32."""
    return isal_zlib.crc32(data, start)


def span_of(path: Path, *, name: str) -> Span:
    """Returns the span of a whole file."""
    length = crc = 0
    for chunk in _chunks(path, offset=0, length=path.stat().st_size):
        length, crc = length + len(chunk), checksum(chunk, crc)
    return Span(name=name, offset=0, length=length, records=0, checksum=crc)


def read(path: Path) -> list[Span]:
    """Returns what the whole lines of a journal say, in their order; none when there is no journal."""
    if not path.exists():
        return []
    spans = (Span.parse(line) for line in path.read_bytes().split(b"\n"))
    return [span for span in spans if span is not None]


def covers(spans: Iterable[Span], *, files: Iterable[Path]) -> bool:
    """Tells whether the spans are all carried out and cover every byte of exactly these files."""
    by_name: dict[str, list[Span]] = {}
    for span in spans:
        by_name.setdefault(span.name, []).append(span)
    paths = {path.name: path for path in files}
    return paths.keys() == by_name.keys() and all(_covered(path, spans=by_name[name]) for name, path in paths.items())


def _covered(path: Path, *, spans: Iterable[Span]) -> bool:
    end = 0
    for span in spans:
        if span.offset != end or not is_carried_out(span, path=path):
            return False
        end = span.end
    return end == path.stat().st_size


def is_carried_out(span: Span, *, path: Path) -> bool:
    """Tells whether a file holds the bytes of a span."""
    crc = length = 0
    for chunk in _chunks(path, offset=span.offset, length=span.length):
        crc, length = checksum(chunk, crc), length + len(chunk)
    return (crc, length) == (span.checksum, span.length)


def _chunks(path: Path, *, offset: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while chunk := file.read(min(length, _CHUNK)):
            length -= len(chunk)
            yield chunk
