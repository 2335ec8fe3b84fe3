"""From what the DevTools protocol tells of a request and its answer to an `Exchange`: functions without a browser.

The events are those of the protocol's `Fetch` and `Network` domains (Chromium 156), as dictionaries. What is told is
not quite what crossed the wire, and this is where the differences are settled:

- An HTTP/1.1 response head is verbatim (`headersText`), but Chromium hands out bodies without their codings: the fields
  that spoke of those are kept as `X-Orig-…`, and Content-Length is corrected, as browsertrix-crawler does.
- A response over HTTP/2 is written as HTTP/1.1, the way WARC files have them; WARC-Protocol tells the truth.
- A request head is told as a table sorted by name. It is written in that order, behind Host.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from archive import http1
from archive.exchange import Exchange, Truncation

Event = Mapping[str, Any]
Fields = tuple[tuple[str, str], ...]

BODILESS: Final = frozenset({204, 205, 304})
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_DECODED: Final = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
_SUITE_HASH: Final = {"AES_256_GCM": "SHA384"}
_MACS: Final = {"HMAC-SHA1": "SHA", "HMAC-SHA256": "SHA256", "HMAC-SHA384": "SHA384"}
_TLS = re.compile(r"TLS (\d\.\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How an origin is spoken to, as one of its answers told."""

    protocol: str | None = None
    tls: str | None = None
    cipher: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """All that was told of one request and its answer.

    `asked` is the request of `Fetch.requestPaused`, `answer` that event at the response stage, `sent` and `received`
    are the ExtraInfo events, which may be missing. `hints` are the events of 103 answers before it.
    """

    started: datetime
    asked: Event
    answer: Event
    sent: Event | None = None
    received: Event | None = None
    hints: tuple[Event, ...] = ()
    line: Line = Line()
    peer: str | None = None
    posted: bytes = b""

    @property
    def status(self) -> int:
        """The status that crossed the wire: 304 where Chromium answered the page from its cache after asking."""
        status: int = (self.received or {}).get("statusCode") or self.answer["responseStatusCode"]
        return status

    @property
    def is_http1(self) -> bool:
        """Whether the answer came over HTTP/1: then its head was told as text."""
        if self.received is not None:
            return bool(self.received.get("headersText"))
        return not (self.line.protocol or "").startswith("h2")


def exchange_of(told: Told, *, body: bytes | None, truncated: Truncation | None = None) -> Exchange:
    """Returns the exchange; `body` is the decoded body, None where the answer has none that could be had.

    A redirect whose body is announced, and to be had by no means, is truncated.
    """
    if told.status in BODILESS:
        body = None
    if told.status in REDIRECTS and _announces(told):
        truncated = truncated or "unspecified"
    return Exchange(
        url=told.asked["url"].partition("#")[0],
        method=told.asked["method"],
        started=told.started,
        request_head=request_head(told),
        request_body=told.posted,
        response_head=response_head(told, body=body),
        response_body=body or b"",
        informational=b"".join(_hint(hint) for hint in told.hints),
        peer=told.peer,
        protocols=_protocols(told),
        cipher=told.line.cipher,
        truncated=truncated,
    )


def _announces(told: Told) -> bool:
    head = http1.parse_head(_raw_head(told))
    return (head.first("content-length") or "0").strip() != "0" or bool(head.first("transfer-encoding"))


def unsparing(asked: Event) -> Mapping[str, Any]:
    """Returns what to change about a request so that no cache of the browser answers it."""
    fields = {**asked["headers"], "Cache-Control": "no-cache"}
    return {"headers": [{"name": name, "value": value} for name, value in fields.items()]}


def request_head(told: Told) -> bytes:
    """Writes the request's head: what went over the wire where it was told, else what the page asked for."""
    url = urlsplit(told.asked["url"])
    fields = _unjoined((told.sent or told.asked)["headers"])
    pseudo = {name: value for name, value in fields if name.startswith(":")}
    host = next((value for name, value in fields if name.lower() == "host"), pseudo.get(":authority", _authority(url)))
    target = pseudo.get(":path") or (url.path or "/") + (f"?{url.query}" if url.query else "")
    rest = tuple((name, value) for name, value in fields if not name.startswith(":") and name.lower() != "host")
    return _head(f"{told.asked['method']} {target} HTTP/1.1", (("Host", host), *rest))


def _authority(url: Any) -> str:
    return str(url.netloc).rpartition("@")[2]


def response_head(told: Told, *, body: bytes | None) -> bytes:
    """Writes the response's head so that it fits the body as it is handed out."""
    has_none = told.asked["method"] == "HEAD" or told.status in BODILESS or told.status < 200
    return _fit(_raw_head(told), size=None if has_none else len(body or b""))


def _raw_head(told: Told) -> bytes:
    text = (told.received or {}).get("headersText")
    if text:
        return _ended(_bytes(str(text)))
    phrase = told.answer.get("responseStatusText", "") if told.is_http1 else ""
    return _head(f"HTTP/1.1 {told.status} {phrase}", response_fields(told))


