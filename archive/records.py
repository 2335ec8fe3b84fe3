"""WARC records read back: one gzip member by its bytes, or a whole file member by member.

Every record is a gzip member of its own, so an index line's offset and length are enough to read it. Damage is never
passed over in silence: a member that is cut, altered or longer than its record says raises `ArchiveError`. So does one
that unpacks to more than `LARGEST` bytes, or to something that does not begin as a record does: what claims to be ours
may be anything.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from mmap import mmap
from typing import BinaryIO, Final, cast

from isal import isal_zlib

from archive import contentcoding, http1
from archive.contentcoding import Bounds, Content
from archive.errors import ArchiveError

LARGEST: Final = 256 << 20
"""Bytes of a record with its WARC head: the writer takes no more. The largest response comes to half of it."""

_READ = 1 << 18
_STEP = 1 << 14  # most records are shorter
_VERSIONS = frozenset({b"WARC/1.1", b"WARC/1.0"})
_BEGIN = b"WARC/1."
_END = b"\r\n\r\n"
_PROBE = 1 << 16  # bytes at the beginning of a record in which its WARC head names the warcinfo record
_HTTP_TYPES = frozenset({"response", "request", "revisit"})
_DAMAGE = cast("type[Exception]", isal_zlib.error)  # the stub calls the class an instance


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One WARC record, in memory.

    `headers` are the WARC fields in order; `block` is everything behind their blank line. `offset` and `length` are
    the gzip member's place in its file, in bytes; a record read alone begins at 0.
    """

    headers: tuple[tuple[str, str], ...]
    block: bytes
    offset: int = 0
    length: int = 0

    def field(self, name: str) -> str | None:
        """Returns the first value of a WARC field, its name in any case."""
        wanted = name.lower()
        return next((value for field, value in self.headers if field.lower() == wanted), None)

    @property
    def type(self) -> str:
        """The record's type: response, request, resource, metadata, revisit, warcinfo."""
        return self.field("WARC-Type") or ""

    @property
    def id(self) -> str:
        """The record's id with its angle brackets, as WARC writes it."""
        return self.field("WARC-Record-ID") or ""

    @property
    def uri(self) -> str:
        """What the record is about; empty for a warcinfo record."""
        return self.field("WARC-Target-URI") or ""

    @property
    def date(self) -> datetime:
        """When the capture began, in UTC; raises `ArchiveError` when the record does not say."""
        return warc_date(self.field("WARC-Date") or "")

    @property
    def digest(self) -> str | None:
        """The payload digest that the record claims."""
        return self.field("WARC-Payload-Digest")

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message."""
        content_type = self.field("Content-Type") or ""
        return self.type in _HTTP_TYPES and content_type.startswith("application/http") and bool(self.block)

    @property
    def http_head(self) -> bytes:
        """The HTTP head's bytes with its blank line; empty when the block is no HTTP message."""
        if not self.is_http:
            return b""
        end = http1.head_end(self.block)
        return self.block if end is None else self.block[:end]

    @property
    def http(self) -> http1.Head | None:
        """The parsed HTTP head; None when the block is no HTTP message."""
        return http1.parse_head(self.http_head) if self.is_http else None

    @property
    def body(self) -> bytes:
        """What follows the HTTP head as it crossed the wire; the whole block when it is no HTTP message."""
        return self.block[len(self.http_head) :]

    @property
    def payload(self) -> bytes:
        """The body out of its chunks, still content-encoded: what the payload digest is made of."""
        head = self.http
        return self.body if head is None else http1.payload(head, self.body)

    def content(self, *, bounds: Bounds | None = None) -> Content:
        """Returns the payload with its content codings undone, as far as that works within the bounds."""
        head = self.http
        encodings = head.tokens("content-encoding") if head else ()
        return contentcoding.decode(self.payload, encodings=encodings, bounds=bounds or Bounds())


def warc_date(text: str) -> datetime:
    """Reads a WARC-Date of any precision that WARC 1.0 or 1.1 allows from seconds on."""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ArchiveError(f"a record's WARC-Date is {text!r}, which is no date") from error


def read_record(data: bytes) -> Record:
    """Reads the record in exactly one gzip member; raises `ArchiveError` when the bytes are anything else."""
    record = record_at(data, 0)
    if record.length < len(data):
        raise ArchiveError(f"{len(data) - record.length} bytes stand behind the gzip member of a record")
    return record


