"""Programs run and measured from outside, while someone looks on."""

import contextlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tests.bench.meter import Cost, peak

_LOOK_EVERY = 0.2  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A program that ended well: what it printed, and what it cost altogether, start included."""

    output: str
    began: float  # seconds since the epoch
    cost: Cost


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    look: Callable[[], None],
    accepted: Sequence[int] = (0,),
) -> Ended:
    """Runs a program to its end, calling `look` a few times a second; no other child may end meanwhile.

    Raises:
        SystemExit: it failed; with the end of what it said.
    """
    began, cpu = time.time(), _cpu_of_children()
    highest = 0
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=errors)
        try:
            while process.poll() is None:
                highest = max(highest, peak(process.pid))
                look()
                _wait(process)
        finally:
            process.kill()
            process.wait()
        seconds = time.time() - began
        said = [_all_of(output), _all_of(errors)]
    if process.returncode not in accepted:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}\n{(said[1] or said[0])[-3000:]}")
    cost = Cost(seconds=seconds, cpu=_cpu_of_children() - cpu, rss_peak=highest)
    return Ended(output=said[0], began=began, cost=cost)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_LOOK_EVERY)


def _all_of(file: TextIO) -> str:
    file.seek(0)
    return file.read()


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
