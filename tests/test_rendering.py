"""Pages that are nothing without scripts, crawled by the real command: rendered where needed, and only there."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from archive import articles
from tests.holdings import commits_of, opened
from tests.machine import Machine
from tests.newsroom import Newsroom, Truth

_ARTICLES, _SCRIPTED = 24, 9
NO_BROWSER = {"MICROFICHE_BROWSER__EXECUTABLE": "/nowhere/chromium"}


@dataclass(frozen=True, slots=True)
class Crawled:
    """The newspaper with its script-heavy sections, crawled without a browser and then with one."""

    machine: Machine
    truth: dict[str, Truth]
    waiting: list[dict[str, Any]]
    lines: dict[str, dict[str, Any]]
    commits: list[dict[str, Any]]
    summaries: tuple[str, str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    machine = Machine(tmp_path_factory.mktemp("rendering"))
    with Newsroom(articles=_ARTICLES, scripts=_SCRIPTED, seed=11) as paper, machine.served():
        machine.site("courier", paper.url, max_pages=400)
        machine.environment |= NO_BROWSER
        first = machine.crawl("courier")
        waiting = machine.json_lines("articles")
        for name in NO_BROWSER:
            del machine.environment[name]
        second = machine.crawl("courier")
        with opened(machine) as store:
            commits = commits_of(store)
        lines = {line["url"]: line for line in machine.json_lines("articles")}
        truth = {one.url: one for one in paper.truth}
        yield Crawled(machine, truth, waiting, lines, commits, (first, second))


def test_without_a_browser_plain_pages_go_on_and_the_others_wait(crawled: Crawled) -> None:
    """Each of them is named as waiting, and none is published as what it is not."""
    plain = {url for url, one in crawled.truth.items() if not one.needs_browser}
    assert {line["url"] for line in crawled.waiting} <= plain
    waits = {one["url"] for one in crawled.commits[0]["outcomes"] if one["reason"] == "needs-browser"}
    assert waits == set(crawled.truth) - plain
    waiting = crawled.commits[0]["counts"]["rendered"]["waiting"]  # section pages too
    assert waiting >= len(waits)
    assert f"{waiting} pages without a browser" in crawled.summaries[0]


def test_with_one_each_page_is_an_article(crawled: Crawled) -> None:
    """As clean as those of plain pages, and valid by the schema."""
    for url, truth in crawled.truth.items():
        if truth.needs_browser:
            line = crawled.lines[url]
            assert (line["title"], line["authors"]) == (truth.title, list(truth.authors))
            assert line["text"].split() == truth.text.split()
            assert line["capture"]["rendered"] is True
            assert articles.validate(line) == []


def test_no_plain_page_is_rendered(crawled: Crawled) -> None:
    """Also those laden with scripts that only look as if they needed one."""
    rendered = {url for url, line in crawled.lines.items() if line["capture"]["rendered"]}
    assert rendered == {url for url, one in crawled.truth.items() if one.needs_browser}


def test_a_page_whose_shell_did_not_change_is_rendered_all_the_same(crawled: Crawled) -> None:
    """The first run kept its shell with its validators; the second asks for it whole."""
    needed = [one.url for one in crawled.truth.values() if one.needs_browser]
    statuses = {one["url"]: one["status"] for one in crawled.commits[1]["outcomes"]}
    assert [statuses[url] for url in needed] == [200] * len(needed)
    told = {one["form"]: (one["looks"], one["hollow"]) for one in crawled.commits[1]["forms"]}
    assert set(told.values()) == {(2, 2)}


def test_the_summary_and_status_tell_it(crawled: Crawled) -> None:
    """How many pages, at which cost; what waits, by its reason."""
    pages = crawled.commits[1]["counts"]["rendered"]["pages"]
    assert f"browser   {pages} pages rendered, " in crawled.summaries[1]
    ended = crawled.machine.run("status")
    assert "needs-browser" not in ended.stdout
    assert f"{pages} none" in ended.stdout


def test_verify_finds_nothing_wrong(crawled: Crawled) -> None:
    """Articles of rendered pages resolve to their DOM and derive again."""
    ended = crawled.machine.run("verify")
    assert ended.returncode == 0, ended.stdout + ended.stderr
