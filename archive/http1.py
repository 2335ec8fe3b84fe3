"""HTTP/1 messages as bytes: where the head ends, where the body ends, what the payload is.

Nothing here touches a socket. The functions read what servers really send (RFC 9112 is the rule, leniency the habit):
a message that breaks the rules is read as far as it makes sense, and the answer says that it was broken.
"""

import re
from dataclasses import dataclass
from enum import Enum

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/(\d)\.(\d)[ \t]+(\d{3})(?:[ \t]+([^\r\n]*))?[ \t]*\r?\n")
_CHUNK_LINE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_LEADING_LINES = re.compile(rb"[\r\n]*")

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
        return int(self.start[1]) if self.start[0].startswith("HTTP/") and self.start[1].isdigit() else None

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
    BROKEN = "broken"  # what came is no chunk
    UNTIL_CLOSE = "until-close"  # only the end of the connection ends it


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One response cut out of the bytes of a connection.

    `informational` holds the 1xx heads that came before it, `surplus` is how many bytes came behind its end.
    """

    informational: bytes
    head: bytes
    body: bytes
    framing: Framing
    surplus: int


def head_end(data: bytes, *, start: int = 0) -> int | None:
    """Returns the index behind the blank line that ends a head, None when there is none."""
    found = _BLANK_LINE.search(data, start)
    return found.end() if found else None


def parse_head(data: bytes) -> Head:
    """Reads a head, whole or cut: lines without a colon are passed over, folded lines joined by a space."""
    lines = data.decode("latin-1").replace("\r\n", "\n").split("\n")
    one, two, three = (*lines[0].split(None, 2), "", "", "")[:3]
    fields: list[tuple[str, str]] = []
    for line in lines[1:]:
        if not line:
            break
        if line[0] in " \t" and fields:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip(), value.strip()))
    return Head(start=(one, two, three.rstrip()), headers=tuple(fields))


def has_status(data: bytes) -> bool:
    """Tells whether the bytes begin with a whole HTTP/1 status line."""
    return _STATUS_LINE.match(data) is not None


def split_response(data: bytes, *, method: str) -> Message:
    """Cuts one response out of all that a connection brought for one request.

    Empty lines before a status line are dropped, as clients do (RFC 9112, section 2.2). A head without its blank line
    is returned as it is, with no body.
    """
    start = begin = _LEADING_LINES.match(data).end()  # type: ignore[union-attr]  # the pattern matches the empty string
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
        informational=data[begin:start],
        head=data[start:end],
        body=data[end : end + length],
        framing=framing,
        surplus=len(data) - end - length,
    )


def _headless(data: bytes, *, begin: int, start: int) -> Message:
    """Quirk: a 1xx head that is cut is no answer's beginning; it stays with the 1xx heads."""
    status = _STATUS_LINE.match(data, start)
    split = len(data) if status and status[3].startswith(b"1") and status[3] != b"101" else start
    return Message(informational=data[begin:split], head=data[split:], body=b"", framing=Framing.CUT, surplus=0)


def body_length(head: Head, data: bytes, *, start: int, method: str) -> tuple[int, Framing]:
    """Tells how many bytes from `start` on are this response's body (RFC 9112, section 6.3)."""
    rest = len(data) - start
    if method == "HEAD" or head.status in {204, 304}:
        return 0, Framing.COMPLETE
    codings = head.tokens("transfer-encoding")
    if codings:
        if codings[-1] != "chunked":
            return rest, Framing.UNTIL_CLOSE
        chunks = read_chunks(data, start=start)
        return (chunks.end - start if chunks.framing is Framing.COMPLETE else rest), chunks.framing
    announced = head.first("content-length")
    if announced is None or not announced.isascii() or not announced.isdigit():
        return rest, Framing.UNTIL_CLOSE
    length = int(announced)
    return (length, Framing.COMPLETE) if length <= rest else (rest, Framing.CUT)


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
        line = _CHUNK_LINE.match(data, position)
        if line is None:
            return _broken_chunks(data, parts=parts, position=position)
        size = int(line[1], 16)
        if size == 0:
            return _last_chunk(data, parts=parts, position=line.end())
        parts.append(data[line.end() : line.end() + size])
        if line.end() + size >= len(data):
            return Chunks(payload=b"".join(parts), end=len(data), framing=Framing.CUT)
        end = _LINE_END.match(data, line.end() + size)
        if end is None:
            framing = Framing.CUT if data[line.end() + size :] == b"\r" else Framing.BROKEN
            return Chunks(payload=b"".join(parts), end=line.end() + size, framing=framing)
        position = end.end()


def _broken_chunks(data: bytes, *, parts: list[bytes], position: int) -> Chunks:
    cut = b"\n" not in data[position:] and _CHUNK_LINE.match(data[position:].rstrip(b"\r") + b"\n")
    framing = Framing.CUT if cut or position >= len(data) else Framing.BROKEN
    return Chunks(payload=b"".join(parts), end=position, framing=framing)


def _last_chunk(data: bytes, *, parts: list[bytes], position: int) -> Chunks:
    payload = b"".join(parts)
    while line := _LINE_END.search(data, position):
        if line.start() == position:
            return Chunks(payload=payload, end=line.end(), framing=Framing.COMPLETE)
        position = line.end()
    return Chunks(payload=payload, end=len(data), framing=Framing.CUT)


def payload(head: Head, body: bytes) -> bytes:
    """Returns the transfer-decoded body: out of its chunks, still content-encoded.

    Quirk: a body that says `chunked` and does not begin with a chunk is its own payload, since clients that see such a
    page show it so.
    """
    if "chunked" not in head.tokens("transfer-encoding"):
        return body
    chunks = read_chunks(body)
    broken_at_once = chunks.end == 0 and chunks.framing is Framing.BROKEN
    return body if broken_at_once else chunks.payload
