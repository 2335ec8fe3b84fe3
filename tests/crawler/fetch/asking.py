"""Crawls in a process of their own, and the records they wrote."""

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive.warc import Record, iter_records
from tests.crawler.fetch.wire_client import Outcome

ROOT = Path(__file__).parents[3]
Requests = list[tuple[str, str, dict[str, Any]]]
Groups = Mapping[str, tuple[dict[str, Any], Requests]]


def ask(groups: Groups, **environment: str) -> dict[str, dict[str, Outcome]]:
    """Asks all groups at once; see `tests.crawler.fetch.wire_client`."""
    return ask_and_listen(groups, **environment)[0]


def ask_and_listen(groups: Groups, **environment: str) -> tuple[dict[str, dict[str, Outcome]], str]:
    """Asks, and returns besides what the crawls logged."""
    client = subprocess.run(
        [sys.executable, "-m", "tests.crawler.fetch.wire_client"],
        input=pickle.dumps(groups),
        capture_output=True,
        timeout=100,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    log = client.stderr.decode()
    assert client.returncode == 0, log
    return pickle.loads(client.stdout), log


def allowing(*places: str, **settings: Any) -> dict[str, Any]:
    return {"MICROFICHE_ALLOWED_ADDRESSES": list(places), "DOWNLOAD_TIMEOUT": 20, **settings}


def records_by_url(folder: Path) -> dict[str, list[Record]]:
    """Reads the records of the one WARC file that a group kept."""
    (path,) = folder.glob("*.warc.gz")
    found: dict[str, list[Record]] = {}
    with path.open("rb") as file:
        for record in iter_records(file):
            found.setdefault(record.uri, []).append(record)
    return found


def of_type(records: list[Record], kind: str) -> Record | None:
    """The only record of a type, or None."""
    found = [record for record in records if record.type == kind]
    assert len(found) <= 1
    return found[0] if found else None
