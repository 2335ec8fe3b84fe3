"""Who is measured: each fetches every page of the same newspaper once, as a program of its own."""

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.request import urlopen

from tests.bench import programs
from tests.bench.meter import Cost
from tests.machine import ROOT, Machine

_LOC = re.compile(r"<loc>([^<]+)</loc>")
_SERVER_ERRORS = 8  # wget's exit code when any answer was an error


def microfiche(machine: Machine, *, home: str, name: str, marks: Sequence[int] = (), look: Callable[[], None]) -> Cost:
    """Crawls with our crawl stage alone; each name is a site that the ledger has not seen."""
    command = machine.command(name, home, "--marks", *map(str, marks), program="tests.bench.ours")
    ended = programs.run(command, folder=machine.folder, environment=machine.environment, look=look)
    return Cost.parse(ended.output)


def scrapy(*, home: str, options: Sequence[str] = (), look: Callable[[], None]) -> Cost:
    """Crawls with bare Scrapy."""
    command = [sys.executable, "-m", "tests.bench.bare", home, *options]
    return Cost.parse(programs.run(command, folder=ROOT, look=look).output)


def wget(*, home: str, folder: Path, look: Callable[[], None]) -> Cost | None:
    """Fetches into a WARC file with wget; None where there is none. Its start is not taken off: it costs nothing."""
    program = shutil.which("wget")
    if program is None:
        return None
    (folder / "urls").write_text("\n".join(promised(home)))
    command = [program, "-q", "-i", "urls", "-O", "/dev/null", "--warc-file", "wget"]
    cost = programs.run(command, folder=folder, look=look, accepted=(0, _SERVER_ERRORS)).cost
    (folder / "wget.warc.gz").unlink()
    return cost


def promised(home: str) -> list[str]:
    """Returns the pages that the newspaper's sitemaps name."""
    return [page for child in _locations(f"{home}sitemap.xml") for page in _locations(child)]


def _locations(url: str) -> list[str]:
    with urlopen(url) as answer:
        return _LOC.findall(answer.read().decode())
