"""kill -9 at every named point and at random moments: nothing acknowledged is lost, nothing is there twice.

Each seed is a trial of `tests.kills`; two run at once. `scripts/bench kill` runs more of them.
"""

import itertools
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.embedded import Services
from archive.points import NAMES
from tests.kills.ground import Ground
from tests.kills.plan import Plan, Point
from tests.kills.trial import Trial, run
from tests.warm import warm

SEEDS = range(25)
AT_ONCE = 2


class Trials:
    """Runs trials ahead of the tests that ask for them, so that both cores have work."""

    def __init__(self, seeds: list[int], *, folder: Path, ground: Ground) -> None:
        self._waiting = seeds
        self._folder = folder
        self._ground = ground
        self._pool = ThreadPoolExecutor(AT_ONCE)
        self._begun: dict[int, Future[Trial]] = {}

    def result(self, seed: int) -> Trial:
        """The trial of a seed; meanwhile the next one runs."""
        for ahead in [seed, *self._waiting][: AT_ONCE + 1]:
            if ahead not in self._begun:
                folder = self._folder / str(ahead)
                self._begun[ahead] = self._pool.submit(run, ahead, folder=folder, ground=self._ground)
        self._waiting = [waiting for waiting in self._waiting if waiting not in self._begun]
        return self._begun[seed].result()

    def close(self) -> None:
        """Begins no more."""
        self._pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="module")
def ground(embedded: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with Ground.on(embedded, warm=warm(), folder=tmp_path_factory.mktemp("kills")) as ground:
        yield ground


@pytest.fixture(scope="module")
def trials(
    request: pytest.FixtureRequest, ground: Ground, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trials]:
    asked = [item.callspec.params.get("seed") for item in request.session.items if hasattr(item, "callspec")]
    seeds = [seed for seed in asked if seed in SEEDS]
    trials = Trials(seeds, folder=tmp_path_factory.mktemp("trials"), ground=ground)
    yield trials
    trials.close()


def test_the_seeds_strike_every_named_point() -> None:
    """A point that is added to the code is struck, too."""
    struck = {main.name for seed in SEEDS if isinstance(main := Plan.of(seed).main, Point)}
    assert struck == set(NAMES)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crawl_that_is_killed_and_begun_again_loses_nothing(trials: Trials, seed: int) -> None:
    """Log, spool and store agree, every article is there once, nothing waits, and the kill really came."""
    trial = trials.result(seed)
    assert not trial.wrong, trial.story()
    assert any(blow.when == trial.plan.main for blow in trial.struck), trial.story()


def test_a_record_that_is_lost_is_noticed(ground: Ground, tmp_path: Path) -> None:
    """A byte less at the end of the file that was written when the command died: the trial names what it cost."""

    def cut(spool: Path) -> None:
        for path in spool.glob("*/*.warc.gz.open"):
            os.truncate(path, path.stat().st_size - 1)

    seed = next(seed for seed in itertools.count(len(SEEDS)) if _dies_writing(Plan.of(seed)))
    trial = run(seed, folder=tmp_path, ground=ground, meddle=cut)
    assert [wrong for wrong in trial.wrong if wrong.endswith(": lost")], trial.story()


def _dies_writing(plan: Plan) -> bool:
    return len(plan.blows) == 1 and isinstance(plan.main, Point) and plan.main.name == "record-written"
