"""What a server is told of who asks: our own name, and nothing that is not true."""

import http.server
import json
import sys
from urllib.parse import unquote, urlsplit

import pytest

from crawler.browser import hints
from crawler.browser.program.chromium import Chromium
from tests.crawler.browser.stage import Stage, answer, asking

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENT = "microfiche/0.1 (news archive; mailto:desk@example.org)"
PAGE = """<!doctype html><iframe src=/told/frame></iframe><script>
const tell = (path, what) => fetch(`/told/${path}?${encodeURIComponent(JSON.stringify(what))}`);
tell("page", navigator.userAgentData);
navigator.userAgentData.getHighEntropyValues(["platformVersion", "architecture", "model", "fullVersionList"])
  .then((all) => tell("all", all));
new Worker("/told/worker.js");
</script>"""
WORKER = (
    """fetch("/told/worker?" + encodeURIComponent(JSON.stringify([navigator.userAgent, navigator.userAgentData])))"""
)
PLATFORM = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}[sys.platform]


async def test_every_request_says_truly_who_asks(stage: Stage, chromium: Chromium) -> None:
    """The page, its frames and workers, before and after the server asked for more."""
    heads: dict[str, dict[str, str]] = {}
    told: dict[str, object] = {}

    def serve(request: http.server.BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        heads[url.path] = {name.lower(): value for name, value in request.headers.items()}
        if url.query:
            told[url.path] = json.loads(unquote(url.query))
        body, kind = {"/told/start": (PAGE, "text/html"), "/told/worker.js": (WORKER, "text/javascript")}.get(
            url.path, ("", "text/html")
        )
        wanted = "sec-ch-ua-full-version-list, sec-ch-ua-platform-version, sec-ch-ua-arch, sec-ch-ua-model"
        answer(request, body.encode(), kind=kind, accept_ch=wanted)

    stage.put("/told/*", serve)
    await chromium.render(asking(f"{stage.url}/told/start", user_agent=AGENT, language="de"))
    (full,) = {brand["version"] for brand in told["/told/all"]["fullVersionList"] if brand["brand"] == "Chromium"}
    major = full.partition(".")[0]
    brands = [{"brand": "Chromium", "version": major}, {"brand": "microfiche", "version": "0"}]
    assert set(heads) >= {f"/told/{path}" for path in ("start", "frame", "page", "all", "worker.js", "worker")}
    assert {head["user-agent"] for head in heads.values()} == {AGENT}
    assert {head["sec-ch-ua-platform"] for head in heads.values() if "sec-ch-ua-platform" in head} == {f'"{PLATFORM}"'}
    start, page = heads["/told/start"], heads["/told/page"]
    assert start["sec-ch-ua"] == f'"Chromium";v="{major}", "microfiche";v="0"'
    assert start["accept-language"] == "de"
    assert page["sec-ch-ua-full-version-list"] == f'"Chromium";v="{full}", "microfiche";v="0.1"'
    assert {page[f"sec-ch-ua-{name}"] for name in ("platform-version", "arch", "model")} == {'""'}
    assert told["/told/page"] == {"brands": brands, "mobile": False, "platform": PLATFORM}
    assert told["/told/worker"] == [AGENT, {"brands": brands, "mobile": False, "platform": PLATFORM}]


@pytest.mark.parametrize(
    ("agent", "brand"),
    [
        ("microfiche/0.1 (news archive)", {"brand": "microfiche", "version": "0"}),
        ("Archive", {"brand": "Archive", "version": "0"}),
        ("state-library/12.3 Mozilla/5.0", {"brand": "state-library", "version": "12"}),
    ],
)
async def test_the_name_before_the_first_stroke_is_the_brand(agent: str, brand: dict[str, str]) -> None:
    """With the first part of its version."""
    told = hints.told(agent, version="156.0.8078.79", language="en")
    assert told["userAgentMetadata"]["brands"] == [{"brand": "Chromium", "version": "156"}, brand]
