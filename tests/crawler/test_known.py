"""What an attempt knows of payloads and URLs: what it may refer to, and what it must not."""

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.embedded import Services
from archive.exchange import Exchange
from archive.ledger import Ledger, embeds, resources
from archive.original import Original
from archive.warc import WarcWriter
from crawler.attempts import known as module
from crawler.attempts.known import Known, Lookup
from tests.archive.exchanges import STARTED, exchange
from tests.archive.ledgers import add_site, fresh_ledger

URL = "http://news.example/ferry"
HELLO = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
HTML = " 200 text/html; charset=utf-8"
TOLD = {
    "url": "http://news.example/first",
    "status": 200,
    "mime": "text/html",
    "digest": HELLO,
    "coding": HTML,
    "captured_at": "2026-11-20T12:00:00.000001+00:00",
    "fresh_until": "2026-11-21T12:00:00+00:00",
    "etag": '"1"',
    "last_modified": "Fri, 20 Nov 2026 11:00:00 GMT",
    "record_id": "<urn:uuid:1>",
    "filename": "20261120120000aaaaaa-1-00000.warc.gz",
    "offset": 1000,
    "size": 5,
}
ORIGINAL = Original(
    uri="http://news.example/first",
    date=datetime(2026, 11, 20, 12, 0, 0, 1, tzinfo=UTC),
    record_id="<urn:uuid:1>",
    digest=HELLO,
    filename="20261120120000aaaaaa-1-00000.warc.gz",
    offset=1000,
    coding=HTML,
)


@pytest.fixture
async def ledger(embedded: Services) -> AsyncIterator[Ledger]:
    async with fresh_ledger(embedded) as ledger:
        async with ledger.transaction() as connection:
            await add_site(connection)
            await add_site(connection, "herald")
        yield ledger


async def told(ledger: Ledger, *entries: Mapping[str, object], site: str = "courier") -> None:
    """Has the ledger know what a commit tells."""
    async with ledger.transaction() as connection:
        await resources.enter(connection, entries, site=site)


