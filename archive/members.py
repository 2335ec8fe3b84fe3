"""WARC records made: the bytes of one gzip member from what a record says.

Each is laid out as warcio lays it out, byte for byte, without what that costs, and compressed by isal, six times
cheaper than by zlib at warcio's level. Whatever a server or a URL holds, it cannot break a WARC header: see `warc_uri`
and `header_text`.
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote_from_bytes

from isal import isal_zlib

from archive import http1, state
from archive.digests import digest as digest
from archive.exchange import Exchange
from archive.original import Original

_GZIP = 31  # zlib's window bits for a gzip member
_LEVEL = 2  # measured on 115 news pages: level 3 is 3 % smaller and costs three times as much
_SAFE_URL = re.compile(r"https?://[!-;=?A-~]*")  # neither credentials, nor what `_UNSAFE` finds
_UNSAFE = re.compile(r"[^\x21-\x7e]|[<>]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_USERINFO = re.compile(r"^(https?://)[^/?#\\]*@", re.IGNORECASE)
_CREDENTIALS = re.compile(rb"^(?:proxy-)?authorization[ \t]*:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*", re.I | re.M)
_PROFILE_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_PROFILE_304 = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_LONGEST_NOTE = 8192
_UUID_RANDOM = ~(0xF << 76 | 0b11 << 62)
_UUID_VERSION = 4 << 76 | 0b10 << 62
_WARC_FIELDS = "application/warc-fields"
_TARGET_USERINFO = re.compile(rb"\A(\S+ https?://)[^/\s?#]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a record is to say. `head` is an HTTP head or empty, `http` the same parsed; the block is head and body.

    `payload_digest` is given where the payload is not simply the body (chunked responses).
    """

    type: str
    id: str
    date: datetime
    content_type: str
    body: bytes
    uri: str = ""
    head: bytes = b""
    fields: tuple[tuple[str, str], ...] = ()
    payload_digest: str | None = None
    http: http1.Head | None = None


def member(draft: Draft) -> bytes:
    """Returns the record as one gzip member."""
    said = "".join([f"{name}: {value}\r\n" for name, value in _fields(draft)])
    record = b"".join((f"WARC/1.1\r\n{said}\r\n".encode(), draft.head, draft.body, b"\r\n\r\n"))
    return isal_zlib.compress(record, _LEVEL, _GZIP)


def _fields(draft: Draft) -> list[tuple[str, str]]:
    payload_digest = draft.payload_digest or digest(draft.body)
    block_digest = digest(draft.head, draft.body) if draft.head or draft.payload_digest else payload_digest
    fields = [
        ("WARC-Type", draft.type),
        ("WARC-Record-ID", draft.id),
        ("WARC-Date", warc_date(draft.date)),
    ]
    if draft.uri:
        fields.append(("WARC-Target-URI", draft.uri))
    fields += [(name, header_text(value)) for name, value in draft.fields]
    if draft.type != "warcinfo":
        fields.append(("WARC-Payload-Digest", payload_digest))
    return [
        *fields,
        ("WARC-Block-Digest", block_digest),
        ("Content-Type", draft.content_type),
        ("Content-Length", str(len(draft.head) + len(draft.body))),
    ]


def new_id() -> str:
    """Returns a fresh record id with its angle brackets: a random UUID (RFC 9562, version 4)."""
    bits = int.from_bytes(os.urandom(16)) & _UUID_RANDOM | _UUID_VERSION
    digits = f"{bits:032x}"
    return f"<urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}>"


def warc_date(date: datetime) -> str:
    """Returns a WARC-Date to the microsecond, in UTC."""
    return date.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def warc_uri(url: str) -> str:
    """Returns a URL as WARC-Target-URI may carry it: without credentials, in ASCII, no blanks, line ends, brackets."""
    return url if _SAFE_URL.fullmatch(url) else _UNSAFE.sub(_percent, _USERINFO.sub(r"\1", url))


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def header_text(value: str) -> str:
    """Returns a text that stays in its one header line."""
    return (value if value.isprintable() else _CONTROL.sub(" ", value)).strip()


def without_credentials(head: bytes) -> bytes:
    """Returns a request head less Authorization, Proxy-Authorization and credentials in an absolute target."""
    return _TARGET_USERINFO.sub(rb"\1", _CREDENTIALS.sub(b"", head))


