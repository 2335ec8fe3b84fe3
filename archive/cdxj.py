"""Where a capture lies: one line of a CDXJ index, both ways, as pywb and ReplayWeb.page read it.

The fields, their order and their form are those that cdxj-indexer writes, so that our index and one made anew by the
field's own tool are the same lines.
"""

import base64
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote_plus, urlencode

import surt  # type: ignore[import-untyped]  # surt has no annotations

from archive import http1
from archive.errors import ArchiveError
from archive.records import Record

_MIME_END = re.compile(r"[;\s]")
_NO_KEY = re.compile(r"[\s\x00-\x20\x7f\ud800-\udfff]")  # with \s, which has line ends that only Unicode knows
_PLAIN = re.compile(r"(https?://[a-z0-9.:-]+)((?:/[a-z0-9_-][a-z0-9._-]*)+)")  # SURT leaves such a path as it is
_LONGEST_QUERY = 4096  # cdxj-indexer cuts there
_INDEXED = frozenset({"response", "revisit", "resource"})
_WITH_BODY = frozenset({"POST", "PUT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture and the gzip member that holds it.

    `timestamp` has 14 digits (UTC). `digest` is the payload's, as "sha256:<hex>". `offset` and `length` count bytes of
    `filename`. `status` is None for what has none (resource records), `mime` is empty when the answer named none.
    `request_body` is the query form of what a POST sent. `record_id` is known only of a record just written or read: no
    line has it.
    """

    urlkey: str
    timestamp: str
    url: str
    mime: str
    status: int | None
    digest: str
    filename: str
    offset: int
    length: int
    method: str = "GET"
    request_body: str = ""
    record_id: str = field(default="", compare=False)

    def line(self) -> str:
        """Returns the CDXJ line, without a line feed."""
        fields: dict[str, str] = {"url": self.url}
        if self.mime:
            fields["mime"] = self.mime
        if self.status is not None:
            fields["status"] = str(self.status)
        fields |= {"digest": self.digest, "length": str(self.length), "offset": str(self.offset)}
        fields["filename"] = self.filename
        if self.method in _WITH_BODY:
            fields |= {"requestBody": self.request_body, "method": self.method}
        return f"{self.urlkey} {self.timestamp} {json.dumps(fields)}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Reads a CDXJ line; raises `ArchiveError` when it is none of ours."""
        try:
            urlkey, timestamp, fields = line.rstrip("\n").split(" ", 2)
            return cls._of(urlkey, timestamp=timestamp, fields=json.loads(fields))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ArchiveError(f"this is no CDXJ line: {line[:200]!r}") from error

    @classmethod
    def _of(cls, urlkey: str, *, timestamp: str, fields: dict[str, Any]) -> Self:
        status = fields.get("status")
        return cls(
            urlkey=urlkey,
            timestamp=timestamp,
            url=fields["url"],
            mime=fields.get("mime", ""),
            status=None if status is None else int(status),
            digest=fields["digest"],
            filename=fields["filename"],
            offset=int(fields["offset"]),
            length=int(fields["length"]),
            method=fields.get("method", "GET"),
            request_body=fields.get("requestBody", ""),
        )


def urlkey(url: str) -> str:
    """Returns the SURT key of a URL, free of white space; a URL that has no SURT is its own key."""
    plain = _PLAIN.fullmatch(url)
    if plain is not None:
        return f"{_origin_key(plain[1])}{plain[2]}"
    return _surt(url)


@lru_cache(maxsize=1024)
def _origin_key(origin: str) -> str:
    return _surt(f"{origin}/").removesuffix("/")


def _surt(url: str) -> str:
    try:
        key = str(surt.surt(url))
    except Exception:  # noqa: BLE001  # surt raises whatever its parts raise; an odd URL must not cost the capture
        key = url
    return _NO_KEY.sub(_percent, key)


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def timestamp(date: datetime) -> str:
    """Returns the 14 digits of a date, its fraction dropped."""
    text = date.astimezone(UTC).isoformat(timespec="seconds")
    return f"{text[:4]}{text[5:7]}{text[8:10]}{text[11:13]}{text[14:16]}{text[17:19]}"


def mime(content_type: str | None) -> str:
    """Returns the media type alone; empty when there is none."""
    return _MIME_END.split(content_type.strip(), maxsplit=1)[0] if content_type else ""


def request_query(content_type: str, body: bytes) -> str:
    """Returns a request body as the query that the field's tools append to the URL of a POST.

    Forms and JSON become readable pairs, all else base64 (the request body canonicalisation of specs.webrecorder.net;
    multipart forms stay base64 here).
    """
    try:
        if content_type.startswith("application/x-www-form-urlencoded"):
            return unquote_plus(body.decode())[:_LONGEST_QUERY]
        if content_type.startswith(("application/json", "text/plain")):
            return urlencode(_pairs(body))[:_LONGEST_QUERY]
    except (ValueError, RecursionError):
        if content_type.startswith("application/json"):
            return ""
    encoded = base64.b64encode(body).decode()
    return f"__wb_post_data={encoded}"[:_LONGEST_QUERY]


def _pairs(body: bytes) -> dict[str, str]:
    pairs: dict[str, str] = {}
    seen: dict[str, int] = {}
    for name, value in itertools.chain.from_iterable(_leaves(document, name="") for document in _documents(body)):
        key = name
        if name in pairs:
            seen[name] = seen.get(name, 1) + 1
            key = f"{name}.{seen[name]}_"
        pairs[key] = str(value)
    return pairs


def _documents(body: bytes) -> list[Any]:
    """Reads JSON, or else JSON lines."""
    try:
        return [json.loads(body)]
    except ValueError:
        if b"\n" not in body:
            raise
        return [json.loads(line) for line in body.split(b"\n")]


def _leaves(value: Any, *, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, name=key)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, name=name)
    elif name:
        yield name, value


def lookup_url(url: str, *, method: str, query: str) -> str:
    """Returns the URL whose key finds a capture: a POST's carries its method and body."""
    if method not in _WITH_BODY:
        return url
    suffix = f"__wb_method={method}" + (f"&{query}" if query else "")
    return f"{url}{'&' if '?' in url else '?'}{suffix}"


def index(records: Iterable[Record], *, filename: str) -> Iterator[Capture]:
    """Yields the captures of a WARC file's records: responses, revisits, resources, in the file's order.

    A request that stands directly behind its response gives the method and the body.
    """
    waiting: Record | None = None
    for record in records:
        if waiting is not None:
            paired = record.type == "request" and record.field("WARC-Concurrent-To") == waiting.id
            yield capture_of(waiting, filename=filename, request=record if paired else None)
        waiting = record if is_indexed(record) else None
    if waiting is not None:
        yield capture_of(waiting, filename=filename)


def is_indexed(record: Record) -> bool:
    """Tells whether a record has a line in the index."""
    return record.type in _INDEXED


def capture_of(record: Record, *, filename: str, request: Record | None = None) -> Capture:
    """Returns where one record lies, by what it says of itself."""
    head = record.http
    content_type = "warc/revisit" if record.type == "revisit" else _content_type(record, head)
    method, query = request_key(request)
    return Capture(
        urlkey=urlkey(lookup_url(record.uri, method=method, query=query)),
        timestamp=timestamp(record.date),
        url=record.uri,
        mime=mime(content_type),
        status=head.status if head else None,
        digest=record.digest or "",
        filename=filename,
        offset=record.offset,
        length=record.length,
        method=method,
        request_body=query,
        record_id=record.id,
    )


def _content_type(record: Record, head: http1.Head | None) -> str | None:
    return head.first("content-type") if head else record.field("Content-Type")


def request_key(request: Record | None) -> tuple[str, str]:
    """Returns the method and the query form of the body of a request record."""
    head = request.http if request else None
    if request is None or head is None:
        return "GET", ""
    return method_key(head, request.body)


def method_key(head: http1.Head, body: bytes) -> tuple[str, str]:
    """Returns the method of a request and, where it carries a body, that body as a query."""
    method = head.start[0].upper()
    if method not in _WITH_BODY:
        return method, ""
    return method, request_query(head.first("content-type") or "", body)


def sorted_lines(path: Path) -> list[str]:
    """Returns the lines of a CDXJ file by SURT, then time, each once, as replay tools search them."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        return sorted({line.rstrip("\n") for line in lines if line.strip()})
