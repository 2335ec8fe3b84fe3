"""The processes of a Chromium: which of them it cannot do without, and how much memory they take."""

import contextlib
import time
from pathlib import Path
from typing import Final

import psutil

_LISTED: Final = 1.0  # seconds for which a list of processes will do
_ZYGOTE: Final = "--type=zygote"  # of which the others are forked
_SERVICES: Final = (
    "--utility-sub-type=network.mojom.NetworkService",  # it has the cookies and the cache of every context
    "--utility-sub-type=storage.mojom.StorageService",
)
"""What no page is whole without.

Quirk: when one of these dies, Chromium starts another and goes on, but what a page was asking for meanwhile fails as if
the page had given it up; without zygotes no page comes to an end any more. Nothing of it is told over the protocol.
"""


class Processes:
    """The browser's own process and all that it started; `own` is `None` where the system does not tell it."""

    def __init__(self, own: psutil.Process | None) -> None:
        self._own = own
        self._listed: list[psutil.Process] = []
        self._listed_at = -_LISTED
        self._needed: set[psutil.Process] = set()

    def all(self) -> list[psutil.Process]:
        """The browser's own process first, then all that it started."""
        if self._own is None:
            return []
        with contextlib.suppress(psutil.Error):
            return [self._own, *self._own.children(recursive=True)]
        return []

    @property
    def are_whole(self) -> bool:
        """Whether none has died that pages cannot do without."""
        return (self._own is None or _runs(self._own)) and all(map(_runs, self._needed))

    @property
    def memory(self) -> int:
        """Bytes that all of them hold; what they share is counted once where the system tells."""
        return sum(map(_held, self.all()))

    @property
    def own_memory(self) -> int:
        """Bytes that are resident in the browser's own process; 0 where the system does not tell it."""
        return _resident(self._own) if self._own is not None else 0

    def hold_more_than(self, most: int) -> bool:
        """Tells whether their `memory` is beyond so many bytes.

        To list the processes and what each of them shares took a third of our own CPU time when both were asked for all
        the time. The list may be a second old, and what is resident, which the system knows already, is never less.
        """
        if time.monotonic() - self._listed_at > _LISTED:
            self.look()
        return sum(map(_resident, self._listed)) > most and sum(map(_held, self._listed)) > most

    def look(self) -> None:
        """Lists them anew, and takes note of those that pages cannot do without."""
        self._listed, self._listed_at = self.all(), time.monotonic()
        self._needed.update(one for one in self._listed if one not in self._needed and self._is_needed(one))

    def _is_needed(self, process: psutil.Process) -> bool:
        """Quirk: what was just forked of a zygote has its command line still, and is no child of the browser itself."""
        if _says(process, *_SERVICES):
            return True
        with contextlib.suppress(psutil.Error):
            return _says(process, _ZYGOTE) and self._own is not None and process.ppid() == self._own.pid
        return False

    def end(self) -> None:
        """Kills the browser's own process; the others end with it."""
        if self._own is not None:
            _kill(self._own)

    def end_largest_page(self) -> None:
        """Kills the process with pages that holds the most; they crash."""
        pages = [process for process in self.all() if _says(process, "--type=renderer")]
        if pages:
            _kill(max(pages, key=_held))


def kill(processes: list[psutil.Process]) -> None:
    """Ends what is left of some processes."""
    for process in processes:
        _kill(process)


def _kill(process: psutil.Process) -> None:
    with contextlib.suppress(psutil.Error):
        process.kill()  # psutil knows a process by its start too: nobody else's is meant


def _runs(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _says(process: psutil.Process, *flags: str) -> bool:
    """Tells whether one of some flags is in a process' command line."""
    with contextlib.suppress(psutil.Error):
        return not set(flags).isdisjoint(process.cmdline())
    return False


def _held(process: psutil.Process) -> int:
    """Bytes of one process: its proportional share where the system tells it, else all that is resident."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        return next(int(line.split()[1]) << 10 for line in rollup.splitlines() if line.startswith("Pss:"))
    return _resident(process)


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0
