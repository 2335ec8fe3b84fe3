"""Plain HTTP, verbatim: a Scrapy download handler that keeps each exchange as it crossed the wire.

1. Scrapy hands over a request; `WireDownloadHandler.download_request` begins a `_Take` for it.
2. aiohttp connects. Each socket is made by `_guarded_socket`, which refuses addresses that lead inward.
3. For each request on a connection `WireProtocol` begins a fresh `_Tape` of what is written and what arrives.
4. Whatever the end (an answer, a cut, a timeout), the tape becomes an `Exchange` in `request.meta["exchange"]`.

The points 2 and 3 use parts of aiohttp and of Scrapy's aiohttp handler that are not public; pyproject.toml bounds both
versions, and tests/crawler/test_wire.py fails when one of them moves.
"""

import asyncio
import functools
import socket
import ssl
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from aiohttp import ClientRequest, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response

from archive import http1
from archive.exchange import Exchange, Truncation
from archive.http1 import Framing, Message
from crawler.fetch import tls
from crawler.fetch.addresses import Admission, Place, is_address, places

_LONGEST_FIELD = 1 << 16  # bytes of one header field; browsers take 256 KB of fields together
_MOST_FIELDS = 1000
_SURPLUS_OVER_MAXSIZE = 1 << 20  # head and 1xx heads; chunking is covered by the factor
_CHUNKING_FACTOR = 2
_CUT_FLAGS = frozenset({"dataloss", "download_stopped"})


class AddressRefused(IgnoreRequest):  # named as Scrapy names such outcomes
    """A request led to an address that points inward; `reason` names the outcome."""

    reason: ClassVar[str] = "private-address"


@dataclass(slots=True)
class _Tape:
    """What crossed a connection for one request, both ways."""

    started: datetime
    method: str
    limit: int
    line: "_Line"
    sent: list[bytes] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    size: int = 0
    is_done: bool = False
    is_overrun: bool = False
    ended_by_peer: bool = False
    _message: Message | None = None

    def take(self, data: bytes) -> None:
        self.received.append(data)
        self.size += len(data)
        self.is_overrun = bool(self.limit) and self.size > self.limit

    def message(self) -> Message:
        """Returns the response, framed; what arrives afterwards is no part of it."""
        if self._message is None:
            self._message = http1.split_response(b"".join(self.received), method=self.method)
            self.received.clear()
        return self._message


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What is known of a connection."""

    peer: str | None = None
    tls_version: str | None = None
    cipher: str | None = None


@dataclass(slots=True, kw_only=True)
class _Take:
    """One request's way through aiohttp; the last connection that was tried leaves its tape here."""

    method: str
    limit: int
    admission: Admission
    is_proxied: bool
    tape: _Tape | None = None
    refused: list[str] = field(default_factory=list)


_TAKE: ContextVar[_Take | None] = ContextVar("_TAKE", default=None)


class _Tee:
    """A transport that also writes onto the protocol's tape."""

    __slots__ = ("_protocol", "_transport")

    def __init__(self, transport: asyncio.Transport, protocol: "WireProtocol") -> None:
        self._transport = transport
        self._protocol = protocol

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._protocol.on_sent(data)
        self._transport.write(data)

    def writelines(self, parts: Iterable[bytes]) -> None:
        self.write(b"".join(parts))

    def close(self) -> None:
        self._protocol.is_hung_up = True
        self._transport.close()

    def abort(self) -> None:
        self._protocol.is_hung_up = True
        self._transport.abort()


