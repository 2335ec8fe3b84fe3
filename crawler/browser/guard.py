"""The way out of a browser context: a SOCKS5 proxy on loopback that lets nothing connect where it has no business.

Chromium asks it for every connection by name (RFC 1928). The guard resolves the name, asks `Admission` about the very
address that it is about to connect to, and remembers which address answered, for WARC-IP-Address.

Chromium keeps to the proxy only with `GUARDED_FLAGS`: without them names are looked up beside it (prefetching), and
WebRTC and QUIC send datagrams around it. Playwright adds `<-loopback>` to the bypass list of a context's proxy by
itself (playwright 1.65, `crBrowser.ts`), so that loopback goes through it too; a `bypass` of ours need not say so.
"""

import asyncio
import errno
import socket
import struct
from collections import Counter
from collections.abc import Iterable
from ipaddress import ip_address
from types import TracebackType
from typing import Final, Self, cast

from aiohttp.abc import AbstractResolver
from aiohttp.resolver import DefaultResolver

from crawler.browser.owner import is_ours
from crawler.fetch.addresses import Admission, Place, is_this_machine, literal_address

GUARDED_FLAGS: Final = (
    "--disable-quic",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # its name before Chromium 132 or so
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-blink-features=SharedWorker",
)
"""Launch flags without which not everything goes through the guards of a browser's contexts, and past the recorder.

Shared workers belong to no page, so their requests would be asked for and recorded by nobody: there are none. A second
`--disable-blink-features` would replace this one.
"""

_BUFFER: Final = 1 << 18  # bytes that wait for a slow reader, each way, before the writer is held up
_CONNECT: Final = 10.0  # seconds for one address
_GREETING: Final = 15.0  # seconds in which a client has to say what it wants
_MOST_REMEMBERED: Final = 4096  # places
_VERSION, _NO_METHOD, _CONNECT_TO = 5, b"\x05\xff", 1
_IPV4, _NAME, _IPV6 = 1, 3, 4
_SUCCEEDED, _FAILED, _NOT_ALLOWED, _UNREACHABLE, _REFUSED, _UNKNOWN_COMMAND = 0, 1, 2, 4, 5, 7
_NO_WAY: Final = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