def warc_fields(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Returns a block of type application/warc-fields."""
    return "".join(f"{name}: {header_text(value)}\r\n" for name, value in pairs if value).encode()


def exchange_drafts(exchange: Exchange, *, warcinfo_id: str, original: Original | None = None) -> list[Draft]:
    """Returns the records of an exchange: response and request, or request and the note why there is no response.

    Where its payload lies in an `original` already, a revisit takes the response's place. Heads of 1xx responses are no
    part of the response; they are told in a metadata record at the end.
    """
    request_id = new_id()
    if not exchange.answered:
        fields = _wire_fields(exchange, warcinfo_id=warcinfo_id, companion=None)
        return [_request(exchange, record_id=request_id, fields=fields), _note(exchange, companion=request_id)]
    response_id = new_id()
    fields = _wire_fields(exchange, warcinfo_id=warcinfo_id, companion=request_id)
    fields += ((state.HEADER, exchange.state),) if exchange.state else ()
    if original is None:
        response = _response(exchange, record_id=response_id, fields=fields)
    else:
        response = _revisit(exchange, original=original, record_id=response_id, fields=fields)
    request = _request(
        exchange,
        record_id=request_id,
        fields=_wire_fields(exchange, warcinfo_id=warcinfo_id, companion=response_id),
    )
    drafts = [response, request]
    if original is not None and exchange.status == 304:
        drafts.append(_head_apart(exchange, companion=response_id))
    if exchange.informational:
        drafts.append(_note(exchange, companion=response_id))
    return drafts


def _response(exchange: Exchange, *, record_id: str, fields: tuple[tuple[str, str], ...]) -> Draft:
    head = exchange.head
    return Draft(
        type="response",
        id=record_id,
        date=exchange.started,
        uri=_target(exchange),
        content_type="application/http; msgtype=response",
        head=exchange.response_head,
        body=exchange.response_body,
        fields=(*fields, ("WARC-Truncated", exchange.truncated)) if exchange.truncated else fields,
        payload_digest=exchange.payload_digest,
        http=head,
    )


def _revisit(exchange: Exchange, *, original: Original, record_id: str, fields: tuple[tuple[str, str], ...]) -> Draft:
    """A capture whose payload an earlier record holds.

    Quirk: the answer 304 has no block of its own. With one, pywb and ReplayWeb.page show an empty page (status 304)
    instead of what the revisit refers to; so its head stands in a metadata record.
    """
    is_304 = exchange.status == 304
    head = exchange.head
    return Draft(
        type="revisit",
        id=record_id,
        date=exchange.started,
        uri=_target(exchange),
        content_type="application/http; msgtype=response",
        head=b"" if is_304 else exchange.response_head,
        body=b"",
        fields=(
            *fields,
            ("WARC-Profile", _PROFILE_304 if is_304 else _PROFILE_IDENTICAL),
            ("WARC-Refers-To", original.record_id),
            ("WARC-Refers-To-Target-URI", original.uri),
            ("WARC-Refers-To-Date", warc_date(original.date)),
            ("WARC-Refers-To-Filename", original.filename),
            ("WARC-Refers-To-File-Offset", str(original.offset)),
        ),
        payload_digest=original.digest,
        http=None if is_304 else head,
    )


def _head_apart(exchange: Exchange, *, companion: str) -> Draft:
    """The head of an answer whose record must not have it."""
    return Draft(
        type="metadata",
        id=new_id(),
        date=exchange.started,
        uri=_target(exchange),
        content_type="application/http; msgtype=response",
        body=exchange.response_head,
        fields=(("WARC-Concurrent-To", companion),),
    )


def _request(exchange: Exchange, *, record_id: str, fields: tuple[tuple[str, str], ...]) -> Draft:
    return Draft(
        type="request",
        id=record_id,
        date=exchange.started,
        uri=_target(exchange),
        content_type="application/http; msgtype=request",
        head=without_credentials(exchange.request_head),
        body=exchange.request_body,
        fields=fields,
    )


def _note(exchange: Exchange, *, companion: str) -> Draft:
    pairs = [("informational", line) for line in _status_lines(exchange.informational)]
    if not exchange.answered:
        pairs += [("outcome", "no-response"), ("reason", exchange.truncated or "unspecified")]
        pairs += [("received", quote_from_bytes(exchange.response_head[:_LONGEST_NOTE]))]
    return Draft(
        type="metadata",
        id=new_id(),
        date=exchange.started,
        uri=_target(exchange),
        content_type=_WARC_FIELDS,
        body=warc_fields(pairs),
        fields=(("WARC-Concurrent-To", companion),),
    )


def _status_lines(heads: bytes) -> list[str]:
    return [line for line in heads.decode("latin-1").splitlines() if line.startswith("HTTP/")]


def _target(exchange: Exchange) -> str:
    return warc_uri(exchange.url.partition("#")[0])


def _wire_fields(exchange: Exchange, *, warcinfo_id: str, companion: str | None) -> tuple[tuple[str, str], ...]:
    fields = [("WARC-Warcinfo-ID", warcinfo_id)]
    fields += [("WARC-Concurrent-To", companion)] if companion else []
    fields += [("WARC-IP-Address", exchange.peer)] if exchange.peer else []
    fields += [("WARC-Protocol", protocol) for protocol in exchange.protocols]
    fields += [("WARC-Cipher-Suite", exchange.cipher)] if exchange.cipher else []
    return tuple(fields)


def warcinfo(info: Mapping[str, str], *, record_id: str, filename: str, date: datetime) -> Draft:
    """Returns the record that begins a file and says how it came to be."""
    return Draft(
        type="warcinfo",
        id=record_id,
        date=date,
        content_type=_WARC_FIELDS,
        body=warc_fields(info.items()),
        fields=(("WARC-Filename", filename),),
    )