class WireProtocol(ResponseHandler):
    """aiohttp's side of a connection, which keeps the bytes of one request and response at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.tape: _Tape | None = None
        self.is_hung_up = False
        self._line = _Line()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wraps the transport and notes who is at its other end."""
        super().connection_made(transport)
        self._line = _line(transport)
        self.transport = cast("asyncio.Transport", _Tee(cast("asyncio.Transport", transport), self))

    def set_response_params(self, **params: Any) -> None:
        """Begins a tape: aiohttp calls this once for each request, before it is sent."""
        take = _TAKE.get()
        self.tape = _Tape(
            started=datetime.now(UTC),
            method=take.method if take else "GET",
            limit=take.limit if take else 0,
            line=self._line,
        )
        if take is not None:
            take.tape = self.tape
        super().set_response_params(**params)

    def on_sent(self, data: bytes) -> None:
        """Notes what was written."""
        if self.tape is not None:
            self.tape.sent.append(bytes(data))

    def data_received(self, data: bytes) -> None:
        """Notes what arrived, then lets aiohttp parse it; what nobody asked for ends the connection."""
        if data and not self._upgraded and not self._record(data):
            self.force_close()
            if self.transport is not None:
                self.transport.close()
            return
        super().data_received(data)

    def _record(self, data: bytes) -> bool:
        if self.tape is None or self.tape.is_done:
            return False
        self.tape.take(data)
        return not self.tape.is_overrun

    def eof_received(self) -> None:
        """Notes that the other side will send no more."""
        self._end_by_peer()
        super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Notes who ended the connection."""
        self._end_by_peer()
        super().connection_lost(exc)

    def _end_by_peer(self) -> None:
        if self.tape is not None and not self.is_hung_up:
            self.tape.ended_by_peer = True

    def finish(self) -> None:
        """Ends the tape before the connection goes back to the pool, or ends the connection when more bytes came."""
        if self.tape is not None:
            self.tape.is_done = True
            if self.tape.message().surplus:
                self.force_close()


class _WireRequest(ClientRequest):
    """Sends no body where there is none: Scrapy's handler hands over b"", and aiohttp would say Content-Length: 0."""

    def update_body_from_data(self, body: Any, _stacklevel: int = 3) -> None:
        super().update_body_from_data(body or None, _stacklevel=_stacklevel + 1)


class _WireResponse(_ClientResponse):
    """Tells the protocol when its response is complete."""

    _wire: WireProtocol | None = None

    async def start(self, connection: Connection) -> "_WireResponse":
        self._wire = cast("WireProtocol", connection.protocol)
        await super().start(connection)
        return self

    def _response_eof(self) -> None:
        if self._wire is not None and not self._closed:
            self._wire.finish()
        super()._response_eof()


class WireDownloadHandler(AiohttpDownloadHandler):
    """Downloads over HTTP/1.1 and leaves the verbatim `Exchange` in `request.meta["exchange"]`.

    Answers and failures alike have one, as soon as a request was sent; what failed before (DNS, connection, TLS) has
    none. All of Scrapy's settings for downloads apply. Connections that lead inward raise `AddressRefused`, except to
    the places in the setting MICROFICHE_ALLOWED_ADDRESSES, a list of "host:port".
    """

    experimental: ClassVar[bool] = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._allowed = places(crawler.settings.getlist("MICROFICHE_ALLOWED_ADDRESSES"))
        connector = cast("TCPConnector", self._session.connector)
        factory = functools.partial(WireProtocol, loop=connector._loop)  # noqa: SLF001  # see the module
        connector._factory = cast("functools.partial[ResponseHandler]", factory)  # noqa: SLF001  # as above
        connector._socket_factory = _guarded_socket  # noqa: SLF001  # the parent makes the connector
        self._session._request_class = _WireRequest  # noqa: SLF001  # and the session
        self._session._response_class = _WireResponse  # noqa: SLF001  # as above
        self._session._max_line_size = self._session._max_field_size = _LONGEST_FIELD  # noqa: SLF001  # as above
        self._session._max_headers = _MOST_FIELDS  # noqa: SLF001  # as above

    async def download_request(self, request: Request) -> Response:
        """Downloads one request; raises what Scrapy's handlers raise, and `AddressRefused`."""
        request.meta.pop("exchange", None)  # retries and redirects copy the meta of the request before
        take = self._take(request)
        token = _TAKE.set(take)
        try:
            response = await super().download_request(request)
        except BaseException as error:
            _leave_exchange(request, take=take, error=error, flags=())
            if take.refused and take.tape is None and isinstance(error, Exception):
                raise _refusal(request.url, addresses=take.refused) from error
            if (lenient := self._lenient(request, error=error)) is not None:
                return lenient
            raise
        finally:
            _TAKE.reset(token)
        _leave_exchange(request, take=take, error=None, flags=response.flags)
        return response

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """Returns the fields as bytes: aiohttp's text of a Latin-1 field is none that Scrapy can encode again."""
        return Headers(list(response.raw_headers))

    def _lenient(self, request: Request, *, error: BaseException) -> Response | None:
        """Returns the response that aiohttp refused although it came whole, as browsers would show it; else None.

        Quirk: servers send both Content-Length and Transfer-Encoding, or more bytes than they announce.
        """
        exchange: Exchange | None = request.meta.get("exchange")
        if not isinstance(error, DownloadFailedError) or exchange is None or exchange.truncated:
            return None
        maxsize = int(request.meta.get("download_maxsize", self._default_maxsize))
        status, body = exchange.status, exchange.payload
        if status is None or (maxsize and len(body) > maxsize):
            return None
        fields = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in exchange.headers]
        return make_response(url=request.url, status=status, headers=Headers(fields), body=body, flags=["lenient"])

    def _take(self, request: Request) -> _Take:
        maxsize = int(request.meta.get("download_maxsize", self._default_maxsize))
        take = _Take(
            method=request.method,
            limit=maxsize * _CHUNKING_FACTOR + _SURPLUS_OVER_MAXSIZE if maxsize else 0,
            admission=Admission(allowed=self._allowed, asked=Place.of_url(request.url)),
            is_proxied=bool(request.meta.get("proxy")),
        )
        asked = take.admission.asked
        if take.is_proxied and asked and is_address(asked.host):
            _admit(take, address=asked.host, port=asked.port)
            if take.refused:
                raise _refusal(request.url, addresses=take.refused)
        return take


