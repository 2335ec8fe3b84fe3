"""A server that answers with exactly the bytes it is told, and remembers exactly the bytes it was sent."""

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum


class Act(Enum):
    """What a script can do besides sending bytes."""

    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"
    DRIP = "drip"


Script = Sequence[bytes | Act]
NOT_FOUND: Script = [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]


class WireServer:
    """Serves scripts by path in a thread of its own; `requests` holds (connection number, bytes) in order."""

    def __init__(
        self, scripts: Mapping[str, Script], *, host: str, tls: ssl.SSLContext | None, greeting: bytes
    ) -> None:
        self.scripts = scripts
        self.requests: list[tuple[int, bytes]] = []
        self.port = 0
        self._host = host
        self._tls = tls
        self._greeting = greeting
        self._connections = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

    def sent_for(self, path: str) -> bytes:
        """Returns the request that asked for a path."""
        return next(data for _, data in self.requests if data.split()[1].decode().endswith(path))

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)

    async def _serve(self) -> None:
        self._stopped = asyncio.Event()
        server = await asyncio.start_server(self._connection, self._host, 0, ssl=self._tls, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stopped.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        number = self._connections
        try:
            await self._do(self._greeting, writer)
            while True:
                await self._answer(number, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, OSError):
            writer.close()

    async def _answer(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        self.requests.append((number, head + await reader.readexactly(length)))
        path = "/" + head.split()[1].decode("latin-1").split("/", 3)[-1].lstrip("/")
        for act in self.scripts.get(path.partition("?")[0], NOT_FOUND):
            await self._do(act, writer)

    async def _do(self, act: bytes | Act, writer: asyncio.StreamWriter) -> None:
        if isinstance(act, bytes):
            writer.write(act)
            await writer.drain()
        elif act is Act.HANG:
            await self._stopped.wait()
        elif act is Act.DRIP:
            while not self._stopped.is_set():
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.05)
        elif act is Act.CLOSE:
            writer.close()
            raise ConnectionAbortedError
        else:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            raise ConnectionAbortedError


@contextmanager
def serving(
    scripts: Mapping[str, Script], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, greeting: bytes = b""
) -> Iterator[WireServer]:
    server = WireServer(scripts, host=host, tls=tls, greeting=greeting)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    server._ready.wait(10)
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)
