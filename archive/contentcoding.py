"""Content-Encoding undone, within bounds: gzip, deflate and br, in layers, also where the header lies.

A page's payload may be a bomb, cut in the middle, or not encoded at all. The answer always holds what could be read,
and names what was wrong.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

import brotli  # type: ignore[import-untyped]  # brotli has no annotations
from isal import isal_zlib

Problem = Literal["cut", "wrong-encoding", "unknown-encoding", "too-large"]

_ISAL_ERROR = cast("type[Exception]", isal_zlib.error)  # the stub calls the class an instance
_STEP = 1 << 16
_LAYERS = 4
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
        return _collect(_zlib_stream(data, wbits=_deflate_wbits(data)), data=data, bounds=bounds)
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
    """Yields the output of all gzip members; zero padding or junk behind the first one ends it silently."""
    while True:
        stream = isal_zlib.decompressobj(wbits=31)
        yield from _inflate(stream, data)
        data = stream.unused_data
        if not data.startswith(b"\x1f\x8b"):
            return


def _zlib_stream(data: bytes, *, wbits: int) -> Iterator[bytes]:
    yield from _inflate(isal_zlib.decompressobj(wbits=wbits), data)


def _inflate(stream: isal_zlib.Decompress, data: bytes) -> Iterator[bytes]:
    while not stream.eof:
        piece = stream.decompress(data, _STEP)
        data = stream.unconsumed_tail
        if piece:
            yield piece
        elif not data:
            if stream.eof:
                return
            raise EOFError


def _deflate_wbits(data: bytes) -> int:
    """Quirk: `deflate` means zlib (RFC 9110, section 8.4.1.2); some servers send it raw, and browsers read both."""
    is_zlib = len(data) >= 2 and data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0
    return 15 if is_zlib else -15


def _brotli(data: bytes) -> Iterator[bytes]:
    stream = brotli.Decompressor()
    step: Callable[[bytes], bytes] = lambda chunk: stream.process(chunk, output_buffer_limit=_STEP)  # noqa: E731
    piece = step(data)
    while True:
        if piece:
            yield piece
        if stream.is_finished():
            return
        if stream.can_accept_more_data():
            raise EOFError
        piece = step(b"")
