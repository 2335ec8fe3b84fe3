"""A paper that changes and fails on demand, and tells what was asked of it."""

import html
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.newsroom import Newsroom
from tests.newsroom.tests.reading import NOW, status_of, text_of


@pytest.fixture
def fresh() -> Iterator[Newsroom]:
    """A small paper for a test that changes it."""
    with Newsroom(articles=60, seed=2, now=NOW) as room:
        yield room


async def test_a_few_articles_fail_once_and_then_never_again(fresh, web):
    first = [await status_of(web, truth.url) for truth in fresh.truth]
    again = [await status_of(web, truth.url) for truth in fresh.truth]
    assert sorted(status for status in first if status != 200) == [429, 500, 503]
    assert set(again) == {200}
    assert {hit.status for hit in fresh.log if hit.path} == {200, 429, 500, 503}


async def test_what_is_new_appears_everywhere(fresh, web):
    added = fresh.publish_new(2)
    assert fresh.truth[-2:] == added
    paths = ("", "rss.xml", "atom.xml", "news-sitemap.xml", "sitemaps/2026.xml")
    pages = {path: html.unescape(await text_of(web, fresh.url + path)) for path in paths}
    for truth in added:
        page = html.unescape(await text_of(web, truth.url))
        assert truth.title in page
        language = "" if truth.language == "en" else f"{truth.language}/"
        assert truth.title in html.unescape(await text_of(web, fresh.url + language))
        assert truth.title in pages["rss.xml"]
        assert truth.title in pages["atom.xml"]
        assert truth.title in pages["news-sitemap.xml"]
        assert truth.url in pages["sitemaps/2026.xml"]


async def test_a_revision_changes_text_validators_and_lastmod(fresh, web):
    fresh.heal()
    truth = next(t for t in fresh.truth if t.theme == "press")
    async with web.get(truth.url) as reply:
        etag = reply.headers["ETag"]
    revised = fresh.revise(truth, "The first paragraph was wrong.\n\nThis one is right.")
    assert revised.text == "The first paragraph was wrong.\n\nThis one is right."
    assert revised.modified > truth.modified
    async with web.get(truth.url, headers={"If-None-Match": etag}) as reply:
        assert reply.status == 200
        assert "The first paragraph was wrong." in await reply.text()
    assert revised in fresh.truth
    assert truth not in fresh.truth


async def test_paths_can_be_down_and_slow_on_demand(fresh, web):
    fresh.down(r"^/contact$", 503, times=2, retry_after=1)
    fresh.delay(r"^/about$", 0.01)
    async with web.get(fresh.url + "contact") as reply:
        assert (reply.status, reply.headers["Retry-After"]) == (503, "1")
    assert [await status_of(web, fresh.url + "contact") for _ in range(2)] == [503, 200]
    assert "1887" in await text_of(web, fresh.url + "about")


async def test_robots_txt_can_be_replaced_or_broken(fresh, web):
    own = await text_of(web, fresh.url + "robots.txt")
    assert own.count("Sitemap: ") == 2
    assert "Disallow: /private/" in own
    assert "Crawl-delay" not in own
    fresh.set_robots("User-agent: *\nDisallow: /\n")
    assert await text_of(web, fresh.url + "robots.txt") == "User-agent: *\nDisallow: /\n"
    fresh.set_robots(503)
    assert await status_of(web, fresh.url + "robots.txt") == 503
    fresh.set_robots(None)
    assert await text_of(web, fresh.url + "robots.txt") == own


async def test_the_access_log_counts_each_request(tmp_path, web):
    file = tmp_path / "access.jsonl"
    with Newsroom(articles=20, seed=3, now=NOW, access_log=file) as room:
        await status_of(web, room.url + "about", **{"X-Mark": "7"})
        await status_of(web, room.url + "nowhere?x=1")
        hits = room.log
        lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(hit.method, hit.path, hit.status) for hit in hits] == [
        ("GET", "/about", 200),
        ("GET", "/nowhere?x=1", 404),
    ]
    assert ("X-Mark", "7") in hits[0].headers
    assert [(line["path"], line["status"]) for line in lines] == [("/about", 200), ("/nowhere?x=1", 404)]


def test_the_command_says_where_it_is_writes_the_truth_and_ends_quietly(tmp_path: Path):
    truth = tmp_path / "truth.jsonl"
    command = (sys.executable, "-m", "tests.newsroom", "--articles", "20", "--truth", str(truth))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate()
    assert re.fullmatch(r"The Valley Courier is at http://127\.0\.0\.1:\d+/\n", line)
    assert (rest, errors, process.returncode) == ("", "", 0)
    assert sum("truth" in json.loads(line) for line in truth.read_text().splitlines()) == 20
