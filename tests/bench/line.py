"""The whole line on two cores: from the first request to the last article in S3, and the whole command."""

import asyncio
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from archive.embedded import services
from archive.ledger import Ledger, rows
from tests.bench import programs
from tests.bench.display import Display
from tests.machine import Machine
from tests.newsroom.bench import big_newsroom


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Seconds each stage took; `crawl` begins with the first request, `total` is crawl, ship and derive.

    `start` is how long the command took to its first request, `command` all of it, with stopping the services.
    """

    pages: int
    articles: int
    start: float
    crawl: float
    ship: float
    derive: float
    command: float

    @property
    def total(self) -> float:
        """From the first request until the last article is in S3."""
        return self.crawl + self.ship + self.derive

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        return {**asdict(self), "total": self.total, "pages_per_second": self.pages / self.total}

    def table(self) -> Table:
        """Returns the stages, one below the other."""
        table = Table(title=f"{self.pages} pages from URL to JSON in S3: {self.articles} articles")
        table.add_column("")
        table.add_column("seconds", justify="right")
        table.add_column("pages/s", justify="right")
        for name in ("start", "crawl", "ship", "derive", "total", "command"):
            seconds = getattr(self, name)
            rate = "" if name == "start" else f"{self.pages / seconds:.0f}"
            table.add_row(name, f"{seconds:.1f}", rate, end_section=name in ("start", "derive"))
        return table


def measure(*, pages: int) -> Line:
    """Runs the command on a fresh machine and reads from its ledger when each stage ended."""
    with (
        tempfile.TemporaryDirectory() as folder,
        big_newsroom(pages=pages) as room,
        Display(steps=1, pages=pages) as display,
    ):
        machine = Machine(Path(folder))
        machine.site("valley", room.url, max_pages=2 * pages)
        look = display.begin("microfiche crawl", log=room.access_log)
        ended = programs.run(
            machine.command("crawl", "valley"), folder=machine.folder, environment=machine.environment, look=look
        )
        display.done(f"microfiche crawl {ended.cost.seconds:.1f} s")
        stages = _stages(machine)
        first = datetime.fromtimestamp(room.log[0].time).astimezone()
        return Line(
            pages=pages,
            articles=stages["derived"]["articles"],
            start=room.log[0].time - ended.began,
            crawl=(stages["ended_at"] - first).total_seconds(),
            ship=(stages["committed_at"] - stages["ended_at"]).total_seconds(),
            derive=(stages["derived_at"] - stages["committed_at"]).total_seconds(),
            command=ended.cost.seconds,
        )


def _stages(machine: Machine) -> dict[str, Any]:
    async def read(dsn: str) -> dict[str, Any]:
        async with Ledger.open(dsn, connections=1) as ledger, ledger.transaction() as connection:
            (attempt,) = await rows(connection, "SELECT ended_at, committed_at, derived_at, derived FROM attempts")
            return attempt

    with services(machine.folder / "microfiche-data", s3=False) as running:
        assert running.dsn is not None
        return asyncio.run(read(running.dsn))
