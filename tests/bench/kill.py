"""As many trials of `tests.kills` as asked, two at a time: what each kill cost, and the seeds that failed."""

import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tests.kills.ground import Ground
from tests.kills.plan import Blow, Point
from tests.kills.trial import Trial, run

AT_ONCE = 2
AT_RANDOM = "at random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one seed gave: the story of its trial where something was wrong, else empty; also when it broke itself."""

    seed: int
    trial: Trial | None
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All outcomes, in the order of their seeds."""

    outcomes: Sequence[Outcome]

    @property
    def _trials(self) -> list[Trial]:
        return [outcome.trial for outcome in self.outcomes if outcome.trial]

    @property
    def failed(self) -> list[int]:
        """The seeds of trials in which something was wrong."""
        return [outcome.seed for outcome in self.outcomes if outcome.wrong]

    @property
    def kills(self) -> int:
        """How many commands were killed."""
        return sum(len(trial.struck) for trial in self._trials)

    @property
    def recovery(self) -> list[float]:
        """Seconds until what a dead command left was committed, sorted."""
        return sorted(seconds for trial in self._trials for seconds in trial.recovery)

    def _by_point(self) -> dict[str, tuple[int, int, list[int]]]:
        """For each moment: the kills, the blows that came too late, and how many requests each kill cost."""
        struck: Counter[str] = Counter()
        planned: Counter[str] = Counter()
        again: defaultdict[str, list[int]] = defaultdict(list)
        for trial in self._trials:
            planned.update(map(_word, trial.plan.blows))
            for blow, cost in zip(trial.struck, trial.again, strict=True):
                struck[_word(blow)] += 1
                again[_word(blow)].append(cost)
        return {word: (struck[word], planned[word] - struck[word], again[word]) for word in sorted(planned)}

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        return {
            "trials": len(self.outcomes),
            "kills": self.kills,
            "failed": {outcome.seed: outcome.wrong for outcome in self.outcomes if outcome.wrong},
            "points": {
                word: {"kills": kills, "missed": missed, "fetched_again": again}
                for word, (kills, missed, again) in self._by_point().items()
            },
            "recovery": self.recovery,
            "seconds": [trial.seconds for trial in self._trials],
        }

    def table(self) -> RenderableType:
        """Returns the kills by their moments, and a line that sums up."""
        table = Table(title=f"{len(self.outcomes)} trials, {self.kills} kills")
        table.add_column("kill -9 at")
        for column in ("kills", "came too late", "fetched again a kill", "most"):
            table.add_column(column, justify="right")
        for word, (kills, missed, again) in self._by_point().items():
            cost = [f"{sum(again) / len(again):.1f}", str(max(again))] if again else ["", ""]
            table.add_row(word, str(kills), str(missed or ""), *cost)
        return Group(table, *self._told())

    def _told(self) -> Iterable[str]:
        if self.recovery:
            middle, worst = median(self.recovery), self.recovery[-1]
            yield f"what was left is committed {middle:.1f} s after the next start, {worst:.1f} s at most"
        yield f"failed: seeds {', '.join(map(str, self.failed))}" if self.failed else "nothing lost, nothing twice"


def _word(blow: Blow) -> str:
    return blow.when.name if isinstance(blow.when, Point) else AT_RANDOM


def measure(seeds: Sequence[int], *, keep: Path | None) -> Tally:
    """Runs the trials of the seeds; folders of trials that fail are kept where `keep` says."""
    console = Console(stderr=True)
    columns = (TextColumn("trials"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    outcomes = []
    with tempfile.TemporaryDirectory() as folder, Ground.open(Path(folder) / "data") as ground, bar:
        task = bar.add_task("trials", total=len(seeds))
        for outcome in _tried(seeds, folder=Path(folder), ground=ground, keep=keep):
            outcomes.append(outcome)
            bar.advance(task)
            bar.console.print(_line(outcome), highlight=False, markup=False, soft_wrap=True)
    return Tally(outcomes=sorted(outcomes, key=lambda outcome: outcome.seed))


def _tried(seeds: Sequence[int], *, folder: Path, ground: Ground, keep: Path | None) -> Iterator[Outcome]:
    """Yields outcomes as they come; who leaves off waits only for the trials under way."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        waiting = [pool.submit(_try, seed, folder=folder / str(seed), ground=ground, keep=keep) for seed in seeds]
        for done in as_completed(waiting):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _try(seed: int, *, folder: Path, ground: Ground, keep: Path | None) -> Outcome:
    trial = None
    try:
        trial = run(seed, folder=folder, ground=ground)
        wrong = trial.story() if trial.wrong else ""
    except Exception as error:  # noqa: BLE001  a trial that breaks is told with its seed, and the others go on
        wrong = f"seed {seed} broke: {type(error).__name__}: {error}"
    if wrong and keep:
        shutil.copytree(folder, keep / str(seed), dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
    shutil.rmtree(folder, ignore_errors=True)
    return Outcome(seed=seed, trial=trial, wrong=wrong)


def _line(outcome: Outcome) -> str:
    if outcome.wrong:
        return outcome.wrong
    trial = outcome.trial
    assert trial is not None
    blows = ", ".join(str(blow.when) for blow in trial.struck) or "no kill in time"
    return f"seed {outcome.seed}: {blows}; fetched again {sum(trial.again)}; {trial.seconds:.1f} s"
