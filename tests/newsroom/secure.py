"""The newspaper over TLS: HTTP/2 for those who speak it, HTTP/1.1 for the others."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from tests.newsroom.certificate import Certificate
from tests.newsroom.server import Connection, Respond
from tests.newsroom.wire import RESET, Request, Step

HOP_BY_HOP = frozenset({"connection", "transfer-encoding", "keep-alive"})
RespondH2 = Callable[[Request], tuple[Step, ...]]


@dataclass(slots=True)
class Asked:
    """A request that is under way."""

    headers: tuple[tuple[str, str], ...]
    body: bytearray = field(default_factory=bytearray)

    def request(self) -> Request:
        """Returns it in the form of HTTP/1.1, the authority as its Host."""
        pseudo = {name: value for name, value in self.headers if name.startswith(":")}
        rest = [f"{name}: {value}" for name, value in self.headers if not name.startswith(":")]
        lines = [f"{pseudo[':method']} {pseudo[':path']} HTTP/1.1", f"host: {pseudo.get(':authority', '')}", *rest]
        return Request.read("\r\n".join(lines).encode("latin-1"), body=bytes(self.body))


class Streams(asyncio.Protocol):
    """One client that speaks HTTP/2; its streams are answered side by side."""

    def __init__(self, transport: asyncio.Transport, *, respond: RespondH2) -> None:
        self._transport, self._respond = transport, respond
        self._h2 = h2.connection.H2Connection(
            config=h2.config.H2Configuration(client_side=False, header_encoding="latin-1")
        )
        self._asked: dict[int, Asked] = {}
        self._answers: dict[int, asyncio.Task[None]] = {}
        self._opened = asyncio.Event()
        self._h2.initiate_connection()
        self._flush()

    def connection_lost(self, _exc: Exception | None) -> None:
        for task in self._answers.values():
            task.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            events = self._h2.receive_data(data)
        except h2.exceptions.ProtocolError:
            self._flush()
            self._transport.close()
            return
        for event in events:
            self._on(event)
        self._flush()

    def _on(self, event: h2.events.Event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            self._asked[event.stream_id] = Asked(tuple((str(n), str(v)) for n, v in event.headers))
        elif isinstance(event, h2.events.DataReceived):
            self._asked[event.stream_id].body += event.data or b""
            self._h2.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            request = self._asked.pop(event.stream_id).request()
            answer = self._answer(event.stream_id, self._respond(request))
            self._answers[event.stream_id] = asyncio.get_running_loop().create_task(answer)
        elif isinstance(event, h2.events.WindowUpdated | h2.events.RemoteSettingsChanged):
            self._opened.set()
        elif isinstance(event, h2.events.StreamReset) and event.stream_id in self._answers:
            self._answers[event.stream_id].cancel()
        elif isinstance(event, h2.events.ConnectionTerminated):
            self._transport.close()

    async def _answer(self, stream: int, steps: Sequence[Step]) -> None:
        """Plays a reply's steps on a stream; the HTTP/1.1 of its bytes is taken apart on the way."""
        parser = Taken()
        try:
            for step in steps:
                if isinstance(step, bytes):
                    await self._say(stream, *parser.take(step))
                elif step == RESET:
                    self._h2.reset_stream(stream)
                    return self._flush()
                elif isinstance(step, float | int):
                    await asyncio.sleep(step)
            self._h2.end_stream(stream)
        except h2.exceptions.ProtocolError:
            return None  # the client has closed the stream
        finally:
            self._answers.pop(stream, None)
        return self._flush()

    async def _say(self, stream: int, headers: Sequence[tuple[str, str]], data: bytes) -> None:
        if headers:
            self._h2.send_headers(stream, headers)
        while data:
            room = min(self._h2.local_flow_control_window(stream), self._h2.max_outbound_frame_size, len(data))
            if room > 0:
                self._h2.send_data(stream, data[:room])
                data = data[room:]
                self._flush()
            else:
                self._opened.clear()
                await self._opened.wait()
        self._flush()

    def _flush(self) -> None:
        if data := self._h2.data_to_send():
            self._transport.write(data)


class Taken:
    """Takes HTTP/1.1 apart as it comes, piece by piece: headers once, then the body without its chunks."""

    def __init__(self) -> None:
        self._buffer = b""
        self._headed = False
        self._chunked = False

    def take(self, data: bytes) -> tuple[list[tuple[str, str]], bytes]:
        """Returns the headers as HTTP/2 has them, where these bytes complete them, and the body they hold."""
        self._buffer += data
        headers: list[tuple[str, str]] = []
        if not self._headed:
            head, mark, rest = self._buffer.partition(b"\r\n\r\n")
            if not mark:
                return [], b""
            self._headed, self._buffer = True, rest
            headers = self._read(head)
        return headers, self._body()

    def _read(self, head: bytes) -> list[tuple[str, str]]:
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        self._chunked = ("transfer-encoding", "chunked") in pairs
        return [(":status", first.split(" ")[1]), *(pair for pair in pairs if pair[0] not in HOP_BY_HOP)]

    def _body(self) -> bytes:
        if not self._chunked:
            body, self._buffer = self._buffer, b""
            return body
        body = b""
        while found := re.match(rb"([0-9a-fA-F]+)\r\n", self._buffer):
            size, start = int(found[1], 16), found.end()
            if len(self._buffer) < start + size + 2:
                break
            body += self._buffer[start : start + size]
            self._buffer = self._buffer[start + size + 2 :]
        return body


class Either(asyncio.Protocol):
    """A client whose protocol is known once TLS has agreed on it."""

    def __init__(self, *, respond: Respond, respond_h2: RespondH2) -> None:
        self._respond, self._respond_h2 = respond, respond_h2

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        agreed = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        if agreed == "h2":
            transport.set_protocol(Streams(transport, respond=self._respond_h2))
        else:
            plain = Connection(respond=self._respond)
            transport.set_protocol(plain)
            plain.connection_made(transport)


async def serve_secure(
    respond: Respond, respond_h2: RespondH2, *, certificate: Certificate, port: int = 0
) -> asyncio.Server:
    """Listens on 127.0.0.1 with TLS; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: Either(respond=respond, respond_h2=respond_h2), "127.0.0.1", port, ssl=certificate.serving()
    )
