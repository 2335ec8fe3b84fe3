"""Content-Encoding undone, within bounds: gzip, deflate and br, in layers, also where the header lies.

A page's payload may be a bomb, cut in the middle, or not encoded at all. The answer always holds what could be read,
and names what was wrong.
"""

import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Literal, cast

import brotli  # type: ignore[import-untyped]  # brotli has no annotations
from isal import isal_zlib

Problem = Literal["cut", "wrong-encoding", "unknown-encoding", "too-large"]

_ISAL_ERROR = cast("type[Exception]", isal_zlib.error)  # the stub calls the class an instance
_INPUT = 1 << 10
_OUTPUT = 1 << 16
_GZIP_MAGIC = b"\x1f\x8b\x08"
_GZIP_TRAILER = 8
_ZLIB_HEADER = 2
_HAS_HEADER_CRC, _HAS_EXTRA, _HAS_NAME, _HAS_COMMENT = 2, 4, 8, 16
_LAYERS = 4
_MEMBERS = 10_000  # of one gzip body; a file of many small ones has one every 64 kB
_FREE_OUTPUT = 1 << 20  # ratios are judged beyond this: a small body of blanks is no bomb


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What decoding may cost: `size` in bytes of output a layer, `ratio` of output to input."""

    size: int = 64 << 20
    ratio: int = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A decoded body, as far as it could be decoded, and what was wrong with it."""

    data: bytes
    problem: Problem | None = None


def decode(data: bytes, *, encodings: tuple[str, ...], bounds: Bounds = Bounds()) -> Content:  # frozen
    """Undoes the codings of a Content-Encoding field, given in the field's order (the last was applied last)."""
    layers = [name for name in encodings if name != "identity"]
    if len(layers) > _LAYERS:
        return Content(data=data, problem="too-large")
    content = Content(data=data)
    for name in reversed(layers):
        if not content.data:
            return content
        step = _undo(content.data, name=name, bounds=bounds)
        content = Content(data=step.data, problem=content.problem or step.problem)
        if step.problem in {"unknown-encoding", "too-large"}:
            return content
    return content


def _undo(data: bytes, *, name: str, bounds: Bounds) -> Content:
    if name in {"gzip", "x-gzip"}:
        return _collect(_gzip(data), data=data, bounds=bounds)
    if name == "deflate":
        return _collect(_inflate(data, start=_zlib_header(data)), data=data, bounds=bounds)
    if name == "br":
        return _collect(_brotli(data), data=data, bounds=bounds)
    return Content(data=data, problem="unknown-encoding")


def _collect(pieces: Iterator[bytes], *, data: bytes, bounds: Bounds) -> Content:
    limit = min(bounds.size, max(_FREE_OUTPUT, bounds.ratio * len(data)))
    out: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            size += len(piece)
            out.append(piece)
            if size > limit:
                return Content(data=b"".join(out)[:limit], problem="too-large")
    except EOFError:
        return Content(data=b"".join(out), problem="cut")
    except (zlib.error, _ISAL_ERROR, brotli.error):
        # Quirk: some servers name a coding and send the plain page. Browsers fail there; the words are worth keeping.
        return Content(data=b"".join(out), problem="cut") if size else Content(data=data, problem="wrong-encoding")
    return Content(data=b"".join(out))


def _gzip(data: bytes) -> Iterator[bytes]:
    """Yields the output of all gzip members; padding or junk behind the first one ends it silently.

    Quirk: like browsers it does not look at the checksum behind a member: a page with a wrong one is still read.
    """
    if not data.startswith(_GZIP_MAGIC):
        raise zlib.error("no gzip header")
    position = 0
    for _ in range(_MEMBERS):
        end = yield from _inflate(data, start=_gzip_header(data, start=position))
        position = end + _GZIP_TRAILER
        if not data.startswith(_GZIP_MAGIC, position):
            return
    raise EOFError


def _gzip_header(data: bytes, *, start: int) -> int:
    """Returns where the deflate stream of the gzip member at `start` begins (RFC 1952, section 2.3)."""
    flags, position = int.from_bytes(data[start + 3 : start + 4]), start + 10
    if flags & _HAS_EXTRA:
        position += 2 + int.from_bytes(data[position : position + 2], "little")
    for flag in (_HAS_NAME, _HAS_COMMENT):
        if flags & flag:
            position = data.find(b"\0", position) + 1 or len(data)
    return position + (2 if flags & _HAS_HEADER_CRC else 0)


def _zlib_header(data: bytes) -> int:
    """Quirk: `deflate` means zlib (RFC 9110, section 8.4.1.2); some servers send it raw, and browsers read both."""
    is_zlib = len(data) > _ZLIB_HEADER and data[0] & 0x0F == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0
    return _ZLIB_HEADER if is_zlib else 0


def _inflate(data: bytes, *, start: int) -> Generator[bytes, None, int]:
    """Yields what the raw deflate stream at `start` holds, and returns the index behind it.

    It goes in small steps: of a damaged stream everything before the damaged step is kept.
    """
    stream = isal_zlib.decompressobj(wbits=-15)
    for begin in range(start, len(data), _INPUT):
        pending = data[begin : begin + _INPUT]
        while piece := stream.decompress(pending, _OUTPUT):
            yield piece
            pending = stream.unconsumed_tail
        if stream.eof:
            return min(begin + _INPUT, len(data)) - len(stream.unused_data)
    raise EOFError


def _brotli(data: bytes) -> Iterator[bytes]:
    """Yields what a brotli stream holds.

    Quirk: after a piece as large as the limit there may be more, whatever `can_accept_more_data` says.
    """
    stream = brotli.Decompressor()
    for begin in range(0, len(data), _INPUT):
        pending = data[begin : begin + _INPUT]
        while piece := stream.process(pending, output_buffer_limit=_OUTPUT):
            yield piece
            if stream.is_finished():
                return
            pending = b""
        if stream.is_finished():
            return
    raise EOFError
