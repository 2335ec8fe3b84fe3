"""Browsers that die, pages that crash, memory that runs out: what it costs, and whom."""

import asyncio
import contextlib
import http.server
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.async_api import Browser, Error

from crawler.browser.asked import Rendered
from crawler.browser.pages import shots
from crawler.browser.program import chromium as chromium_module
from crawler.browser.program import launching
from crawler.browser.program.chromium import Chromium
from crawler.browser.program.finding import executable_of
from crawler.config import BrowserConfig
from crawler.fetch.failures import Unfetched
from tests.crawler.browser.stage import Stage, answer, asking, browsing
from tests.machine import wait_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = "<!doctype html><title>x</title><p>Here it stands.</p>"


def browser(chromium: Chromium) -> None:
    """Kills the browser."""
    chromium.processes()[0].kill()


def pages(chromium: Chromium) -> None:
    """Kills what draws the pages."""
    kill_those(chromium, "--type=renderer")


def network(chromium: Chromium) -> None:
    """Kills what asks the network for all pages; Chromium starts another and says nothing."""
    kill_those(chromium, "--utility-sub-type=network.mojom.NetworkService")


def zygotes(chromium: Chromium) -> None:
    """Kills what all later processes of the browser would be forked of."""
    kill_those(chromium, "--type=zygote")


def kill_those(chromium: Chromium, flag: str) -> None:
    found = [process for process in alive(chromium) if flag in process.cmdline()]
    assert found
    for process in found:
        process.kill()


def alive(chromium: Chromium) -> list[psutil.Process]:
    return [process for process in chromium.processes()[1:] if process.status() != psutil.STATUS_ZOMBIE]


def killing(chromium: Chromium, kill: Callable[[Chromium], None], *, times: int) -> Callable[..., None]:
    """Answers a page, but kills something of the browser first, so many times."""
    left = [times]

    def serve(request: http.server.BaseHTTPRequestHandler) -> None:
        if left[0]:
            left[0] -= 1
            kill(chromium)
        answer(request, PAGE.encode())

    return serve


@pytest.mark.parametrize("kill", [browser, pages])
async def test_whoever_is_killed_every_page_is_rendered(
    stage: Stage, chromium: Chromium, kill: Callable[[Chromium], None]
) -> None:
    """The page whose request met the kill, and those beside it, each by another try."""
    urls = [stage.put("/killed", killing(chromium, kill, times=1)), stage.put("/a", PAGE), stage.put("/b", PAGE)]
    rendered = await asyncio.gather(*(chromium.render(asking(url, site_key=url)) for url in urls))
    assert [one.url for one in rendered] == urls
    assert all("Here it stands." in one.dom for one in rendered)


@pytest.mark.parametrize("kill", [network, zygotes])
async def test_pages_that_lost_what_they_asked_for_are_tried_again(
    stage: Stage, chromium: Chromium, kill: Callable[[Chromium], None]
) -> None:
    """Where a process ended that serves all pages: one that had begun is whole in the end, and one that had not."""
    is_asked, is_killed = threading.Event(), threading.Event()

    def late(request: http.server.BaseHTTPRequestHandler) -> None:
        is_asked.set()
        assert is_killed.wait(60)
        answer(request, PAGE.encode())

    def text(request: http.server.BaseHTTPRequestHandler) -> None:
        if not is_killed.is_set():
            assert is_asked.wait(60)
            kill(chromium)
            is_killed.set()
        answer(request, b"Here it stands.")

    begun = stage.put(
        "/begun",
        """<!doctype html><title>x</title><p id="text">Nothing yet.</p><script>
        new Worker("/worker.js").onmessage = (event) => { text.textContent = event.data }
        </script>""",
    )
    stage.put("/worker.js", "fetch('/text').then((one) => one.text()).then(postMessage)", kind="text/javascript")
    stage.put("/text", text)
    urls = [begun, stage.put("/late", late)]
    rendered = await asyncio.gather(*(chromium.render(asking(url, site_key=url)) for url in urls))
    assert ["Here it stands.</p>" in one.dom for one in rendered] == [True, True]
    assert rendered[0].missing == {}
    assert "Here it stands." in (await chromium.render(asking(begun))).dom


