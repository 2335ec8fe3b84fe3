"""What crosses a connection, written down: aiohttp's side of it, which keeps the bytes of each request and response.

`WireProtocol` begins a fresh `Tape` for each request. What aiohttp's parser refuses in a head although browsers read it
(two lengths that agree, a length that is no number, …) is followed by `http1.Follower` instead, so that the page comes
whole; what is beyond all bounds ends the connection.

The classes use parts of aiohttp that are not public: see `crawler.fetch.wire`.
"""

import asyncio
import ssl
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, cast

from aiohttp.client_proto import ResponseHandler
from aiohttp.http_exceptions import HttpProcessingError

from archive import http1
from archive.http1 import Follower, Message
from crawler.fetch import tls
from crawler.fetch.addresses import Admission

LARGEST_HEAD = 1 << 18  # bytes, 1xx heads included: what browsers take
_FREE_OVERHEAD = 1 << 20  # bytes of head, chunk lines and trailers that any answer may have
_MOST_OVERHEAD = 6  # times the payload beyond that: chunks of one byte have five
_FIRST_FINAL, _SWITCHING = 200, 101

Overrun = Literal["head", "size", "overhead"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is known of a connection."""

    peer: str | None = None
    tls_version: str | None = None
    cipher: str | None = None


@dataclass(slots=True)
class Tape:
    """What crossed a connection for one request, both ways.

    `limit` bounds the bytes received (0: none), `overrun` names the bound that was passed. `ended` tells how the other
    side ended the connection, if it did. `broke` is why aiohttp gave up on what came.
    """

    started: datetime
    method: str
    limit: int
    line: Line
    sent: list[bytes] = field(default_factory=list)
    received: list[bytes] = field(default_factory=list)
    size: int = 0
    is_done: bool = False
    is_answered: bool = False
    overrun: Overrun | None = None
    ended: Literal["closed", "reset"] | None = None
    broke: HttpProcessingError | None = None
    _message: Message | None = None

    def take(self, data: bytes) -> None:
        """Adds what arrived."""
        self.received.append(data)
        self.size += len(data)
        if self.limit and self.size > self.limit:
            self.overrun = "size"

    def message(self) -> Message:
        """Returns the response, framed; what arrives afterwards is no part of it."""
        if self._message is None:
            self._message = http1.split_response(b"".join(self.received), method=self.method)
            self.received.clear()
        return self._message


@dataclass(slots=True, kw_only=True)
class Take:
    """One request's way through aiohttp; the last connection that was tried leaves its tape here."""

    method: str
    limit: int
    admission: Admission
    is_proxied: bool
    tape: Tape | None = None
    refused: list[str] = field(default_factory=list)


TAKE: ContextVar[Take | None] = ContextVar("TAKE", default=None)


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


class _Reader:
    """aiohttp's parser; where it gives up on a head, ours reads on to the end of the response.

    Then the error is raised, as late as that: `crawler.fetch.wire` makes the response of what is on the tape.
    """

    def __init__(self, parser: Any, *, tape: Tape) -> None:
        self._parser = parser
        self._tape = tape
        self.follower: Follower | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)

    def feed_data(self, data: bytes) -> Any:
        if self._tape.broke is None:
            try:
                return self._parser.feed_data(data)
            except HttpProcessingError as error:
                self._tape.broke = error
                if self._tape.is_answered:
                    raise
                self.follower = Follower(method=self._tape.method)
                data = b"".join(self._tape.received)
        if self.follower is None or self.follower.is_over(data):
            raise self._tape.broke
        return (), False, b""

    def feed_eof(self) -> Any:
        return self._parser.feed_eof() if self._tape.broke is None else None


class WireProtocol(ResponseHandler):
    """aiohttp's side of a connection, which keeps the bytes of one request and response at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.tape: Tape | None = None
        self.is_hung_up = False
        self._line = Line()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wraps the transport and notes who is at its other end."""
        super().connection_made(transport)
        self._line = _line(transport)
        self.transport = cast("asyncio.Transport", _Tee(cast("asyncio.Transport", transport), self))

    def set_response_params(self, **params: Any) -> None:
        """Begins a tape: aiohttp calls this once for each request, before it is sent."""
        take = TAKE.get()
        self.tape = Tape(
            started=datetime.now(UTC),
            method=take.method if take else "GET",
            limit=take.limit if take else 0,
            line=self._line,
        )
        if take is not None:
            take.tape = self.tape
        super().set_response_params(**params)
        self._parser = cast("Any", _Reader(self._parser, tape=self.tape))

    def on_sent(self, data: bytes) -> None:
        """Notes what was written."""
        if self.tape is not None:
            self.tape.sent.append(bytes(data))

    def feed_data(self, data: Any, size: int = 0) -> None:
        """Notes that a head came whole, and which: 1xx heads come through here too."""
        message, _ = data
        if self.tape is not None and (message.code >= _FIRST_FINAL or message.code == _SWITCHING):
            self.tape.is_answered = True
        super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """Notes what arrived, then lets it be parsed; what nobody asked for or is too much ends the connection."""
        if data and not self._upgraded and not self._record(data):
            self._hang_up()
            return
        super().data_received(data)
        if self.tape is not None and not self.tape.is_done and self._is_too_much(self.tape):
            self._hang_up()

    def _record(self, data: bytes) -> bool:
        if self.tape is None or self.tape.is_done:
            return False
        self.tape.take(data)
        return self.tape.overrun is None

    def _is_too_much(self, tape: Tape) -> bool:
        """Whether there is more around the payload than any server needs: heads, chunk lines, trailers."""
        follower = getattr(self._parser, "follower", None)
        if not tape.is_answered and (follower is None or not follower.has_head):
            tape.overrun = "head" if tape.size > LARGEST_HEAD else tape.overrun
        elif tape.is_answered and self._payload is not None:
            payload = self._payload.total_bytes
            if tape.size - payload > _FREE_OVERHEAD + _MOST_OVERHEAD * payload:
                tape.overrun = "overhead"
        return tape.overrun is not None

    def _hang_up(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.close()

    def eof_received(self) -> None:
        """Notes that the other side will send no more."""
        self._end("closed")
        super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Notes who ended the connection, and how."""
        self._end("closed" if exc is None else "reset")
        super().connection_lost(exc)

    def _end(self, how: Literal["closed", "reset"]) -> None:
        if self.tape is not None and not self.is_hung_up and self.tape.ended is None:
            self.tape.ended = how

    def finish(self) -> None:
        """Ends the tape before the connection goes back to the pool, or ends the connection when more bytes came."""
        if self.tape is not None:
            self.tape.is_done = True
            if self.tape.message().surplus:
                self.force_close()


def _line(transport: asyncio.BaseTransport) -> Line:
    peer = transport.get_extra_info("peername")
    session = transport.get_extra_info("ssl_object")
    secure = isinstance(session, ssl.SSLObject)
    return Line(
        peer=str(peer[0]) if peer else None,
        tls_version=tls.protocol(session.version()) if secure else None,
        cipher=tls.cipher_suite(session.cipher()) if secure else None,
    )
