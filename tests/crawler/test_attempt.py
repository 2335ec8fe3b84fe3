"""The recording of an attempt: what it has synced, and when."""

import math
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from archive.spool import Folder, Spool
from archive.warc import WarcWriter
from crawler.attempts.attempt import SYNC_EVERY, Recording
from tests.archive.exchanges import exchange


class Counting(WarcWriter):
    """Counts how often it is synced."""

    syncs = 0

    def sync(self) -> None:
        self.syncs += 1
        super().sync()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Spool(tmp_path).begin("20261122105500k3v9qa", 1, facts={})


@pytest.fixture
def writer(folder: Folder) -> Counting:
    return Counting(folder.path, prefix=folder.name, info={})


@pytest.fixture
async def recording(folder: Folder, writer: Counting) -> AsyncIterator[Recording]:
    yield Recording(folder, writer)
    folder.close()


async def test_work_is_synced_once_five_seconds_have_passed(recording: Recording, writer: Counting) -> None:
    """Not with each write; `synced` then tells when the sync began, so that what came before is safe."""
    await recording.exchange(exchange())
    assert writer.syncs == 0
    recording.synced -= SYNC_EVERY
    before = time.monotonic()
    await recording.exchange(exchange())
    assert writer.syncs == 1
    assert before <= recording.synced <= time.monotonic()
    await recording.notes([{"note": "url"}])
    assert writer.syncs == 1


async def test_notes_are_work_too(recording: Recording, writer: Counting) -> None:
    """Outcomes are synced as records are."""
    recording.synced -= SYNC_EVERY
    await recording.notes([{"note": "url"}])
    assert writer.syncs == 1


async def test_all_is_safe_once_it_is_sealed(recording: Recording) -> None:
    """For ever."""
    await recording.exchange(exchange())
    await recording.seal()
    assert recording.synced == math.inf


async def test_a_disk_that_fails_ends_the_recording_with_its_reason(
    recording: Recording, writer: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be made safe is no success."""

    def fail(_: Counting) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Counting, "sync", fail)
    recording.synced -= SYNC_EVERY
    before = recording.synced
    with pytest.raises(OSError, match="No space"):
        await recording.exchange(exchange())
    assert recording.problem == "the spool cannot be written: No space left on device"
    assert recording.synced == before
