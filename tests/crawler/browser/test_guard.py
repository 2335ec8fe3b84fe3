"""The way out of a browser: open to public places and those named, closed to everything inward, and to strangers."""

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser

from crawler.browser import owner
from crawler.browser.guard import Guard
from crawler.fetch.addresses import Place
from tests.crawler.browser.recorded import desk
from tests.crawler.fetch.wire_server import Act, WireServer, serving
from tests.ports import closed_port

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(60)]
_PAGE = [b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"]
_SUCCEEDED, _NOT_ALLOWED, _UNREACHABLE, _REFUSED, _UNKNOWN = 0, 2, 4, 5, 7

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serving({"/": _PAGE}) as running:
        yield running


def _may(*ports: int, host: str = "127.0.0.1") -> frozenset[Place]:
    return frozenset(Place(host=host, port=port) for port in ports)


async def _greeted(guard: Guard) -> Streams:
    host, port = guard.server.removeprefix("socks5://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"\x05\x01\x00")
    assert await reader.readexactly(2) == b"\x05\x00"
    return reader, writer


async def _ask(guard: Guard, host: str, port: int, *, command: int = 1) -> tuple[int, Streams]:
    reader, writer = await _greeted(guard)
    name = host.encode()
    writer.write(bytes((5, command, 0, 3, len(name))) + name + struct.pack("!H", port))
    return (await reader.readexactly(10))[1], (reader, writer)


async def test_it_connects_by_name_and_remembers_the_address(server: WireServer) -> None:
    async with Guard(allowed=_may(server.port, host="localhost")) as guard:
        reply, (reader, writer) = await _ask(guard, "LOCALHOST.", server.port)
        assert reply == _SUCCEEDED
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.readexactly(len(_PAGE[0])) == _PAGE[0]
        assert guard.peer("localhost", server.port) == "127.0.0.1"
        assert guard.peer("127.0.0.1", server.port) is None
        assert guard.refused == {}
        writer.close()


async def test_addresses_are_understood_in_all_three_forms(server: WireServer) -> None:
    async with Guard(allowed=_may(server.port)) as guard:
        for kind, packed in ((1, b"\x7f\0\0\1"), (3, b"\x0a2130706433"), (4, b"\0" * 10 + b"\xff\xff\x7f\0\0\1")):
            reader, writer = await _greeted(guard)
            writer.write(bytes((5, 1, 0, kind)) + packed + struct.pack("!H", server.port))
            assert (await reader.readexactly(10))[1] == (_NOT_ALLOWED if kind == 4 else _SUCCEEDED)
            writer.close()


async def test_a_request_may_come_in_pieces(server: WireServer) -> None:
    async with Guard(allowed=_may(server.port)) as guard:
        host, port = guard.server.removeprefix("socks5://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        said = b"\x05\x02\x02\x00" + b"\x05\x01\x00\x03\x09127.0.0.1" + struct.pack("!H", server.port)
        for byte in said:
            writer.write(bytes((byte,)))
            await writer.drain()
        assert (await reader.readexactly(12))[:4] == b"\x05\x00\x05\x00"
        writer.close()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "a.localhost", "10.0.0.1", "169.254.169.254", "0x7f.1", "::1"]
)
async def test_places_that_lead_inward_are_refused(server: WireServer, host: str) -> None:
    async with Guard(allowed=frozenset()) as guard:
        reply, (_, writer) = await _ask(guard, host, server.port)
        assert reply == _NOT_ALLOWED
        assert guard.refused == {host: 1}
        assert guard.problem(host, server.port) == "private-address"
        writer.close()
    assert server.requests == []


async def test_another_port_of_an_allowed_host_is_refused(server: WireServer) -> None:
    async with Guard(allowed=_may(server.port)) as guard:
        reply, (_, writer) = await _ask(guard, "127.0.0.1", server.port + 1)
        assert reply == _NOT_ALLOWED
        writer.close()


async def test_it_says_why_a_place_was_not_reached() -> None:
    with closed_port() as port:
        async with Guard(allowed=_may(port)) as guard:
            reply, (_, writer) = await _ask(guard, "127.0.0.1", port)
            assert (reply, guard.problem("127.0.0.1", port)) == (_REFUSED, "connection-refused")
            writer.close()
            reply, (_, writer) = await _ask(guard, "nowhere.invalid", 80)
            assert reply == _UNREACHABLE
            assert guard.problem("nowhere.invalid", 80) in {"no-such-host", "dns-failed"}
            writer.close()


async def test_it_takes_no_other_command_and_no_other_protocol(server: WireServer) -> None:
    async with Guard(allowed=_may(server.port)) as guard:
        reply, (_, writer) = await _ask(guard, "127.0.0.1", server.port, command=3)
        assert reply == _UNKNOWN
        writer.close()
        host, port = guard.server.removeprefix("socks5://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"GET http://127.0.0.1/ HTTP/1.1\r\n\r\n" + b"x" * 200)
        assert await reader.read() == b"\x05\xff"
        writer.close()


async def test_what_is_sent_faster_than_it_is_read_waits_with_the_sender() -> None:
    deaf = asyncio.Event()

    async def never_read(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await deaf.wait()
        writer.close()

    server = await asyncio.start_server(never_read, "127.0.0.1", 0, limit=1 << 10)
    port = server.sockets[0].getsockname()[1]
    async with Guard(allowed=_may(port)) as guard:
        _, (_, writer) = await _ask(guard, "127.0.0.1", port)
        sent = 0
        with contextlib.suppress(TimeoutError):
            while sent < 1 << 28:
                writer.write(b"x" * (1 << 16))
                await asyncio.wait_for(writer.drain(), 0.5)
                sent += 1 << 16
        waiting = [end.transport.get_write_buffer_size() for end in guard._ends if end.transport]
        assert sum(waiting) < 1 << 20
        assert sent < 1 << 26
        writer.transport.abort()
    deaf.set()
    server.close()


async def test_one_direction_may_end_before_the_other() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read())
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Guard(allowed=_may(port)) as guard:
        _, (reader, writer) = await _ask(guard, "127.0.0.1", port)
        writer.write(b"all of it")
        writer.write_eof()
        assert await reader.read() == b"all of it"
        writer.close()
    server.close()


async def test_leaving_ends_every_connection() -> None:
    with serving({"/": [Act.HANG]}) as server:
        async with Guard(allowed=_may(server.port)) as guard:
            _, (reader, writer) = await _ask(guard, "127.0.0.1", server.port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        assert not guard._ends
        writer.close()


async def test_a_connection_of_somebody_else_is_not_served(server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Guard(allowed=_may(server.port)) as guard:
        monkeypatch.setattr(os, "geteuid", lambda: 65_000)  # we are the somebody else
        host, port = guard.server.removeprefix("socks5://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"\x05\x01\x00")
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
        writer.close()


async def test_the_kernel_tells_whose_a_connection_is() -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    ours, theirs = (owner._told(writer.get_extra_info(name)) for name in ("sockname", "peername"))
    assert owner._owner(owner._text(owner._TABLES[0]), local=ours, remote=theirs) == os.geteuid()
    writer.close()
    server.close()


async def test_chromium_sends_everything_through_it(browser: Browser, server: WireServer) -> None:
    with serving({"/": _PAGE}) as inner:
        async with desk(browser, server.port) as there:
            page = await there.context.new_page()
            await page.goto(f"http://127.0.0.1:{server.port}/")
            for host in ("127.0.0.1", "localhost", "[::1]"):
                asked = f"fetch('http://{host}:{inner.port}/', {{mode: 'no-cors'}}).then(() => 1, () => 0)"
                assert await page.evaluate(asked) == 0
            assert (
                await page.evaluate(
                    f"new Promise(done => {{const s = new WebSocket('ws://127.0.0.1:{inner.port}/');"
                    "s.onerror = () => done(0); s.onopen = () => done(1)})"
                )
                == 0
            )
            assert set(there.guard.refused) == {"127.0.0.1", "localhost", "::1"}
        assert inner.requests == []


async def test_no_datagram_goes_around_it(browser: Browser, server: WireServer) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stun:
        stun.bind(("127.0.0.1", 0))
        stun.setblocking(False)
        async with desk(browser, server.port) as there:
            page = await there.context.new_page()
            await page.goto(f"http://127.0.0.1:{server.port}/")
            gathered = await page.evaluate(
                """async (port) => {
                    const peer = new RTCPeerConnection({iceServers: [{urls: `stun:127.0.0.1:${port}`}]});
                    const found = [];
                    peer.createDataChannel('a');
                    const over = new Promise(done => {
                        peer.onicecandidate = event => event.candidate ? found.push(event.candidate.candidate) : done();
                    });
                    await peer.setLocalDescription(await peer.createOffer());
                    await over;
                    return found;
                }""",
                stun.getsockname()[1],
            )
        assert gathered == []
        with pytest.raises(BlockingIOError):
            stun.recv(100)
