"""Pages captured without a browser look as they did live, in pywb and in ReplayWeb.page, with no way out."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame

from archive import cdxj
from archive.embedded import services
from archive.records import Record, iter_records
from tests import pywb
from tests.archive.conftest import open_store
from tests.machine import Machine
from tests.newsroom import Newsroom
from tests.replay import looks, webpage
from tests.replay.chromium import Walled, walled
from tests.replay.wacz import write_wacz

THEMES = ("press", "modern", "drupal")
TOOLS = ("pywb", "ReplayWeb.page")
ALIKE = 0.01
STYLES = "/assets/css/layout.css"  # asked for by a style sheet that the pages ask for


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A newspaper that is gone: its pages by name, how these looked, and the files in which they are kept."""

    pages: dict[str, str]
    live: dict[str, list[bytes]]
    folder: Path

    def unchanged(self, name: str) -> str:
        """The timestamp of a page's capture that was answered with 304."""
        lines = [line for path in self.folder.glob("*.cdxj") for line in path.read_text().splitlines()]
        captures = [(line.split(" ")[1], json.loads(line.split(" ", 2)[2])) for line in lines]
        (timestamp,) = [
            timestamp
            for timestamp, about in captures
            if about["url"] == self.pages[name] and about["mime"] == "warc/revisit" and "status" not in about
        ]
        return timestamp


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A newspaper crawled twice by the real command, photographed, and shut down."""
    machine = Machine(tmp_path_factory.mktemp("replay"))
    with Newsroom(articles=12, seed=1) as paper, machine.served():
        machine.site("courier", paper.url)
        machine.crawl("courier")
        machine.crawl("courier")
        pages = {theme: next(one.url for one in paper.truth if one.theme == theme) for theme in THEMES}
        pages["front"] = paper.url
        with walled(paper.url) as browser:
            live = {name: looks.screens(opened(browser.context, url)) for name, url in pages.items()}
            assert browser.escaped == []
    folder = machine.folder / "kept"
    with services(machine.folder / "microfiche-data", postgres=False) as running:
        store = open_store(running, prefix="")
        pywb.copy_files(store, folder)
    return Kept(pages=pages, live=live, folder=folder)


def opened(context: BrowserContext, url: str) -> Frame:
    page = context.new_page()
    page.goto(url)
    return page.main_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """Both tools over two archives, the whole and the broken one, in a browser that reaches nothing but them."""

    browser: Walled
    addresses: dict[tuple[str, str], str]

    def frame(self, url: str, *, tool: str, archive: str = "whole", timestamp: str = "") -> Frame:
        """Shows a page's capture (the last one, where no timestamp is given) and returns the frame that holds it."""
        context, address = self.browser.context, self.addresses[tool, archive]
        if tool == "pywb":
            return pywb.shown(context, collection=address, url=url, timestamp=timestamp)
        return webpage.shown(context, archive=address, url=url, timestamp=timestamp)


@pytest.fixture(scope="module")
def replay(kept: Kept, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    broken = tmp_path_factory.mktemp("broken")
    gone = sum(copy_without(path, folder=broken, ending=STYLES) for path in kept.folder.glob("*.warc.gz"))
    assert gone > 0
    addresses = {}
    with ExitStack() as stack:
        for archive, folder in (("whole", kept.folder), ("broken", broken)):
            wacz = write_wacz(folder / "kept.wacz", folder=folder)
            addresses["ReplayWeb.page", archive] = stack.enter_context(webpage.serving(wacz))
            addresses["pywb", archive] = stack.enter_context(pywb.serving(folder))
        origins = [address.rpartition("/")[0] for address in addresses.values()]
        yield Replay(browser=stack.enter_context(walled(*origins)), addresses=addresses)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("tool", TOOLS)
def test_a_page_looks_as_it_did(tool: str, theme: str, kept: Kept, replay: Replay) -> None:
    """Replayed at 1280 x 800, top to end, under 1 % of the pixels differ, and nothing is asked of anyone else."""
    seen = looks.screens(replay.frame(kept.pages[theme], tool=tool))
    assert looks.difference(kept.live[theme], seen) < ALIKE
    assert replay.browser.escaped == []


@pytest.mark.parametrize("tool", TOOLS)
def test_a_page_that_did_not_change_looks_as_it_did(tool: str, kept: Kept, replay: Replay) -> None:
    """The front page's second capture, a 304 whose revisit record has no body, is shown with all its looks."""
    timestamp = kept.unchanged("front")
    frame = replay.frame(kept.pages["front"], tool=tool, timestamp=timestamp)
    assert f"/{timestamp}mp_/" in frame.url
    assert looks.difference(kept.live["front"], looks.screens(frame)) < ALIKE
    assert replay.browser.escaped == []


@pytest.mark.parametrize("tool", TOOLS)
def test_the_comparison_notices_a_missing_style_sheet(tool: str, kept: Kept, replay: Replay) -> None:
    """Without the record of one style sheet, the same page fails the same comparison."""
    seen = looks.screens(replay.frame(kept.pages["press"], tool=tool, archive="broken"))
    assert looks.difference(kept.live["press"], seen) >= ALIKE


def test_the_wall_notes_what_a_page_asks_of_others(replay: Replay) -> None:
    """A request to anyone but the replay servers is refused and noted, so that its absence tells something."""
    origin = replay.addresses["pywb", "whole"].rpartition("/")[0]
    with Newsroom(articles=1, seed=2) as other:
        frame = opened(replay.browser.context, origin)
        frame.evaluate("async url => { await fetch(url, {mode: 'no-cors'}).catch(() => null) }", other.url)
        assert other.log == []
        assert {f"GET {other.url} HTTP/1.1", other.url} <= set(replay.browser.escaped)
    replay.browser.escaped.clear()


def copy_without(path: Path, *, folder: Path, ending: str) -> int:
    """Copies a WARC file less the records of one URL, and indexes the copy; returns how many records it lacks."""
    data = path.read_bytes()
    with path.open("rb") as file:
        records = list(iter_records(file))
    left = [record for record in records if not record.uri.endswith(ending)]
    copy = folder / path.name
    copy.write_bytes(b"".join(member(data, record) for record in left))
    with copy.open("rb") as file:
        lines = [capture.line() for capture in cdxj.index(iter_records(file), filename=copy.name)]
    copy.with_suffix(".cdxj").write_text("".join(f"{line}\n" for line in lines))
    return len(records) - len(left)


def member(data: bytes, record: Record) -> bytes:
    return data[record.offset : record.offset + record.length]
