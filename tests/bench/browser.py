"""Our rendered pages beside plain Playwright: the same pages of the newspaper, rounds in pairs."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from tests.bench import programs
from tests.bench.display import Display
from tests.bench.meter import Cost
from tests.machine import ROOT

OURS, PLAIN, LEAN = "ours", "plain", "lean"
_TOLD = {OURS: "microfiche", PLAIN: "plain Playwright", LEAN: "the same, our flags"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What both cost in each round."""

    pages: int
    rounds: tuple[Mapping[str, Cost], ...]

    def ratios(self, other: str) -> list[float]:
        """Our CPU a page over that of another, in each round."""
        return [costs[OURS].cpu / costs[other].cpu for costs in self.rounds]

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        rounds = [{name: asdict(cost) for name, cost in costs.items()} for costs in self.rounds]
        ratios = {name: self.ratios(name) for name in (PLAIN, LEAN)}
        return {"pages": self.pages, "rounds": rounds, "ratios": ratios, "ratio": median(ratios[PLAIN])}

    def table(self) -> Table:
        """Returns medians over the rounds."""
        told = [f"{_TOLD[name]}: {self._told(name)}" for name in (PLAIN, LEAN)]
        table = Table(
            title=f"{self.pages} pages, two at once, median of {len(self.rounds)} rounds",
            caption="\n".join(["CPU a page, ours over theirs, browser included", *told]),
        )
        table.add_column("")
        for column in ("pages/min", "CPU s/page"):
            table.add_column(column, justify="right")
        for name, label in _TOLD.items():
            costs = [costs[name] for costs in self.rounds]
            table.add_row(
                label,
                f"{60 * self.pages / median(cost.seconds for cost in costs):.0f}",
                f"{median(cost.cpu for cost in costs) / self.pages:.2f}",
            )
        return table

    def _told(self, other: str) -> str:
        ratios = self.ratios(other)
        return f"{median(ratios):.2f} ({' '.join(f'{ratio:.2f}' for ratio in ratios)})"


def compare(*, pages: int, rounds: int) -> Comparison:
    """Measures all `rounds` times, each going first in turn."""
    with Display(steps=len(_TOLD) * rounds, pages=pages) as display, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with newspaper(folder, pages=pages + 1) as urls:
            (folder / "urls").write_text("\n".join(urls))

            def one(kind: str, *, number: int) -> Cost:
                look = display.begin(f"round {number + 1}: {kind}", log=folder / "hits")
                command = [sys.executable, "-m", "tests.bench.browsing", kind, str(folder / "urls")]
                cost = Cost.parse(programs.run(command, folder=ROOT, look=look).output)
                display.done(f"round {number + 1}: {kind:<6} {cost.cpu / pages:5.2f} CPU s/page {cost.seconds:5.0f} s")
                return cost

            measured = [{kind: one(kind, number=number) for kind in _order(number)} for number in range(rounds)]
    return Comparison(pages=pages, rounds=tuple(measured))


def _order(number: int) -> list[str]:
    names = list(_TOLD)
    return names[number % len(names) :] + names[: number % len(names)]


@contextmanager
def newspaper(folder: Path, *, pages: int) -> Iterator[list[str]]:
    """Serves the newspaper in a program of its own; yields URLs, half of them of pages that need scripts."""
    command = [sys.executable, "-m", "tests.newsroom", "--articles", str(pages), "--scripts", str(pages)]
    files = ["--truth", str(folder / "truth"), "--access-log", str(folder / "hits")]
    with subprocess.Popen([*command, *files], cwd=ROOT, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            server.stdout.readline()
            lines = map(json.loads, (folder / "truth").read_text().splitlines())
            truths = [line["truth"] for line in lines if "truth" in line]
            scripted = [truth["url"] for truth in truths if truth["needs_browser"]]
            others = [truth["url"] for truth in truths if not truth["needs_browser"]]
            yield [*others[: pages - pages // 2], *scripted[: pages // 2]]
        finally:
            server.terminate()