class Guard:
    """A SOCKS5 proxy on a free loopback port, for as long as its `async with` block lasts.

    It serves connections of our own user alone, where the system tells whose a connection is. `allowed` are the inward
    places that may be reached all the same. Leaving the block ends every connection.
    """

    def __init__(self, *, allowed: frozenset[Place]) -> None:
        self.refused: Counter[str] = Counter()
        self._allowed = allowed
        self._peers: dict[tuple[str, int], str] = {}
        self._problems: dict[tuple[str, int], str] = {}
        self._ends: set[_End] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._resolver: AbstractResolver | None = None

    @property
    def server(self) -> str:
        """Where it listens, as Playwright's `proxy={"server": …}` wants it."""
        assert self._server is not None, "the guard is not on duty"
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def peer(self, host: str, port: int) -> str | None:
        """Returns the address that a place was last connected to at."""
        return self._peers.get((_plain(host), port))

    def problem(self, host: str, port: int) -> str | None:
        """Returns why a place could not be reached the last time; None when it could.

        One of private-address, no-such-host, dns-failed, connect-timeout, connection-refused, unreachable and
        connection-lost, as in `crawler.fetch.failures`: Chromium itself knows only that its proxy did not do it.
        """
        return self._problems.get((_plain(host), port))

    async def __aenter__(self) -> Self:
        self._resolver = DefaultResolver()
        self._server = await asyncio.get_running_loop().create_server(lambda: _Client(self), "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        assert self._resolver is not None
        self._server.close()
        for end in list(self._ends):
            end.abort()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        await self._resolver.close()

    def cut(self, host: str, port: int) -> None:
        """Ends every connection to a place: the only way to stop what the browser has begun to take in."""
        for end in [one for one in self._ends if one.place == (_plain(host), port)]:
            end.abort()

    def begin(self, client: "_Client", *, host: str, port: int) -> None:
        """Connects a client to the place that it asks for, and answers it."""
        task = asyncio.get_running_loop().create_task(self._connect(client, host=_plain(host), port=port))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def enter(self, end: "_End") -> None:
        """Takes note of an open connection."""
        self._ends.add(end)

    def leave(self, end: "_End") -> None:
        """Forgets a closed one."""
        self._ends.discard(end)

    async def _connect(self, client: "_Client", *, host: str, port: int) -> None:
        try:
            addresses = self._admitted(await self._addresses(host, port=port), host=host, port=port)
            server = await self._reach(addresses, port=port)
        except _Unreached as error:
            _remember(self._problems, (host, port), error.reason)
            client.refuse(error.reply)
            return
        self._problems.pop((host, port), None)
        _remember(self._peers, (host, port), server.address)
        server.place = (host, port)
        client.join(server)

    async def _addresses(self, host: str, *, port: int) -> list[str]:
        if (literal := literal_address(host)) is not None:
            return [literal]
        if is_this_machine(host):
            return ["127.0.0.1", "::1"]
        assert self._resolver is not None
        try:
            found = await self._resolver.resolve(host, port, family=socket.AF_UNSPEC)
        except OSError as error:
            raise _Unreached(_reason_of_lookup(error), reply=_UNREACHABLE) from error
        return list(dict.fromkeys(answer["host"] for answer in found))

    def _admitted(self, addresses: Iterable[str], *, host: str, port: int) -> list[str]:
        admission = Admission(allowed=self._allowed, asked=Place(host=host, port=port))
        admitted = [address for address in addresses if admission.admits(address, port=port)]
        if not admitted:
            self.refused[host] += 1
            raise _Unreached("private-address", reply=_NOT_ALLOWED)
        return admitted

    async def _reach(self, addresses: Iterable[str], *, port: int) -> "_End":
        """Connects to the first address that answers; none is resolved any more."""
        loop = asyncio.get_running_loop()
        problem = _Unreached("unreachable", reply=_UNREACHABLE)
        for address in addresses:
            try:
                async with asyncio.timeout(_CONNECT):
                    _, server = await loop.create_connection(lambda: _End(self), address, port)
            except TimeoutError:
                problem = _Unreached("connect-timeout", reply=_UNREACHABLE)
            except OSError as error:
                problem = _why(error)
            else:
                return server
        raise problem


class _Unreached(Exception):  # noqa: N818  # an outcome, not a fault
    """A place was not reached; `reply` is what SOCKS calls it."""

    def __init__(self, reason: str, *, reply: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply


class _End(asyncio.Protocol):
    """One end of a way through the guard: what comes in here goes out at the other end, no faster than it can."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.transport: asyncio.Transport | None = None
        self.other: _End | None = None
        self.place: tuple[str, int] | None = None
        self._early = bytearray()

    @property
    def address(self) -> str:
        """Who is at the other side."""
        assert self.transport is not None
        return str(self.transport.get_extra_info("peername")[0])

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=_BUFFER)
        self._guard.enter(self)

    def data_received(self, data: bytes) -> None:
        if self.other is None or self.other.transport is None:
            self._early += data  # a server that speaks first, in the moment before the ends are joined
        else:
            self.other.transport.write(data)

    def eof_received(self) -> bool:
        if self.other is None or self.other.transport is None or self.other.transport.is_closing():
            return False
        self.other.transport.write_eof()
        return True  # the other direction goes on

    def pause_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        self._guard.leave(self)
        if self.other is not None and self.other.transport is not None:
            if exc is None:
                self.other.transport.close()
            else:
                self.other.transport.abort()

    def abort(self) -> None:
        """Ends the connection at once."""
        if self.transport is not None:
            self.transport.abort()

    def couple(self, other: "_End") -> None:
        """From here on all goes to the other end."""
        self.other = other
        if self._early and other.transport is not None:
            other.transport.write(bytes(self._early))
        self._early.clear()


class _Client(_End):
    """The browser's end: says where it wants to go, then is joined to the server's end."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(guard)
        self._said = bytearray()
        self._is_greeted = self._has_asked = False
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        assert self.transport is not None
        if not is_ours(self.transport):
            self.abort()
            return
        self._patience = asyncio.get_running_loop().call_later(_GREETING, self.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._has_asked:
            super().data_received(data)
            return
        self._said += data
        try:
            self._greet()
            self._ask()
        except _Unreached as error:
            self.refuse(error.reply)

    def _greet(self) -> None:
        """Reads version and methods; of these only "no authentication" is there."""
        if self._is_greeted or len(self._said) < 2 or len(self._said) < 2 + self._said[1]:
            return
        methods = self._said[2 : 2 + self._said[1]]
        assert self.transport is not None
        if self._said[0] != _VERSION or 0 not in methods:
            self.transport.write(_NO_METHOD)
            self.transport.close()
            return
        del self._said[: 2 + len(methods)]
        self._is_greeted = True
        self.transport.write(b"\x05\x00")

    def _ask(self) -> None:
        if not self._is_greeted or len(self._said) < 5:
            return
        if self._said[0] != _VERSION or self._said[1] != _CONNECT_TO:
            raise _Unreached("bad-url", reply=_UNKNOWN_COMMAND)
        size = {_IPV4: 4, _IPV6: 16, _NAME: self._said[4] + 1}.get(self._said[3])
        if size is None:
            raise _Unreached("bad-url", reply=_UNKNOWN_COMMAND)
        if len(self._said) < 4 + size + 2:
            return
        host = _host(bytes(self._said[4 : 4 + size]), kind=self._said[3])
        (port,) = struct.unpack_from("!H", self._said, 4 + size)
        del self._said[: 4 + size + 2]
        self._has_asked = True
        self._calm()
        self._early += self._said
        self._guard.begin(self, host=host, port=port)

    def join(self, server: _End) -> None:
        """Tells the browser that the way is open."""
        if self.transport is None or self.transport.is_closing():
            server.abort()
            return
        self._reply(_SUCCEEDED)
        server.couple(self)
        self.couple(server)

    def refuse(self, reply: int) -> None:
        """Tells the browser that there is no way."""
        if self.transport is not None and not self.transport.is_closing():
            self._reply(reply)
            self.transport.close()

    def _reply(self, reply: int) -> None:
        assert self.transport is not None
        self.transport.write(bytes((_VERSION, reply, 0, _IPV4, 0, 0, 0, 0, 0, 0)))

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def _host(said: bytes, *, kind: int) -> str:
    if kind != _NAME:
        return str(ip_address(said))
    return said[1:].decode("ascii", "replace")


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _remember(memory: dict[tuple[str, int], str], place: tuple[str, int], what: str) -> None:
    memory.pop(place, None)
    memory[place] = what
    if len(memory) > _MOST_REMEMBERED:
        del memory[next(iter(memory))]


def _why(error: OSError) -> _Unreached:
    if error.errno == errno.ECONNREFUSED:
        return _Unreached("connection-refused", reply=_REFUSED)
    if error.errno in _NO_WAY:
        return _Unreached("unreachable", reply=_UNREACHABLE)
    return _Unreached("connection-lost", reply=_FAILED)


def _reason_of_lookup(error: OSError) -> str:
    """Quirk: a resolver without aiodns tells nothing that could be told apart; c-ares tells 1, 4 and 8 for no name."""
    cause = error.__cause__ or error.__context__
    known = cause.args[0] if cause is not None and cause.args and isinstance(cause.args[0], int) else 4
    return "no-such-host" if known in {1, 4, 8, socket.EAI_NONAME} else "dns-failed"
