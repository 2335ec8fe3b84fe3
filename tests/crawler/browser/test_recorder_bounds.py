"""How much of a body and of a page is recorded, how long for, and what happens at the end."""

import asyncio
import gzip

import pytest

from archive.exchange import Exchange
from crawler.browser.recording import bodies
from tests.crawler.browser.recorded import Desk
from tests.crawler.browser.sites import answer, site
from tests.crawler.fetch.wire_server import Act, WireServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(120)]


async def test_a_body_over_the_cap_passes_unrecorded(here: Desk, server: WireServer) -> None:
    home = site(
        server,
        {"/": answer("<p>"), "/large": answer("x" * 5000, kind="text/plain"), "/small": answer("y" * 5000)},
    )
    async with here.page(most_body=4999) as recorded:
        await recorded.page.goto(home)
        assert await recorded.page.evaluate("fetch('/large').then(r => r.text()).then(t => t.length)") == 5000
        await recorded.idle()
    assert recorded.of("large") == []
    assert recorded.recorder.missing == {f"{home}/large": "too-large"}
    assert recorded.recorder.too_large == [f"{home}/large"]


async def test_a_coded_body_that_unpacks_beyond_the_cap_is_not_kept(here: Desk, server: WireServer) -> None:
    bomb = gzip.compress(b"\0" * (1 << 20))
    home = site(server, {"/": answer("<p>"), "/bomb": answer(bomb, "Content-Encoding: gzip", kind="text/plain")})
    async with here.page(most_body=1 << 18) as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate("fetch('/bomb').then(r => r.text()).catch(() => 0)")
        await recorded.idle()
    assert recorded.of("bomb") == []
    assert recorded.recorder.too_large == [f"{home}/bomb"]


async def test_a_page_has_a_cap_too(here: Desk, server: WireServer) -> None:
    pages = {f"/{n}": answer("x" * 400, kind="text/plain") for n in range(5)}
    home = site(server, {"/": answer("<p>"), **pages})
    async with here.page(most_page=1000) as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate("(async () => { for (let n = 0; n < 5; n++) await fetch('/' + n) })()")
        await recorded.idle()
    assert [len(recorded.of(str(n))) for n in range(5)] == [1, 1, 0, 0, 0]
    assert recorded.recorder.too_large == [f"{home}/{n}" for n in (2, 3, 4)]


async def test_streams_without_end_hold_nobody_up(here: Desk, server: WireServer) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n\r\n"
    home = site(
        server,
        {
            "/": answer(
                "<video src=/video></video><img src=/camera><script>new EventSource('/events')</script>"
                "<script>fetch('/tail').then(r => r.body.getReader().read())"
                ".then(() => document.title = 'read')</script>"
            ),
            "/video": [head % b"video/mp4", Act.DRIP],
            "/camera": [head % b"multipart/x-mixed-replace; boundary=x", b"--x\r\n", Act.DRIP],
            "/events": [head % b"text/event-stream", b"data: 1\n\n", Act.HANG],
            "/tail": [head % b"text/event-stream", b"data: 1\n\n", Act.HANG],
        },
    )
    async with here.page() as recorded:
        await recorded.page.goto(home, wait_until="commit")
        await recorded.page.wait_for_function("document.title === 'read'")
        await recorded.idle()
    assert recorded.recorder.missing == dict.fromkeys(
        (f"{home}/{path}" for path in ("video", "camera", "events", "tail")), "endless"
    ) or set(recorded.recorder.missing.values()) <= {"endless", "aborted"}
    assert len(recorded.recorder.missing) == 4


async def test_a_body_that_never_ends_is_given_up(
    here: Desk, server: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "READ", 0.3)
    drip = [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", Act.DRIP]
    home = site(server, {"/": answer("<p>"), "/drip": drip})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        assert await recorded.page.evaluate("fetch('/drip').then(r => r.text()).catch(() => 'gave up')") == "gave up"
        await recorded.idle()
    assert recorded.recorder.missing == {f"{home}/drip": "endless"}
    assert recorded.of("drip") == []


async def test_a_stream_that_ends_after_all_is_kept(here: Desk, server: WireServer) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    home = site(server, {"/": answer("<p>"), "/events": [head, b"data: 1\n\n", Act.CLOSE]})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        assert await recorded.page.evaluate("fetch('/events').then(r => r.text())") == "data: 1\n\n"
        await recorded.idle()
    assert recorded.one("events").response_body == b"data: 1\n\n"
    assert recorded.recorder.missing == {}


async def test_a_page_that_is_closed_in_the_middle_loses_nothing_in_silence(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer("<img src=/never>"), "/never": [Act.HANG]})
    async with here.page() as recorded:
        await recorded.page.goto(home, wait_until="commit")
        await recorded.page.wait_for_selector("img", state="attached")
        await recorded.page.wait_for_function("performance.getEntriesByType('navigation').length")
        await recorded.page.close()
        await recorded.recorder.finish(seconds=0.1)
    assert recorded.recorder.missing.get(f"{home}/never") in {"unanswered", "aborted", "failed"}


async def test_what_keep_raises_comes_out_at_the_end(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer("<p>")})

    async def full(exchange: Exchange) -> None:
        raise OSError("the disk is full")

    async with here.page(on_keep=full) as recorded:
        await recorded.page.goto(home)
        with pytest.raises(OSError, match="the disk is full"):
            await recorded.recorder.finish()


async def test_what_is_being_kept_at_the_end_is_waited_for(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer("<p>")})
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slowly(exchange: Exchange) -> None:
        begun.set()
        await may_end.wait()

    async with here.page(on_keep=slowly) as recorded:
        await recorded.page.goto(home)
        await begun.wait()
        finishing = asyncio.create_task(recorded.recorder.finish(seconds=0))
        await asyncio.wait({finishing}, timeout=0.2)
        assert not finishing.done()
        may_end.set()
        await finishing
    assert f"{home}/" in recorded.recorder.seen