def record_at(data: bytes | mmap, offset: int, *, naming: Collection[str] = ()) -> Record:
    """Reads the record whose gzip member begins at an offset.

    With `naming`, its head has to hold one of these ids. Raises `ArchiveError` when no whole record begins there.
    """
    member = _Member(offset, naming=naming)
    position = offset
    while not member.complete:
        chunk = data[position : position + (_READ if position > offset else _STEP)]
        member.feed(chunk)
        position += len(chunk)
    return _record(member, offset=offset)


def iter_records(stream: BinaryIO) -> Iterator[Record]:
    """Yields the records of a .warc.gz, each with its offset and length.

    Raises `ArchiveError`, naming the offset, at the first member that is cut or damaged; everything before it has been
    yielded by then. Memory is bounded by the largest record.
    """
    offset = 0
    pending = stream.read(_READ)
    while pending:
        member = _Member(offset)
        member.feed(pending)
        while not member.complete:
            member.feed(stream.read(_READ))
        yield _record(member, offset=offset)
        offset += member.length
        pending = member.surplus or stream.read(_READ)


class _Member:
    """A gzip member on its way out of its packing; raises `ArchiveError` as soon as it cannot be a record."""

    def __init__(self, offset: int, *, naming: Collection[str] = ()) -> None:
        self._offset = offset
        self._naming = [name.encode() for name in naming]
        self._stream = isal_zlib.decompressobj(wbits=31)
        self._parts: list[bytes] = []
        self._size = 0
        self._begun = False
        self.length = 0

    @property
    def complete(self) -> bool:
        """Whether its end has come."""
        return self._stream.eof

    @property
    def surplus(self) -> bytes:
        """What came behind its end."""
        return self._stream.unused_data

    @property
    def content(self) -> bytes:
        """What was packed into it."""
        return b"".join(self._parts)

    def feed(self, data: bytes) -> None:
        """Takes the bytes that follow."""
        if not data:
            raise ArchiveError(f"the gzip member at offset {self._offset} is cut after {self.length} bytes")
        self.length += len(data)
        try:
            self._unpack(data)
        except _DAMAGE as error:
            raise ArchiveError(f"the gzip member at offset {self._offset} is damaged: {error}") from error
        if self.complete:
            self.length -= len(self.surplus)

    def _unpack(self, data: bytes) -> None:
        """Looks at the beginning before it unpacks more."""
        if not self._begun:
            self._keep(data, most=_PROBE - self._size)
            data = self._stream.unconsumed_tail
            self._begun = self.complete or self._size >= _PROBE
            if self._begun:
                self._check_beginning()
        if self._begun and not self.complete:
            self._keep(data, most=LARGEST + 1 - self._size)
        if self._size > LARGEST:
            raise ArchiveError(f"the gzip member at offset {self._offset} unpacks to more than {LARGEST} bytes")

    def _keep(self, data: bytes, *, most: int) -> None:
        part = self._stream.decompress(data, most)
        self._parts.append(part)
        self._size += len(part)

    def _check_beginning(self) -> None:
        content = self.content
        if not content.startswith(_BEGIN):
            raise ArchiveError(f"the gzip member at offset {self._offset} does not begin with a WARC record")
        if self._naming and not any(name in content for name in self._naming):
            raise ArchiveError(f"the record at offset {self._offset} names none of the ids it should")


def _record(member: _Member, *, offset: int) -> Record:
    try:
        return replace(_parse(member.content), offset=offset, length=member.length)
    except ArchiveError as error:
        raise ArchiveError(f"{error} (at offset {offset})") from error


def _parse(content: bytes) -> Record:
    end = content.find(_END)
    version, *lines = content[: max(end, 0)].split(b"\r\n")
    if version not in _VERSIONS:
        raise ArchiveError("a gzip member does not begin with a WARC record")
    headers = tuple(_fields(lines))
    length = _content_length(headers)
    begin = end + len(_END)
    if len(content) != begin + length + len(_END) or not content.endswith(_END):
        raise ArchiveError(f"a record says that it has {length} bytes, its gzip member holds another number")
    return Record(headers=headers, block=content[begin : begin + length])


def _fields(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """Yields the named fields of a WARC head (WARC 1.1, section 4: UTF-8, no folded lines)."""
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon:
            raise ArchiveError(f"a WARC head holds the line {line[:80]!r}, which is no field")
        yield name.decode("utf-8", "replace").rstrip(), value.decode("utf-8", "replace").strip()


def _content_length(headers: Sequence[tuple[str, str]]) -> int:
    value = next((value for name, value in headers if name.lower() == "content-length"), "")
    if not (value.isascii() and value.isdigit()):
        raise ArchiveError(f"a record's Content-Length is {value!r}")
    return int(value)
