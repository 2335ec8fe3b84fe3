"""`microfiche reextract` on a newspaper that was crawled: what it reports, publishes, and goes on with.

And `status`, when the newspaper wears a theme that cannot be read.
"""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from archive.articles.layout import Layout, digest
from archive.derive import EXTRACTOR, dump, load
from tests.crawler.commands import run_here
from tests.crawler.held import Held, Lines, holding
from tests.machine import wait_until


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    with holding(tmp_path_factory.mktemp("held"), articles=30) as held:
        held.machine.site("courier", held.paper.url, max_depth=1, render="never", embeds=False)
        held.machine.crawl("courier", "--max-pages", "40")
        held.machine.crawl("courier", "--max-pages", "5")
        yield held


def _age(held: Held, change: Callable[[Lines], Lines], *, extractor: str = "microfiche/1") -> None:
    """Leaves what another extractor would have left: as many lines, but other ones."""
    for key in _objects(held):
        lines = change(list(load(held.store.get(key))))
        name, _, version = extractor.partition("/")
        lines = [{**line, "extractor": {**line["extractor"], "name": name, "version": version}} for line in lines]
        held.store.put_bytes(key, dump(lines), metadata={"extractor": extractor})


def _objects(held: Held) -> list[str]:
    return list(held.store.keys("articles/"))


def _articles(held: Held) -> Lines:
    return held.json_lines("articles", "--all-revisions")


def _untitled(lines: Lines) -> Lines:
    return [{**line, "title": None, "content_digest": "sha256:0"} for line in lines]


def _wordier(lines: Lines) -> Lines:
    return [{**line, "word_count": 3 * line["word_count"]} for line in lines]


def test_what_todays_extractor_derived_is_left_alone(held: Held) -> None:
    told = held.told("reextract")
    assert told.splitlines() == [
        f"{EXTRACTOR}: 2 attempts: 2 by this extractor already",
        "published 0 attempts",
    ]


def test_an_attempt_with_pages_that_failed_is_tried_again(held: Held) -> None:
    """By the same extractor too: a page may have failed because the machine did."""
    before = _articles(held)
    key = max(_objects(held), key=lambda key: len(held.store.get(key)))
    failed = {"extractor": EXTRACTOR, "left-out": '{"empty":1,"extractor-died":2}'}
    held.store.put_bytes(key, dump(list(load(held.store.get(key)))[2:]), metadata=failed)
    told = held.told("reextract").splitlines()
    head, states = told[0].rsplit(": ", 1)
    assert (head, set(states.split(", "))) == (
        f"{EXTRACTOR}: 2 attempts",
        {"1 derived again", "1 by this extractor already"},
    )
    assert told[-1] == "published 1 attempts"
    assert _articles(held) == before
    assert held.store.metadata(key) == {"extractor": EXTRACTOR, "left-out": "{}"}


def test_a_dry_run_reports_and_publishes_nothing(held: Held) -> None:
    before = _articles(held)
    _age(held, _untitled)
    told = held.json("reextract", "--dry-run", "--json")
    assert (told["extractor"], told["attempts"], told["published"]) == (EXTRACTOR, {"drafted": 2}, None)
    changes = told["changes"]
    assert (changes["before"], changes["changed"], changes["lost"]) == (len(before), len(before), 0)
    assert (changes["fields"]["title"], changes["fields"]["content_digest"]) == (len(before), len(before))
    assert {line["title"] for line in _articles(held)} == {None}
    assert "nothing published: 2 attempts wait" in held.told("reextract", "--dry-run")