def response_fields(told: Told) -> Fields:
    """Returns the fields of an answer that was told without its text, repeats apart.

    The pause has them in order but leaves cookies out, and speaks of the cached answer where a 304 revived it. The
    ExtraInfo event is always about what crossed the wire, but has them sorted, repeats joined by line feeds. So the
    order is the pause's, and what it leaves out stands behind.
    """
    paused = tuple((str(one["name"]), str(one["value"])) for one in told.answer.get("responseHeaders") or ())
    if told.received is None:
        return paused
    wired = _unjoined(told.received["headers"])
    left_out = list(wired)
    for name, value in paused:
        same = next((one for one in left_out if one[0].lower() == name.lower() and one[1] == value), None)
        if same is None:
            return wired
        left_out.remove(same)
    return (*paused, *left_out)


def _unjoined(headers: Mapping[str, str]) -> Fields:
    """Takes apart what CDP joins: the values of repeated fields, with line feeds."""
    return tuple((name, part) for name, value in headers.items() for part in str(value).split("\n"))


def _hint(event: Event) -> bytes:
    return _head("HTTP/1.1 103 Early Hints", _unjoined(event["headers"]))


def _head(start: str, fields: Iterable[tuple[str, str]]) -> bytes:
    lines = [start, *(f"{name}: {value}" for name, value in fields)]
    return b"".join(_bytes(line.replace("\r", " ").replace("\n", " ")) + b"\r\n" for line in lines) + b"\r\n"


def _ended(head: bytes) -> bytes:
    return head.rstrip(b"\r\n") + b"\r\n\r\n"


def _bytes(text: str) -> bytes:
    """Quirk: fields are told as the text that their bytes mean in UTF-8; what follows a byte that means none is not."""
    return text.encode("utf-8", "surrogatepass")


def _fit(head: bytes, *, size: int | None) -> bytes:
    """Renames what spoke of codings that the body no longer has; None as size: there is no body to speak of."""
    if size is None:
        return head
    is_decoded = _is_decoded(http1.parse_head(head))
    lines: list[bytes] = []
    is_corrected = False
    for line in head.split(b"\r\n"):
        name = line.partition(b":")[0].strip().lower()
        if name == b"transfer-encoding" or (name == b"content-encoding" and is_decoded):
            lines.append(b"X-Orig-" + line)
        elif name == b"content-length" and line.partition(b":")[2].strip() != b"%d" % size:
            lines += [b"X-Orig-" + line] + [line.partition(b":")[0] + b": %d" % size] * (not is_corrected)
            is_corrected = True
        else:
            lines.append(line)
    return b"\r\n".join(lines)


def _is_decoded(head: http1.Head) -> bool:
    """Whether Chromium took the body out of its codings: it does for those that it knows, all of them or none."""
    return set(head.tokens("content-encoding")) <= _DECODED


def _protocols(told: Told) -> tuple[str, ...]:
    if told.is_http1:
        version = "http/1.0" if _raw_head(told).startswith(b"HTTP/1.0") else "http/1.1"
    else:
        version = told.line.protocol or "h2"
    return (version, told.line.tls) if told.line.tls else (version,)


def line_of(response: Event) -> Line:
    """Reads how an answer came from the response of `Network.responseReceived`."""
    details = response.get("securityDetails") or {}
    version = _TLS.fullmatch(details.get("protocol", ""))
    protocol = response.get("protocol") or None
    return Line(
        protocol=protocol,
        tls=f"tls/{version[1]}" if version else None,
        cipher=_cipher(details) if version else None,
    )


def _cipher(details: Event) -> str | None:
    """Returns IANA's name of a cipher suite: of TLS 1.3 it has no key exchange."""
    cipher = str(details.get("cipher", ""))
    if not cipher:
        return None
    exchange = details.get("keyExchange")
    digest = _MACS.get(details.get("mac", "")) or _SUITE_HASH.get(cipher, "SHA256")
    return f"TLS_{exchange}_WITH_{cipher}_{digest}" if exchange else f"TLS_{cipher}_{digest}"


def posted(asked: Event) -> bytes | None:
    """Returns the body of a request as the pause told it; None when it did not and the browser is to be asked."""
    if not asked.get("hasPostData"):
        return b""
    parts = [one.get("bytes") for one in asked.get("postDataEntries") or ()]
    if not parts or None in parts:
        return None
    return b"".join(base64.b64decode(part) for part in parts)


def announced(answer: Event) -> int | None:
    """Returns the Content-Length of an answer whose body is not coded; None when nothing is known."""
    fields = {str(one["name"]).lower(): str(one["value"]) for one in answer.get("responseHeaders") or ()}
    length = fields.get("content-length", "").strip()
    return int(length) if length.isascii() and length.isdigit() else None


def field(answer: Event, name: str) -> str:
    """Returns the first value of an answer's field, by its name in lower case; empty when it has none."""
    return next(
        (str(one["value"]) for one in answer.get("responseHeaders") or () if str(one["name"]).lower() == name), ""
    )
