"""What unpacks to more than a machine has, and what never ends, is cut by bytes, and the page goes on without it."""

import contextlib
import http.server
import zlib

import pytest

from crawler.browser.program.chromium import Chromium
from crawler.fetch.failures import Unfetched
from tests.crawler.browser.recorded import Desk
from tests.crawler.browser.sites import answer, site
from tests.crawler.browser.stage import Stage, asking
from tests.crawler.fetch.wire_server import Act, WireServer

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]


def bomb() -> tuple[bytes, bytes]:
    """The head of a gzip stream, and a piece of it that unpacks to 64 MB of nothing as often as it comes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"<p>") + packer.flush(zlib.Z_FULL_FLUSH)
    return head, packer.compress(bytes(64 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)


@pytest.fixture(scope="module")
def sent(stage: Stage) -> list[int]:
    """How much of each bomb went over the wire; `/bomb` is one of 64 GB."""
    head, piece = bomb()
    sizes: list[int] = []

    def throw(request: http.server.BaseHTTPRequestHandler) -> None:
        sizes.append(0)
        request.send_response(200)
        request.send_header("Content-Type", request.path.partition("?")[2])
        request.send_header("Content-Encoding", "gzip")
        request.end_headers()
        with contextlib.suppress(OSError):
            for part in (head, *[piece] * 1000):
                request.wfile.write(part)
                sizes[-1] += len(part)

    stage.put("/bomb", throw)
    return sizes


async def test_a_bomb_in_a_page_is_cut_and_the_page_goes_on(stage: Stage, chromium: Chromium, sent: list[int]) -> None:
    url = stage.put("/", "<script src='/bomb?text/javascript'></script><img src='/bomb?image/png'><p>the rest")
    rendered = await chromium.render(asking(url))
    assert "the rest" in rendered.dom
    assert rendered.missing == {f"{stage.url}/bomb?{kind}": "too-large" for kind in ("text/javascript", "image/png")}
    assert rendered.facts["missing/too-large"] == 2
    assert max(sent) < 40 << 20  # of 66 MB that it would be


async def test_a_page_that_is_a_bomb_fails_as_too_large(stage: Stage, chromium: Chromium, sent: list[int]) -> None:
    with pytest.raises(Unfetched) as caught:
        await chromium.render(asking(f"{stage.url}/bomb?text/html"))
    assert caught.value.reason == "too-large"


@pytest.mark.asyncio(loop_scope="package")
async def test_a_stream_that_passes_by_is_cut_at_what_a_page_may_have(here: Desk, server: WireServer) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
    home = site(server, {"/": answer("<p>"), "/ticker": [head, b"x" * 200_000, Act.HANG]})
    async with here.page(most_page=100_000) as recorded:
        await recorded.page.goto(home)
        await recorded.page.evaluate("fetch('/ticker').then(r => r.text()).catch(() => 'reset')")  # else for ever
        await recorded.idle()
    assert recorded.recorder.missing == {f"{home}/ticker": "too-large"}


@pytest.mark.asyncio(loop_scope="package")
async def test_what_announces_more_than_a_page_may_have_is_refused(here: Desk, server: WireServer) -> None:
    coded = answer(b"x" * 5000, "Content-Encoding: br", kind="text/plain")
    large = answer(b"x" * 50_000, kind="text/plain")
    home = site(server, {"/": answer("<p>"), "/coded": coded, "/large": large})
    async with here.page(most_body=4999, most_page=49_999) as recorded:
        await recorded.page.goto(home)
        for path in ("coded", "large"):
            assert await recorded.page.evaluate(f"fetch('/{path}').then(r => r.text()).catch(() => 'no')") == "no"
    assert recorded.recorder.missing == {f"{home}/{path}": "too-large" for path in ("coded", "large")}
