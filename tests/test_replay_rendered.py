"""Pages captured by the browser are replayed as they were, by our command and in ReplayWeb.page, with no way out."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import BrowserContext, Frame, Page

from archive import state
from archive.embedded import services
from archive.store import Store
from crawler.browser.pages.rendering import Rendered
from tests import pywb
from tests.crawler.browser.stage import browsing
from tests.machine import ROOT, Machine
from tests.newsroom import Newsroom
from tests.newsroom.walls import WALLS
from tests.replay import looks, webpage
from tests.replay.chromium import Walled, walled
from tests.replay.rendered import captured, derived
from tests.replay.wacz import write_wacz

REFUSED, STUBBORN = "bottom-bar", "reload-loop"  # walls: one that can be refused, one that has to be hidden
SCRIPTED = ("App", "モジュール")  # sections: a single-page application, ES modules
# Quirk: pywb's own window hides the last row of pixels of the page that it holds.
FILLING = (
    "#replay_iframe { position: fixed; inset: 0; width: 100vw !important; height: 100vh !important; z-index: 99999 }"
)
STATIC, MOVING = 0.0, 0.005  # pixels that may differ
# What the page has come to: its title, what it says, what stands in it, its pictures, its fonts.
PROBE = """() => [
    document.title,
    document.body.innerText,
    [...document.body.querySelectorAll("*")].filter(one => !one.closest("script, style, .bnr"))
        .map(one => `${one.tagName}#${one.id}.${one.className}`),
    [...document.images].map(one => [one.naturalWidth, one.naturalHeight]),
    [...document.fonts].map(one => [one.family, one.status]),
]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A newspaper that is gone: how its pages were rendered, how they looked live and what was in them."""

    machine: Machine
    rendered: dict[str, Rendered]
    looks: dict[str, list[bytes]]
    probes: dict[str, Any]
    folder: Path


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """Pages rendered into an embedded store, which stays up, and looked at live."""
    machine = Machine(tmp_path_factory.mktemp("rendered"))
    data = machine.folder / "microfiche-data"
    with services(data, postgres=False) as running:
        store = Store(
            f"s3://{running.bucket}",
            endpoint=running.endpoint,
            region="us-east-1",
            access_key=running.access_key,
            secret_key=running.secret_key,
        )
        with Newsroom(articles=2, seed=1, scripts=20) as paper:
            urls = {name: f"{paper.url}{WALLS[name].path[1:]}" for name in (REFUSED, STUBBORN)}
            urls |= {section: next(one.url for one in paper.truth if one.section == section) for section in SCRIPTED}
            rendered = asyncio.run(_rendered(store, machine.folder, list(urls.values()), home=paper.url))
            pages = dict(zip(urls, rendered, strict=True))
            with walled(paper.url) as browser:
                frames = {name: _opened(browser.context, page) for name, page in pages.items()}
                seen = {name: looks.screens(frame) for name, frame in frames.items()}
                probes = {name: frame.evaluate(PROBE) for name, frame in frames.items()}
        folder = machine.folder / "kept"
        pywb.copy_files(store, folder)
        yield Kept(machine=machine, rendered=pages, looks=seen, probes=probes, folder=folder)


async def _rendered(store: Store, folder: Path, urls: list[str], *, home: str) -> list[Rendered]:
    async with browsing() as chromium:
        commit, rendered = await captured(store, folder / "spool", urls, home=home, chromium=chromium)
    await asyncio.to_thread(derived, store, commit, scratch=folder)
    return rendered


def _opened(context: BrowserContext, rendered: Rendered) -> Frame:
    """Shows a page live, as it was when it was captured: its choice made, what could not be refused taken away."""
    page = context.new_page()
    page.goto(rendered.url)
    for origin, items in rendered.storage["localStorage"].items():
        if rendered.url.startswith(origin):
            page.evaluate("items => Object.assign(localStorage, items)", items)
            page.reload()
    _come(page.main_frame)
    page.evaluate("() => document.querySelectorAll('.bnr').forEach(one => { one.style.display = 'none' })")
    return page.main_frame


def _come(frame: Frame) -> None:
    """Waits until the article is there."""
    frame.wait_for_function(
        "() => document.readyState === 'complete' && document.querySelectorAll('main p').length > 0"
    )


@contextmanager
def replaying(machine: Machine) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Runs `microfiche replay`; yields it and its address."""
    command = machine.command("replay", "--port", "0")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=machine.folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("replay at http://127.0.0.1:"), line
            yield process, line.split(" ")[2]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Our command and ReplayWeb.page over the same captures, in a browser that reaches nothing but them."""

    browser: Walled
    ours: str
    theirs: str

    def frame(self, rendered: Rendered, *, tool: str) -> Frame:
        """Shows a page's capture and returns the frame that holds it."""
        timestamp = rendered.date.strftime("%Y%m%d%H%M%S")
        if tool == "ReplayWeb.page":
            frame = webpage.shown(self.browser.context, archive=self.theirs, url=rendered.url, timestamp=timestamp)
        else:
            page = self.open(f"web/{timestamp}/{rendered.url}")
            frame = inner(page, rendered.url)
            page.add_style_tag(content=FILLING)
        _come(frame)
        return frame

    def open(self, path: str) -> Page:
        """Shows a page of our own."""
        page = self.browser.context.new_page()
        page.goto(self.ours + path)
        return page


