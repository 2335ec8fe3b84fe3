"""How far a new derivation is, and what it changes: a bar on a terminal, plain lines elsewhere, then the report."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from archive.changes import Changes, Shrunk
from crawler.cli.output import listed, printable

if TYPE_CHECKING:
    from archive.pages import Extractors
    from crawler.cli.reextract import Report

_LINE_EVERY = 10.0  # seconds
_DRAW_EVERY = 0.25
_STATES = {
    "drafted": "derived again",
    "current": "by this extractor already",
    "newer": "by a newer extractor, left alone",
    "damaged": "not readable",
}


class Drawing:
    """Draws attempts and pages; a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._done = 0
        self._look: Callable[[], str] = lambda: ""
        self._ended = threading.Event()
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeRemainingColumn(compact=True))
        self._bars = Progress(*columns, console=self._console, transient=True, disable=not self._console.is_terminal)
        self._task = self._bars.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bars.start()
        threading.Thread(target=self._keep_drawing, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._bars.stop()

    @contextmanager
    def watching(self, extractors: "Extractors", *, attempts: int) -> Iterator[None]:
        """Draws how far the derivation is, for the length of the block."""
        self._begin(lambda: f"{self._done} of {attempts} attempts, {extractors.done} pages read", total=attempts)
        yield
        self._look = lambda: ""

    @contextmanager
    def publishing(self, attempts: int) -> Iterator[None]:
        """Draws how far publishing is, for the length of the block."""
        self._begin(lambda: f"{self._done} of {attempts} attempts published", total=attempts)
        yield
        self._look = lambda: ""

    def done(self) -> None:
        """An attempt is done."""
        self._done += 1

    def say(self, told: str) -> None:
        """Prints lines on standard output, with no bar in their way."""
        self._bars.update(self._task, visible=False)
        self._bars.refresh()
        click.echo(told)

    def _begin(self, look: Callable[[], str], *, total: int) -> None:
        self._done, self._look = 0, look
        self._bars.reset(self._task, total=total, visible=True)

    def _keep_drawing(self) -> None:
        said = time.monotonic()
        while not self._ended.wait(_DRAW_EVERY):
            told = self._look()
            self._bars.update(self._task, description=told, completed=self._done)
            if told and not self._console.is_terminal and time.monotonic() - said > _LINE_EVERY:
                said = time.monotonic()
                self._console.print(f"reextract: {told}", highlight=False, markup=False, soft_wrap=True)


def told(report: "Report") -> Iterator[str]:
    """The report in lines."""
    states = ", ".join(f"{number} {_STATES[state]}" for state, number in report.states.most_common())
    yield f"{report.extractor}: {report.states.total()} attempts{': ' if states else ''}{states}"
    yield from (f"  cannot be read: {problem}" for problem in report.problems)
    if report.drafted:
        yield from _told_changes(report.changes)


def _told_changes(changes: Changes) -> Iterator[str]:
    numbers = {"the same": changes.same, "changed": changes.changed, "gained": changes.gained, "lost": changes.lost}
    numbers["derived for the first time"] = changes.first
    parts = ", ".join(f"{number} {what}" for what, number in numbers.items() if number)
    yield f"  articles  {changes.before} before, {changes.after} now{': ' if parts else ''}{parts}"
    yield f"  words     {changes.words_before} before, {changes.words_after} now"
    if changes.fields:
        yield f"  fields    {listed(changes.fields)}"
    if changes.reasons:
        yield f"  lost      {listed(changes.reasons)}"
    for number, one in enumerate(changes.worst):
        yield f"  {'' if number else 'shrinks':<9} {_told_shrunk(one)}"


def _told_shrunk(one: Shrunk) -> str:
    after = f"no article any more ({one.reason})" if one.reason else f"{one.after} words"
    return printable(f"{one.before} words -> {after}: {one.url}")
