"""Every outage of the store while the real command crawls the newspaper: nothing is lost, and nobody has to help.

One site a fault, all in one crawl: each site is an attempt of its own, so that no fault hides behind another. At the
end the time from the last moment of each fault to the site's articles in the store is printed (`pytest -s`).
"""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from archive.embedded import Services, services
from archive.ship import attempt_name
from archive.spool import FACTS
from archive.store import Store
from tests import faultproxy as play
from tests.archive.conftest import open_store, uploads_of
from tests.archive.holder import noted
from tests.archive.ledgers import made
from tests.crawler.nameserver import NameServer
from tests.crawler.talk import Answer, Server
from tests.faultproxy import Fault, Proxy, faultproxy
from tests.machine import Machine, wait_until
from tests.newsroom import Newsroom

ARTICLES = 10
RECOVERED: dict[str, float] = {}  # seconds from the end of a fault until all had arrived, for the table at the end


@pytest.fixture(scope="module")
def running(embedded: Services) -> Iterator[Services]:
    yield embedded
    print("\nseconds from the end of a fault until everything had arrived")  # noqa: T201  what this test is to show
    for name, seconds in sorted(RECOVERED.items(), key=lambda item: item[1]):
        print(f"  {name:<24} {seconds:6.1f}")  # noqa: T201


@pytest.fixture
def proxy(running: Services) -> Iterator[Proxy]:
    with faultproxy(running) as it:
        yield it


@dataclass
class Place:
    """A machine whose store is reached through the proxy, below a prefix of its own, with a ledger of its own."""

    machine: Machine
    proxy: Proxy
    store: Store
    prefix: str
    papers: dict[str, Newsroom] = field(default_factory=dict)

    def prove(self) -> None:
        """Uses the store once: one that was never proved usable is not waited for."""
        assert self.machine.run("rebuild").returncode == 0

    def articles(self) -> list[str]:
        return sorted(line["canonical_url"] or line["url"] for line in self.machine.json_lines("articles"))

    def nothing_is_lost(self) -> None:
        """Every promised article once, `verify` clean, the spool empty, no part of an upload left behind."""
        assert self.articles() == sorted(one.url for paper in self.papers.values() for one in paper.truth)
        verified = self.machine.run("verify")
        assert verified.returncode == 0, verified.stdout
        assert self.spooled() == []
        assert uploads_of(self.proxy.running, self.prefix) == []

    def spooled(self) -> list[str]:
        return sorted(path.name for path in self.spool.iterdir() if path.is_dir())

    @property
    def spool(self) -> Path:
        return self.machine.folder / "microfiche-data" / "spool"

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.machine.run("status", "--json").stdout))

    def said(self) -> str:
        log = self.machine.folder / "started.log"
        return log.read_text() if log.exists() else ""


@pytest.fixture
async def place(tmp_path: Path, proxy: Proxy) -> Place:
    prefix = tmp_path.name.replace("_", "-")
    machine = Machine(tmp_path)
    running = proxy.running
    machine.environment |= {
        "MICROFICHE_STORE__URL": f"s3://{running.bucket}/{prefix}",
        "MICROFICHE_STORE__ENDPOINT": proxy.endpoint,
        "MICROFICHE_DATABASE__DSN": await made(running, re.sub(r"\W", "_", tmp_path.name)),
        "MICROFICHE_CRAWL__SITES_AT_ONCE": "4",
        "AWS_ACCESS_KEY_ID": running.access_key or "",
        "AWS_SECRET_ACCESS_KEY": running.secret_key or "",
    }
    return Place(machine, proxy, open_store(running, prefix=prefix), prefix)


