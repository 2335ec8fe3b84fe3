"""What a machine's archive holds, read from its embedded store."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from archive.embedded import services
from archive.store import Store
from tests.archive.conftest import open_store
from tests.machine import Machine


@contextmanager
def opened(machine: Machine) -> Iterator[Store]:
    """The embedded store of a machine, for the length of the block."""
    with services(machine.folder / "microfiche-data", postgres=False) as running:
        yield open_store(running, prefix="")


def commits_of(store: Store) -> list[dict[str, Any]]:
    """The commits, in the order of their runs."""
    return [json.loads(store.get(key)) for key in store.keys("runs/")]
