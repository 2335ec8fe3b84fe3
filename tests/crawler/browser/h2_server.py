"""A small server that speaks HTTP/2 over TLS, and nothing else."""

import asyncio
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded

from tests.crawler.fetch.certificates import server_certificate, serving_with

Answer = tuple[list[tuple[str, str]], bytes]


class _Speaker(asyncio.Protocol):
    def __init__(self, answers: Mapping[str, Answer], requests: list[tuple[dict[str, str], bytes]]) -> None:
        self._answers = answers
        self._requests = requests
        self._open: dict[int, tuple[dict[str, str], bytearray]] = {}
        self._h2 = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._h2.initiate_connection()
        self._flush()

    def data_received(self, data: bytes) -> None:
        for event in self._h2.receive_data(data):
            if isinstance(event, RequestReceived):
                self._open[event.stream_id] = (dict(event.headers), bytearray())
            elif isinstance(event, DataReceived):
                self._open[event.stream_id][1].extend(event.data)
            elif isinstance(event, StreamEnded):
                self._answer(event.stream_id)
        self._flush()

    def _answer(self, stream: int) -> None:
        headers, body = self._open.pop(stream)
        self._requests.append((headers, bytes(body)))
        fields, page = self._answers.get(headers[":path"], ([(":status", "404")], b""))
        self._h2.send_headers(stream, fields, end_stream=not page)
        if page:
            self._h2.send_data(stream, page, end_stream=True)

    def _flush(self) -> None:
        self._transport.write(self._h2.data_to_send())  # type: ignore[attr-defined]  # a stream's transport


@contextmanager
def speaking_h2(
    answers: Mapping[str, Answer], folder: Path
) -> Iterator[tuple[int, list[tuple[dict[str, str], bytes]]]]:
    """Yields its port and what it was asked."""
    tls = serving_with(server_certificate(None, folder, name="h2"), version=ssl.TLSVersion.TLSv1_3)
    tls.set_alpn_protocols(["h2"])
    loop = asyncio.new_event_loop()
    requests: list[tuple[dict[str, str], bytes]] = []
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    serving = loop.create_server(lambda: _Speaker(answers, requests), "127.0.0.1", 0, ssl=tls)
    server = asyncio.run_coroutine_threadsafe(serving, loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1], requests
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