FAULTS: dict[str, list[tuple[str, list[Fault]]]] = {
    "resets": [("PUT .*warc.gz", [play.resets] * 5), ("GET .*warc.gz", [play.resets])],
    "slow": [("(PUT|GET|HEAD) ", [play.dawdles] * 4)],
    "dripping": [("GET .*(warc|cdxj|json)", [play.drips] * 2)],
    "internal-error": [("PUT .*warc.gz", [play.internal_error] * 5), ("GET .*cdxj", [play.internal_error] * 2)],
    "slow-down": [("PUT .*cdxj.gz", [play.slow_down] * 5)],
    "forbidden": [("PUT .*warc.gz", [play.forbidden] * 2), ("PUT .*runs/", [play.forbidden])],
    "altered-in": [("PUT .*warc.gz", [play.alters_on_the_way_in]), ("PUT .*runs/", [play.alters_on_the_way_in])],
    "altered-out": [("GET .*(warc|cdxj|json)", [play.alters_on_the_way_out] * 3)],
    "lost-answer": [("PUT .*runs/", [play.loses_the_answer])],
    "lost-answers": [("PUT .*runs/", [play.loses_the_answer] * 4), ("PUT .*articles/", [play.loses_the_answer])],
    "conflict": [("PUT .*runs/", [play.conflict] * 7)],
    "taken-and-lost": [("PUT .*(warc|cdxj).gz", [play.takes_and_loses] * 2), ("PUT .*runs/", [play.takes_and_loses])],
    "lost-later": [("PUT .*runs/", [play.loses_a_warc_later])],
    "altered-later": [("PUT .*runs/", [play.alters_the_index_later])],
    "commit-lost-later": [("HEAD .*runs/", [play.passes, play.loses_this_first])],
    "cut": [("GET .*warc.gz", [play.cuts] * 4), ("GET .*cdxj.gz", [play.cuts])],
    "moved": [("PUT .*warc.gz", [play.moved, play.elsewhere]), ("GET .*cdxj.gz", [play.elsewhere])],
    "parts-left": [("PUT .*(warc|cdxj).gz", [play.leaves_parts] * 2)],
}


@pytest.mark.timeout(900)  # half a minute, where nobody else works
def test_every_fault_of_the_store(place: Place) -> None:
    """One crawl of eighteen sites, each with a fault of its own, ends well and has everything."""
    with ExitStack() as stack:
        for number, (name, faults) in enumerate(FAULTS.items()):
            paper = stack.enter_context(Newsroom(articles=5, seed=20 + number))
            place.papers[place.machine.site(name, paper.url, embeds=False)] = paper
            for what, acts in faults:
                method, _, keys = what.partition(" ")
                place.proxy.plays(f"^{method} (?=.*/site={name}/){keys}", *acts)
        ended = place.machine.run("crawl", timeout=600)
        if "cut short: the lease was lost" in ended.stdout:  # all else waited 19 seconds too: that run goes on now
            ended = place.machine.run("crawl", timeout=600)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        place.nothing_is_lost()
    for name, faults in FAULTS.items():
        played = place.proxy.played(f"/site={name}/")
        assert len(played) == sum(len(acts) for _, acts in faults), name
        arrived = max(one.at for one in place.proxy.seen if re.match(f"PUT .*articles/.*/site={name}/", one.what))
        RECOVERED[name] = max(0.0, arrived - played[-1].at)


def test_a_store_that_refuses_for_a_while(place: Place) -> None:
    """Crawling goes on, it is said in one line, and as soon as the store is back the same command ends well."""
    place.prove()
    with Newsroom(articles=ARTICLES, seed=50) as paper:
        place.papers[place.machine.site("courier", paper.url)] = paper
        place.proxy.refuse()
        with place.machine.started("crawl", "courier") as process:
            wait_until(lambda: "trying again" in place.said())
            healed = place.proxy.heal()
            assert process.wait(120) == 0, place.said()
            RECOVERED["refuses"] = time.monotonic() - healed
        place.nothing_is_lost()
    assert (
        len(re.findall(r"^courier: shipping: cannot reach bucket .*; trying again$", place.said(), re.MULTILINE)) == 1
    )


def test_a_store_that_says_nothing(place: Place) -> None:
    """The command says so, ends within a minute or so, and leaves everything to the next; `status` and `doctor` tell.

    Before the next command the job queue loses its rows: they are not what remembers.
    """
    place.prove()
    with Newsroom(articles=ARTICLES, seed=51) as paper:
        place.papers[place.machine.site("courier", paper.url)] = paper
        place.proxy.plays_on("", play.hangs)
        ended = place.machine.run("crawl", "courier", timeout=200)
        assert ended.returncode == 3, ended.stdout + ended.stderr
        assert "what was captured waits in the spool" in ended.stderr
        assert re.search(r"courier  captured, and waits in the spool for the next command: ", ended.stdout)
        place.proxy.heal()
        place.proxy.refuse()
        _is_told(place)
        healed = place.proxy.heal()
        with psycopg.connect(place.machine.environment["MICROFICHE_DATABASE__DSN"], autocommit=True) as connection:
            connection.execute("TRUNCATE procrastinate_jobs CASCADE")
        place.machine.crawl("courier")
        RECOVERED["says-nothing (next crawl)"] = time.monotonic() - healed
        place.nothing_is_lost()
        assert place.status()["waiting"] == []


