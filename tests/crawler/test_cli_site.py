"""`site add` and `site check`, on the newspaper."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.sites.site import load_site
from tests.crawler.commands import run_here
from tests.machine import Machine
from tests.newsroom import Newsroom


@pytest.fixture(scope="module")
def paper() -> Iterator[Newsroom]:
    with Newsroom(articles=60, seed=1) as paper:
        yield paper


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _run(machine: Machine, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_here(*arguments, folder=machine.folder)


def test_a_site_is_added_with_what_was_found(machine: Machine, paper: Newsroom) -> None:
    """Its file can be read back, says what differs from the defaults, and is not overwritten."""
    added = _run(machine, "site", "add", paper.url, "--name", "courier")
    assert added.returncode == 0, added.stderr
    told = added.stdout
    assert f"  feeds     {paper.url}feed/ (rss, 20 URLs)" in told
    assert f"  sitemaps  {paper.url}sitemap_index.xml (index, " in told
    assert "  articles  " in told
    assert "  wrote     sites/courier.toml" in told
    assert told.splitlines()[-1] == (
        "look closer with: microfiche site check courier; begin with: microfiche crawl courier"
    )
    file = machine.folder / "sites" / "courier.toml"
    site = load_site(file)
    assert (site.name, site.home, site.feeds) == ("courier", paper.url, None)
    before = file.read_text()
    again = _run(machine, "site", "add", paper.url, "--name", "courier")
    assert (again.returncode, file.read_text()) == (2, before)
    other = _run(machine, "site", "add", paper.url)
    assert (other.returncode, other.stderr) == (2, f"microfiche: {paper.url} is kept already, as courier\n")
    assert not (machine.folder / "microfiche-data").exists()


def test_an_address_that_does_not_answer_is_not_added(machine: Machine) -> None:
    """Exit code 1, one line, no file."""
    ended = _run(machine, "site", "add", "http://127.0.0.1:1/")
    told = (
        "microfiche: http://127.0.0.1:1/ cannot be read (Connection refused); check the address, or try again later\n"
    )
    assert (ended.returncode, ended.stderr) == (1, told)
    assert list((machine.folder / "sites").iterdir()) == []


def test_a_page_that_is_no_news_site_is_not_added(machine: Machine, paper: Newsroom) -> None:
    """Exit code 1, and what to do about it."""
    with Newsroom(articles=5, seed=1) as other:
        other.down(".", 200)
        ended = _run(machine, "site", "add", other.url)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"microfiche: {other.url} looks like no news site: ")
    assert len(ended.stderr.splitlines()) == 1


def test_check_tells_what_would_be_fetched_and_writes_nothing(machine: Machine, paper: Newsroom) -> None:
    """The newest first, the others by their reason."""
    machine.site("courier", paper.url, backfill="30d")
    ended = _run(machine, "site", "check", "courier")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "  first     2" in ended.stdout
    assert " backfill" in ended.stdout
    assert " robots-disallowed" in ended.stdout
    assert "  wrong" not in ended.stdout
    assert [path.name for path in machine.folder.iterdir()] == ["sites"]


def test_check_finds_what_is_wrong(machine: Machine, paper: Newsroom) -> None:
    """A feed that is gone, a pattern that matches nothing: exit code 1."""
    machine.site("courier", paper.url, feeds=[f"{paper.url}nowhere.xml"], article="^/never/")
    machine.site("silent", "http://127.0.0.1:1/")
    ended = _run(machine, "site", "check")
    assert ended.returncode == 1
    wrong = [line.removeprefix("  wrong     ") for line in ended.stdout.splitlines() if line.startswith("  wrong")]
    assert wrong == [
        f"the feed {paper.url}nowhere.xml cannot be read (http-404); correct it, or leave it out",
        "`article` '^/never/' matches none of the promised URLs; correct it, or leave it out",
        "http://127.0.0.1:1/ cannot be read (Connection refused); check `home`",
    ]


def test_a_check_shows_what_layouts_give_beside_what_is_read_without(machine: Machine, paper: Newsroom) -> None:
    """On three pages; a selector that gives nothing on any of them is wrong."""
    machine.site("courier", paper.url)
    file = machine.folder / "sites" / "courier.toml"
    file.write_text(f'{file.read_text()}\n[[layout]]\ntitle = "h1"\nbody = "div.nothing-like-it"\n')
    ended = _run(machine, "site", "check", "courier")
    table = [line.split() for line in ended.stdout.splitlines()]
    titles = [line for line in ended.stdout.splitlines() if " title " in line and paper.url in line]
    assert ["page", "field", "layout", "without"] in table
    assert len(titles) == 3
    told = "`body` of the layout, 'div.nothing-like-it', gives nothing on 3 pages; correct it, or leave it out"
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (1, f"  wrong     {told}")


def test_a_check_of_one_page_shows_what_was_taken_and_what_else_it_offers(machine: Machine, paper: Newsroom) -> None:
    """As a table for people and as one document for programs; a page that is no article is one to look at, too."""
    machine.site("courier", paper.url)
    story = paper.truth[0]
    asked = ("site", "check", "courier", "--page", story.url)
    table = [line.split() for line in _run(machine, *asked).stdout.splitlines()]
    assert table[:2] == [[story.url], ["field", "taken", "value", "where"]]
    (taken,) = [line for line in table if line[:2] == ["title", "yes"]]
    assert " ".join(taken[2:-1]) == story.title
    told = json.loads(_run(machine, *asked, "--json").stdout)
    assert (told["article"]["title"], told["refusal"], told["problem"]) == (story.title, None, None)
    assert {"field": "title", "value": story.title, "source": taken[-1]} in told["candidates"]
    home = _run(machine, "site", "check", "courier", "--page", paper.url)
    assert (home.returncode, home.stdout.splitlines()[1]) == (1, "  no article: home, url")
    gone = _run(machine, "site", "check", "courier", "--page", f"{paper.url}nowhere")
    assert (gone.returncode, gone.stdout.splitlines()[1:]) == (1, ["  cannot be read: http-404"])


def test_one_page_is_checked_of_one_site(machine: Machine) -> None:
    ended = _run(machine, "site", "check", "--page", "http://127.0.0.1:1/a")
    assert ended.returncode == 2
    assert "say whose page: microfiche site check SITE --page URL [--json]" in ended.stderr
