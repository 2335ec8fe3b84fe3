"""One window for one page after another: what the next page must not meet of the one before, and who gets a new one."""

import asyncio
import http.server
import threading
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from crawler.browser.asked import Rendered
from crawler.browser.pages import windows
from crawler.browser.pages.frames import Frames
from crawler.browser.program.chromium import Chromium
from tests.crawler.browser.stage import PIXEL, Kept, Stage, answer, asking, browsing, endless

pytestmark = pytest.mark.asyncio(loop_scope="module")

TELLS = """<!doctype html><title>x</title><p id="told"></p><script>
setInterval(() => { told.textContent = [name, history.length, document.referrer, opener, Object.keys(sessionStorage)]
  .join("|") }, 20);
</script>"""
NEW = "|1|||"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    """A browser for this file, whose windows are counted."""
    async with browsing(pages=3) as chromium:
        yield chromium


def opened(chromium: Chromium, site_key: str) -> int:
    """How many windows a site has had in its present context."""
    return chromium._sittings[site_key].windows.opened


async def in_turn(chromium: Chromium, *urls: str, site_key: str, keep: Kept | None = None) -> list[Rendered]:
    return [await chromium.render(asking(url, site_key=site_key, keep=keep)) for url in urls]


async def test_a_window_is_as_new_to_the_page_after(stage: Stage, chromium: Chromium) -> None:
    """No name, no sessionStorage of it or its frames, no history, no timer, no goodbye; cookies stay, as they do."""
    stage.put("/frame", "<script>sessionStorage.framed = 1; onpagehide = () => sessionStorage.late = 1</script>")
    before = stage.put(
        "/before",
        f"""<!doctype html><title>x</title><iframe src="/frame"></iframe>
        <iframe src="{stage.other}/frame"></iframe><script>
        name = "named"; sessionStorage.mine = 1; document.cookie = "c=1";
        history.pushState(1, "", "#one"); history.pushState(2, "", "#two");
        for (const end of ["pagehide", "unload", "visibilitychange"]) addEventListener(end, () => {{
          sessionStorage.late = 1; name = "late"; navigator.sendBeacon("/beacon");
          fetch("/kept", {{ keepalive: true }}) }});
        addEventListener("beforeunload", (event) => {{ event.preventDefault(); event.returnValue = "stay" }});
        setInterval(() => {{ sessionStorage.tick = Date.now(); name = "tick" }}, 5);
        </script>""",
    )
    here, there = stage.put("/tells", TELLS), f"{stage.other}/tells"
    told = await in_turn(chromium, before, here, there, site_key="new")
    assert opened(chromium, "new") == 1
    assert [NEW in one.dom for one in told] == [False, True, True]
    assert [one["name"] for one in told[1].storage["cookies"]] == ["c"]
    assert told[1].storage["sessionStorage"] == {}
    assert (stage.count("/beacon"), stage.count("/kept")) == (0, 0)
    named = {path.rpartition("/")[2] for one in told for path in {*one.seen, *one.missing}}
    assert named - {"favicon.ico"} == {"before", "frame", "tells"}