class Attempt:
    """An attempt that captures into a WARC file; `sync` makes what it has safe."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        self._writer = WarcWriter(folder, prefix="20261122000000bbbbbb-1", info={})
        self._synced = 0.0
        self.known = Known(ledger, site="courier", synced=lambda: self._synced)

    async def capture(self, answer: Exchange) -> Original | None:
        """Captures as the crawl does; returns what it referred to."""
        original = await self.known.original_of(answer)
        self.known.learned(answer, self._writer.append(answer, original=original))
        return original

    def sync(self) -> None:
        self._synced = time.monotonic()


def answer(url: str = URL, **changes: object) -> Exchange:
    return exchange(url, **changes)


def not_modified(fields: str = 'If-None-Match: "1"\r\n', *, url: str = ORIGINAL.uri) -> Exchange:
    """A 304 to a request with these header fields."""
    request = f"GET /first HTTP/1.1\r\nHost: news.example\r\n{fields}\r\n".encode()
    return exchange(url, head=b"HTTP/1.1 304 Not Modified\r\n\r\n", body=b"", request_head=request)


async def test_a_payload_that_is_safe_on_the_disk_is_referred_to(ledger: Ledger, tmp_path: Path) -> None:
    """At whatever URL; not while a loss of power could take it and leave what refers to it."""
    attempt = Attempt(ledger, tmp_path)
    assert await attempt.capture(answer()) is None
    assert await attempt.capture(answer(f"{URL}/2")) is None
    attempt.sync()
    original = await attempt.capture(answer(f"{URL}/3"))
    assert original is not None
    assert (original.uri, original.digest, original.filename) == (
        URL,
        HELLO,
        "20261122000000bbbbbb-1-00000.warc.gz",
    )
    assert original.record_id.startswith("<urn:uuid:")
    assert await attempt.capture(answer(f"{URL}/4")) == original  # the first, never a revisit


async def test_a_payload_of_an_earlier_run_is_referred_to(ledger: Ledger, tmp_path: Path) -> None:
    """By the ledger, in the same site."""
    await told(ledger, TOLD)
    assert await Attempt(ledger, tmp_path).capture(answer()) == ORIGINAL


async def test_a_payload_of_another_site_is_not(ledger: Ledger, tmp_path: Path) -> None:
    """Each site is whole by itself."""
    await told(ledger, TOLD, site="herald")
    assert await Attempt(ledger, tmp_path).capture(answer()) is None


@pytest.mark.parametrize(
    "other",
    [
        answer(truncated="disconnect"),
        answer(method="POST"),
        answer(method="HEAD"),
        answer(body=b"hallo"),
        answer(head=b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"),
        answer(head=b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"),
        answer(head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: br\r\n\r\n"),
        answer(head=b"HTTP/1.1 200 OK\r\nContent-Encoding: \x00\r\n\r\n"),
        answer(head=b"", body=b"", truncated="time"),
    ],
)
async def test_an_answer_that_is_cut_or_reads_otherwise_refers_to_nothing(
    ledger: Ledger, tmp_path: Path, other: Exchange
) -> None:
    """Equal bytes of another status, type or coding are another answer."""
    await told(ledger, TOLD)
    assert await Attempt(ledger, tmp_path).capture(other) is None


@pytest.mark.parametrize(
    "holds_nothing",
    [
        answer(truncated="length"),
        answer(method="POST"),
        answer(head=b"HTTP/1.1 206 Partial Content\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"),
    ],
)
async def test_a_cut_answer_is_no_original(ledger: Ledger, tmp_path: Path, holds_nothing: Exchange) -> None:
    """Nor is an answer to another method, nor a part."""
    attempt = Attempt(ledger, tmp_path)
    await attempt.capture(holds_nothing)
    attempt.sync()
    assert await attempt.capture(answer()) is None


async def test_nothing_refers_to_an_empty_payload(ledger: Ledger, tmp_path: Path) -> None:
    """There is nothing to save."""
    attempt = Attempt(ledger, tmp_path)
    await attempt.capture(answer(body=b""))
    attempt.sync()
    assert await attempt.capture(answer(body=b"")) is None


@pytest.mark.parametrize(
    "fields",
    [
        'If-None-Match: "1"\r\n',
        "If-Modified-Since: Fri, 20 Nov 2026 11:00:00 GMT\r\n",
        'If-None-Match: "1"\r\nIf-Modified-Since: Fri, 20 Nov 2026 11:00:00 GMT\r\n',
    ],
)
async def test_a_304_refers_to_what_it_was_asked_about(ledger: Ledger, tmp_path: Path, fields: str) -> None:
    """And the resource counts as seen then."""
    await told(ledger, TOLD)
    attempt = Attempt(ledger, tmp_path)
    assert await attempt.capture(not_modified(fields)) == ORIGINAL
    known = await attempt.known.resource(ORIGINAL.uri)
    assert known is not None
    assert (known.captured_at, known.etag, known.size) == (not_modified().started, '"1"', 5)


@pytest.mark.parametrize(
    "unasked",
    [
        not_modified(""),
        not_modified('If-None-Match: "2"\r\n'),
        not_modified('If-None-Match: "1"\r\nIf-Modified-Since: Mon, 23 Nov 2026 11:00:00 GMT\r\n'),
        not_modified(url="http://news.example/elsewhere"),
        dataclasses.replace(not_modified(), truncated="disconnect"),
        dataclasses.replace(not_modified(), method="HEAD"),
    ],
)
async def test_a_304_that_nobody_asked_for_refers_to_nothing(ledger: Ledger, tmp_path: Path, unasked: Exchange) -> None:
    """Nor one to a question about something else."""
    await told(ledger, TOLD)
    assert await Attempt(ledger, tmp_path).capture(unasked) is None


async def test_what_this_attempt_saw_comes_before_what_the_ledger_knows(ledger: Ledger, tmp_path: Path) -> None:
    """With an original only when that is safe."""
    await told(ledger, TOLD)
    attempt = Attempt(ledger, tmp_path)
    await attempt.known.prefetch([ORIGINAL.uri, URL])
    assert attempt.known.has_page(ORIGINAL.uri) is False
    head = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "new"\r\n\r\n'
    await attempt.capture(answer(ORIGINAL.uri, head=head, body=b"changed"))
    assert attempt.known.has_page(ORIGINAL.uri) is True
    known = await attempt.known.resource(f"{ORIGINAL.uri}#part")
    assert known is not None
    assert (known.etag, known.original) == ('"new"', None)
    attempt.sync()
    known = await attempt.known.resource(ORIGINAL.uri)
    assert known is not None
    assert known.original is not None
    assert known.original.uri == ORIGINAL.uri


async def test_a_lost_ledger_costs_no_capture(
    embedded: Services, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything is kept whole then, and nothing is asked again for a while."""
    async with fresh_ledger(embedded) as ledger:
        async with ledger.transaction() as connection:
            await add_site(connection)
        await told(ledger, TOLD)
        attempt = Attempt(ledger, tmp_path)
        assert await attempt.known.resource(ORIGINAL.uri) is not None
        lost = ledger.pool
        ledger.pool = type(lost)("host=127.0.0.1 port=1", min_size=0, max_size=1, timeout=0.2, open=False)
        await ledger.pool.open()
        assert await attempt.capture(answer(body=b"another")) is None
        assert len(asked_in_vain(caplog)) == 1
        assert await attempt.capture(answer(f"{URL}/5", body=b"third")) is None
        assert len(asked_in_vain(caplog)) == 1
        assert await attempt.known.due_embeds(5) == []
        assert len(asked_in_vain(caplog)) == 2
        await ledger.pool.close()
        ledger.pool = lost


