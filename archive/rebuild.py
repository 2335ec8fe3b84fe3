"""The ledger again from the store: each site's commits in the order of their ticks, and the articles derived from them.

Idempotent, and harmless on a ledger that is whole: what a ledger knows better (a later outcome, an attempt under way)
stays. What no commit tells is not restored: which sites were paused, and the promises of runs that never committed.
"""

import asyncio
import json
import threading
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.commit import Commit, load
from archive.errors import ArchiveError
from archive.health import health_of
from archive.keys import DERIVED_BY, LEFT_OUT, AttemptName, commits_under, is_commit
from archive.ledger import Ledger, attempts, commits, health, revisions, urls
from archive.store import Store
from archive.streams import hashed, lines

_AHEAD = 6  # commits read while another is entered
_KEPT = (  # of a line; its text is not needed
    "site", "id", "url", "content_digest", "kind", "extractor", "word_count", "title", "published", "authors"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """One commit that is in the ledger again.

    `articles` is None when they are not derived yet, or cannot be read: then they are to be derived. `problem` says why
    the commit itself cannot be read; nothing of it is in the ledger.
    """

    name: AttemptName
    articles: int | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What the store holds of one attempt, without the texts."""

    name: AttemptName
    commit: Commit | None
    lines: list[dict[str, Any]] | None = None
    extractor: str = ""
    left_out: Mapping[str, int] | None = None
    problem: str | None = None


def committed(store: Store) -> list[AttemptName]:
    """The attempts whose commits stand in the store, in the order in which they are entered."""
    return sorted(AttemptName.parse(key) for key in store.keys(commits_under()) if is_commit(key))


async def rebuild(ledger: Ledger, store: Store, names: Sequence[AttemptName]) -> AsyncGenerator[Restored]:
    """Enters the attempts into the ledger, one transaction each; yields each when it is in.

    Raises:
        StoreError, LedgerError: one of the two failed; run it again.
    """
    reading: deque[asyncio.Task[_Found]] = deque()
    try:
        for name in names:
            reading.append(asyncio.create_task(asyncio.to_thread(_read, store, name)))
            if len(reading) > _AHEAD:
                yield await _enter(ledger, await reading.popleft())
        while reading:
            yield await _enter(ledger, await reading.popleft())
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


async def _enter(ledger: Ledger, found: _Found) -> Restored:
    if found.commit is None:
        return Restored(name=found.name, problem=found.problem)
    async with ledger.transaction() as connection:
        attempt = await commits.enter(connection, found.commit, at=found.commit.ended_at)
        if found.lines is None:
            await attempts.derive_again(connection, attempt)
            return Restored(name=found.name)
        number = await revisions.put(connection, attempt, lines=found.lines)
        await urls.set_kinds(connection, {line["url"]: line["kind"] for line in found.lines}, site=attempt.site)
        await health.put(connection, attempt, health_of(found.lines, refused=found.left_out))
        row = await attempts.get(connection, run=attempt.run, number=attempt.number)
        if row is None or row["state"] != "derived":  # else the ledger also knows why other pages gave none
            await attempts.derive(
                connection, attempt, extractor=found.extractor, articles=number, left_out=found.left_out or {}
            )
    return Restored(name=found.name, articles=number)


def _read(store: Store, name: AttemptName) -> _Found:
    try:
        commit = load(store.get(name.commit_key), key=name.commit_key)
    except ArchiveError as error:
        return _Found(name=name, commit=None, problem=str(error))
    metadata = store.metadata(name.articles_key)
    kept = None if metadata is None else _read_lines(store, name)
    told = metadata or {}
    left_out = json.loads(told[LEFT_OUT]) if LEFT_OUT in told else None
    return _Found(
        name=name, commit=commit, lines=kept, extractor=_extractor(kept or (), metadata=told), left_out=left_out
    )


def _extractor(lines: Sequence[dict[str, Any]], *, metadata: Mapping[str, str]) -> str:
    """Who derived an articles object."""
    for line in lines:
        return f"{line['extractor']['name']}/{line['extractor']['version']}"
    return metadata.get(DERIVED_BY, "unknown")


def _read_lines(store: Store, name: AttemptName) -> list[dict[str, Any]] | None:
    """What the ledger keeps of each article; None where they are damaged, and so to be derived."""
    try:
        with hashed(store, name.articles_key, stop=threading.Event()) as stream:
            return [_kept(line) for line in lines(stream)]
    except (ArchiveError, ValueError, KeyError):
        return None


def _kept(line: bytes) -> dict[str, Any]:
    article = json.loads(line)
    return {"capture": {"date": article["capture"]["date"]}, **{name: article[name] for name in _KEPT}}
