"""Pages behind consent banners, crawled by the real command: refused, proved, and their articles clean."""

import contextlib
import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.holdings import commits_of, opened
from tests.machine import Machine
from tests.newsroom import Newsroom
from tests.newsroom.walls import WALLS, Choice, Wall

SITES = {  # a site's banners are all alike, and one that is settled is not waited for on its next page
    "walls": ("article-withheld", "brief-modal", "closed-shadow", "no-button-locked", "pay-or-accept", "two-step"),
    "framed": ("iframe",),
}
NAMES = tuple(name for names in SITES.values() for name in names)
MET = [WALLS[name] for name in NAMES]


@dataclass(frozen=True, slots=True)
class Crawled:
    """What the archive holds of a site full of walls, and what was pressed on them."""

    machine: Machine
    lines: dict[str, dict[str, Any]]
    counts: list[dict[str, Any]]
    choices: list[Choice]
    summary: str


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@contextlib.contextmanager
def sitemap(folder: Path, urls: list[str]) -> Iterator[str]:
    """A sitemap on a server of its own: the newspaper promises its walls to nobody."""
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    (folder / "sitemap.xml").write_text(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/sitemap.xml"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    machine = Machine(tmp_path_factory.mktemp("walls"))
    with Newsroom(articles=4, seed=3) as paper, machine.served():
        with contextlib.ExitStack() as stack:
            for site, names in SITES.items():
                urls = [f"{paper.url.rstrip('/')}{WALLS[name].path}" for name in names]
                promised = stack.enter_context(sitemap(tmp_path_factory.mktemp("sitemap"), urls))
                other = paper.other.removeprefix("http://")
                keys: dict[str, Any] = {"feeds": [], "sections": [], "sitemaps": [promised], "embed_hosts": [other]}
                machine.site(site, paper.url, render="always", article="^/walls/", **keys)
            summary = machine.crawl(*SITES)
        with opened(machine) as store:
            counts = [commit["counts"]["consent"] for commit in commits_of(store)]
        lines = {line["url"].rpartition("/")[2].removesuffix(".html"): line for line in machine.json_lines("articles")}
        yield Crawled(machine, lines, counts, paper.choices, summary)


@pytest.mark.parametrize("wall", MET, ids=NAMES)
def test_what_was_done_stands_in_the_article(wall: Wall, crawled: Crawled) -> None:
    """The best that the wall admits, with how it was done."""
    consent = crawled.lines[wall.name]["capture"]["consent"]
    assert consent["outcome"] == wall.outcomes[0]
    assert (consent["clicks"] > 0) == (consent["outcome"] == "rejected")


@pytest.mark.parametrize("wall", MET, ids=NAMES)
def test_the_article_is_whole_and_has_no_word_of_the_banner(wall: Wall, crawled: Crawled) -> None:
    """Also where the banner held it back, or nobody could refuse."""
    line = crawled.lines[wall.name]
    assert line["title"] == wall.piece.title
    assert line["text"].split() == wall.piece.text.split()
    assert [words for words in wall.banner if words in line["text"]] == []


def test_nothing_was_accepted(crawled: Crawled) -> None:
    """The newspaper saw what was pressed: refusals and what leads to them, and nothing where none was offered."""
    assert {choice.choice for choice in crawled.choices if not choice.refuses} <= {"settings"}
    pressed = {choice.wall for choice in crawled.choices if choice.refuses}
    assert pressed == {wall.name for wall in MET if wall.outcomes[0] == "rejected"}


def test_the_summary_and_status_count_the_banners(crawled: Crawled) -> None:
    """By outcome, for the operator; the home pages have none."""
    assert {"hidden": 1, "none": 1, "pay_wall": 1, "rejected": 4} in crawled.counts
    assert {"none": 1, "rejected": 1} in crawled.counts
    assert "consent banners 4 rejected, 1 hidden, 1 pay_wall" in crawled.summary
    assert "4 rejected" in crawled.machine.run("status").stdout
