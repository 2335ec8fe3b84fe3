"""The last look before a spool copy goes: what the store lost or altered since the commit is put again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.commit import Commit
from archive.embedded import Services
from archive.errors import ArchiveError, StoreError
from archive.proof import missing, prove
from archive.ship import ship
from archive.spool import Folder, Spool
from archive.store import Store
from archive.warc import WarcWriter
from tests.archive.conftest import client_of, open_store, uploads_of
from tests.archive.exchanges import exchange
from tests.archive.ledgers import NOON, run_id
from tests.archive.relay import Answer, relay

SOFTWARE = "microfiche/test"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    """A sealed attempt with one page."""
    facts = {"site": "courier", "home": "https://courier.example/", "run": run_id(NOON), "attempt": 1, "machine": "m1"}
    facts |= {"tick": NOON.isoformat(), "started_at": NOON.isoformat(), "toml": 'name = "courier"'}
    with Spool(tmp_path).begin(run_id(NOON), 1, facts=facts) as made:
        writer = WarcWriter(made.path, prefix=made.name, info={"software": SOFTWARE})
        writer.append(exchange("https://courier.example/a", body=b"words", started=NOON + timedelta(seconds=1)))
        writer.seal()
        yield made


@pytest.fixture
def commit(folder: Folder, store: Store) -> Commit:
    return ship(folder, store=store, software=SOFTWARE)


def test_a_sound_store_is_asked_and_left_alone(folder: Folder, commit: Commit, store: Store):
    before = list(store.keys())
    prove(folder, commit, store=store, software=SOFTWARE)
    assert list(store.keys()) == before
    assert missing(commit, store=store) == []


@pytest.mark.parametrize("kind", ["warc/", "cdxj/", "runs/"])
@pytest.mark.parametrize("altered", [False, True])
def test_what_is_lost_or_altered_is_put_again(folder: Folder, commit: Commit, store: Store, kind: str, altered: bool):
    """A WARC file, the index and the commit itself."""
    (key,) = store.keys(kind)
    store.put_bytes(key, b"other bytes") if altered else store.delete(key)
    assert missing(commit, store=store) == [key]
    prove(folder, commit, store=store, software=SOFTWARE)
    assert missing(commit, store=store) == []


def test_a_commit_altered_before_a_crash_is_put_again(folder: Folder, commit: Commit, store: Store):
    """The store altered it after reading it back; the process that put it is dead, and the next one ships again."""
    key = commit.name.commit_key
    data = store.get(key)
    store.put_bytes(key, data.replace(b"https", b"httpz", 1))
    assert ship(folder, store=store, software=SOFTWARE) == commit
    assert store.get(key) == data


def test_what_a_repair_cost_is_told_in_the_commit(folder: Folder, store: Store):
    """Also by a second try, which finds nothing to repair."""
    (path,) = folder.path.glob("*.warc.gz")
    path.write_bytes(path.read_bytes() + b"torn")
    folder.note({"note": "url", "url": "https://courier.example/b", "outcome": "captured", "status": 200, "reason": ""})
    for _ in range(2):
        commit = ship(folder, store=store, software=SOFTWARE)
        assert commit.counts == {"repaired": {"cut_bytes": 4, "moved": 0, "dropped_notes": 1}}
        assert commit.outcomes == ()


def test_a_copy_that_was_damaged_after_the_commit_replaces_nothing(folder: Folder, commit: Commit, store: Store):
    """The disk ate a byte of it, and the repair cut off what broke: what the commit names stays as it is."""
    before = {key: store.get(key) for key in store.keys("")}
    (path,) = folder.path.glob("*.warc.gz")
    data = bytearray(path.read_bytes())
    data[-20] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(ArchiveError, match="names other objects than the spool folder"):
        ship(folder, store=store, software=SOFTWARE)
    assert {key: store.get(key) for key in store.keys("")} == before


def test_a_store_that_keeps_nothing_costs_no_copy(embedded: Services, prefix: str, folder: Folder, commit: Commit):
    """It says 200 each time: then the folder stays, and it is tried again later."""
    assert embedded.endpoint
    with relay(embedded.endpoint) as between:
        far = open_store(embedded, prefix=prefix, endpoint=between.endpoint)
        far.delete(commit.objects[0].key)
        between.before = lambda method, _nth: Answer(200, [], b"") if method == "PUT" else None
        with pytest.raises(StoreError, match="there is no "):
            prove(folder, commit, store=far, software=SOFTWARE)
    assert folder.path.exists()


def test_parts_of_dead_uploads_of_this_attempt_go(
    embedded: Services, prefix: str, folder: Folder, commit: Commit, store: Store
):
    """Those of others stay: they may be under way."""
    other = commit.name.warc_key(0).replace("-1-00000", "-2-00000")
    for key in (commit.name.warc_key(7), commit.name.cdxj_key, other):
        client_of(embedded).create_multipart_upload(Bucket=embedded.bucket, Key=f"{prefix}/{key}")
    prove(folder, commit, store=store, software=SOFTWARE)
    assert uploads_of(embedded, prefix) == [f"{prefix}/{other}"]
