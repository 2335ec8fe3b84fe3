"""What every check works with: the store, who watches, and whether somebody called it off."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from archive.pages import Extractors
from archive.store import Store
from archive.streams import Hashed, Stopped, hashed
from archive.verify.originals import Sayings


class Watcher:
    """Is told how far a verification is, from several threads at once; this one shrugs."""

    def expects(self, size: int) -> None:
        """A commit was read; the objects that it names have so many bytes."""

    def passed(self, size: int) -> None:
        """So many bytes of them were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """What it takes to derive articles again: the extracting processes, and a folder for copies of WARC files."""

    extractors: Extractors
    scratch: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """One verification. Without a `derivation` no article is derived again.

    `originals` remembers the records to which revisits of many commits point. `derived` names the attempts whose
    articles were there before; of others nobody can tell whether articles that are missing were ever written.
    """

    store: Store
    derivation: Derivation | None = None
    derived: Collection[str] = frozenset()
    watcher: Watcher = field(default_factory=Watcher)
    stop: threading.Event = field(default_factory=threading.Event)
    originals: Sayings = field(default_factory=Sayings)

    def open(self, key: str) -> Hashed:
        """Opens an object that is hashed and counted while it is read; close it."""
        return hashed(self.store, key, stop=self.stop, passed=self.watcher.passed)

    def go_on(self) -> None:
        """Raises `Stopped` when the verification was called off."""
        if self.stop.is_set():
            raise Stopped