async def test_a_page_in_a_window_used_before_asks_and_stays_as_in_a_new_one(
    stage: Stage, chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its request is the same; it can't go back, also not to an empty document; what its renderer still has is told.

    After so many pages a window is closed: what its renderer holds grows.
    """
    monkeypatch.setattr(windows, "PAGES", 2)
    stage.put("/pixel.png", PIXEL, kind="image/png", cache_control="max-age=600")
    page = """<!doctype html><title>x</title><img src=/pixel.png><p>Stays.</p><script>
        setInterval(() => { history.back(); history.go(-2) }, 400)</script>"""
    keep = Kept()
    urls = [stage.put(f"/page{number}", page) for number in range(3)]
    told = await in_turn(chromium, *urls, site_key="same", keep=keep)
    assert opened(chromium, "same") == 2
    assert ["Stays." in one.dom for one in told] == [True, True, True]
    assert [f"{stage.url}/pixel.png" in one.seen for one in told] == [True, True, True]
    assert stage.count("/pixel.png") == 1
    heads = [one.request_head for one, is_page in keep.exchanges if is_page]
    assert heads[1].replace(b"/page1", b"/page0") == heads[0]


async def test_a_late_answer_is_counted_to_the_page_that_asked(stage: Stage, chromium: Chromium) -> None:
    """A window with something under way is closed, and the page after has another."""
    is_over = threading.Event()

    def late(request: http.server.BaseHTTPRequestHandler) -> None:
        is_over.wait(30)
        answer(request, b"late")

    stage.put("/late", late)
    asks = stage.put("/asks", "<!doctype html><title>x</title><script>navigator.sendBeacon('/late')</script>")
    (first,) = await in_turn(chromium, asks, site_key="late")
    is_over.set()
    (second,) = await in_turn(chromium, stage.put("/tells", TELLS), site_key="late")
    assert first.missing == {f"{stage.url}/late": "unanswered"}
    assert opened(chromium, "late") == 2
    assert (set(second.seen), second.missing) == ({f"{stage.url}/tells"}, {})


UNTIDY = {
    "a storage of a frame that went": """
        const frame = document.createElement("iframe"); frame.src = "OTHER/gone"; document.body.append(frame);
        frame.onload = () => frame.remove()""",
    "a stream": "new EventSource('/events')",
}


@pytest.mark.parametrize("what", UNTIDY)
async def test_after_what_is_out_of_the_ordinary_there_is_a_new_window(
    stage: Stage, chromium: Chromium, what: str
) -> None:
    """Nobody has to know what can be left of that."""
    stage.put("/gone", "<script>sessionStorage.gone = 1</script>")
    stage.put("/events", endless(stage, b"data: 1\n\n", kind="text/event-stream"))
    doing = UNTIDY[what].replace("OTHER", stage.other)
    untidy = stage.put("/untidy", f"<!doctype html><title>x</title><body><script>{doing}</script>")
    told = await in_turn(chromium, untidy, stage.put("/tells", TELLS), site_key=what)
    assert opened(chromium, what) == 2
    assert NEW in told[1].dom


async def test_pages_side_by_side_have_a_window_each(stage: Stage, chromium: Chromium) -> None:
    """And those after them share these."""
    urls = [stage.put(f"/beside{number}", TELLS) for number in range(4)]
    told = await asyncio.gather(*(chromium.render(asking(url, site_key="beside")) for url in urls))
    assert [NEW in one.dom for one in told] == [True] * 4
    assert opened(chromium, "beside") == 3


async def test_a_window_that_crashed_while_free_is_not_taken(stage: Stage, chromium: Chromium) -> None:
    """The next page has another, at its first try."""
    tells = stage.put("/tells", TELLS)
    await in_turn(chromium, tells, site_key="crash")
    sitting = chromium._sittings["crash"]
    (free,) = sitting.windows._free
    async with free.page.expect_event("crash"):
        session = await free.page.context.new_cdp_session(free.page)
        asyncio.ensure_future(session.send("Page.crash")).add_done_callback(lambda task: task.exception())
    (told,) = await in_turn(chromium, tells, site_key="crash")
    assert NEW in told.dom
    assert chromium._sittings["crash"] is sitting
    assert sitting.windows.opened == 2


async def test_a_storage_whose_frame_went_is_known() -> None:
    """Also where a frame of that origin is left, but stands within others."""

    def frame(name: str, origin: str, within: str | None = None) -> dict[str, str | None]:
        return {"id": name, "securityOrigin": origin, "parentId": within}

    frames = Frames()
    for one in (frame("1", "https://a"), frame("2", "https://b", "1"), frame("3", "https://a", "2")):
        frames.navigated({"frame": one})
    inner = {"frame": frame("2", "https://b", "1")}
    assert frames.standing({"frame": frame("1", "https://a"), "childFrames": [inner]}) is None
    whole = {**inner, "childFrames": [{"frame": frame("3", "https://a", "2")}]}
    assert frames.standing({"frame": frame("1", "https://a"), "childFrames": [whole]}) == ["1", "3", "2"]