async def test_a_picture_that_killed_what_draws_is_made_again(stage: Stage, chromium: Chromium) -> None:
    """Chromium starts another process for it, which has no part in the page."""
    await chromium.render(asking(stage.put("/a", PAGE)))
    assert chromium._running is not None
    async with (await chromium._seat(chromium._running, asking(stage.url))).tab() as tab:
        kill_those(chromium, "--type=gpu-process")
        assert await shots.whole_page(tab.session, height=100) is not None


@pytest.mark.parametrize(("kill", "reason"), [(browser, "browser-died"), (pages, "page-crashed")])
async def test_a_page_that_always_kills_fails_with_a_reason(
    stage: Stage,
    chromium: Chromium,
    kill: Callable[[Chromium], None],
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the next one has a browser again."""
    monkeypatch.setattr(chromium_module, "_TRIES", {"browser-died": 2, "page-crashed": 2})
    url = stage.put("/deadly", killing(chromium, kill, times=99))
    with pytest.raises(Unfetched) as failure:
        await chromium.render(asking(url))
    assert failure.value.reason == reason
    assert (await chromium.render(asking(stage.put("/after", PAGE)))).status == 200


async def test_a_driver_that_dies_is_replaced(stage: Stage, chromium: Chromium) -> None:
    """The program through which Playwright speaks to the browser is a process that can die as well."""
    url = stage.put("/a", PAGE)
    await chromium.render(asking(url))
    driver = chromium.processes()[0].parent()
    assert driver is not None
    driver.kill()
    assert "Here it stands." in (await chromium.render(asking(url))).dom


async def test_no_more_pages_than_configured_are_under_way(stage: Stage) -> None:
    """The others wait for a place."""
    now, most, lock = [0], [0], threading.Lock()

    def serve(request: http.server.BaseHTTPRequestHandler) -> None:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        answer(request, PAGE.encode())

    async def visit(chromium: Chromium, number: int) -> Rendered:
        rendered = await chromium.render(asking(f"{stage.url}/counted/{number}"))
        with lock:
            now[0] -= 1
        return rendered

    stage.put("/counted/*", serve)
    async with browsing(pages=2) as chromium:
        rendered = await asyncio.gather(*(visit(chromium, number) for number in range(5)))
    assert [one.status for one in rendered] == [200] * 5
    assert most == [2]


async def test_a_browser_that_is_too_large_takes_one_page_at_a_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in a fresh browser: no page is refused for what the ones before it left."""
    monkeypatch.setattr(chromium_module, "_FAR_BEYOND", 1000)
    urls = [stage.put(f"/large-{number}", PAGE) for number in range(3)]
    async with browsing(pages=2, memory=10_000_000) as chromium:
        rendered = await asyncio.gather(*(chromium.render(asking(url)) for url in urls))
    assert [one.url for one in rendered] == urls


async def test_a_page_that_takes_all_memory_is_ended(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the system ends something else; the next page has room again."""
    monkeypatch.setattr(chromium_module, "_WATCHED", 0.2)
    url = stage.put(
        "/hungry",
        """<!doctype html>hungry<script>
        const held = []; setInterval(() => held.push(new Uint8Array(1 << 25).fill(1)), 20);
        </script>""",
    )
    async with browsing(pages=2, memory=250_000_000) as chromium:
        with pytest.raises(Unfetched) as failure:
            await chromium.render(asking(url))
        assert failure.value.reason == "page-crashed"
        assert (await chromium.render(asking(stage.put("/a", PAGE)))).status == 200


async def test_contexts_are_renewed(stage: Stage, chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many pages; what a page stored is gone then."""
    monkeypatch.setattr(chromium_module, "PAGES", 2)
    url = stage.put("/renewed", "<!doctype html><script>localStorage.n = Number(localStorage.n || 0) + 1</script>")
    counts = [(await chromium.render(asking(url, site_key="renewed"))).storage["localStorage"] for _ in range(3)]
    assert [count[stage.url]["n"] for count in counts] == ["1", "2", "1"]


async def test_a_site_that_left_leaves_nothing(stage: Stage, chromium: Chromium) -> None:
    """Its context is closed; coming again, it begins with another. Its pages wait for the browser's end no more."""
    waiting: list[int] = []
    url = stage.put("/left", "<!doctype html><script>localStorage.n = Number(localStorage.n || 0) + 1</script>")
    for _ in range(2):
        rendered = await chromium.render(asking(url, site_key="left"))
        assert rendered.storage["localStorage"][stage.url]["n"] == "1"
        await chromium.leave("left")
        assert chromium._running is not None
        waiting.append(len(chromium._running.browser._impl_obj.listeners("disconnected")))
    assert waiting[0] == waiting[1]


async def test_without_a_browser_pages_fail_and_say_what_to_do(stage: Stage, tmp_path: Path) -> None:
    """Neither a missing program nor one that does not start is a traceback."""
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    for executable in (tmp_path / "none", broken):
        chromium = Chromium(BrowserConfig(executable=executable))
        with pytest.raises(Unfetched) as failure:
            await chromium.render(asking(stage.put("/a", PAGE)))
        assert failure.value.reason == "no-browser"
        assert str(executable) in str(chromium.problem)
        await chromium.close()
        broken.chmod(0o755)


async def test_a_browser_that_comes_later_is_found_by_the_next_attempt(stage: Stage, tmp_path: Path) -> None:
    """One that did not start is not given up for as long as the process lives."""
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    url = stage.put("/a", PAGE)
    async with browsing(executable=program) as chromium:
        with pytest.raises(Unfetched):
            await chromium.render(asking(url))
        assert chromium.problem is not None
        program.write_text(f'#!/bin/sh\nexec {executable_of(BrowserConfig())} "$@"\n')
        await chromium.leave("site")
        assert chromium.problem is None
        assert (await chromium.render(asking(url))).status == 200


@pytest.mark.parametrize("sign", ["", "--utility-sub-type=network.mojom.NetworkService"])
async def test_a_browser_killed_while_it_starts_is_started_again(stage: Stage, tmp_path: Path, sign: str) -> None:
    """At its first breath, or when it has the process for the network but answers nobody yet."""
    program, started = tmp_path / "chromium", tmp_path / "started"
    program.write_text(f'#!/bin/sh\necho $$ >> {started}\nexec {executable_of(BrowserConfig())} "$@"\n')
    program.chmod(0o755)
    started.touch()
    async with browsing(executable=program) as chromium, asyncio.timeout(120):
        page = asyncio.ensure_future(chromium.render(asking(stage.put("/a", PAGE))))
        await asyncio.to_thread(wait_until, lambda: started.read_text().endswith("\n"))
        process = psutil.Process(int(started.read_text()))
        await asyncio.to_thread(wait_until, lambda: any(sign in command for command in commands(process)))
        process.kill()
        assert (await page).status == 200
    assert len(started.read_text().split()) == 2


def commands(process: psutil.Process) -> list[str]:
    """The command lines of a process and those that it started."""
    found = []
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):  # it has ended
            found.append(" ".join(one.cmdline()))
    return found


async def test_a_start_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the browser nor the driver that started it."""

    async def fails(_browser: Browser) -> None:
        raise Error("it ended")

    monkeypatch.setattr(launching, "_process_of", fails)
    before = set(psutil.Process().children(recursive=True))
    executable = executable_of(BrowserConfig())
    assert executable is not None
    with pytest.raises(Error, match="it ended"):
        await launching.Running.start(executable, user_agent="microfiche/test")
    left = set(psutil.Process().children(recursive=True)) - before
    assert [one for one in psutil.wait_procs(left, timeout=10)[1] if one.status() != psutil.STATUS_ZOMBIE] == []
