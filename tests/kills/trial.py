"""One trial: crawl, kill, look, crawl again, to the end; then judge."""

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.kills.ground import Ground, Place
from tests.kills.judge import Call, judge
from tests.kills.plan import COMMAND, SERVERS_FIRST, Blow, Moment, Plan, Point
from tests.kills.witness import Left, left_in
from tests.machine import Machine
from tests.newsroom import Newsroom
from tests.warm import EXTRACTING, Process, Warm

SITE = "courier"
PATIENCE = 120.0  # seconds after which a command hangs
_LOOK_EVERY = 0.005
_HANGS = 124
_GROPING = 0.7  # seconds that a command lives without its servers


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A trial that is over: the calls of the command, what was wrong in the end, how long it all took.

    `recovery` has the seconds from each new beginning until what the dead command left was committed; `again` how
    many requests each kill cost.
    """

    plan: Plan
    calls: tuple[Call, ...]
    wrong: tuple[str, ...]
    again: tuple[int, ...]
    recovery: tuple[float, ...]
    seconds: float
    output: str

    @property
    def struck(self) -> tuple[Blow, ...]:
        """The blows that ended a command; it may also be done before one falls."""
        return tuple(call.blow for call in self.calls if call.killed and call.blow)

    def story(self) -> str:
        """What it did and what is wrong, for whoever has to find out why."""
        lines = [f"seed {self.plan.seed}: {self.plan}"]
        lines += [_told(call, first=self.calls[0].began) for call in self.calls]
        lines += [f"  WRONG: {wrong}" for wrong in self.wrong]
        return "\n".join([*lines, *([self.output[-3000:]] if self.wrong else [])])


def run(seed: int, *, folder: Path, ground: Ground, meddle: Callable[[Path], None] = lambda _: None) -> Trial:
    """Runs the trial of a seed in a folder; `wrong` of what it returns is empty when all is well.

    `meddle` is given the spool between a kill and the next call: it may do harm, to see that it is noticed.
    """
    plan = Plan.of(seed)
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        paper = stack.enter_context(Newsroom(articles=plan.articles, seed=seed))
        if not plan.moody:
            paper.heal()
        shared = None if plan.own_servers else stack.enter_context(ground.place(f"kill_{seed}", folder=folder))
        machine = shared.machine if shared else Machine(folder)
        machine.site(SITE, paper.url)
        scene = _Scene(plan=plan, warm=ground.warm, machine=machine, paper=paper, shared=shared, meddle=meddle)
        calls = tuple(scene.call(number, blow=blow) for number, blow in enumerate((*plan.blows, None)))
        place = shared or stack.enter_context(ground.own_place(folder))
        verdict = judge(calls, place=place, paper=paper)
    return Trial(
        plan=plan,
        calls=calls,
        wrong=verdict.wrong,
        again=verdict.again,
        recovery=verdict.recovery,
        seconds=time.monotonic() - began,
        output=(folder / "output.log").read_text(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """Where the calls of a trial take place; `shared` is None where the machine has servers of its own."""

    plan: Plan
    warm: Warm
    machine: Machine
    paper: Newsroom
    shared: Place | None
    meddle: Callable[[Path], None]

    def call(self, number: int, *, blow: Blow | None) -> Call:
        """Calls the command, strikes, and looks at what lies in the spool behind it."""
        first, began = len(self.paper.log), time.time()
        with _started(self.machine, warm=self.warm, blow=blow) as process:
            self._strike(blow, process=process)
            code = _wait(process)
        if code == -signal.SIGKILL and blow and blow.what != COMMAND:
            _strike_servers(self.machine)
        left = _look(self.machine, number=number)
        if code == -signal.SIGKILL:
            self._before_the_next()
        return Call(blow=blow, began=began, ended=time.time(), code=code, first=first, left=left)

    def _strike(self, blow: Blow | None, *, process: Process) -> None:
        """Kills at the moment; at a point in the code the command does it itself."""
        moment = blow.when if blow else self.plan.extractors
        if not isinstance(moment, Moment) or not _await(moment, process=process, paper=self.paper):
            return
        if blow is None:
            _strike_extractors(process)
            return
        if blow.what == SERVERS_FIRST:
            _strike_servers(self.machine)
            time.sleep(_GROPING * (self.plan.seed % 4) / 3)
        _kill(process)

    def _before_the_next(self) -> None:
        self.meddle(self.machine.folder / "microfiche-data" / "spool")
        if self.plan.later and self.shared:
            self.shared.let_a_minute_pass()


@contextlib.contextmanager
def _started(machine: Machine, *, warm: Warm, blow: Blow | None) -> Iterator[Process]:
    """The command under way in a process group of its own, dead at the end of the block."""
    environment = dict(machine.environment)
    if blow and isinstance(blow.when, Point):
        environment["KILL_AT"] = str(blow.when)
    log = machine.folder / "output.log"
    process = warm.start(["crawl", SITE], folder=machine.folder, environment=environment, out=log, err=log)
    try:
        yield process
    finally:
        _kill(process)
        process.wait(PATIENCE)


def _await(moment: Moment, *, process: Process, paper: Newsroom) -> bool:
    """Returns at the moment; False when the command ended before it."""
    seen = len(paper.log)
    while len(paper.log) - seen < moment.requests and not process.over:
        time.sleep(_LOOK_EVERY)
    with contextlib.suppress(TimeoutError):
        process.wait(moment.seconds)
    return not process.over


def _wait(process: Process) -> int:
    """The command's exit code; that of timeout(1) for one that hangs."""
    try:
        return process.wait(PATIENCE)
    except TimeoutError:
        return _HANGS


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):  # it ended just now
        if not process.over:
            os.killpg(process.pid, signal.SIGKILL)


def _strike_extractors(process: Process) -> None:
    """Kills what the server behind the pool forked; that server and the tracker of resources live on.

    Postgres, which the command may have started, has children too, and dies by blows of its own.
    """
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children():
            if child.name() == EXTRACTING:
                for extractor in child.children():
                    extractor.kill()


def _strike_servers(machine: Machine) -> None:
    with contextlib.suppress(FileNotFoundError):  # none were started yet
        for pid in machine.servers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _look(machine: Machine, *, number: int) -> Sequence[Left]:
    """Keeps a copy of the spool as a dead command left it, and reads it."""
    spool, copy = machine.folder / "microfiche-data" / "spool", machine.folder / f"spool-{number}"
    if spool.exists():
        shutil.copytree(spool, copy)
    return left_in(copy)


def _told(call: Call, *, first: float) -> str:
    left = ", ".join(
        f"{left.name} with {len(left.acknowledged)} records and {len(left.notes)} notes" for left in call.left
    )
    planned = f"planned: {call.blow}" if call.blow else "left alone"
    return (
        f"  {call.began - first:6.2f}…{call.ended - first:.2f} s, exit {call.code}; {planned}; spool: {left or 'empty'}"
    )
