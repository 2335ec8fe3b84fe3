"""What a benchmark shows while it runs, on standard error: a bar on a terminal, a line a run elsewhere."""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Display:
    """Shows how far the run under way is, by the newspaper's access log; a context manager."""

    def __init__(self, *, steps: int, pages: int) -> None:
        console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._steps = self._bars.add_task("runs", total=steps)
        self._pages = self._bars.add_task("", total=pages)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def begin(self, what: str, *, log: Path) -> Callable[[], None]:
        """Shows the next run; returns what to call again and again meanwhile."""
        hits = Hits(log)
        self._bars.reset(self._pages, description=what)
        return lambda: self._bars.update(self._pages, completed=hits.count())

    def done(self, told: str) -> None:
        """The run is over."""
        self._bars.advance(self._steps)
        self._bars.console.print(told, highlight=False)


class Hits:
    """Counts the requests in an access log since this was made."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._size = log.stat().st_size if log.exists() else 0
        self._count = 0

    def count(self) -> int:
        """Returns how many there have been so far."""
        if self._log.exists():
            with self._log.open("rb") as file:
                file.seek(self._size)
                new = file.read()
            self._size += len(new)
            self._count += new.count(b"\n")
        return self._count
