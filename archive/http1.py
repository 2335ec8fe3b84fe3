"""HTTP/1 messages as bytes: where the head ends, where the body ends, what the payload is.

Nothing here touches a socket. The functions read what servers really send (RFC 9112 is the rule, leniency the habit):
a message that breaks the rules is read as far as it makes sense, and the answer says that it was broken.
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/(\d)\.(\d)[ \t]+(\d{3})(?:[ \t][^\n]*|\r?)\n")
_CHUNK_LINE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_LEADING_LINES = re.compile(rb"[\r\n]*")
_WORDS = re.compile(r"[ \t]+")
_BLANKS = " \t\r"  # what may stand around a value; str.strip alone would also take bytes of UTF-8 read as Latin-1
_LONGEST_CHUNK_LINE = 1 << 16  # bytes that are waited for
_MOST_DIGITS = 18  # of a Content-Length: 10^18 bytes come from nobody

_CR = 0x0D

Buffer = bytes | bytearray
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A parsed head: its first line in three parts, then its fields in order, with case and repeats kept.

    Of a response `start` is (version, status, reason), of a request (method, target, version). Text is Latin-1, as
    RFC 9110, section 5.5, reads what is not ASCII.
    """

    start: tuple[str, str, str]
    headers: Headers

    @property
    def status(self) -> int | None:
        """The status code; None when this is the head of a request, or of nothing known."""
        code = self.start[1]
        is_code = self.start[0].startswith("HTTP/") and len(code) == 3 and code.isascii() and code.isdigit()
        return int(code) if is_code else None

    def first(self, name: str) -> str | None:
        """Returns the first value of a field, by its name in lower case."""
        return next((value for field, value in self.headers if field.lower() == name), None)

    def tokens(self, name: str) -> tuple[str, ...]:
        """Returns the elements of a comma-separated field, all its repeats joined, in lower case."""
        values = [value for field, value in self.headers if field.lower() == name]
        return tuple(token.strip().lower() for value in values for token in value.split(",") if token.strip())


class Framing(Enum):
    """How far a body could be followed."""

    COMPLETE = "complete"  # the end that the head or the chunks announce was there
    CUT = "cut"  # the announced end never came
    BROKEN = "broken"  # what came is no chunk, or the head contradicts itself
    UNTIL_CLOSE = "until-close"  # only the end of the connection ends it


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One response cut out of the bytes of a connection.

    `blank` are the empty lines that came before everything, `informational` holds the 1xx heads that came before the
    head, `surplus` is how many bytes came behind the body's end. Together they are all that came, in this order.
    """

    blank: bytes
    informational: bytes
    head: bytes
    body: bytes
    framing: Framing
    surplus: int


def head_end(data: Buffer, *, start: int = 0) -> int | None:
    """Returns the index behind the blank line that ends a head, None when there is none."""
    found = _BLANK_LINE.search(data, start)
    return found.end() if found else None


@lru_cache(maxsize=32)  # of one answer it is wanted on the wire, for dedup, for the record and for its index line
def parse_head(data: bytes) -> Head:
    """Reads a head, whole or cut: lines without a colon are passed over, folded lines joined by a space."""
    lines = data.decode("latin-1").split("\n")
    one, two, three = (*_WORDS.split(lines[0].strip(_BLANKS), maxsplit=2), "", "", "")[:3]
    fields: list[tuple[str, list[str]]] = []
    for line in lines[1:]:
        if line in {"", "\r"}:
            break
        if line[0] in " \t" and fields:
            fields[-1][1].append(line.strip(_BLANKS))
            continue
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip(_BLANKS), [value.strip(_BLANKS)]))
    headers = [(name, " ".join(parts).strip(_BLANKS) if len(parts) > 1 else parts[0]) for name, parts in fields]
    return Head(start=(one, two, three), headers=tuple(headers))


def has_status(data: bytes) -> bool:
    """Tells whether the bytes begin with a whole HTTP/1 status line."""
    return _STATUS_LINE.match(data) is not None


def split_response(data: bytes, *, method: str) -> Message:
    """Cuts one response out of all that a connection brought for one request.

    Empty lines before a status line are no part of it, as for all clients (RFC 9112, section 2.2). A head without its
    blank line is returned as it is, with no body.
    """
    start = begin = _begin(data)
    while True:
        end = head_end(data, start=start)
        if end is None:
            return _headless(data, begin=begin, start=start)
        status = _STATUS_LINE.match(data, start)
        if status is None or not status[3].startswith(b"1") or status[3] == b"101":
            break
        start = end
    length, framing = body_length(parse_head(data[start:end]), data, start=end, method=method)
    return Message(
        blank=data[:begin],
        informational=data[begin:start],
        head=data[start:end],
        body=data[end : end + length],
        framing=framing,
        surplus=len(data) - end - length,
    )


def _begin(data: Buffer) -> int:
    return _LEADING_LINES.match(data).end()  # type: ignore[union-attr]  # the pattern matches the empty string


def _headless(data: bytes, *, begin: int, start: int) -> Message:
    """Quirk: a 1xx head that is cut is no answer's beginning; it stays with the 1xx heads."""
    status = _STATUS_LINE.match(data, start)
    split = len(data) if status and status[3].startswith(b"1") and status[3] != b"101" else start
    return Message(
        blank=data[:begin],
        informational=data[begin:split],
        head=data[split:],
        body=b"",
        framing=Framing.CUT,
        surplus=0,
    )


