"""Articles derived again by today's extractor: first all of them, beside those that stand; then, if told to, published.

    attempts ── derived elsewise? ──► derive ──► draft, with what it changes ──► report
                                                    └──► articles object ──► ledger ──► the draft goes

A draft is kept on the local disk until the ledger knows what stands in the store: a command that died, at whatever
byte, is gone on with, and nothing is derived twice. Drafts of another version of the extractor are cleared away.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import derive
from archive.changes import Changes, compare
from archive.commit import load
from archive.derive import EXTRACTOR, Derived
from archive.errors import ArchiveError, ServiceError
from archive.keys import AttemptName
from archive.pages import Extractors
from archive.store import Store
from archive.versions import outranks


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What deriving takes; `scratch` is for files that may vanish."""

    store: Store
    extractors: Extractors
    scratch: Path


class Drafts:
    """What this version of the extractor derived and nobody has published yet, in a local folder.

    Made by `open_drafts`. A draft is two files, `<attempt>.jsonl.gz` and `<attempt>.json`, the second of them last.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: AttemptName) -> bool:
        """Whether there is a whole draft."""
        return self._facts(name).exists()

    def put(self, name: AttemptName, derived: Derived, *, changes: Changes, standing: str | None) -> None:
        """Keeps what was derived, and what it changes in what stood there, derived by `standing`."""
        facts = {"kinds": derived.kinds, "left_out": derived.left_out, "lost": derived.lost, "standing": standing}
        self._facts(name).parent.mkdir(parents=True, exist_ok=True)
        _write(self._lines(name), derive.dump(derived.lines))
        _write(self._facts(name), json.dumps({**facts, "changes": changes.as_json()}).encode())

    def changes(self, name: AttemptName, *, standing: str | None) -> Changes | None:
        """What the draft changes; None where something else stands there by now."""
        facts = self._read(name)
        return Changes.parse(facts["changes"]) if facts["standing"] == standing else None

    def get(self, name: AttemptName) -> Derived:
        """What was derived."""
        facts = self._read(name)
        return Derived(
            lines=tuple(derive.load(self._lines(name).read_bytes())),
            kinds=facts["kinds"],
            left_out=facts["left_out"],
            lost=tuple(facts["lost"]),
        )

    def drop(self, name: AttemptName) -> None:
        """Removes a draft that is published."""
        self._facts(name).unlink(missing_ok=True)
        self._lines(name).unlink(missing_ok=True)

    def _read(self, name: AttemptName) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self._facts(name).read_bytes())
        return facts

    def _facts(self, name: AttemptName) -> Path:
        return self._folder / name.site / f"{name.name}.json"

    def _lines(self, name: AttemptName) -> Path:
        return self._folder / name.site / f"{name.name}.jsonl.gz"


def _write(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextlib.contextmanager
def open_drafts(root: Path) -> Iterator[Drafts]:
    """Yields the drafts below `root`, which nobody else may use meanwhile; those of other versions go.

    Raises:
        ServiceError: another command is at it, or the folder cannot be used.
    """
    name = EXTRACTOR.replace("/", "-")
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for old in root.iterdir():
                if old.is_dir() and old.name != name:
                    shutil.rmtree(old, ignore_errors=True)
            yield Drafts(root / name)
    except BlockingIOError as error:
        raise ServiceError("another reextract is under way here; wait for it, or end it") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What became of one attempt: what its draft changes; or why there is none.

    `state` is drafted, current (today's extractor derived what stands), newer (a newer one did), or damaged: `problem`
    then says how.
    """

    name: AttemptName
    state: str
    changes: Changes | None = None
    problem: str | None = None


def draft(name: AttemptName, *, known: str | None, means: Means, drafts: Drafts) -> Drafted:
    """Derives an attempt again beside what stands, unless that was done; `known` is who derived it, says the ledger.

    One with pages at which the extractor failed is tried again each time: the fault may have been the machine's.

    Raises:
        StoreError: the store failed.
    """
    metadata = means.store.metadata(name.articles_key)
    standing = derive.told_by(metadata)
    if standing is not None and outranks(standing, EXTRACTOR):
        return Drafted(name=name, state="newer")
    if drafts.has(name):
        changes = drafts.changes(name, standing=standing) or _changes(drafts.get(name), means.store, name)
        return Drafted(name=name, state="drafted", changes=changes)
    if standing == known == EXTRACTOR and not derive.has_failed(metadata):
        return Drafted(name=name, state="current")
    try:
        commit = load(means.store.get(name.commit_key), key=name.commit_key)
        derived = derive.lines_of(commit, store=means.store, extractors=means.extractors, scratch=means.scratch)
    except ArchiveError as error:
        return Drafted(name=name, state="damaged", problem=str(error))
    changes = _changes(derived, means.store, name)
    drafts.put(name, derived, changes=changes, standing=standing)
    return Drafted(name=name, state="drafted", changes=changes)


def _changes(derived: Derived, store: Store, name: AttemptName) -> Changes:
    """What it changes; an object that is not there, or is damaged and so worth nothing, had no articles."""
    before: list[Mapping[str, Any]] | None = None
    if store.head(name.articles_key) is not None:
        with contextlib.suppress(OSError, EOFError, ValueError):
            before = list(derive.load(store.get(name.articles_key)))
    return compare(before, derived.lines, kinds=derived.kinds)
