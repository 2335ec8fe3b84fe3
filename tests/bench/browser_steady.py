"""Chromium over a long run: what it holds after many pages, and what becomes of pages when it is killed."""

import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from tests.bench import browser, programs
from tests.bench.display import Display
from tests.bench.meter import Cost
from tests.browsers import kill_one
from tests.holdings import commits_of, opened
from tests.machine import ROOT, Machine
from tests.newsroom import Newsroom
from tests.warm import Process

MARKS: Final = (50, 500)
_PAPER: Final = 100  # pages, rendered again and again
_BETWEEN: Final = (1.0, 8.0)  # seconds between two kills
_LIMIT: Final = 3600.0


def remember(*, pages: int) -> Cost:
    """Renders so many pages, two at once; returns what all processes of Chromium held at the marks, and on the way."""
    with Display(steps=1, pages=pages) as display, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with browser.newspaper(folder, pages=_PAPER) as urls:
            (folder / "urls").write_text("\n".join((urls * (pages // len(urls) + 2))[: pages + 1]))
            look = display.begin(f"{pages} pages", log=folder / "hits")
            command = [sys.executable, "-m", "tests.bench.browsing", "ours", str(folder / "urls"), "--marks"]
            return Cost.parse(programs.run(command, folder=ROOT, look=look).output)


def memory_table(cost: Cost) -> Table:
    """Returns what was held after so many pages, and how much more than at the first mark."""
    table = Table(title="RSS of all processes of Chromium", caption="aim: after 500 pages within 20 % of that after 50")
    table.add_column("pages", justify="right")
    table.add_column("MB", justify="right")
    table.add_column("against 50", justify="right")
    first = next((held for pages, held in cost.rss_at if pages == MARKS[0]), 0)
    for pages, held in cost.rss_at:
        table.add_row(str(pages), f"{held / 1e6:.0f}", f"{held / first - 1:+.0%}" if first else "")
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """What became of the pages that need a browser, with so many kills of its processes."""

    pages: int
    kills: int
    browsers: int
    seconds: float
    outcomes: Mapping[str, int]
    doubles: int
    is_sound: bool

    @property
    def is_whole(self) -> bool:
        """Whether every page was captured, and no article is there twice."""
        return self.outcomes == {"captured": self.pages} and not self.doubles and self.is_sound

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        facts = {name: getattr(self, name) for name in ("pages", "kills", "browsers", "seconds", "doubles", "is_sound")}
        return {**facts, "outcomes": dict(self.outcomes), "failed": not self.is_whole}

    def table(self) -> Table:
        """Returns the tally."""
        table = Table(title=f"kill -9 of Chromium at random moments over {self.pages} pages that need it")
        table.add_column("")
        table.add_column("", justify="right")
        table.add_row("kills, of the browser itself", f"{self.kills}, {self.browsers}")
        for outcome, count in sorted(self.outcomes.items()):
            table.add_row(outcome, str(count))
        table.add_row("articles there twice", str(self.doubles))
        table.add_row("verify", "sound" if self.is_sound else "finds something wrong")
        table.add_row("seconds", f"{self.seconds:.0f}")
        return table


def survive(*, pages: int, seed: int) -> Survival:
    """Crawls a newspaper with the real command, and kills a process of its Chromium every few seconds to the end."""
    with tempfile.TemporaryDirectory() as name, Newsroom(articles=6, scripts=pages, seed=seed) as paper:
        machine = Machine(Path(name))
        paper.heal()
        machine.site("courier", paper.url, revisit=[])
        began = time.monotonic()
        with machine.started("crawl", "courier") as process:
            killed = _kill_on(process, dice=random.Random(seed))
            process.wait(10)
        seconds = time.monotonic() - began
        needed = [one.url for one in paper.truth if one.needs_browser]
        with opened(machine) as store:
            outcomes = {one["url"]: one["outcome"] for commit in commits_of(store) for one in commit["outcomes"]}
        lines = Counter(line["url"] for line in machine.json_lines("articles", "--all-revisions"))
        return Survival(
            pages=len(needed),
            kills=sum(killed.values()),
            browsers=killed["browser"],
            seconds=seconds,
            outcomes=Counter(outcomes.get(url, "no outcome") for url in needed),
            doubles=sum(lines[url] > 1 for url in needed),
            is_sound=machine.run("verify").returncode == 0,
        )


def _kill_on(process: Process, *, dice: random.Random) -> Counter[str]:
    """Kills until the program ends; a browser that is not there yet is waited for."""
    killed: Counter[str] = Counter()
    until = time.monotonic() + _LIMIT
    while time.monotonic() < until:
        with contextlib.suppress(TimeoutError):
            process.wait(dice.uniform(*_BETWEEN))
            return killed
        victim = kill_one(process, dice=dice)
        if victim is not None:
            killed[victim] += 1
    raise SystemExit(f"the crawl did not end within {_LIMIT:.0f} s")
