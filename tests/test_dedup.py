"""What a second crawl does not fetch and store again, against the newspaper; and what it must not lose by that."""

import gzip
import io
import json
import re
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from archive import articles
from archive.records import Record, iter_records, read_record
from archive.store import Store
from tests.holdings import commits_of, opened
from tests.machine import Machine
from tests.newsroom import Newsroom
from tests.newsroom.truth import Hit

AGAIN = ["1s", "3650d"]  # every article is due once more right away, however old


@dataclass(frozen=True)
class Twice:
    """An unchanged newspaper crawled twice: what it was asked each time, and what the archive holds then."""

    machine: Machine
    paper: Newsroom
    first_hits: list[Hit]
    hits: list[Hit]
    summary: str
    commits: list[dict[str, Any]]
    records: list[list[Record]]
    lines: list[list[dict[str, Any]]]
    sizes: list[int]
    store: Store


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twice]:
    machine = Machine(tmp_path_factory.mktemp("twice"))
    with Newsroom(articles=45, seed=1) as paper, machine.served():
        paper.heal()
        machine.site("courier", paper.url, revisit=AGAIN, embeds=False)
        machine.crawl("courier")
        first_hits = paper.log
        summary = machine.crawl("courier")
        with opened(machine) as store:
            warcs = [store.get(key) for key in store.keys("warc/")]
            yield Twice(
                machine=machine,
                paper=paper,
                first_hits=first_hits,
                hits=paper.log[len(first_hits) :],
                summary=summary,
                commits=commits_of(store),
                records=[list(iter_records(io.BytesIO(warc))) for warc in warcs],
                lines=[lines_of(store.get(key)) for key in store.keys("articles/")],
                sizes=[len(warc) for warc in warcs],
                store=store,
            )


def lines_of(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(data).splitlines()]


def statuses(hits: list[Hit], path: str) -> list[int]:
    return [hit.status for hit in hits if hit.path == path]


def revisits(records: list[Record]) -> Counter[str]:
    """Revisit records by the last word of their profile."""
    return Counter(
        (record.field("WARC-Profile") or "").rpartition("/")[2] for record in records if record.type == "revisit"
    )


def test_the_unchanged_paper_costs_little_the_second_time(twice: Twice) -> None:
    """Most answers are 304, others identical; hardly a payload byte is fetched or stored again."""
    first, second = (commit["counts"] for commit in twice.commits)
    found = revisits(twice.records[1])
    assert second["not_modified"] == found["server-not-modified"] > 40
    assert second["revisits"] == found.total()
    assert found["identical-payload-digest"] > 0
    assert second["bytes"] < first["bytes"] / 5
    assert second["saved"] > first["bytes"] / 2
    assert sum(len(record.payload) for record in twice.records[1] if record.type == "response") < first["bytes"] / 20
    assert twice.sizes[1] < twice.sizes[0] / 2


def test_the_summary_tells_the_saving(twice: Twice) -> None:
    """How many answers were unchanged, how many of them by 304, and what was not stored again."""
    counts = twice.commits[1]["counts"]
    (told,) = re.findall(r"^  saved +(\d+) unchanged \((\d+) by 304\), (\S+ kB) not stored again$", twice.summary, re.M)
    assert told == (str(counts["revisits"]), str(counts["not_modified"]), f"{counts['saved'] / 1000:.1f} kB")


@pytest.mark.parametrize("path", ["/", "/feed/", "/sitemap_index.xml", "/news/", "an article"])
def test_each_kind_of_page_is_asked_whether_it_changed(twice: Twice, path: str) -> None:
    """Home page, feed, sitemap index, section and article answer 304, asked once each."""
    if path == "an article":
        path = next(one.url for one in twice.paper.truth if one.theme == "press").removeprefix(twice.paper.url[:-1])
    (hit,) = [hit for hit in twice.hits if hit.path == path]
    assert hit.status == 304
    assert {"if-none-match", "if-modified-since"} & {name.lower() for name, _ in hit.headers}


def test_what_has_no_validator_is_stored_once_all_the_same(twice: Twice) -> None:
    """An article without ETag and Last-Modified is answered 200 and kept as a revisit of the first capture."""
    url = next(one.url for one in twice.paper.truth if one.theme == "bare")
    first, second = ([record for record in records if record.uri == url] for records in twice.records)
    (original,) = [record for record in first if record.type == "response"]
    (revisit,) = [record for record in second if record.type == "revisit"]
    assert (revisit.field("WARC-Refers-To-Target-URI"), revisit.field("WARC-Refers-To-Date")) == (
        url,
        original.field("WARC-Date"),
    )
    assert revisit.field("WARC-Refers-To") == original.id
    assert revisit.http is not None
    assert revisit.http.status == 200


