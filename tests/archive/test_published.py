"""The articles as one stream: chosen lines as they are stored, `revision` last."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from archive.errors import ArchiveError, StoreError
from archive.ledger import Ledger
from archive.ledger.revisions import Choice
from archive.published import lines, with_revision
from archive.rebuild import committed, rebuild
from archive.store import Store
from tests.archive.ledgers import DAY, NOON
from tests.archive.shelf import shelve


async def entered(ledger: Ledger, store: Store) -> None:
    async for _ in rebuild(ledger, store, committed(store)):
        pass


async def told(ledger: Ledger, store: Store, **choice: Any) -> list[tuple[str, int, str]]:
    """Title, revision and day of capture of each line."""
    found = [json.loads(line) async for line in lines(ledger, store, choice=Choice(**choice))]
    return [(one["title"], one["revision"], one["capture"]["date"][:10]) for one in found]


async def test_a_line_is_what_is_stored_and_its_revision(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Byte for byte, with one key more at its end."""
    commit = shelve(store, tmp_path)
    await entered(ledger, store)
    stored = gzip.decompress(store.get(commit.name.articles_key)).splitlines()
    found = [line async for line in lines(ledger, store, choice=Choice())]
    assert found == [line[:-1] + b',"revision":1}\n' for line in stored]


async def test_the_newest_revision_of_each_article_or_all(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """An article that did not change stays where it was first captured."""
    shelve(store, tmp_path, pages=("one", "two"))
    shelve(store, tmp_path, pages=("one", "two"), tick=NOON + DAY)
    shelve(store, tmp_path, pages=("two", "three"), text="It sank.", tick=NOON + 2 * DAY)
    await entered(ledger, store)
    assert await told(ledger, store) == [
        ("one", 1, "2026-11-20"),
        ("two", 2, "2026-11-22"),
        ("three", 1, "2026-11-22"),
    ]
    assert await told(ledger, store, newest_only=False) == [
        ("one", 1, "2026-11-20"),
        ("two", 1, "2026-11-20"),
        ("two", 2, "2026-11-22"),
        ("three", 1, "2026-11-22"),
    ]


async def test_many_objects_come_in_the_order_of_their_runs(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Although several are fetched at a time."""
    for days in range(7):
        shelve(store, tmp_path, pages=(f"page{days}",), tick=NOON + days * DAY)
    await entered(ledger, store)
    assert [title for title, _, _ in await told(ledger, store)] == [f"page{days}" for days in range(7)]
    assert [title for title, _, _ in await told(ledger, store, since=NOON + 5 * DAY)] == ["page5", "page6"]


async def test_an_object_that_is_missing_or_short_is_told(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """Nothing is left out in silence."""
    commit = shelve(store, tmp_path)
    await entered(ledger, store)
    whole = store.get(commit.name.articles_key)
    store.put_bytes(commit.name.articles_key, gzip.compress(gzip.decompress(whole).splitlines(keepends=True)[0]))
    with pytest.raises(ArchiveError, match="has no line 1, which the ledger knows of; run rebuild"):
        await told(ledger, store)
    store.put_bytes(commit.name.articles_key, whole[:-12])
    with pytest.raises(ArchiveError, match="is damaged"):
        await told(ledger, store)
    store.delete(commit.name.articles_key)
    with pytest.raises(StoreError, match="there is no"):
        await told(ledger, store)


async def test_who_stops_reading_leaves_nothing_open(ledger: Ledger, store: Store, tmp_path: Path) -> None:
    """The ledger can be used afterwards."""
    for days in range(8):
        shelve(store, tmp_path, pages=(f"page{days}",), tick=NOON + days * DAY)
    await entered(ledger, store)
    stream = lines(ledger, store, choice=Choice())
    assert json.loads(await anext(stream))["title"] == "page0"
    await stream.aclose()
    assert len(await told(ledger, store)) == 8


def test_what_is_no_object_gets_no_revision() -> None:
    """A torn line is told, and not made longer."""
    assert with_revision(b'{"id":"1"}\n', revision=2) == b'{"id":"1","revision":2}\n'
    with pytest.raises(ArchiveError, match="this is no article"):
        with_revision(b'{"id":"1\n', revision=2)
