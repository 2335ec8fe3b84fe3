"""A proxy: CONNECT to servers on this machine whatever they are called, and absolute URLs answered by itself."""

import asyncio
import base64
import contextlib
from contextlib import AbstractContextManager

from tests.crawler.fetch.looped import LoopedServer, running

USER, PASSWORD = "reader", "s3cret-pass"
_CREDENTIALS = base64.b64encode(f"{USER}:{PASSWORD}".encode())


class ConnectProxy(LoopedServer):
    """`heads` are the heads of all requests it got; tunnels lead to 127.0.0.1 and the port that was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.heads: list[bytes] = []

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            if _CREDENTIALS not in head:
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            elif head.startswith(b"CONNECT "):
                await self._tunnel(head, reader, writer)
            else:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            await writer.drain()
        writer.close()

    async def _tunnel(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = int(head.split()[1].rpartition(b":")[2])
        inner, outer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(reader, outer), _pump(inner, writer))


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(1 << 16):
        target.write(data)
        await target.drain()
    target.close()


def proxying() -> AbstractContextManager[ConnectProxy]:
    return running(ConnectProxy())
