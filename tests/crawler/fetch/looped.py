"""Servers on an event loop of their own, in a thread, for tests that talk to them from outside."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from typing import TypeVar


class LoopedServer:
    """Serves each connection by `connection`, which a server of its own kind defines; `port` is known once it runs."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.port = 0
        self._host = host
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one connection."""
        raise NotImplementedError

    def run(self) -> None:
        """Serves until stopped."""
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    def stop(self) -> None:
        """Ends `run`, from another thread."""
        self._loop.call_soon_threadsafe(self.stopped.set)

    def await_ready(self) -> None:
        """Returns when it listens."""
        assert self._ready.wait(10)

    async def _serve(self) -> None:
        self.stopped = asyncio.Event()
        server = await asyncio.start_server(self.connection, self._host, 0, ssl=self._tls, limit=1 << 20)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self.stopped.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()


_Server = TypeVar("_Server", bound=LoopedServer)


@contextlib.contextmanager
def running(server: _Server) -> Iterator[_Server]:
    """Yields a server while it serves."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    server.await_ready()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)
