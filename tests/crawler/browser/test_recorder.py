"""What Chromium asks and gets comes out as exchanges, all of it, as it crossed the wire."""

import gzip
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no stubs
import pytest
from playwright.async_api import Browser

from archive.warc import WarcWriter
from tests.archive.soundness import sound
from tests.crawler.browser.h2_server import speaking_h2
from tests.crawler.browser.recorded import Desk, desk
from tests.crawler.browser.sites import answer, asked_of, site
from tests.crawler.fetch.wire_server import WireServer

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.timeout(120)]


async def test_every_request_of_a_page_and_its_frames_becomes_one_exchange(here: Desk, server: WireServer) -> None:
    other = f"http://localhost:{server.port}"  # another site for Chromium
    home = site(
        server,
        {
            "/": answer(
                f"<link rel=stylesheet href=/a.css><img src=/a.png>"
                f"<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
                f"<iframe src={other}/frame></iframe><iframe src=/same></iframe>"
                f"<iframe srcdoc='<img src=/b.png>'></iframe>"
                f"<script>fetch('/unread'); navigator.sendBeacon('/beacon', 'seen')</script>"
                f"<script>fetch('{other}/put', {{method: 'PUT', headers: {{'X-A': '1'}}, body: 'q'}})</script>"
            ),
            "/a.css": answer("@import '/b.css';", kind="text/css"),
            "/frame": answer("<script src=/frame.js></script>"),
            "/frame.js": answer("new Image().src = '/deep.png'", kind="text/javascript"),
            "/same": answer("<p>same"),
            "/unread": answer("nobody reads this"),
            "/beacon": answer("", status="204 No Content"),
            "/put": answer(
                "ok",
                "Access-Control-Allow-Origin: *",
                "Access-Control-Allow-Methods: PUT",
                "Access-Control-Allow-Headers: *",
            ),
            "/favicon.ico": answer(b"icon", kind="image/x-icon"),
        },
    )
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.until("GET /favicon.ico", "GET /unread", "GET /deep.png", "POST /beacon", "PUT /put")
    assert recorded.asked == asked_of(server)
    assert set(recorded.asked) >= {
        "GET /",
        "GET /a.css",
        "GET /b.css",
        "GET /frame",
        "GET /frame.js",
        "GET /deep.png",
        "GET /same",
        "GET /a.png",
        "GET /b.png",
        "GET /unread",
        "POST /beacon",
        "OPTIONS /put",
        "PUT /put",
        "GET /favicon.ico",
    }
    assert recorded.one("unread").response_body == b"nobody reads this"
    assert recorded.one("beacon").request_body == b"seen"
    assert {exchange.peer for exchange in recorded.exchanges} == {"127.0.0.1"}
    assert recorded.pages == [f"{home}/"]
    assert recorded.recorder.missing == {}
    assert recorded.recorder.facts == {"exchanges": len(server.requests)}
    kinds = recorded.recorder.kinds
    assert [kinds[home + path] for path in ("/", "/a.css", "/a.png", "/unread")] == [
        "document",
        "stylesheet",
        "image",
        "fetch",
    ]


async def test_a_head_is_kept_as_it_was_sent(here: Desk, server: WireServer) -> None:
    head = (
        b"HTTP/1.1 200 All Fine\r\nzeta: 1\r\nSet-Cookie: a=1; Path=/\r\nX-CaSe: Kept\r\nSet-Cookie: b=2\r\n"
        b"content-type: text/html\r\nset-cookie: c=3\r\nContent-Length: 2\r\nAlpha: last\r\n\r\n"
    )
    home = site(server, {"/head": [head + b"hi"]})
    async with here.page() as recorded:
        await recorded.page.goto(f"{home}/head?q=a%20b&c#part")
        await recorded.idle()
    exchange = recorded.one("head?q=a%20b&c")
    assert exchange.response_head == head
    assert exchange.protocols == ("http/1.1",)
    sent = next(data for _, data in server.requests if b"/head" in data)
    assert exchange.request_head.startswith(b"GET /head?q=a%20b&c HTTP/1.1\r\nHost: 127.0.0.1:")
    assert sorted(exchange.request_head.split(b"\r\n")) == sorted(sent.split(b"\r\n"))
    assert recorded.recorder.document_headers == exchange.headers


