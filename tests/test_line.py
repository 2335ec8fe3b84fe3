"""The whole line, from a home page to articles in S3, as a user runs it, against the newspaper and its truth."""

import gzip
import html
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive import articles
from archive.embedded import services
from archive.records import read_record
from archive.store import Store
from tests.archive.conftest import open_store
from tests.machine import Machine
from tests.newsroom import Newsroom
from tests.pywb import fetch, replaying

SCRIPTS = Path(sys.executable).parent


@dataclass(frozen=True)
class Crawled:
    """A newspaper crawled once: the machine, the paper, the summary and the articles as the command gives them."""

    machine: Machine
    paper: Newsroom
    summary: str
    lines: list[dict[str, Any]]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    machine = Machine(tmp_path_factory.mktemp("line"))
    with Newsroom(articles=100, seed=1) as paper, machine.served():
        machine.site("courier", paper.url)
        summary = machine.crawl("courier")
        yield Crawled(machine, paper, summary, machine.json_lines("articles"))


@pytest.fixture(scope="module")
def store(crawled: Crawled) -> Iterator[Store]:
    with services(crawled.machine.folder / "microfiche-data", postgres=False) as running:
        yield open_store(running, prefix="")


def folded(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_promised_article_is_there_once_and_true(crawled: Crawled) -> None:
    """Each article the sitemap promises is one line whose title, authors, date, section and text are the truth's."""
    by_url = {line["canonical_url"] or line["url"]: line for line in crawled.lines}
    truth = {one.url: one for one in crawled.paper.truth}
    assert set(truth) - set(by_url) == set()
    for url, one in truth.items():
        line = by_url[url]
        assert (line["title"], tuple(line["authors"]), line["section"]) == (
            one.title,
            tuple(one.authors),
            one.section,
        ), url
        assert line["published"] == one.published, url
        assert folded(line["text"]) == folded(one.text), url
        assert not [chrome for chrome in one.chrome if chrome in line["text"]], url


def test_nothing_is_there_twice_and_nothing_else(crawled: Crawled) -> None:
    """One line an id, one a page; sections, tags, authors and static pages are no articles."""
    assert [item for item, times in Counter(line["id"] for line in crawled.lines).items() if times > 1] == []
    urls = sorted(line["canonical_url"] or line["url"] for line in crawled.lines)
    assert urls == sorted(one.url for one in crawled.paper.truth)


def test_every_line_is_of_the_schema(crawled: Crawled) -> None:
    """Each line validates against article/1."""
    assert [problem for line in crawled.lines for problem in articles.validate(line)] == []


def test_every_capture_resolves(crawled: Crawled, store: Store) -> None:
    """One range GET and one gunzip give the record of the page's own URL, with the payload digest of the line."""
    for line in crawled.lines:
        capture = line["capture"]
        member = store.get_range(capture["warc"], capture["offset"], capture["length"])
        assert gzip.decompress(member).startswith(b"WARC/1.1\r\n")
        record = read_record(member)
        assert (record.uri, record.digest, record.id) == (
            line["url"],
            capture["payload_digest"],
            f"<{capture['record_id']}>",
        )


def test_the_fields_own_tools_read_the_warc_files(crawled: Crawled, store: Store, tmp_path: Path) -> None:
    """Every WARC file passes gzip -t, fastwarc check and warcio index."""
    keys = [key for key in store.keys("warc/") if key.endswith(".warc.gz")]
    assert keys
    for key in keys:
        path = tmp_path / key.rpartition("/")[2]
        path.write_bytes(store.get(key))
        subprocess.run(["gzip", "-t", path], check=True)
        subprocess.run([SCRIPTS / "fastwarc", "check", "-q", path], check=True)
        index = subprocess.run([SCRIPTS / "warcio", "index", path], check=True, capture_output=True, text=True)
        assert any(json.loads(line)["warc-type"] == "response" for line in index.stdout.splitlines())


def test_pywb_replays_pages(crawled: Crawled, store: Store, tmp_path: Path) -> None:
    """pywb serves articles of three themes from the WARC files with status 200 and their titles."""
    themes = {one.theme: one for one in crawled.paper.truth}
    assert len(themes) >= 3
    with replaying(store, tmp_path / "pywb") as address:
        for one in themes.values():
            status, page = fetch(f"{address}/mp_/{one.url}")
            assert status == 200
            charset = "windows-1251" if b"charset=windows-1251" in page else "utf-8"
            assert one.title in html.unescape(page.decode(charset, "replace")), one.url


def test_the_summary_tells_everything(crawled: Crawled) -> None:
    """Promised, captured, articles, failed and excluded by reason, and where it lies."""
    told = dict(re.findall(r"^  (\w+(?: in)?) +(.+)$", crawled.summary, re.MULTILINE))
    assert re.match(r"\d+ new URLs", told["promised"])
    assert {"1 http-404", "1 http-410", "1 http-500"} <= set(told["failed"].partition(": ")[2].split(", "))
    assert "robots-disallowed" in told["excluded"]
    assert told["lies in"].startswith("s3://microfiche/runs/site=courier/dt=")


def test_every_promise_has_an_outcome(crawled: Crawled, store: Store) -> None:
    """The commit tells what came of every URL that the sitemap promised, the bad ones with their reasons."""
    (key,) = store.keys("runs/")
    commit = json.loads(store.get(key))
    outcomes = {outcome["url"]: outcome for outcome in commit["outcomes"]}
    for one in crawled.paper.truth:
        assert outcomes[one.url]["outcome"] == "captured"
    words = {"not-found": "http-404", "gone": "http-410", "server-error": "http-500", "robots": "robots-disallowed"}
    for bad in crawled.paper.bad:
        if bad.outcome in words:
            assert outcomes[bad.url]["reason"] == words[bad.outcome], bad
    assert not [
        outcome for outcome in commit["outcomes"] if outcome["outcome"] not in ("captured",) and not outcome["reason"]
    ]


def test_a_second_crawl_fetches_only_what_is_new(crawled: Crawled) -> None:
    """Old articles are left alone, a new one is fetched, a revised one that its sitemap names is fetched again."""
    fresh = crawled.paper.publish_new(2)
    revised = crawled.paper.revise(crawled.paper.truth[-10], "It was different.\n\nEverything was quite different.")
    before = len(crawled.paper.log)
    crawled.machine.crawl("courier")
    asked = Counter(crawled.paper.url.rstrip("/") + hit.path for hit in crawled.paper.log[before:])
    truth = {one.url for one in crawled.paper.truth}
    assert {url for url in asked if url in truth} == {revised.url, *(one.url for one in fresh)}
    lines = {line["canonical_url"] or line["url"]: line for line in crawled.machine.json_lines("articles")}
    assert {one.url for one in fresh} <= set(lines)
    assert (lines[revised.url]["revision"], folded(lines[revised.url]["text"])) == (2, folded(revised.text))
    assert len(lines) == len(truth)