def _guarded_socket(place: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
    """Makes the socket for one address that is about to be connected to, unless it leads inward.

    This is the last step before the connection: whatever a name resolved to earlier does not matter any more.
    """
    family, kind, protocol, _, address = place
    take = _TAKE.get()
    if take is not None and not take.is_proxied:
        _admit(take, address=str(address[0]), port=int(address[1]))
        if str(address[0]) in take.refused:
            raise OSError(f"{address[0]} leads inward")
    return socket.socket(family, kind, protocol)


def _admit(take: _Take, *, address: str, port: int) -> None:
    if not take.admission.admits(address, port=port):
        take.refused.append(address)


def _refusal(url: str, *, addresses: Sequence[str]) -> AddressRefused:
    return AddressRefused(f"{url} leads inward, to {', '.join(dict.fromkeys(addresses))}; it is not asked")


def _line(transport: asyncio.BaseTransport) -> _Line:
    peer = transport.get_extra_info("peername")
    session = transport.get_extra_info("ssl_object")
    secure = isinstance(session, ssl.SSLObject)
    return _Line(
        peer=str(peer[0]) if peer else None,
        tls_version=tls.protocol(session.version()) if secure else None,
        cipher=tls.cipher_suite(session.cipher()) if secure else None,
    )


def _leave_exchange(request: Request, *, take: _Take, error: BaseException | None, flags: Sequence[str]) -> None:
    tape = take.tape
    if tape is None or not tape.sent or tape.sent[0].startswith(b"CONNECT "):
        return
    tape.is_done = True
    request.meta["exchange"] = _exchange(request, tape=tape, take=take, error=error, flags=flags)


def _exchange(
    request: Request, *, tape: _Tape, take: _Take, error: BaseException | None, flags: Sequence[str]
) -> Exchange:
    sent = b"".join(tape.sent)
    body = http1.head_end(sent) or len(sent)
    message = tape.message()
    version = "http/1.0" if message.head.startswith(b"HTTP/1.0") else "http/1.1"
    return Exchange(
        url=request.url,
        method=request.method,
        started=tape.started,
        request_head=sent[:body],
        request_body=sent[body:],
        response_head=message.head,
        response_body=message.body,
        informational=message.informational,
        peer=None if take.is_proxied else tape.line.peer,
        protocols=tuple(filter(None, (version, tape.line.tls_version))),
        cipher=tape.line.cipher,
        truncated=_truncation(tape, message=message, error=error, flags=flags),
    )


def _truncation(
    tape: _Tape, *, message: Message, error: BaseException | None, flags: Sequence[str]
) -> Truncation | None:
    """Tells why the end of the response is missing; None when it is there."""
    if message.framing is Framing.COMPLETE:
        return None
    if error is None and not _CUT_FLAGS.intersection(flags):
        return None
    if tape.is_overrun or isinstance(error, DownloadCancelledError):
        return "length"
    if isinstance(error, DownloadTimeoutError):
        return "time"
    return "disconnect" if tape.ended_by_peer else "unspecified"