@pytest.mark.parametrize("value", [b"caf\xc3\xa9", b"\xe6\x97\xa5\xe6\x9c\xac"])
async def test_fields_that_are_not_ascii_keep_their_bytes(here: Desk, server: WireServer, value: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Name: " + value + b"\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n"
    home = site(server, {"/": [head + b"hi"]})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.idle()
    assert recorded.one("").response_head == head


async def test_redirects_are_exchanges_without_the_body_that_nobody_can_have(here: Desk, server: WireServer) -> None:
    home = site(
        server,
        {
            "/old": answer("moved to another place", "Location: /older", status="301 Moved Permanently"),
            "/older": answer("", "Location: /new#top", status="302 Found"),
            "/new": answer("<img src=/moved.png>"),
            "/moved.png": answer("gone", "Location: /there.png", status="307 Temporary Redirect"),
            "/there.png": answer("png", kind="image/png"),
        },
    )
    async with here.page() as recorded:
        await recorded.page.goto(f"{home}/old")
        await recorded.idle()
    assert recorded.asked == asked_of(server)
    assert recorded.one("old").response_head == (
        b"HTTP/1.1 301 Moved Permanently\r\nContent-Type: text/html\r\nLocation: /older\r\n"
        b"X-Orig-Content-Length: 22\r\nContent-Length: 0\r\n\r\n"
    )
    assert recorded.one("old").truncated == "unspecified"
    assert recorded.one("older").truncated is None
    assert recorded.recorder.redirects == (f"{home}/old", f"{home}/older")
    assert recorded.recorder.document_url == f"{home}/new"
    assert recorded.recorder.document_status == 200
    assert recorded.recorder.seen[f"{home}/moved.png"].leads_to == f"{home}/there.png"
    assert recorded.recorder.seen[f"{home}/older"].leads_to == f"{home}/new"
    assert recorded.pages == [f"{home}/old", f"{home}/older", f"{home}/new"]


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", gzip.compress(b"<p>" + b"news " * 999)),
        ("deflate", zlib.compress(b"<p>" + b"news " * 999)),
        ("br", brotli.compress(b"<p>" + b"news " * 999)),
    ],
)
async def test_a_decoded_body_has_a_head_that_fits_it(
    here: Desk, server: WireServer, coding: str, coded: bytes
) -> None:
    home = site(server, {"/": answer(coded, f"Content-Encoding: {coding}")})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.idle()
    exchange = recorded.one("")
    assert exchange.response_body == exchange.payload == b"<p>" + b"news " * 999
    assert exchange.response_head == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Orig-Content-Encoding: %s\r\n"
        b"X-Orig-Content-Length: %d\r\nContent-Length: 4998\r\n\r\n" % (coding.encode(), len(coded))
    )


async def test_a_chunked_body_comes_out_of_its_chunks(here: Desk, server: WireServer) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
    home = site(server, {"/": [head, b"3\r\n<p>\r\n", b"5\r\nhello\r\n0\r\n\r\n"]})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.idle()
    assert recorded.one("").payload == b"<p>hello"
    assert recorded.one("").response_head == b"HTTP/1.1 200 OK\r\nX-Orig-" + head.partition(b"\r\n")[2]


async def test_posts_to_one_url_are_told_apart_with_their_bodies(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer("<p>"), "/post": answer("{}", kind="application/json")})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate(
            """async () => {
                await fetch('/post', {method: 'POST', body: 'page=1'});
                await fetch('/post', {method: 'POST', body: JSON.stringify({page: 'zwei ü'})});
                await fetch('/post', {method: 'POST', body: new Uint8Array([0, 255, 128, 10])});
                const form = new FormData();
                form.append('name', 'value');
                form.append('file', new Blob([new Uint8Array([1, 0, 254])]), 'a.bin');
                await fetch('/post', {method: 'POST', body: form});
                await fetch('/post', {method: 'POST', body: 'x'.repeat(300000)});
            }"""
        )
        await recorded.idle()
    sent = [data.partition(b"\r\n\r\n")[2] for _, data in server.requests if data.startswith(b"POST")]
    assert [exchange.request_body for exchange in recorded.of("post")] == sent
    assert sent[:3] == [b"page=1", '{"page":"zwei ü"}'.encode(), bytes([0, 255, 128, 10])]
    assert b"\r\n\r\n\x01\x00\xfe\r\n" in sent[3]
    assert len(sent[4]) == 300_000


