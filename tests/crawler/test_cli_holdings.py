"""The commands that look at an archive and its ledger, through the real command, on a newspaper that was crawled."""

import json
import os
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from archive.articles import validate
from archive.store import Store
from tests.archive.ledgers import MIGRATIONS
from tests.crawler.commands import run_here
from tests.crawler.held import Held, holding
from tests.machine import Machine, wait_until


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    with holding(tmp_path_factory.mktemp("held"), articles=50) as held:
        held.machine.site("courier", held.paper.url, backfill="30d")
        held.machine.crawl("courier")
        yield held


def test_status_tells_what_was_promised_and_what_came_of_it(held: Held) -> None:
    """As JSON and as a table; each promise stands in one column."""
    told = held.json("status", "--json")
    (site,) = told["sites"]
    (day,) = site["days"]
    assert (site["site"], site["state"], site["quiet_since"], told["waiting"]) == ("courier", "active", None, [])
    outcomes = [day["captured"], *(sum(day[name].values()) for name in ("excluded", "failed", "later"))]
    assert sum(outcomes) == day["promised"] > 40
    assert day["failed"] == {"http-404": 1, "http-410": 1, "http-500": 1}
    table = held.run("status").stdout
    assert " ".join(table.splitlines()[0].split()) == "site day promised captured revised excluded failed later read"
    assert table.splitlines()[1].split()[:4] == ["courier", day["day"], str(day["promised"]), str(day["captured"])]
    assert "1 http-404, 1 http-410, 1 http-500" in table


def test_articles_are_lines_of_the_schema_with_their_revision(held: Held) -> None:
    """To standard output and to a file alike."""
    lines = held.json_lines("articles")
    assert len(lines) > 10
    assert [problem for line in lines for problem in validate(line)] == []
    assert {list(line)[-1] for line in lines} == {"revision"}
    assert held.run("articles", "-o", "news.jsonl").stdout == ""
    written = (held.machine.folder / "news.jsonl").read_text()
    assert [json.loads(line) for line in written.splitlines()] == lines
    assert not list(held.machine.folder.glob(".news*"))


def test_articles_are_chosen_by_site_and_date(held: Held) -> None:
    """An unknown site is refused, a span without captures is empty."""
    assert held.json_lines("articles", "--since", "2100-01-01") == []
    assert held.json_lines("articles", "--committed-since", "2100-01-01") == []
    assert len(held.json_lines("articles", "--site", "courier", "--until", "2100-01-01")) > 10
    ended = held.run("articles", "--site", "curier")
    assert (ended.returncode, ended.stderr) == (
        2,
        "microfiche: no site named 'curier' is held; did you mean courier?\n",
    )