def test_each_page_seen_again_gives_a_line_that_leads_to_its_bytes(twice: Twice) -> None:
    """Its capture is the first one's record, its date the second's, and its revisit record proves it."""
    first, second = ({line["url"]: line for line in lines} for lines in twice.lines)
    assert sorted(second) == sorted(first)
    for url, line in second.items():
        capture, before = line["capture"], first[url]["capture"]
        place = ("warc", "offset", "length", "record_id", "payload_digest")
        assert [capture[name] for name in place] == [before[name] for name in place]
        assert before["revisit"] is None
        assert capture["date"] > before["date"]
        revisit = record_at(twice.store, capture["revisit"])
        assert (revisit.type, revisit.uri, revisit.field("WARC-Date")) == ("revisit", url, capture["date"])
        assert record_at(twice.store, capture).digest == capture["payload_digest"]
        assert articles.validate(line) == []


def record_at(store: Store, place: dict[str, Any]) -> Record:
    """The record of a capture, by one range request and one gunzip."""
    record = read_record(store.get_range(place["warc"], place["offset"], place["length"]))
    assert record.id == f"<{place['record_id']}>"
    return record


def test_what_did_not_change_is_no_revision(twice: Twice) -> None:
    """Each article is published once, in its first revision."""
    lines = twice.machine.json_lines("articles", "--all-revisions")
    assert sorted(line["url"] for line in lines) == sorted(one.url for one in twice.paper.truth)
    assert {line["revision"] for line in lines} == {1}


def test_verify_finds_nothing_wrong(twice: Twice) -> None:
    """Each revisit leads to its original, each article to its bytes, also of the second run alone."""
    ended = twice.machine.run("verify", "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_what_an_old_address_leads_to_is_not_fetched_again(twice: Twice) -> None:
    """An article captured already is the outcome of the redirect that leads to it."""
    (outcome,) = [one for one in twice.commits[0]["outcomes"] if one["url"].startswith(f"{twice.paper.url}node/")]
    path = outcome["final_url"].removeprefix(twice.paper.url[:-1])
    assert (outcome["outcome"], outcome["status"], outcome["reason"]) == ("captured", 200, "at-hand")
    assert [hit.status for hit in twice.first_hits if hit.path == path] == [200]


def test_a_feed_that_a_crash_left_unread_is_read_by_the_next_run(tmp_path: Path) -> None:
    """kill -9 right after it was captured: its validators are committed, and yet it is asked for whole and read."""
    machine = Machine(tmp_path)
    with Newsroom(articles=8, seed=2) as paper, machine.served():
        narrow(paper)
        machine.site("courier", paper.url, feeds=[f"{paper.url}rss.xml"], sections=[], embeds=False)
        machine.site("nothing", "http://127.0.0.1:9/", embeds=False)
        machine.crawl("courier")
        fresh = {one.url for one in paper.publish_new(3)}
        before = len(paper.log)
        machine.environment["KILL_AT"] = "document-captured:1"
        paper.delay("^/$|sitemap", 30.0)  # so that the feed comes first
        with machine.started("crawl", "courier") as process:
            assert process.wait(120) == -signal.SIGKILL
        del machine.environment["KILL_AT"]
        narrow(paper)
        assert statuses(paper.log[before:], "/rss.xml") == [200]
        machine.run("crawl", "nothing")  # which ships what the dead one had captured
        with opened(machine) as store:
            (crashed,) = [commit for commit in commits_of(store) if commit["ended"] == "crashed"]
        assert crashed["resources"][-1]["url"] == f"{paper.url}rss.xml"
        before = len(paper.log)
        machine.crawl("courier")
        assert statuses(paper.log[before:], "/rss.xml") == [200]
        assert fresh <= {line["url"] for line in machine.json_lines("articles")}


def test_an_unchanged_feed_is_read_again_when_the_site_is_told_otherwise(tmp_path: Path) -> None:
    """Another pattern for articles takes what it promised and the old one left out; the feed answers 304."""
    machine = Machine(tmp_path)
    with Newsroom(articles=8, seed=2) as paper, machine.served():
        narrow(paper)
        keys = {"feeds": [f"{paper.url}rss.xml"], "sections": [], "embeds": False}
        machine.site("courier", paper.url, article="^/nothing/", **keys)
        machine.crawl("courier")
        before = len(paper.log)
        machine.site("courier", paper.url, **keys)
        machine.crawl("courier")
        assert statuses(paper.log[before:], "/rss.xml") == [304]
        assert {one.url for one in paper.truth} == {line["url"] for line in machine.json_lines("articles")}


def narrow(paper: Newsroom) -> None:
    """Leaves feeds alone to promise anything beyond the home page."""
    paper.heal()
    paper.set_robots("User-agent: *\nAllow: /\n")
    paper.down("sitemap", 404)
