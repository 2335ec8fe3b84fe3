"""Replies as bytes on the wire: every byte is ours, so a page kind may send whatever a server should not.

An ordinary `Reply` is assembled here (coding, framing, validators). A `Reply` with `steps` is sent as it is: bytes go
out unchanged, a number pauses for so many seconds, `CLOSE` ends the connection and `RESET` breaks it off.
"""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl, unquote

import brotli  # type: ignore[import-untyped]  # it has no stubs

Pairs = tuple[tuple[str, str], ...]
CLOSE: Literal["close"] = "close"
RESET: Literal["reset"] = "reset"
Step = bytes | float | Literal["close", "reset"]


def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=5, mtime=0)


def _brotlied(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=3))


CODERS: dict[str, Callable[[bytes], bytes]] = {"gzip": _gzipped, "br": _brotlied, "deflate": zlib.compress}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `path` is decoded, `query` holds the last value of each name, `target` is as it was sent.

    `body` is what was posted.
    """

    method: str
    target: str
    headers: Pairs
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def read(cls, head: bytes, *, body: bytes = b"") -> "Request":
        """Parses a request's head, raises ValueError where it is none."""
        lines = head.decode("latin-1").split("\r\n")
        method, target, _version = lines[0].split(" ", 2)
        pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:] if line))
        path, _, query = target.partition("?")
        values = dict(parse_qsl(query, keep_blank_values=True))
        return cls(method=method, target=target, headers=pairs, path=unquote(path), query=values, body=body)

    @property
    def host(self) -> str:
        """The host and port it was sent to."""
        return self.header("host")

    def header(self, name: str) -> str:
        """Returns the first header of that name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a page kind answers.

    `headers` are sent in this order and case, then those of coding and framing in the case of `style` (title or lower).
    `coding` is applied where the client accepts it. `chunk` is the size of the chunks, 0 for Content-Length.
    `etag` (quotes included) and `modified` make the page answer conditional requests.
    """

    status: int = 200
    reason: str | None = None
    headers: Pairs = ()
    body: bytes = b""
    coding: str = ""
    chunk: int = 0
    style: Literal["title", "lower"] = "title"
    etag: str = ""
    modified: datetime | None = None
    steps: tuple[Step, ...] | None = None


def http_date(moment: datetime) -> str:
    """Returns a moment as HTTP headers say it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def tag(body: bytes, *, weak: bool = False) -> str:
    """Returns an entity tag of a body."""
    return f'{"W/" if weak else ""}"{hashlib.sha256(body).hexdigest()[:16]}"'


def assemble(reply: Reply, *, request: Request) -> tuple[Step, ...]:
    """Returns what goes over the wire for a reply to this request."""
    if reply.steps is not None:
        return reply.steps
    if reply.status == 200 and unchanged(reply, request=request):
        head = [*_validators(reply), *(pair for pair in reply.headers if pair[0].lower() == "cache-control")]
        return (_head(304, None, head, style=reply.style),)
    coding = reply.coding if reply.coding in _accepted(request) else ""
    body = CODERS[coding](reply.body) if coding else reply.body
    pairs = [*reply.headers, *_validators(reply)]
    if coding:
        pairs.append(("Content-Encoding", coding))
    if reply.coding:
        pairs.append(("Vary", "Accept-Encoding"))
    pairs.append(("Transfer-Encoding", "chunked") if reply.chunk else ("Content-Length", str(len(body))))
    head_bytes = _head(reply.status, reply.reason, pairs, style=reply.style)
    if request.method == "HEAD":
        return (head_bytes,)
    return (head_bytes + (_chunked(body, size=reply.chunk) if reply.chunk else body),)


def unchanged(reply: Reply, *, request: Request) -> bool:
    """Returns whether the client already holds this very page, by RFC 9110 section 13."""
    asked = request.header("if-none-match")
    if asked:
        weak = reply.etag.removeprefix("W/")
        return bool(weak) and any(part.strip().removeprefix("W/") in (weak, "*") for part in asked.split(","))
    since = request.header("if-modified-since")
    if not since or reply.modified is None:
        return False
    try:
        return reply.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


def _validators(reply: Reply) -> list[tuple[str, str]]:
    pairs = [("ETag", reply.etag)] if reply.etag else []
    if reply.modified is not None:
        pairs.append(("Last-Modified", http_date(reply.modified)))
    return pairs


def _accepted(request: Request) -> set[str]:
    parts = (part.split(";") for part in request.header("accept-encoding").lower().split(","))
    return {name.strip() for name, *rest in parts if "q=0" not in (item.strip() for item in rest)}


def _head(status: int, reason: str | None, pairs: Sequence[tuple[str, str]], *, style: str) -> bytes:
    phrase = HTTPStatus(status).phrase if reason is None else reason
    lines = [f"HTTP/1.1 {status} {phrase}"]
    lines += [f"{name.lower() if style == 'lower' else name}: {value}" for name, value in pairs]
    return "\r\n".join([*lines, "", ""]).encode("utf-8")


def _chunked(body: bytes, *, size: int) -> bytes:
    out = bytearray()
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        out += b"%x\r\n%b\r\n" % (len(piece), piece)
    return bytes(out + b"0\r\n\r\n")
