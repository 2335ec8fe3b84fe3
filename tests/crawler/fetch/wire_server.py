"""A server that answers with exactly the bytes it is told, and remembers exactly the bytes it was sent."""

import asyncio
import socket
import ssl
import struct
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum

from tests.crawler.fetch.looped import LoopedServer, running


class Act(Enum):
    """What a script can do besides sending bytes."""

    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"
    DRIP = "drip"


Script = Sequence[bytes | Act]
NOT_FOUND: Script = [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]


class WireServer(LoopedServer):
    """Serves scripts by path in a thread of its own; `requests` holds (connection number, bytes) in order."""

    def __init__(
        self, scripts: Mapping[str, Script], *, host: str, tls: ssl.SSLContext | None, greeting: bytes
    ) -> None:
        super().__init__(host=host, tls=tls)
        self.scripts = scripts
        self.requests: list[tuple[int, bytes]] = []
        self._greeting = greeting
        self._connections = 0

    def sent_for(self, path: str) -> bytes:
        """Returns the request that asked for a path."""
        return next(data for _, data in self.requests if data.split()[1].decode().endswith(path))

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
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
            await self.stopped.wait()
        elif act is Act.DRIP:
            while not self.stopped.is_set():
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


def serving(
    scripts: Mapping[str, Script], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None, greeting: bytes = b""
) -> AbstractContextManager[WireServer]:
    return running(WireServer(scripts, host=host, tls=tls, greeting=greeting))
