"""What may not be asked is not, and what did not come is missing under a reason."""

import asyncio

import pytest
from playwright.async_api import Browser, Error

from tests.crawler.browser.recorded import Desk, browsing, desk
from tests.crawler.browser.sites import answer, asked_of, site
from tests.crawler.fetch.wire_server import Act, Script, WireServer
from tests.ports import closed_port

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(120)]


RULES = (
    '{"prefetch": [{"urls": ["/ahead"], "eagerness": "immediate"}],'
    ' "prerender": [{"urls": ["/further"], "eagerness": "immediate"}]}'
)
AHEAD = f"<script type=speculationrules>{RULES}</script>"


async def test_what_speculation_rules_would_fetch_ahead_is_not_asked_for(here: Desk, server: WireServer) -> None:
    """Pages take their turn in a crawl, as slowly as the site asks; the browser itself says that it refused them."""
    home = site(server, {"/": answer(AHEAD), "/ahead": answer("<p>ahead"), "/further": answer("<p>further")})
    async with here.page() as recorded:
        refused: dict[str, str] = {}
        session = await recorded.page.context.new_cdp_session(recorded.page)
        session.on(
            "Preload.prefetchStatusUpdated", lambda told: refused.update({told["prefetchUrl"]: told["prefetchStatus"]})
        )
        await session.send("Preload.enable")
        await recorded.page.goto(home)
        while len(refused) < 2:  # noqa: ASYNC110  its events are all there is to wait for
            await asyncio.sleep(0.02)
        await recorded.idle()
    assert refused == dict.fromkeys((f"{home}/ahead", f"{home}/further"), "PrefetchNotEligiblePreloadingDisabled")
    assert recorded.recorder.missing == {}
    assert {"GET /ahead", "GET /further"}.isdisjoint(asked_of(server))


async def test_what_a_browser_fetches_ahead_all_the_same_is_missing(server: WireServer) -> None:
    """One that heeds no preferences, such as a headless shell: nothing pauses these requests, but they are told."""
    home = site(server, {"/": answer(AHEAD), "/ahead": answer("<p>ahead"), "/further": answer("<p>further")})
    async with browsing(preferences=False) as browser, desk(browser, server.port) as there, there.page() as recorded:
        await recorded.page.goto(home)
        await recorded.missed(2)
    assert recorded.recorder.missing == dict.fromkeys((f"{home}/ahead", f"{home}/further"), "prefetch")


async def test_nothing_is_asked_for_beside_the_recorder(here: Desk, server: WireServer) -> None:
    home = site(
        server,
        {
            "/": answer(
                "<link rel=prefetch href=/next>"
                "<script>navigator.serviceWorker.register('/sw.js').catch(() => 0)</script>"
                "<script>document.title = typeof SharedWorker</script><iframe src=/file></iframe>"
            ),
            "/next": answer("<p>next"),
            "/sw.js": answer("fetch('/of-service-worker')", kind="text/javascript"),
            "/file": answer(b"PK", "Content-Disposition: attachment", kind="application/zip"),
        },
    )
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.until("GET /next", "GET /file")
        await recorded.idle()
        assert await recorded.page.title() == "undefined"
    assert recorded.recorder.missing == {}
    assert recorded.one("file").response_body == b"PK"
    assert set(asked_of(server)) == set(recorded.asked)


async def test_what_may_not_be_asked_is_not(here: Desk, server: WireServer) -> None:
    home = site(
        server,
        {
            "/": answer("<p id=p>here</p><img src=/forbidden.png><img src=/leads.png><iframe src=/frame></iframe>"),
            "/leads.png": answer("", "Location: /forbidden/too.png", status="302 Found"),
            "/frame": answer("<script>location = '/forbidden/frame'</script>"),
        },
    )
    rules = {f"{home}/forbidden/too.png": "robots-disallowed"}

    def may_ask(url: str) -> str | None:
        return rules.get(url, "off-site" if "forbidden" in url else None)

    async with here.page(may_ask=may_ask) as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate("() => { location.href = '/forbidden/page' }")
        await recorded.missed(4)
        assert await recorded.page.inner_text("#p") == "here"
    assert recorded.recorder.missing == {
        f"{home}/forbidden.png": "off-site",
        f"{home}/forbidden/too.png": "robots-disallowed",
        f"{home}/forbidden/frame": "off-site",
        f"{home}/forbidden/page": "off-site",
    }
    assert not any(b"forbidden" in head.split(b"\r\n")[0] for _, head in server.requests)
    assert recorded.recorder.document_url == f"{home}/"
    assert recorded.recorder.document_error is None