def body_length(head: Head, data: bytes, *, start: int, method: str) -> tuple[int, Framing]:
    """Tells how many bytes from `start` on are this response's body."""
    rest = len(data) - start
    announced = announced_length(head, method=method)
    if isinstance(announced, int):
        return (announced, Framing.COMPLETE) if announced <= rest else (rest, Framing.CUT)
    if announced is not Framing.COMPLETE:
        return rest, announced
    chunks = read_chunks(data, start=start)
    return (chunks.end - start if chunks.framing is Framing.COMPLETE else rest), chunks.framing


def announced_length(head: Head, *, method: str) -> int | Framing:
    """Tells what a head says of its body's length (RFC 9112, section 6.3).

    That is a number of bytes; or `COMPLETE`, when the body itself says it, in chunks; or `UNTIL_CLOSE`; or `BROKEN`,
    when two different lengths are announced.

    Quirk: what is no number is passed over, as browsers do, and so is the coding `identity`, which older servers send.
    """
    if method == "HEAD" or head.status in {204, 304}:
        return 0
    codings = [coding for coding in head.tokens("transfer-encoding") if coding != "identity"]
    if codings:
        return Framing.COMPLETE if codings[-1] == "chunked" else Framing.UNTIL_CLOSE
    lengths = {token for token in head.tokens("content-length") if token.isascii() and token.isdigit()}
    if not lengths:
        return Framing.UNTIL_CLOSE
    if len(lengths) > 1:
        return Framing.BROKEN
    digits = lengths.pop().lstrip("0") or "0"
    return int(digits[:_MOST_DIGITS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunks:
    """A body taken out of its chunks; `end` is the index behind what could be read, trailers included."""

    payload: bytes
    end: int
    framing: Framing


def read_chunks(data: bytes, *, start: int = 0) -> Chunks:
    """Takes a chunked body apart (RFC 9112, section 7.1), as far as it can be read.

    Of a cut chunk the part that came is kept. Where a chunk should begin and something else stands, reading ends.
    """
    parts: list[bytes] = []
    position = start
    while True:
        chunk = _chunk(data, position=position)
        if isinstance(chunk, Framing):
            end = len(data) if chunk is Framing.CUT else position
            return Chunks(payload=b"".join(parts), end=end, framing=chunk)
        if chunk.begin == chunk.end:
            behind = _trailers_end(data, position=chunk.next)
            framing = Framing.CUT if behind is None else Framing.COMPLETE
            return Chunks(payload=b"".join(parts), end=len(data) if behind is None else behind, framing=framing)
        parts.append(data[chunk.begin : chunk.end])
        if chunk.framing is not Framing.COMPLETE:
            return Chunks(payload=b"".join(parts), end=min(chunk.end, len(data)), framing=chunk.framing)
        position = chunk.next


class _Chunk(NamedTuple):
    """Where a chunk's data begins and ends, where the next chunk begins, and whether all that came so far."""

    begin: int
    end: int
    next: int
    framing: Framing


def _chunk(data: Buffer, *, position: int) -> _Chunk | Framing:
    """Finds the chunk that begins at a position; or tells that its line is `CUT`, or `BROKEN`.

    The last chunk is empty, and its `next` is where the trailers begin.
    """
    line = _CHUNK_LINE.match(data, position)
    if line is None:
        return _no_chunk(data, position=position)
    begin = line.end()
    end = begin + int(line[1], 16)
    if begin == end:
        return _Chunk(begin, end, begin, Framing.COMPLETE)
    behind = _LINE_END.match(data, end)
    if behind:
        return _Chunk(begin, end, behind.end(), Framing.COMPLETE)
    cut = end >= len(data) or (end + 1 == len(data) and data[end] == _CR)
    return _Chunk(begin, end, end, Framing.CUT if cut else Framing.BROKEN)


def _no_chunk(data: Buffer, *, position: int) -> Framing:
    if data.find(b"\n", position) >= 0:
        return Framing.BROKEN
    begun = data[position:].rstrip(b"\r")
    return Framing.CUT if not begun or _CHUNK_LINE.match(begun + b"\n") else Framing.BROKEN


def _trailers_end(data: Buffer, *, position: int) -> int | None:
    while line := _LINE_END.search(data, position):
        if line.start() == position:
            return line.end()
        position = line.end()
    return None


class Follower:
    """Follows one response while its bytes come in, and tells when nothing more of it is to be waited for.

    It reads as `split_response` does, so what is over for it is whole, or broken, for that. It holds no more than the
    head, or one chunk.
    """

    def __init__(self, *, method: str) -> None:
        self._method = method
        self._data = bytearray()
        self._expects: int | Framing | None = None
        self._in_trailers = False

    @property
    def has_head(self) -> bool:
        """Whether the head of the answer came whole."""
        return self._expects is not None

    def is_over(self, data: bytes) -> bool:
        """Takes what came next; tells whether the response ended with it, at the latest."""
        if self._expects is None:
            looked_at = max(0, len(self._data) - len(b"\r\n\r"))
            self._data += data
            if self._is_no_http():
                return True
            if head_end(self._data, start=looked_at) is None or not self._read_head():
                return False
            data = bytes(self._data)
            self._data.clear()
        if self._expects is Framing.COMPLETE:
            self._data += data
            return self._chunks_are_over()
        if isinstance(self._expects, int):
            self._expects -= len(data)
            return self._expects <= 0
        return self._expects is Framing.BROKEN

    def _is_no_http(self) -> bool:
        """Whether the first line is there, and no status line: nobody waits for the end of such a thing."""
        begin = _begin(self._data)
        return self._data.find(b"\n", begin) >= 0 and _STATUS_LINE.match(self._data, begin) is None

    def _read_head(self) -> bool:
        """Reads the heads that are whole, 1xx ones too, and leaves what stands behind them."""
        message = split_response(bytes(self._data), method=self._method)
        if b"\n" in message.head and not has_status(message.head):
            self._expects = Framing.BROKEN
            return True
        if head_end(message.head) is None:
            return False
        del self._data[: len(message.blank) + len(message.informational) + len(message.head)]
        self._expects = announced_length(parse_head(message.head), method=self._method)
        return True

    def _chunks_are_over(self) -> bool:
        position = 0
        while not self._in_trailers:
            chunk = _chunk(self._data, position=position)
            framing = chunk if isinstance(chunk, Framing) else chunk.framing
            if isinstance(chunk, Framing) or framing is not Framing.COMPLETE:
                del self._data[:position]
                is_endless = isinstance(chunk, Framing) and len(self._data) > _LONGEST_CHUNK_LINE
                return framing is Framing.BROKEN or is_endless
            position = chunk.next
            self._in_trailers = chunk.begin == chunk.end
        del self._data[:position]
        return self._trailers_are_over()

    def _trailers_are_over(self) -> bool:
        if _trailers_end(self._data, position=0) is not None:
            return True
        del self._data[: self._data.rfind(b"\n") + 1]
        return False


def payload(head: Head, body: bytes) -> bytes:
    """Returns the transfer-decoded body: out of its chunks, still content-encoded.

    Quirk: a body that says `chunked` and does not begin with a chunk is its own payload: some servers only say so.

    Quirk: servers may write the coding's name `Chunked`. warcio 1.8 (and pywb 2.10 with it) and ReplayWeb.page 2.5
    compare it letter by letter when they read a record, and fail to show such a page. Nothing honest can be done here:
    the record stays as the server sent it, its payload digest is right, and fastwarc reads it well.
    """
    if "chunked" not in head.tokens("transfer-encoding"):
        return body
    chunks = read_chunks(body)
    broken_at_once = chunks.end == 0 and chunks.framing is Framing.BROKEN
    return body if broken_at_once else chunks.payload
