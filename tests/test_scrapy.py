"""For people who live in Scrapy: its own commands work in this project."""

import shutil
from pathlib import Path

from tests.machine import ROOT, Machine
from tests.newsroom import Newsroom


def test_scrapy_list_and_crawl(tmp_path: Path) -> None:
    """`scrapy list` names the spider; `scrapy crawl news -a site=NAME` captures, ships and derives."""
    machine = Machine(tmp_path)
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    assert machine.run("list", program="scrapy").stdout == "news\n"
    with Newsroom(articles=30, seed=7) as paper:
        machine.site("courier", paper.url)
        ended = machine.run("crawl", "news", "-a", "site=courier", program="scrapy")
        assert ended.returncode == 0, ended.stderr
        lines = machine.json_lines("articles")
        assert sorted(line["canonical_url"] or line["url"] for line in lines) == sorted(one.url for one in paper.truth)


def test_a_cap_on_pages_counts_as_done(tmp_path: Path) -> None:
    """--max-pages is kept to the page, leaves room for articles, and ends with exit code 0."""
    machine = Machine(tmp_path)
    with Newsroom(articles=60, seed=8) as paper, machine.served():
        summary = machine.crawl(paper.url, "--max-pages", "12")
        assert "ended at the cap on pages" in summary
        pages = [hit for hit in paper.log if hit.status == 200 and _is_page(hit.path)]
        assert 6 <= len(pages) <= 12
        assert len(machine.json_lines("articles")) >= 5


def _is_page(path: str) -> bool:
    return (
        "format=feed" not in path
        and not path.startswith(("/assets/", "/favicon"))
        and not path.partition("?")[0].endswith((".xml", ".xml.gz", ".txt", ".json", "/feed/", "/feed", "/rss"))
    )
