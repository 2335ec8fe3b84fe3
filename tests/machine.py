"""A machine of one's own for a test: a working folder, a sites folder, and the real command in processes."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.embedded import services
from tests.warm import ROOT, Process, warm


class Machine:
    """Runs `microfiche` as a user does, in `folder`; the environment has nothing of ours but what is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sites").mkdir(parents=True, exist_ok=True)
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("MICROFICHE_", "AWS_"))
        }
        self.environment["PYTHONPATH"] = str(ROOT)

    def site(self, name: str, home: str, **keys: Any) -> str:
        """Writes a site's TOML; without a delay unless one is given."""
        table = {"name": name, "home": home, "delay": 0.0, "backfill": "all", **keys}
        lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
        (self.folder / "sites" / f"{name}.toml").write_text("\n".join(lines) + "\n")
        return name

    def command(self, *arguments: str, program: str = "crawler") -> list[str]:
        return [sys.executable, "-m", program, *arguments]

    def run(self, *arguments: str, program: str = "crawler", timeout: float = 240) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end, ours from a warm start; standard output and error as text."""
        command = self.command(*arguments, program=program)
        if program == "crawler":
            return self._run_warm(command, arguments, timeout=timeout)
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )

    def _run_warm(
        self, command: list[str], arguments: Sequence[str], *, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory(prefix="said-") as said:
            out, err = Path(said, "out"), Path(said, "err")
            process = warm().start(arguments, folder=self.folder, environment=self.environment, out=out, err=err)
            try:
                code = process.wait(timeout)
            except TimeoutError as error:
                os.killpg(process.pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(command, timeout, out.read_text(), err.read_text()) from error
            return subprocess.CompletedProcess(command, code, out.read_text(), err.read_text())

    def crawl(self, *arguments: str) -> str:
        """Crawls, expects it to be done, and returns the summary."""
        ended = self.run("crawl", *arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def json_lines(self, *arguments: str) -> list[dict[str, Any]]:
        """Runs a command that prints JSON Lines."""
        ended = self.run(*arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return [json.loads(line) for line in ended.stdout.splitlines()]

    @contextmanager
    def served(self) -> Iterator[None]:
        """Keeps Postgres and S3 up for the length of the block, which each command would start and stop."""
        with services(self.folder / "microfiche-data"):
            yield

    def servers(self) -> list[int]:
        """The process ids of the embedded servers, as services.json notes them."""
        noted = json.loads((self.folder / "microfiche-data" / "services.json").read_text())
        return [server["pid"] for server in noted.values()]

    @contextmanager
    def started(self, *arguments: str) -> Iterator[Process]:
        """A command under way in a process group of its own; killed at the end of the block if it still runs.

        What it said is shown where the block fails.
        """
        log = self.folder / "started.log"
        log.touch()
        process = warm().start(arguments, folder=self.folder, environment=self.environment, out=log, err=log)
        try:
            yield process
        except BaseException as error:
            state = f"ended with {process.code.result()}" if process.over else "still runs"
            error.add_note(f"{' '.join(arguments)} {state}; all that was said:\n{log.read_text(errors='replace')}")
            raise
        finally:
            process.end()

    @contextmanager
    def started_cold(self, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
        """The same from a new interpreter, as a user starts it."""
        with (self.folder / "started.log").open("a") as log:
            process = subprocess.Popen(
                self.command(*arguments),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_until(happened: Callable[[], bool], *, seconds: float = 120) -> None:
    """Returns as soon as something is so; fails when it is not so after a time that only a fault can take."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