def test_a_killed_reextract_is_gone_on_with(held: Held) -> None:
    """Killed when an object stands that the ledger does not know: called again, all is as the first crawl left it."""
    _age(held, _untitled)
    environment = {**held.machine.environment, "KILL_AT": "articles-put:1"}
    command = held.machine.command("reextract")
    killed = subprocess.run(
        command, cwd=held.machine.folder, env=environment, start_new_session=True, timeout=120, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert {"extractor": EXTRACTOR, "left-out": "{}"} in [held.store.metadata(key) for key in _objects(held)]
    told = held.told("reextract")
    assert told.splitlines()[0] == f"{EXTRACTOR}: 2 attempts: 2 derived again"
    assert told.splitlines()[-1] == "published 2 attempts"
    titles = [line["title"] for line in _articles(held)]
    assert len(titles) > 5
    assert None not in titles
    assert not [
        file
        for _, _, files in os.walk(held.machine.folder / "microfiche-data" / "reextract")
        for file in files
        if file != "lock"
    ]


def test_articles_that_shrink_are_held_back_until_they_are_accepted(held: Held) -> None:
    before = _articles(held)
    _age(held, _wordier)
    told = held.told("reextract", code=3)
    assert f"nothing published: 0 articles would be lost and {len(before)} lose half of their words or more" in told
    longest = max(before, key=lambda line: line["word_count"])
    shrinks = next(line for line in told.splitlines() if line.startswith("  shrinks"))
    assert (
        shrinks == f"  shrinks   {3 * longest['word_count']} words -> {longest['word_count']} words: {longest['url']}"
    )
    assert [line["word_count"] for line in _articles(held)] == [3 * line["word_count"] for line in before]
    assert held.told("reextract", "--accept").splitlines()[-1] == "published 2 attempts"
    assert [line["word_count"] for line in _articles(held)] == [line["word_count"] for line in before]


def test_a_newer_extractors_articles_stay(held: Held) -> None:
    kept = {key: (held.store.get(key), held.store.metadata(key)) for key in _objects(held)}
    _age(held, _untitled, extractor="microfiche/100000")
    assert held.told("reextract").splitlines()[0] == f"{EXTRACTOR}: 2 attempts: 2 by a newer extractor, left alone"
    assert {line["title"] for line in _articles(held)} == {None}
    for key, (data, metadata) in kept.items():
        held.store.put_bytes(key, data, metadata=metadata or {})


def test_runs_are_chosen_by_site_and_date(held: Held) -> None:
    assert held.told("reextract", "--since", "2100-01-01").splitlines()[0] == f"{EXTRACTOR}: 0 attempts"
    assert run_here("reextract", "--site", "curier", folder=held.machine.folder).returncode == 2


def test_a_redesign_that_breaks_how_pages_read_is_named_by_the_next_run(held: Held) -> None:
    """By `status`, and out of the ledger that `rebuild` makes just so."""
    assert "reads worse" not in held.told("status")
    held.paper.redesign("shell")
    held.paper.publish_new(8)
    held.machine.crawl("courier", "--max-pages", "16")
    (line,) = [line for line in held.told("status").splitlines() if "reads worse" in line]
    told = "articles from 0 of 8 pages (8 empty), where 100% is usual"
    assert line == f"courier: reads worse than it used to: {told}"
    (before,) = held.json("status", "--json")["sites"]
    assert "articles" in [fault["measure"] for fault in before["broken"]]
    read = before["days"][0]["extraction"]
    assert read["pages"] == read["articles"] + sum(read["refused"].values())
    shown = f"{read['articles']} articles of {read['pages']} pages, {read['median_words']:.0f} words (median)"
    assert f"{shown}; {read['without_authors']} no author" in held.told("status")
    held.told("rebuild")
    (after,) = held.json("status", "--json")["sites"]
    assert (after["broken"], after["days"][0]["extraction"]) == (before["broken"], read)


def test_an_article_of_several_pages_is_one(held: Held) -> None:
    """Its further pages are captured with it, and their text is joined; with which layouts it was read, it says.

    A crawl that was killed between two of its pages publishes the first, and leaves it due.
    """
    held.paper.redesign(None)
    truth = next(one for one in held.paper.publish_new(12) if one.theme == "modern" and one.text.count("\n\n") > 4)
    held.paper.part(truth)
    known = {line["url"] for line in _articles(held)}
    with (held.machine.folder / "sites" / "courier.toml").open("a") as toml:
        toml.write("[[layout]]\nsection = 'p.none-has-it'\n")
    second = urlsplit(truth.url).path + r"\?page=2"
    held.paper.delay(second, 3600.0)
    with held.machine.started("crawl", "courier") as process:
        wait_until(lambda: any(re.search(second, hit.path) for hit in held.paper.log))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)
    held.paper.heal()
    held.machine.crawl("courier", "--max-pages", "40")
    begun, article = (line for line in _articles(held) if line["url"] == truth.url)
    assert (len(begun["parts"]), article["text"], len(article["parts"])) == (0, truth.text, 2)
    assert (article["id"], article["revision"]) == (begun["id"], 2)
    new = [line for line in _articles(held) if line["url"] not in known]
    assert {line["extractor"]["layouts"] for line in new} == {digest((Layout(section="p.none-has-it"),))}
    assert held.told("verify", "--quick").splitlines()[-1].endswith("nothing wrong")
