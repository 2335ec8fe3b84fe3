"""Our crawl stage beside bare Scrapy and wget: the same pages, the same server, rounds interleaved."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from archive.embedded import services
from tests.bench import contestants
from tests.bench.display import Display, Hits
from tests.bench.meter import Cost
from tests.machine import Machine
from tests.newsroom.bench import BigRoom, big_newsroom

OURS, BARE, LEAN, WGET = "microfiche", "scrapy", "scrapy, lean", "wget"  # lean: see tests.bench.bare
ALL = (OURS, BARE, LEAN, WGET)
MARKS = (1000, 5000, 10_000, 20_000)  # pages at which to look at our memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What each contestant cost in each round; None for one that is not installed."""

    pages: int
    rounds: tuple[Mapping[str, Cost | None], ...]

    def ratios(self, other: str) -> list[float]:
        """Returns our CPU a page over that of another, in each round."""
        return [ours.cpu / cost.cpu for one in self.rounds if (ours := one[OURS]) and (cost := one[other])]

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        rounds = [{name: cost and asdict(cost) for name, cost in costs.items()} for costs in self.rounds]
        ratios = {name: self.ratios(name) for name in (BARE, LEAN)}
        return {"pages": self.pages, "rounds": rounds, "ratios": ratios, "ratio": median(ratios[BARE])}

    def table(self) -> Table:
        """Returns medians over the rounds."""
        table = Table(
            title=f"{self.pages} pages, median of {len(self.rounds)} rounds",
            caption=f"CPU a page, ours over theirs\n{self._told(BARE)}\n{self._told(LEAN)}",
        )
        table.add_column("")
        for column in ("pages/s", "CPU ms/page", "peak RSS MB"):
            table.add_column(column, justify="right")
        for name in ALL:
            table.add_row(name, *self._cells(name))
        return table

    def _told(self, other: str) -> str:
        ratios = self.ratios(other)
        return f"{other}: {median(ratios):.2f} ({' '.join(f'{ratio:.2f}' for ratio in ratios)})"

    def _cells(self, name: str) -> list[str]:
        costs = [cost for one in self.rounds if (cost := one[name])]
        if not costs:
            return ["not installed", "", ""]
        return [
            f"{self.pages / median(cost.seconds for cost in costs):.0f}",
            f"{1000 * median(cost.cpu for cost in costs) / self.pages:.2f}",
            f"{median(cost.rss_peak for cost in costs) / 1e6:.0f}",
        ]


def compare(*, pages: int, rounds: int) -> Comparison:
    """Measures all of them `rounds` times, each round beginning with another."""
    with Display(steps=len(ALL) * rounds, pages=pages) as display, _ground(pages) as (room, machine):

        def one(name: str, *, number: int) -> Cost | None:
            look = display.begin(f"round {number + 1}: {name}", log=room.access_log)
            hits = Hits(room.access_log)
            cost = _runs(room, machine, number=number, look=look)[name]()
            if cost and hits.count() < pages:
                raise SystemExit(f"{name} asked for {hits.count()} of {pages} pages")
            display.done(f"round {number + 1}: {name:<12} {_told(cost, pages=pages)}")
            return cost

        measured = [{name: one(name, number=number) for name in _order(number)} for number in range(rounds)]
    return Comparison(pages=pages, rounds=tuple(measured))


def remember(*, pages: int) -> Cost:
    """Measures one crawl of ours, its memory early and at the end."""
    marks = [mark for mark in MARKS if mark < pages] + [pages]
    with Display(steps=1, pages=pages) as display, _ground(pages) as (room, machine):
        look = display.begin(OURS, log=room.access_log)
        cost = contestants.microfiche(machine, home=room.url, name="valley", marks=marks, look=look)
        display.done(f"{OURS} {_told(cost, pages=pages)}")
        return cost


def memory_table(cost: Cost) -> Table:
    """Returns the resident sizes and how many bytes a page they grew by."""
    table = Table(title="our resident memory in one crawl")
    table.add_column("pages", justify="right")
    table.add_column("RSS MB", justify="right")
    table.add_column("bytes/page since", justify="right")
    pages, before = cost.rss_at[0]
    for mark, rss in cost.rss_at:
        table.add_row(f"{mark:,}", f"{rss / 1e6:.0f}", f"{(rss - before) / (mark - pages):.0f}" if mark > pages else "")
    return table


def _order(number: int) -> tuple[str, ...]:
    first = number % len(ALL)
    return ALL[first:] + ALL[:first]


def _runs(
    room: BigRoom, machine: Machine, *, number: int, look: Callable[[], None]
) -> Mapping[str, Callable[[], Cost | None]]:
    return {
        OURS: lambda: contestants.microfiche(machine, home=room.url, name=f"valley-{number}", look=look),
        BARE: lambda: contestants.scrapy(home=room.url, look=look),
        LEAN: lambda: contestants.scrapy(home=room.url, options=["--lean"], look=look),
        WGET: lambda: contestants.wget(home=room.url, folder=machine.folder, look=look),
    }


def _told(cost: Cost | None, *, pages: int) -> str:
    if cost is None:
        return "not installed"
    return f"{pages / cost.seconds:5.0f} pages/s {1000 * cost.cpu / pages:6.2f} ms/page {cost.rss_peak / 1e6:5.0f} MB"


@contextmanager
def _ground(pages: int) -> Iterator[tuple[BigRoom, Machine]]:
    """The newspaper, and a machine with its services up."""
    with tempfile.TemporaryDirectory() as folder, big_newsroom(pages=pages) as room:
        machine = Machine(Path(folder))
        with services(machine.folder / "microfiche-data"):
            yield room, machine