def test_a_reader_that_has_seen_enough_ends_it_in_silence(held: Held) -> None:
    """`microfiche articles | head -1` prints one line and no complaint."""
    command = held.machine.command("articles")
    with subprocess.Popen(
        command,
        cwd=held.machine.folder,
        env={**held.machine.environment, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 0)


OBJECT_MISSING = {
    "kind": "object-missing",
    "problem": "is missing, and its commit names it",
    "offset": None,
    "line": None,
    "url": None,
}


def test_verify_finds_nothing_and_then_what_was_damaged(held: Held) -> None:
    """Exit code 1, a line a finding that begins with the object's key; mended, nothing is found."""
    sound = held.run("verify")
    assert sound.returncode == 0, sound.stdout
    assert re.fullmatch(
        r"checked 1 commits, 2 objects, .* (\d+) articles, \1 derived again: nothing wrong\n", sound.stdout
    )
    key = next(held.store.keys("cdxj/"))
    whole = held.store.get(key)
    held.store.delete(key)
    damaged = held.run("verify", "--site", "courier", "--since", "2020-01-01")
    assert (damaged.returncode, damaged.stdout.splitlines()[0]) == (
        1,
        f"{key}: object-missing: is missing, and its commit names it",
    )
    report = held.json("verify", "--json", code=1)
    assert (report["findings"], report["commits"], report["quick"]) == ([OBJECT_MISSING | {"key": key}], 1, False)
    held.store.put_bytes(key, whole)
    assert held.json("verify", "--json")["findings"] == []


def test_verify_says_what_it_cannot_know_without_a_ledger(held: Held) -> None:
    """It checks the store all the same, and finds nothing wrong in it."""
    elsewhere = {"MICROFICHE_DATABASE__DSN": "postgresql://127.0.0.1:1/nowhere"}
    ended = run_here("verify", "--quick", folder=held.machine.folder, environment=elsewhere)
    told = "without a ledger nobody can tell whether commits or articles objects are lost: Postgres cannot be used: "
    assert (ended.returncode, ended.stdout.splitlines()[1][: len(told)]) == (0, told)
    assert ended.stdout.endswith(": nothing wrong\n")


def test_a_lost_ledger_is_made_again(held: Held) -> None:
    """`status` and `articles` say the same, and the next crawl asks for no article that it has."""
    told = [held.json("status", "--json")["sites"], held.told("articles")]
    assert held.running.dsn is not None
    with psycopg.connect(held.running.dsn, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    assert held.json("status", "--json")["sites"] == []
    rebuilt = held.machine.run("rebuild")
    assert (rebuilt.returncode, rebuilt.stderr) == (0, "")
    assert re.fullmatch(r"rebuilt from 1 commits with \d+ article captures\n", rebuilt.stdout)
    assert [held.json("status", "--json")["sites"], held.told("articles")] == told
    before = len(held.paper.log)
    held.machine.crawl("courier")
    truth = {one.url.removeprefix(held.paper.url.rstrip("/")) for one in held.paper.truth}
    assert [hit.path for hit in held.paper.log[before:] if hit.path in truth] == []
    assert held.run("articles").stdout == told[1]


def test_lost_articles_are_a_finding_and_derived_by_rebuild(held: Held) -> None:
    """The ledger knows that they were there. They are written again, the same, with it and without it."""
    key = next(held.store.keys("articles/"))
    whole = held.store.get(key)
    held.store.delete(key)
    report = held.json("verify", "--quick", "--json", code=1)
    assert [(found["key"], found["kind"]) for found in report["findings"]] == [(key, "articles-missing")]
    assert (report["ledger"], report["not_derived"]) == (None, [])
    assert held.machine.run("rebuild").returncode == 0
    assert held.store.get(key) == whole
    assert held.json("verify", "--quick", "--json")["findings"] == []
    held.store.delete(key)
    with psycopg.connect(held.running.dsn or "", autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    assert held.run("verify", "--quick").stdout.startswith("not derived yet, or lost: runs/site=courier/")
    assert held.machine.run("rebuild").returncode == 0
    assert held.store.get(key) == whole


def test_rebuild_is_incomplete_where_a_spool_folder_cannot_be_read(held: Held) -> None:
    """It says which, and does the rest."""
    broken = held.machine.folder / "microfiche-data" / "spool" / "20260101000000aaaaaa-1"
    broken.mkdir(parents=True)
    ended = held.run("rebuild")
    broken.rmdir()
    assert (ended.returncode, ended.stdout[:13]) == (3, "rebuilt from ")
    assert f"{broken.name} is left as it lies" in ended.stderr


def test_a_lost_commit_is_a_finding(held: Held) -> None:
    """Nobody but the ledger knows that it was there; put back, nothing is found."""
    key = next(held.store.keys("runs/"))
    whole = held.store.get(key)
    held.store.delete(key)
    ended = held.run("verify", "--quick")
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (
        1,
        f"{key}: commit-missing: is missing, and the ledger says that it was put; nothing of its attempt is part of the"
        " archive now",
    )
    held.store.put_bytes(key, whole)
    assert held.json("verify", "--quick", "--json")["findings"] == []


def test_a_site_is_paused_resumed_and_removed(held: Held) -> None:
    """A paused one is not asked; a removed one keeps what is archived, and the file is the operator's to delete."""
    assert held.run("site", "pause", "courier").returncode == 0
    before = len(held.paper.log)
    held.machine.run("crawl", "courier")
    assert held.paper.log[before:] == []
    (site,) = held.json("site", "list", "--json")["sites"]
    assert (site["name"], site["state"], site["file"]) == ("courier", "paused", True)
    assert site["articles"] > 10
    assert "courier (paused)" in held.run("status").stdout
    assert "delete sites/courier.toml too" in held.run("site", "remove", "courier").stdout
    assert held.run("site", "resume", "courier").stdout == "courier is active\n"
    assert len(held.json_lines("articles")) > 10


def test_doctor_finds_all_well_but_the_contact(held: Held) -> None:
    """A warning is no failure; each check says what it saw."""
    checks = {check["name"]: check for check in held.json("doctor", "--json")["checks"]}
    assert Counter(check["state"] for check in checks.values()) == {"ok": len(checks) - 1, "warn": 1}
    assert checks["contact"]["state"] == "warn"
    assert checks["ledger"]["told"].endswith(f"migrated to {MIGRATIONS[-1]}")
    assert set(checks) == {
        *("Python", "configuration", "contact", "sites", "Chromium"),
        *("data folder", "store", "ledger", "attempts", "spool"),
    }


def test_doctor_fails_where_something_is_broken(held: Held) -> None:
    """The rest is looked at all the same."""
    broken = held.machine.folder / "sites" / "broken.toml"
    broken.write_text("name = ")
    checks = held.json("doctor", "--json", code=1)["checks"]
    broken.unlink()
    assert [check["name"] for check in checks if check["state"] == "fail"] == ["sites"]
    assert checks[-1]["name"] == "spool"


def test_up_tells_how_to_reach_the_services_until_it_is_ended(tmp_path: Path) -> None:
    """One line of JSON with addresses and keys that work; Ctrl-C is its normal end, and stops the services."""
    machine = Machine(tmp_path)
    log = tmp_path / "started.log"
    with machine.started("up", "--json") as process:
        wait_until(lambda: log.read_text().endswith("\n"))
        told = json.loads(log.read_text())
        store = Store(
            f"s3://{told['bucket']}",
            endpoint=told["endpoint"],
            region="us-east-1",
            access_key=told["access_key"],
            secret_key=told["secret_key"],
        )
        store.probe()
        with psycopg.connect(told["dsn"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(60) == 0
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(told["dsn"])
