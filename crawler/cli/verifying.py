"""How far a verification is: a bar on a terminal, a plain line now and then elsewhere."""

import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from archive.verify.audit import Watcher

_LINE_EVERY = 10.0  # seconds


class Drawing(Watcher):
    """Draws bytes and commits; a context manager. Its methods may be called from any thread.

    How many bytes there will be is reckoned from the commits that were read so far.
    """

    def __init__(self, *, commits: int, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._commits = commits
        self._lock = threading.Lock()
        self._checked = 0
        self._begun = 0
        self._expected = 0
        self._passed = 0
        self._said = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeRemainingColumn(compact=True))
        self._bars = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task = self._bars.add_task("reading commits", total=None)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def expects(self, size: int) -> None:
        """A commit was read."""
        with self._lock:
            self._begun += 1
            self._expected += size
        self._draw()

    def passed(self, size: int) -> None:
        """Some of its bytes were."""
        with self._lock:
            self._passed += size
        self._draw()

    def checked(self) -> None:
        """A commit is done."""
        with self._lock:
            self._checked += 1
        self._draw()

    def told(self) -> str:
        """How far it is, in words."""
        return f"{self._checked} of {self._commits} commits, {decimal(self._passed)} read"

    def _draw(self) -> None:
        total = self._expected * self._commits / max(self._begun, 1)
        self._bars.update(self._task, description=self.told(), total=total, completed=self._passed)
        if not self._console.is_terminal and time.monotonic() - self._said > _LINE_EVERY:
            self._said = time.monotonic()
            self._console.print(f"verify: {self.told()}", highlight=False, markup=False, soft_wrap=True)
