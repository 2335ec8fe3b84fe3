"""Our extractor beside others, on a folder of pages whose truth is known.

Each reads every page in a process of its own, one after another; its CPU time is what the calls took, loading left out.
The others live in an environment of their own, which `scripts/rivals` makes.
"""

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from tests.bench.extracting import EXTRACTORS
from tests.bench.scoring import FIELDS, Score, score
from tests.machine import ROOT

OURS: Final = "microfiche"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What each extractor made of each set: by the set's name, then the extractor's."""

    scores: Mapping[str, Mapping[str, Score]]

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        sets = {
            of: {
                name: {**asdict(one), "f1": one.f1, "pages_per_cpu_second": one.speed} for name, one in by_name.items()
            }
            for of, by_name in self.scores.items()
        }
        return {"sets": sets, "pages_per_cpu_second": self._speeds()}

    def table(self) -> Table:
        """Returns a row a set and extractor, and one an extractor for all sets."""
        table = Table(
            title=f"{sum(one.pages for one in self._of(OURS))} pages of {len(self.scores)} sets",
            caption="body: runs of four words; title, author, date: shares that are right; none: no author invented;\n"
            "pages/s: of one core, in the extractor; failed: raised, or took a minute",
        )
        table.add_column("set")
        table.add_column("")
        for column in ("body F1", "P", "R", *FIELDS, "pages/s", "failed"):
            table.add_column(column, justify="right")
        for of, by_name in self.scores.items():
            for number, (name, one) in enumerate(by_name.items()):
                table.add_row("" if number else f"{of} ({one.pages})", name, *_row(one))
            table.add_section()
        for number, (name, speed) in enumerate(self._speeds().items()):
            table.add_row("" if number else "all", name, *[""] * (3 + len(FIELDS)), f"{speed:.1f}", "")
        return table

    def _of(self, name: str) -> list[Score]:
        return [by_name[name] for by_name in self.scores.values() if name in by_name]

    def _speeds(self) -> dict[str, float]:
        """Pages a CPU second over all sets."""
        names = next(iter(self.scores.values()))
        return {
            name: sum(one.pages for one in self._of(name)) / sum(one.cpu for one in self._of(name)) for name in names
        }


def _row(one: Score) -> Iterator[str]:
    yield from (f"{value:.3f}" for value in (one.f1, one.precision, one.recall))
    yield from (f"{one.rates[name]:.2f}" if name in one.rates else "-" for name in FIELDS)
    yield f"{one.speed:.1f}"
    yield str(one.failed or "")


def compare(folder: Path, *, only: Sequence[str] = (), pages: int | None = None) -> Comparison:
    """Has every extractor read every set of the folder; `only` these extractors, `pages` of each set at most.

    Raises:
        SystemExit: there is no set, or an extractor could not be started.
    """
    sets = {file.name.split(".")[0]: file for file in sorted(folder.glob("*.jsonl.gz"))}
    if not sets:
        sys.exit(f"there is no *.jsonl.gz in {folder}: it takes a page a line, with html, url and truth")
    truths = {of: list(islice(_truths(file), pages)) for of, file in sets.items()}
    names = [name for name in EXTRACTORS if name == OURS or not only or name in only]
    programs = {name: sys.executable if name == OURS else _rivals() for name in names}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    scores: dict[str, dict[str, Score]] = {of: {} for of in sets}
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=len(names) * sum(map(len, truths.values())))
        for name in names:
            for of, file in sets.items():
                bar.update(task, description=f"{name}, {of}")
                found = []
                for read in _read(
                    [programs[name], "-m", "tests.bench.extracting", name, str(file), str(len(truths[of]))]
                ):
                    found.append(read)
                    bar.advance(task)
                scores[of][name] = score(truths[of], found)
                bar.console.print(_told(of, name=name, one=scores[of][name]), highlight=False, soft_wrap=True)
    return Comparison(scores=scores)


def _truths(file: Path) -> Iterator[Mapping[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["truth"]


def _rivals() -> str:
    """The Python of the others; made when it is missing."""
    made = subprocess.run([ROOT / "scripts" / "rivals"], stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode:
        sys.exit("the other extractors could not be installed; see above")
    return made.stdout.strip()


def _read(command: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """Runs an extractor; yields what it gives for each page as it comes."""
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
            assert process.stdout is not None
            try:
                yield from map(json.loads, process.stdout)
            finally:
                process.kill() if sys.exc_info()[0] else process.wait()
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{' '.join(command)} ended with {process.returncode}\n{errors.read()[-3000:]}")


def _told(of: str, *, name: str, one: Score) -> str:
    rates = ", ".join(f"{field} {one.rates[field]:.2f}" for field in FIELDS if field in one.rates)
    return f"{of}: {name}: body F1 {one.f1:.4f}{', ' if rates else ''}{rates}; {one.speed:.1f} pages/s"
