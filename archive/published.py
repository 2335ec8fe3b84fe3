"""The articles of the archive as one stream: lines of the articles objects, chosen by the ledger, with their revision.

    ledger ── which line of which object, in the objects' order ──► each object once ──► its lines, `revision` appended

Memory holds the chosen lines of a few objects at a time: while one is handed out, the next ones are fetched.
"""

import asyncio
import contextlib
import gzip
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from archive.errors import ArchiveError
from archive.ledger import Ledger
from archive.ledger.attempts import Attempt, attempt_of
from archive.ledger.revisions import Choice, published
from archive.store import Store

_AHEAD = 4  # objects fetched while another is handed out
_MOST_LINES = 5000  # fewer, when they are large


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """Which lines of one attempt's articles object are wanted: line numbers from 0, and the revision each is."""

    attempt: Attempt
    revisions: dict[int, int] = field(default_factory=dict)


async def lines(ledger: Ledger, store: Store, *, choice: Choice) -> AsyncGenerator[bytes]:
    """Yields the chosen articles as JSON Lines: each as it is stored, with `revision` as its last key.

    Raises:
        StoreError: the store failed, or has lost an object.
        ArchiveError: an object holds fewer lines than the ledger knows of.
    """
    fetching: deque[asyncio.Task[list[bytes]]] = deque()
    sizes: deque[int] = deque()  # of those objects, in wanted lines
    try:
        async with contextlib.aclosing(_wanted(ledger, choice)) as objects:
            async for wanted in objects:
                fetching.append(asyncio.create_task(asyncio.to_thread(_pick, wanted, store)))
                sizes.append(len(wanted.revisions))
                while len(fetching) > _AHEAD or (len(fetching) > 1 and sum(sizes) > _MOST_LINES):
                    for line in await fetching[0]:
                        yield line
                    fetching.popleft()
                    sizes.popleft()
        while fetching:
            for line in await fetching[0]:
                yield line
            fetching.popleft()
    finally:
        for task in fetching:
            task.cancel()
        await asyncio.gather(*fetching, return_exceptions=True)


async def _wanted(ledger: Ledger, choice: Choice) -> AsyncGenerator[_Wanted]:
    current: _Wanted | None = None
    async with ledger.transaction() as connection:
        async for row in published(connection, choice):
            attempt = attempt_of(row)
            if current is None or current.attempt != attempt:
                if current is not None:
                    yield current
                current = _Wanted(attempt=attempt)
            current.revisions[row["line"]] = row["revision"]
    if current is not None:
        yield current


def _pick(wanted: _Wanted, store: Store) -> list[bytes]:
    """Reads one object and returns its wanted lines."""
    key = wanted.attempt.objects.articles_key
    rest = dict(wanted.revisions)
    picked = []
    try:
        with store.open(key) as packed, gzip.GzipFile(fileobj=packed) as unpacked:
            for number, line in enumerate(unpacked):
                revision = rest.pop(number, None)
                if revision is not None:
                    picked.append(with_revision(line, revision=revision))
    except (gzip.BadGzipFile, EOFError, OSError) as error:
        raise ArchiveError(f"{key} is damaged ({error}); run verify, then reextract") from error
    if rest:
        raise ArchiveError(f"{key} has no line {min(rest)}, which the ledger knows of; run rebuild")
    return picked


def with_revision(line: bytes, *, revision: int) -> bytes:
    """Appends `revision` to a stored line without reading what is in it; raises ArchiveError when it is no object."""
    text = line.rstrip()
    if not (text.startswith(b"{") and text.endswith(b"}")):
        raise ArchiveError(f"this is no article: {text[:80]!r}; run verify")
    return b'%s,"revision":%d}\n' % (text[:-1], revision)
