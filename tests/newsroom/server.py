"""The HTTP/1.1 server: reads requests, has them answered, plays the reply's steps on the connection."""

import asyncio
import re
from collections.abc import Callable

from tests.newsroom.wire import CLOSE, RESET, Request, Step

LIMIT = 65_536
MOST_BODY = 4 << 20
Respond = Callable[[Request], tuple[Step, ...]]
BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Connection(asyncio.Protocol):
    """One client; its requests are answered one after the other, in the order in which they came."""

    def __init__(self, *, respond: Respond) -> None:
        self._respond = respond
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, _exc: Exception | None) -> None:
        self._flowing.set()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._flowing.clear()

    def resume_writing(self) -> None:
        self._flowing.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next()

    def _next(self) -> None:
        while self._task is None and not self._transport.is_closing():
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > LIMIT:
                    self._refuse()
                return
            try:
                size = _length(bytes(self._buffer[:end]))
                if len(self._buffer) < end + 4 + size:
                    return
                request = Request.read(bytes(self._buffer[:end]), body=bytes(self._buffer[end + 4 : end + 4 + size]))
            except ValueError:
                self._refuse()
                return
            old = self._buffer[:end].partition(b"\r\n")[0].endswith(b"HTTP/1.0")
            del self._buffer[: end + 4 + size]
            self._answer(request, closes=old or request.header("connection").lower() == "close")

    def _answer(self, request: Request, *, closes: bool) -> None:
        steps = (*self._respond(request), CLOSE) if closes else self._respond(request)
        if all(isinstance(step, bytes) for step in steps) and self._flowing.is_set():
            self._transport.writelines(step for step in steps if isinstance(step, bytes))
        else:
            self._task = asyncio.get_running_loop().create_task(self._play(steps))

    def _refuse(self) -> None:
        self._transport.write(BAD_REQUEST)
        self._transport.close()

    async def _play(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            await self._flowing.wait()
            if self._transport.is_closing():
                return
            if isinstance(step, bytes):
                self._transport.write(step)
            elif step == CLOSE:
                self._transport.close()
            elif step == RESET:
                self._transport.abort()
            elif isinstance(step, float | int):
                await asyncio.sleep(step)
        self._task = None
        self._next()


def _length(head: bytes) -> int:
    """Returns the size of the body that follows a request's head; raises ValueError where it is none or too much."""
    found = re.search(rb"(?i)\r\ncontent-length:[ \t]*([^\r]*)", head)
    size = int(found[1]) if found else 0
    if not 0 <= size <= MOST_BODY:
        raise ValueError(f"no body of {size} bytes is taken")
    return size


async def serve(respond: Respond, *, port: int = 0) -> asyncio.Server:
    """Listens on 127.0.0.1; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: Connection(respond=respond), "127.0.0.1", port, backlog=512)


def port_of(server: asyncio.Server) -> int:
    """Returns the port a server listens on."""
    return int(server.sockets[0].getsockname()[1])