async def test_a_page_that_may_not_be_asked_has_the_reason(here: Desk, server: WireServer) -> None:
    async with here.page(may_ask=lambda _url: "lease-lost") as recorded:
        with pytest.raises(Error, match="ERR_ABORTED"):
            await recorded.page.goto(f"http://127.0.0.1:{server.port}/")
    assert recorded.recorder.document_error == "lease-lost"
    assert recorded.recorder.document is None
    assert server.requests == []


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ([Act.RESET], "connection-lost"),
        ([Act.CLOSE], "connection-lost"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", Act.CLOSE], "cut-short"),
        ([b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nshort"], "bad-response"),
        ([b"nonsense\r\n\r\n", Act.CLOSE], "bad-response"),
    ],
)
async def test_what_breaks_is_missing_with_a_reason(
    here: Desk, server: WireServer, script: Script, reason: str | None
) -> None:
    home = site(server, {"/": answer("<p>"), "/broken": script})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate("fetch('/broken').then(r => r.text()).catch(() => 0)")
        await recorded.idle()
    assert recorded.recorder.missing.get(f"{home}/broken") == reason
    assert [exchange.truncated for exchange in recorded.of("broken")] == ["disconnect"] * (reason == "cut-short")


async def test_a_place_that_nobody_listens_at_is_missing_with_the_guards_reason(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer("<img src=http://127.0.0.1:9/a.png><img src=http://nowhere.invalid/b.png>")})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.idle()
    missing = recorded.recorder.missing
    assert missing["http://127.0.0.1:9/a.png"] in {"private-address", "bad-url"}
    assert missing["http://nowhere.invalid/b.png"] in {"no-such-host", "dns-failed"}


async def test_a_dead_page_has_the_reason(browser: Browser, server: WireServer) -> None:
    with closed_port() as port:
        async with desk(browser, port) as there, there.page() as recorded:
            with pytest.raises(Error):
                await recorded.page.goto(f"http://127.0.0.1:{port}/")
            await recorded.idle()
    assert recorded.recorder.document_error == "connection-refused"


async def test_web_sockets_count_as_missing(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer(f"<script>new WebSocket('ws://127.0.0.1:{server.port}/live')</script>")})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.missed(1)
    assert recorded.recorder.missing == {f"ws://127.0.0.1:{server.port}/live": "websocket"}


async def test_a_web_socket_that_may_not_be_asked_for_has_the_reason(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer("<p>"), "/live": [Act.HANG]})
    live = f"ws://127.0.0.1:{server.port}/live"
    asked: list[str] = []

    def may_ask(url: str) -> str | None:
        asked.append(url)
        return "robots" if url.endswith("/live") else None

    async with here.page(may_ask=may_ask) as recorded:
        await recorded.page.goto(home)
        await recorded.idle()
        await recorded.page.evaluate(f"void new WebSocket('{live}')")
        await recorded.missed(1)
    assert f"{home}/live" in asked
    assert recorded.recorder.missing == {live: "robots"}


async def test_what_a_workers_worker_is_asked_for_beside_the_recorder_is_counted(
    here: Desk, server: WireServer
) -> None:
    kind = "text/javascript"
    home = site(
        server,
        {
            "/": answer("<script>new Worker('/outer.js')</script>"),
            "/outer.js": answer("new Worker('/inner.js')", kind=kind),
            "/inner.js": answer("fetch('/of-inner')", kind=kind),
            "/of-inner": answer("x"),
        },
    )
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.until("GET /of-inner", "GET /outer.js")
    assert set(asked_of(server)) - set(recorded.asked) == {"GET /inner.js"}
    assert recorded.recorder.facts["missing/unpaused"] == 1
