"""A server process of ours: started apart from the terminal, recognised again later, stopped.

A process id alone says little, because the system gives it out again; so a `Process` also knows when it started, and
is only ours while its command line still names our folder.
"""

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

_TICK = 0.02
# psutil reckons start times from the boot time, which moves by a second or two when the clock is set.
_CLOCK_SLACK = 5.0
_FAULT = re.compile(r"\b(FATAL|PANIC|ERROR|error|fatal|panic|could not|cannot|not permitted)\b")
_LOG_LIMIT = 8_000_000


@dataclass(frozen=True, slots=True)
class Process:
    """A process by its id, its start time (seconds since the epoch), and the argument that makes it ours, if any."""

    pid: int
    started: float
    mark: str | None

    def alive(self) -> bool:
        """Says whether this very process still runs."""
        try:
            found = psutil.Process(self.pid)
            return _same(found, self)
        except psutil.Error:
            return False

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal, if the process is still the same one."""
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def end(self, seconds: float) -> None:
        """Waits for an end that was asked for, and kills the process when it does not come in time."""
        deadline = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > deadline:
                self.signal(signal.SIGKILL)
            time.sleep(_TICK)


def _same(found: psutil.Process, known: Process) -> bool:
    if _is_over(found) or abs(found.create_time() - known.started) > _CLOCK_SLACK:
        return False
    # A process that is ending has no command line any more, but still its ports and its folder.
    return known.mark is None or known.mark in (found.cmdline() or [known.mark])


def _is_over(found: psutil.Process) -> bool:
    """Says whether all of it has ended: the first thread may be a zombie while others still hold files and ports."""
    return found.status() == psutil.STATUS_ZOMBIE and found.num_threads() <= 1


def spawn(argv: Sequence[str], *, mark: str, folder: Path, log: Path, env: Mapping[str, str]) -> Process:
    """Starts a server in a session of its own, with nothing of ours open in it but its log."""
    rotate(log)
    with log.open("ab") as output:
        child = subprocess.Popen(
            argv,
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            close_fds=True,
            start_new_session=True,
        )
    # Someone else may stop it while we live on: without this it would stay a zombie of ours.
    threading.Thread(target=child.wait, name=f"reap-{child.pid}", daemon=True).start()
    try:
        started = psutil.Process(child.pid).create_time()
    except psutil.Error:
        started = 0.0
    return Process(child.pid, started, mark)


def orphans(mark: str, *, folder: Path) -> Iterator[Process]:
    """Finds running processes with this argument or at work in this folder.

    They are servers whose starter died before it could note them, and children of servers that were killed.
    """
    for found in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if not _is_over(found) and (mark in found.cmdline() or Path(found.cwd()) == folder):
                yield Process(found.pid, found.create_time(), None)


def rotate(log: Path) -> None:
    """Moves a log that has grown too long out of the way; one older one is kept."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))


def reason(log: Path) -> str:
    """Gives the last line of a log that tells of a fault, or else the last that says anything, shortened."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            lines = [line.strip() for line in file.read().decode(errors="replace").split("\n") if line.strip()]
    except OSError:
        lines = []
    faults = [line for line in lines if _FAULT.search(line)]
    return [*faults[-1:], *lines[-1:], "nothing in its log"][0][:300]
