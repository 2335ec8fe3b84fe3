"""A newspaper that was crawled, in a data folder whose services are kept up, and the commands that look at it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from archive.embedded import Services, services
from archive.store import Store
from tests.archive.conftest import open_store
from tests.crawler.commands import run_here
from tests.machine import Machine
from tests.newsroom import Newsroom

Lines = list[dict[str, Any]]


@dataclass(frozen=True)
class Held:
    """Commands run in this process, in the machine's folder."""

    machine: Machine
    paper: Newsroom
    running: Services

    @property
    def store(self) -> Store:
        return open_store(self.running, prefix="")

    def run(self, *arguments: str) -> CompletedProcess[str]:
        return run_here(*arguments, folder=self.machine.folder)

    def told(self, *arguments: str, code: int = 0) -> str:
        """Runs a command, expects its exit code, and returns its standard output."""
        ended = self.run(*arguments)
        assert ended.returncode == code, ended.stdout + ended.stderr
        return ended.stdout

    def json(self, *arguments: str, code: int = 0) -> Any:
        return json.loads(self.told(*arguments, code=code))

    def json_lines(self, *arguments: str) -> Lines:
        return [json.loads(line) for line in self.told(*arguments).splitlines()]


@contextmanager
def holding(folder: Path, *, articles: int) -> Iterator[Held]:
    """A paper and the services, up for the length of the block; nothing is crawled yet."""
    machine = Machine(folder)
    with Newsroom(articles=articles, seed=5) as paper, services(folder / "microfiche-data") as running:
        yield Held(machine, paper, running)
