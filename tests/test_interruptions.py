"""Ctrl-C once and twice, kill -9, two commands at once: nothing that was kept is lost, and the next command goes on."""

import os
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.machine import Machine, wait_until
from tests.newsroom import Newsroom

MANY = 12  # requests after which a crawl is surely in the middle
MOVED = 4  # articles that the paper also links by an old address: the redirect leads to the article once more
UNDER_WAY = 16  # requests that a crawler has under way at most; a kill may cost these again


def article_urls(machine: Machine) -> list[str]:
    return sorted(line["canonical_url"] or line["url"] for line in machine.json_lines("articles"))


def fetched(paper: Newsroom) -> Counter[str]:
    """How often each article was asked for at its own address."""
    truth = {one.url for one in paper.truth}
    asked = Counter(paper.url.rstrip("/") + hit.path for hit in paper.log if hit.status == 200)
    return Counter({url: times for url, times in asked.items() if url in truth})


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c(tmp_path: Path, times: int) -> None:
    """It exits 130; what it had is shipped now or by the next crawl, which completes the rest, asking nothing twice."""
    machine = Machine(tmp_path)
    with Newsroom(articles=45, seed=2) as paper:
        machine.site("courier", paper.url, delay=0.02)
        start = machine.started_cold if times == 1 else machine.started
        with start("crawl", "courier") as process:
            wait_until(lambda: sum(fetched(paper).values()) > MANY)
            for _ in range(times):
                os.kill(process.pid, signal.SIGINT)
            assert process.wait(60) == 130
        kept = sum(fetched(paper).values())
        assert kept < len(paper.truth)
        with machine.served():
            if times == 1:
                assert MANY / 2 < len(article_urls(machine)) < len(paper.truth)
            machine.crawl("courier")
            assert article_urls(machine) == sorted(one.url for one in paper.truth)
        again = sum(times - 1 for times in fetched(paper).values())
        assert again <= MOVED + (UNDER_WAY if times == 2 else 0)  # once: what was under way was waited for


def test_two_commands_at_once_and_one_is_killed(tmp_path: Path) -> None:
    """kill -9 of one command takes nothing from the other, and the next one completes what the dead one began."""
    machine = Machine(tmp_path)
    with Newsroom(articles=45, seed=3) as killed, Newsroom(articles=25, seed=4) as other:
        machine.site("killed", killed.url, delay=0.02)
        machine.site("other", other.url, delay=0.05)
        with machine.started("crawl", "killed") as first, machine.started("crawl", "other") as second:
            wait_until(lambda: sum(fetched(killed).values()) > MANY and sum(fetched(other).values()) > 0)
            os.killpg(first.pid, signal.SIGKILL)
            assert second.wait(120) == 0, (tmp_path / "started.log").read_text()
        with machine.served():
            machine.crawl("killed")
            expected = sorted(one.url for paper in (killed, other) for one in paper.truth)
            assert article_urls(machine) == expected


def test_kill_9_of_everything(tmp_path: Path) -> None:
    """After kill -9 of the command and its servers, the next command repairs, ships what was kept, and completes."""
    machine = Machine(tmp_path)
    with Newsroom(articles=45, seed=5) as paper:
        machine.site("courier", paper.url, delay=0.02)
        with machine.started("crawl", "courier") as process:
            wait_until(lambda: sum(fetched(paper).values()) > MANY)
            os.killpg(process.pid, signal.SIGKILL)
            for pid in machine.servers():
                os.kill(pid, signal.SIGKILL)
        kept = sum(fetched(paper).values())
        machine.crawl("courier")
        assert article_urls(machine) == sorted(one.url for one in paper.truth)
        assert sum(fetched(paper).values()) <= len(paper.truth) + MOVED + UNDER_WAY
        assert kept > MANY


def test_the_same_site_twice_at_once(tmp_path: Path) -> None:
    """Two commands on one site: one attempt at a time, and no article twice."""
    machine = Machine(tmp_path)
    with Newsroom(articles=40, seed=6) as paper:
        machine.site("courier", paper.url, delay=0.01)
        with machine.started("crawl", "courier") as first, machine.started("crawl", "courier") as second:
            assert (first.wait(120), second.wait(120)) == (0, 0), (tmp_path / "started.log").read_text()
        assert "waiting, another crawl is asking this domain" in (tmp_path / "started.log").read_text()
        assert article_urls(machine) == sorted(one.url for one in paper.truth)