def _is_told(place: Place) -> None:
    """What waits, why, since when and what comes next: by `status`, and by `doctor`, which names the store."""
    (name,) = place.spooled()
    (waiting,) = place.status()["waiting"]
    assert (waiting["site"], waiting["attempt"], waiting["state"]) == ("courier", name, "sealed")
    assert re.match(r"(the store has not answered for \d+ seconds|cannot reach bucket )", waiting["problem"])
    table = place.machine.run("status")
    assert table.returncode == 0
    assert re.search(
        rf"courier: attempt {name} waits to be shipped .* since .* UTC: .*; tried again by the", table.stdout
    )
    assert re.search(r"spool: 1 attempt on this machine, [\d.]+ .?[bB].* of at most 20.0 GB", table.stdout)
    doctor = place.machine.run("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(doctor.stdout)["checks"]}
    assert (doctor.returncode, checks["store"]["state"], checks["ledger"]["state"]) == (1, "fail", "ok")
    assert checks["store"]["told"].startswith("cannot reach bucket ")
    assert (checks["attempts"]["state"], checks["spool"]["state"]) == ("warn", "warn")


def test_one_bad_attempt_does_not_block_the_next(place: Place) -> None:
    """A destroyed attempt.json and a commit of someone else's are told by name and left; what is sound arrives."""
    with ExitStack() as stack:
        for number, name in enumerate(("broken", "foreign", "sound")):
            paper = stack.enter_context(Newsroom(articles=ARTICLES, seed=60 + number))
            place.papers[place.machine.site(name, paper.url)] = paper
        place.prove()
        place.proxy.refuse()
        with place.machine.started("crawl") as process:
            wait_until(lambda: place.said().count("trying again") == 3)
            process.kill()
        place.proxy.heal()
        folders = {json.loads((path / FACTS).read_text())["site"]: path for path in place.spool.iterdir()}
        (folders["broken"] / FACTS).write_bytes(b"\0" * 100)
        foreign = attempt_name(json.loads((folders["foreign"] / FACTS).read_text())).commit_key
        place.store.put_bytes(foreign, b"{}")
        ended = place.machine.run("crawl", "sound")
        assert ended.returncode == 3, ended.stdout + ended.stderr
        assert f"the spool folder microfiche-data/spool/{folders['broken'].name} is left as it lies" in ended.stderr
        assert place.spooled() == sorted([folders["broken"].name, folders["foreign"].name])
        assert place.articles() == sorted(one.url for one in place.papers["sound"].truth)
        problems = {one["site"]: one["problem"] for one in place.status()["waiting"]}
        assert set(problems) == {"broken", "foreign"}
        assert problems["foreign"].startswith(f"{foreign} is no commit")
        assert "attempt.json cannot be read" in problems["broken"]
        place.store.delete(foreign)
        assert place.machine.run("crawl", "sound").returncode == 3
        assert place.spooled() == [folders["broken"].name]


def test_the_embedded_postgres_is_killed_in_the_middle(tmp_path: Path) -> None:
    """We start it again: by this command or the next everything is there, and the first one says at most a line."""
    machine = Machine(tmp_path)
    with Newsroom(articles=30, seed=70) as paper:
        machine.site("courier", paper.url, delay=0.02)
        with machine.started("crawl", "courier") as process:
            wait_until(lambda: len(paper.log) > 40)
            noted(tmp_path / "microfiche-data")["postgres"].kill()
            code = process.wait(120)
            assert code in (0, 1, 3)  # what was being asked of it is chance: nothing, the end, or a page
        assert "Traceback" not in (tmp_path / "started.log").read_text()
        if code:
            assert machine.run("crawl", "courier").returncode == 0
        lines = machine.json_lines("articles")
        assert sorted(line["canonical_url"] or line["url"] for line in lines) == sorted(one.url for one in paper.truth)


def test_a_configured_postgres_dies_in_the_middle(place: Place, tmp_path: Path) -> None:
    """Nobody but its owner can start it again: exit code 1 within half a minute, and the next completes."""
    with services(tmp_path / "database", s3=False) as first, Newsroom(articles=30, seed=71) as paper:
        place.machine.environment["MICROFICHE_DATABASE__DSN"] = first.dsn or ""
        place.papers[place.machine.site("courier", paper.url, delay=0.02)] = paper
        with place.machine.started("crawl", "courier") as process:
            wait_until(lambda: len(paper.log) > 40)
            noted(tmp_path / "database")["postgres"].kill()
            assert process.wait(120) == 1
        assert "Traceback" not in place.said()
        assert place.said().splitlines()[-1].startswith("microfiche: the ledger's Postgres went away: ")
        _is_told_without_a_ledger(place)
        with services(tmp_path / "database", s3=False):
            assert place.machine.run("crawl", "courier").returncode == 0
            place.nothing_is_lost()


def _is_told_without_a_ledger(place: Place) -> None:
    """`status` tells what lies in the spool all the same, and `doctor` which part is down."""
    status = place.machine.run("status")
    assert (status.returncode, status.stdout[:34]) == (1, "spool: 1 attempt on this machine, ")
    assert status.stderr.startswith("microfiche: Postgres cannot be used: ")
    doctor = place.machine.run("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(doctor.stdout)["checks"]}
    assert (doctor.returncode, checks["ledger"]["state"], checks["store"]["state"]) == (1, "fail", "ok")
    assert checks["spool"]["told"].endswith(f"; not shipped: {place.spooled()[0]}")


def test_a_full_spool_begins_no_run(place: Place) -> None:
    """Neither beyond what may wait nor on a nearly full disk; a run under way is cut short and goes on later."""
    with Newsroom(articles=30, seed=80) as paper:
        place.papers[place.machine.site("courier", paper.url, delay=0.02)] = paper
        place.machine.environment["MICROFICHE_SPOOL__MIN_FREE"] = "9000TB"
        ended = place.machine.run("crawl", "courier")
        assert (ended.returncode, len(paper.log)) == (1, 0), ended.stderr
        assert re.search(r"^microfiche: courier: not crawled: only .* are free on the disk", ended.stderr, re.MULTILINE)
        assert "no run is begun: only " in place.machine.run("status").stdout
        place.machine.environment["MICROFICHE_SPOOL__MIN_FREE"] = "0"
        place.machine.environment["MICROFICHE_SPOOL__MAX_SIZE"] = "200 kB"
        cut = place.machine.run("crawl", "courier")
        assert cut.returncode == 3, cut.stdout + cut.stderr
        assert "(cut short: the spool is full; the next crawl goes on)" in cut.stdout
        assert len(place.articles()) < len(paper.truth)
        del place.machine.environment["MICROFICHE_SPOOL__MAX_SIZE"]
        place.machine.crawl("courier")
        place.nothing_is_lost()


def test_a_name_that_nobody_resolves(place: Place) -> None:
    """The site does not answer: said in a line, and asked again by the next crawl."""
    place.machine.site("gone", "http://nobody.invalid/")
    for _ in range(2):
        ended = place.machine.run("crawl", "gone")
        assert ended.returncode == 1
        assert "http://nobody.invalid/ does not answer" in ended.stderr
    assert place.spooled() == []


def test_name_servers_that_go_away_in_the_middle(place: Place) -> None:
    """What was not resolved counts as no try and is fetched by the next crawl: each article once, none given up."""
    with NameServer() as names, Server(lambda path, _: _ferry(path, names)) as paper:
        home = f"http://courier.test:{paper.url().split(':')[2]}"
        place.machine.site("courier", home, sitemaps=[], feeds=[], sections=[], article="^/2026/")
        crawl = (str(names.port), "crawl", "courier")
        first = place.machine.run(*crawl, program="tests.crawler.nameserver")
        assert "dns-failed" in first.stdout, first.stdout + first.stderr
        held = len(place.articles())
        assert 0 < held < ARTICLES
        names.come_back()
        second = place.machine.run(*crawl, program="tests.crawler.nameserver")
        assert second.returncode == 0, second.stdout + second.stderr
        stories = Counter(path for _, path in paper.hits if path.startswith("/2026/"))
    assert stories == {_story(number): 1 for number in range(ARTICLES)}
    assert len(place.articles()) == ARTICLES
    assert place.spooled() == []


def _story(number: int) -> str:
    return f"/2026/11/20/the-ferry-runs-again-{number}.html"


def _ferry(path: str, names: NameServer) -> Answer:
    """A front page of ten stories; the name servers say six addresses more, whoever asks first, and go away."""
    closing = {"Content-Type": "text/html; charset=utf-8", "Connection": "close"}
    if path == "/":
        names.leave_after(6)
        return 200, closing, "".join(f'<a href="{_story(n)}">Story {n}</a>' for n in range(ARTICLES)).encode()
    if not path.startswith("/2026/"):
        return 404, closing, b""
    said = f"The ferry to north bank number {path[-6]} runs again from Monday, and the office sells the tickets. "
    return 200, closing, f"<title>The Ferry Runs Again</title><h1>The Ferry {path[-6]}</h1><p>{said * 6}</p>".encode()
