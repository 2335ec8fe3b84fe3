"""Commands that hold the embedded services, in processes of their own, so that they can be interrupted and killed."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import psutil

from archive.embedded import Services, services


class Command:
    """A process that runs `services` until it is told to go; one line of output once they are up."""

    def __init__(self, folder: Path, *, postgres: bool = True, s3: bool = True) -> None:
        arguments = [str(folder), str(int(postgres)), str(int(s3))]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.archive.holder", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def services(self) -> Services:
        """Waits until they are up."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, self._process.communicate()[1]
        return Services(**json.loads(line))

    def leave(self) -> int:
        """Lets it end as a command does."""
        self._process.communicate("\n")
        return self._process.returncode

    def interrupt(self) -> int:
        """Presses Ctrl-C in its terminal: the signal goes to its whole process group."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait()  # before its input ends, by which it would leave as well
        self._process.communicate()
        return self._process.returncode

    def kill(self) -> None:
        """Ends it without a chance to do anything about it."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def command(folder: Path, *, postgres: bool = True, s3: bool = True) -> Iterator[Command]:
    """A command that is gone at the end of the block, whatever happens."""
    it = Command(folder, postgres=postgres, s3=s3)
    try:
        yield it
    finally:
        it.kill()


def noted(folder: Path) -> dict[str, psutil.Process]:
    """The servers that services.json notes and that are running."""
    notes = json.loads((folder / "services.json").read_text())
    found = {}
    for name, note in notes.items():
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(note["pid"])
            if process.status() != psutil.STATUS_ZOMBIE and str(folder) in " ".join(process.cmdline()):
                found[name] = process
    return found


def _hold() -> None:
    folder, postgres, s3 = sys.argv[1:]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who starts tests in the background has it ignored
    with services(Path(folder), postgres=bool(int(postgres)), s3=bool(int(s3))) as running:
        sys.stdout.write(json.dumps(asdict(running)) + "\n")
        sys.stdout.flush()
        while not select.select([sys.stdin], [], [], 0.1)[0]:
            pass  # a signal just before a read that waits for ever would be seen when that ends: never
        sys.stdin.readline()


if __name__ == "__main__":
    _hold()