async def test_a_form_that_is_sent_is_the_page_that_follows(here: Desk, server: WireServer) -> None:
    home = site(
        server,
        {"/": answer("<form method=post action=/done><input name=a value='1 2'></form>"), "/done": answer("<p>done")},
    )
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate("document.forms[0].submit()")
        await recorded.page.wait_for_url("**/done")
        await recorded.idle()
    assert recorded.one("done").request_body == b"a=1+2"
    assert recorded.recorder.document_url == f"{home}/done"


async def test_answers_without_a_body_stay_without(here: Desk, server: WireServer) -> None:
    head_only = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 500\r\n\r\n"
    home = site(server, {"/": answer("<p>"), "/head": [head_only], "/none": answer("", status="204 No Content")})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate("fetch('/head', {method: 'HEAD'}).then(() => fetch('/none'))")
        await recorded.idle()
    assert recorded.one("head").response_head == head_only
    assert recorded.one("none").response_head.startswith(b"HTTP/1.1 204 No Content\r\n")
    assert recorded.recorder.missing == {}


async def test_error_pages_are_kept(here: Desk, server: WireServer) -> None:
    home = site(server, {"/broken": answer("<h1>sorry", status="503 Service Unavailable")})
    async with here.page() as recorded:
        await recorded.page.goto(f"{home}/broken")
        await recorded.idle()
    assert recorded.one("broken").response_body == b"<h1>sorry"
    assert recorded.recorder.document_status == 503


async def test_early_hints_stay_with_their_answer(here: Desk, server: WireServer) -> None:
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\n"
    home = site(server, {"/": [hint, *answer("<p>")], "/a.css": answer("", kind="text/css")})
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.idle()
    assert recorded.one("").response_body == b"<p>"
    assert recorded.one("").response_head.startswith(b"HTTP/1.1 200 OK\r\n")


async def test_workers_of_all_kinds_are_recorded(here: Desk, server: WireServer) -> None:
    home = site(
        server,
        {
            "/": answer(
                "<script>new Worker('/w.js'); new Worker('/m.js', {type: 'module'});"
                "new Worker(URL.createObjectURL(new Blob([`fetch('${location.origin}/of-blob')`])))</script>"
                "<script type=module src=/page.mjs></script>"
            ),
            "/w.js": answer(
                "importScripts('/i.js'); fetch('/of-worker', {method: 'POST', body: 'w'})", kind="text/javascript"
            ),
            "/i.js": answer("1", kind="text/javascript"),
            "/m.js": answer("import '/dep.js'; fetch('/of-module')", kind="text/javascript"),
            "/dep.js": answer("export default 1", kind="text/javascript"),
            "/page.mjs": answer("import('/dep.mjs')", kind="text/javascript"),
            "/dep.mjs": answer("export default 2", kind="text/javascript"),
        },
    )
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.until("POST /of-worker", "GET /of-module", "GET /of-blob", "GET /dep.js", "GET /dep.mjs")
    assert recorded.asked == asked_of(server)
    assert recorded.one("of-worker").request_body == b"w"
    assert b"\r\nUser-Agent: Mozilla" in recorded.one("of-blob").request_head
    assert recorded.recorder.facts["untold"] == 0
    assert [recorded.one(path).response_body for path in ("i.js", "dep.js", "dep.mjs")] == [
        b"1",
        b"export default 1",
        b"export default 2",
    ]


async def test_the_cache_is_no_exchange(here: Desk, server: WireServer) -> None:
    home = site(
        server,
        {
            "/one": answer("<script src=/lasting.js></script>"),
            "/two": answer("<script src=/lasting.js></script><script src=/lasting.js></script>"),
            "/lasting.js": answer("1", "Cache-Control: max-age=3600", kind="text/javascript"),
        },
    )
    async with here.page() as first:
        await first.page.goto(f"{home}/one")
        await first.idle()
    async with here.page() as second:
        await second.page.goto(f"{home}/two")
        await second.idle()
    assert len([1 for _, head in server.requests if b"lasting" in head.split(b"\r\n")[0]]) == 1
    assert first.recorder.facts["cached"] == 0
    assert second.of("lasting.js") == []
    assert second.recorder.facts["cached"] >= 1
    assert second.recorder.seen[f"{home}/lasting.js"] == first.recorder.seen[f"{home}/lasting.js"]
    assert second.recorder.kinds[f"{home}/lasting.js"] == "script"