async def test_memory_is_bounded(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest payloads and URLs are forgotten first."""
    monkeypatch.setattr(module, "_MOST_KEPT", 3)
    attempt = Attempt(ledger, tmp_path)
    for number in range(5):
        await attempt.capture(answer(f"{URL}/{number}", body=b"%d" % number))
        attempt.sync()
    assert [attempt.known.has_page(f"{URL}/{number}") for number in range(5)] == [False, False, True, True, True]
    assert await attempt.capture(answer(f"{URL}/again", body=b"0")) is None
    assert await attempt.capture(answer(f"{URL}/again", body=b"4")) is not None


async def test_lookups_that_come_together_are_one_question() -> None:
    """The first goes alone; those that come while it is under way go together, each key once."""
    asked: list[list[int]] = []

    async def ask(keys: Sequence[int]) -> Mapping[int, str]:
        asked.append(list(keys))
        await asyncio.sleep(0)
        return {key: str(key) for key in keys if key != 3}

    lookup = Lookup(ask)
    first = asyncio.create_task(lookup.get(1))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    found = await asyncio.gather(lookup.get(2), lookup.get(3), lookup.get(2), lookup.get(4))
    assert (await first, found) == ("1", ["2", None, "2", "4"])
    assert asked == [[1], [2, 3, 4]]


async def test_a_lookup_that_fails_fails_for_those_who_wait_and_no_other() -> None:
    """The next one is asked anew; one who no longer waits takes nothing from the others."""
    broken = True

    async def ask(keys: Sequence[int]) -> Mapping[int, int]:
        await asyncio.sleep(0)
        if broken:
            raise ValueError("no")
        return dict.fromkeys(keys, 7)

    lookup = Lookup(ask)
    with pytest.raises(ValueError, match="no"):
        await lookup.get(1)
    broken = False
    leaving = asyncio.create_task(lookup.get(2))
    staying = asyncio.create_task(lookup.get(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 7


def asked_in_vain(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [told for told in caplog.messages if told.endswith("; what comes now is kept whole")]


async def test_an_embed_is_no_page(ledger: Ledger, tmp_path: Path) -> None:
    """A page that leads to what was captured as a frame is asked for there all the same."""
    attempt, writer = Attempt(ledger, tmp_path), WarcWriter(tmp_path, prefix="20261122000000cccccc-1", info={})
    frame = answer()
    attempt.known.learned(frame, writer.append(frame), is_embed=True)
    assert attempt.known.has_page(URL) is False
    assert await attempt.known.resource(URL) is not None
    await attempt.capture(frame)
    assert attempt.known.has_page(URL) is True


async def test_what_earlier_runs_missed_and_left_due_is_known(ledger: Ledger, tmp_path: Path) -> None:
    """Once it was looked up."""
    missed = {"url": URL, "status": 404, "captured_at": "2026-11-20T12:00Z", "fresh_until": "2026-11-21T12:00Z"}
    due = {"url": f"{URL}.png", "page": URL}
    await told(ledger, TOLD)
    async with ledger.transaction() as connection:
        await embeds.enter(connection, site="courier", due=[due], settled=[], missed=[missed], since=STARTED)
    known = Attempt(ledger, tmp_path).known
    assert (known.miss(URL), known.was_due(f"{URL}.png")) == (None, False)
    await known.prefetch_embeds([URL, f"{URL}.png"])
    miss = known.miss(URL)
    assert miss is not None
    assert (miss.status, known.miss(f"{URL}.png"), known.was_due(f"{URL}.png"), known.was_due(URL)) == (
        404,
        None,
        True,
        False,
    )