def inner(page: Page, url: str) -> Frame:
    """The frame in which our replay shows a page."""
    frame = page.wait_for_selector("#replay_iframe").content_frame()
    assert frame is not None
    frame.wait_for_url(lambda address: address.endswith(url))
    return frame


def with_cookies(line: str, *, pages: Iterable[Rendered]) -> str:
    """A line of a package's index, with the cookies of the page that it is of."""
    key, moment, told = line.split(" ", 2)
    fields = json.loads(told)
    for page in pages:
        if fields["url"] == page.url:
            fields[state.COOKIE_FIELD] = state.cookies(page.storage, url=page.url)
    return f"{key} {moment} {json.dumps(fields)}\n"


@pytest.fixture(scope="module")
def replay(kept: Kept) -> Iterator[Replay]:
    for index in kept.folder.glob("*.cdxj"):
        lines = index.read_text().splitlines(keepends=True)
        index.write_text("".join(with_cookies(line, pages=kept.rendered.values()) for line in lines))
    wacz = write_wacz(kept.folder / "kept.wacz", folder=kept.folder)
    with webpage.serving(wacz) as theirs, replaying(kept.machine) as (_, ours):
        origins = [ours.rstrip("/"), theirs.rpartition("/")[0]]
        with walled(*origins) as browser:
            yield Replay(browser=browser, ours=ours, theirs=theirs)


@pytest.mark.parametrize("name", [REFUSED, STUBBORN, *SCRIPTED])
def test_a_page_is_replayed_as_it_was(name: str, kept: Kept, replay: Replay) -> None:
    """What stands in it is the same, and what it shows, to the pixel; no banner, and nothing is asked of others."""
    frame = replay.frame(kept.rendered[name], tool="microfiche replay")
    shots = looks.screens(frame)
    assert frame.evaluate(PROBE) == kept.probes[name]
    assert looks.difference(kept.looks[name], shots) <= (STATIC if name in WALLS else MOVING)
    assert frame.evaluate("() => [...document.querySelectorAll('.bnr')].filter(one => one.offsetHeight).length") == 0
    assert replay.browser.escaped == []


@pytest.mark.parametrize("name", [REFUSED, *SCRIPTED])
def test_a_page_is_replayed_by_others_too(name: str, kept: Kept, replay: Replay) -> None:
    """In ReplayWeb.page, which runs its scripts on what was captured: no banner where one was refused."""
    frame = replay.frame(kept.rendered[name], tool="ReplayWeb.page")
    shots = looks.screens(frame)
    assert frame.evaluate(PROBE) == kept.probes[name]
    assert looks.difference(kept.looks[name], shots) <= MOVING
    assert replay.browser.escaped == []


@pytest.mark.parametrize("tool", ["microfiche replay", "ReplayWeb.page"])
def test_the_state_is_as_it_was(tool: str, kept: Kept, replay: Replay) -> None:
    """Storage and cookies are there before any script of the page looks for them."""
    frame = replay.frame(kept.rendered[REFUSED], tool=tool)
    assert frame.evaluate(f"() => localStorage.getItem('choice-{REFUSED}')") == "reject"
    assert f"choice-{REFUSED}=reject" in frame.evaluate("() => document.cookie")
    assert frame.evaluate("() => document.querySelector('.bnr')") is None


def test_what_could_not_be_refused_is_covered(kept: Kept, replay: Replay) -> None:
    """Its scripts put it back; it is in nobody's sight, and the page scrolls."""
    assert kept.rendered[STUBBORN].consent.outcome == "hidden"
    frame = replay.frame(kept.rendered[STUBBORN], tool="microfiche replay")
    frame.wait_for_function("() => getComputedStyle(document.querySelector('.bnr')).display === 'none'")
    assert frame.evaluate("() => { scrollTo(0, 300); return scrollY }") == 300


def test_the_list_leads_to_an_article(kept: Kept, replay: Replay) -> None:
    """It is found by a word of its title, with its site and what came of its banner."""
    title = kept.probes[REFUSED][0].rpartition(" | ")[0]
    page = replay.open("")
    page.wait_for_function("() => document.querySelectorAll('td').length || (location.reload(), false)")
    page.fill("input[type=search]", title.split()[-1])
    page.press("input[type=search]", "Enter")
    row = page.locator("tr", has_text=title)
    assert "consent: rejected" in row.inner_text()
    row.locator("a").click()
    _come(inner(page, kept.rendered[REFUSED].url))
    assert replay.browser.escaped == []


def test_it_ends_with_ctrl_c_and_leaves_nothing_behind(kept: Kept) -> None:
    """Exit code 0; pywb is gone, and so is the scratch folder."""
    with replaying(kept.machine) as (process, _):
        children = psutil.Process(process.pid).children(recursive=True)
        assert any("wayback" in " ".join(child.cmdline()) for child in children)
    assert process.returncode == 0
    assert not [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]


def test_a_port_that_is_taken_is_told(kept: Kept, replay: Replay) -> None:
    """In one line, with what to do."""
    port = replay.ours.rstrip("/").rpartition(":")[2]
    ended = kept.machine.run("replay", "--port", port)
    assert ended.returncode == 2
    assert ended.stderr.strip().splitlines()[-1].endswith("name another one with --port")


def test_an_archive_without_such_a_site_is_told(kept: Kept) -> None:
    """A slip of the pen must not look like an empty archive."""
    ended = kept.machine.run("replay", "--site", "corier")
    assert (ended.returncode, ended.stderr) == (
        2,
        "microfiche: no site named 'corier' is held; did you mean courier?\n",
    )