async def test_a_page_itself_is_never_taken_from_the_cache(here: Desk, server: WireServer) -> None:
    home = site(server, {"/": answer("<p>", "Cache-Control: max-age=3600")})
    for _ in range(2):
        async with here.page() as recorded:
            await recorded.page.goto(home)
            await recorded.idle()
        assert recorded.recorder.document is not None
    assert asked_of(server).count("GET /") == 2


async def test_an_answer_304_is_kept_as_it_came(here: Desk, server: WireServer) -> None:
    fresh = answer("1", 'ETag: "a"', "Cache-Control: no-cache", kind="text/javascript")
    not_modified = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nX-Again: yes\r\n\r\n'
    home = site(server, {"/": answer("<script src=/s.js></script>"), "/s.js": fresh})
    async with here.page() as first:
        await first.page.goto(home)
        await first.idle()
    site(server, {"/s.js": [not_modified]})
    async with here.page() as second:
        await second.page.goto(home)
        await second.idle()
    exchange = second.one("s.js")
    assert exchange.response_head == not_modified
    assert exchange.response_body == b""
    assert b'\r\nIf-None-Match: "a"\r\n' in exchange.request_head


async def test_the_warc_of_a_page_is_sound(here: Desk, server: WireServer, tmp_path: Path) -> None:
    home = site(
        server,
        {
            "/": answer("<link rel=stylesheet href=/a.css><script>fetch('/p', {method: 'POST', body: 'a=1'})</script>"),
            "/a.css": answer(gzip.compress(b"p {}" * 500), "Content-Encoding: gzip", kind="text/css"),
            "/p": answer("", "Location: /q", status="303 See Other"),
            "/q": answer("{}", kind="application/json"),
        },
    )
    async with here.page() as recorded:
        await recorded.page.goto(home)
        await recorded.until("GET /q")
    writer = WarcWriter(tmp_path, prefix="run-1", info={})
    for exchange in recorded.exchanges:
        writer.append(exchange)
    writer.seal()
    records = sound(tmp_path)
    assert len(records) == 2 * len(server.requests)
    style = next(record for record in records if record.type == "response" and record.uri.endswith("/a.css"))
    assert style.block.endswith(b"\r\n\r\n" + b"p {}" * 500)
    assert style.field("WARC-IP-Address") == "127.0.0.1"
    assert style.field("WARC-Protocol") == "http/1.1"


async def test_http_2_is_told_as_it_was(browser: Browser, tmp_path: Path) -> None:
    body = gzip.compress(b"<script>new Worker('/w.js'); fetch('/post', {method: 'POST', body: 'a'})</script>")
    pages = {
        "/?q=1": (
            [
                (":status", "200"),
                ("zeta", "1"),
                ("set-cookie", "a=1"),
                ("content-type", "text/html"),
                ("set-cookie", "b=2"),
                ("content-encoding", "gzip"),
                ("content-length", str(len(body))),
                ("alpha", "2"),
            ],
            body,
        ),
        "/w.js": ([(":status", "200"), ("content-type", "text/javascript")], b"fetch('/of-worker')"),
        "/of-worker": ([(":status", "200")], b"w"),
        "/post": ([(":status", "200")], b"p"),
    }
    with speaking_h2(pages, tmp_path) as (port, requests):
        async with desk(browser, port, ignore_https_errors=True) as there, there.page() as recorded:
            await recorded.page.goto(f"https://127.0.0.1:{port}/?q=1")
            await recorded.until("GET /of-worker", "POST /post")
    assert sorted(f"{asked[':method']} {asked[':path']}" for asked, _ in requests) == recorded.asked
    assert {exchange.protocols for exchange in recorded.exchanges} == {("h2", "tls/1.3")}
    assert {exchange.cipher for exchange in recorded.exchanges} <= {
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
    }
    page = recorded.one("?q=1")
    assert page.response_head == (
        b"HTTP/1.1 200 \r\nzeta: 1\r\ncontent-type: text/html\r\nX-Orig-content-encoding: gzip\r\n"
        b"X-Orig-content-length: %d\r\ncontent-length: %d\r\nalpha: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\n"
        % (len(body), len(page.response_body))
    )
    assert page.request_head.startswith(b"GET /?q=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\naccept: " % port)
    assert b"\r\n:" not in page.request_head
    assert recorded.one("post").request_body == b"a"
    assert recorded.recorder.facts["untold"] == 0
