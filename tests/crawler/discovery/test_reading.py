"""crawler.discovery.reading: what is asked for as a feed or a sitemap, and is none; a home page not asked for."""

from pathlib import Path

from archive.embedded import services
from tests.crawler.talk import Answer, Server
from tests.machine import Machine

STORY = "/2026/11/20/the-ferry-runs-again.html"
SENTENCE = "The ferry to the north bank runs again from Monday, and the harbour office sells the tickets. "
HTML = {"Content-Type": "text/html; charset=utf-8"}


def anything(path: str, _: int) -> Answer:
    """A site whose scripts choose what to show: any address but robots.txt is answered with its newest article."""
    if path == "/robots.txt":
        return 404, {}, b""
    link = f'<a href="{STORY}">The ferry runs again from Monday</a>'
    body = f"<article><h1>The Ferry Runs Again</h1><p>{SENTENCE * 6}</p><p>{SENTENCE * 3}</p></article>{link}"
    return 200, HTML, f"<!doctype html><title>The Ferry Runs Again</title>{body}".encode()


def test_a_page_where_a_feed_was_guessed_is_no_article(tmp_path: Path) -> None:
    """What answered in the place of a feed or a sitemap is kept, and published as nothing."""
    machine = Machine(tmp_path)
    with services(machine.folder / "microfiche-data"), Server(anything) as paper:
        machine.site("valley", paper.url(), render="never")
        machine.crawl("valley")
        published = [line["url"] for line in machine.json_lines("articles", "--site", "valley")]
        guessed = {"/feed/", "/rss.xml", "/sitemap.xml", "/sitemap_index.xml"}
        assert guessed <= {path for _, path in paper.hits}
        assert published == [paper.url(STORY)]


def test_a_home_page_that_the_run_ended_before(tmp_path: Path) -> None:
    """It was not asked for, which is no fault of its address: the line says so."""
    machine = Machine(tmp_path)
    with services(machine.folder / "microfiche-data"), Server(anything) as paper:
        machine.site("valley", paper.url(), delay=600.0)  # robots.txt is asked for first
        ended = machine.run("crawl", "valley", "--max-minutes", "0.05")
        assert (ended.returncode, [path for _, path in paper.hits]) == (1, ["/robots.txt"])
    told = "was not read before the run ended (max-minutes); the next crawl asks for it again"
    assert ended.stderr.splitlines()[-1] == f"microfiche: {paper.url()} {told}"


def test_the_home_page_is_asked_for_before_any_guess(tmp_path: Path) -> None:
    """However long the ledger takes over it; and a site whose TOML names no sitemaps has none."""
    machine = Machine(tmp_path)
    with services(machine.folder / "microfiche-data"):
        with Server(anything) as paper:
            machine.site("valley", paper.url(), delay=0.05, render="never")
            machine.crawl("valley")
            asked = [path for _, path in paper.hits]
        assert (asked[:2], "/sitemap.xml" in asked) == (["/robots.txt", "/"], True)
        with Server(anything) as paper:
            machine.site("hills", paper.url(), delay=0.05, render="never", feeds=[], sitemaps=[])
            machine.crawl("hills")
            assert [path for _, path in paper.hits] == ["/robots.txt", "/", STORY]
