"""An attempt while it crawls: its spool folder, its WARC writer, its lease, its notes."""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from archive import facts
from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.facts import Part
from archive.ledger import attempts, sites
from archive.ledger.attempts import Attempt
from archive.original import Original
from archive.points import reached
from archive.promise import Promise
from archive.spool import Folder
from archive.urls import registrable
from archive.warc import WarcWriter
from crawler import jobs
from crawler.adopt import forget_lost
from crawler.attempts.known import Known
from crawler.line import Line
from crawler.manners.lease import SECONDS, Lease
from crawler.sites.site import Site, to_toml

_T = TypeVar("_T")
SYNC_EVERY: Final = 5.0  # seconds of work that a loss of power may cost
_ASK_AGAIN = 0.5  # seconds between two looks at a lease that another attempt holds


class Recording:
    """Writes what one attempt captures, in a thread of its own so that the loop never waits for the disk.

    What was written is safe from the death of the process; while it goes on, it is synced every few seconds, and is
    then safe from the loss of power. `synced` is the moment (monotonic) at which the last such sync began.
    """

    def __init__(self, folder: Folder, writer: WarcWriter) -> None:
        self._folder = folder
        self._writer = writer
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=folder.name)
        self.problem: str | None = None
        self.synced = time.monotonic()

    @property
    def size(self) -> int:
        """Bytes in its WARC files so far."""
        return self._writer.size

    async def exchange(self, exchange: Exchange, *, original: Original | None = None) -> Capture | None:
        """Keeps an exchange, as a revisit where an original holds its payload; returns when it is written."""
        return await self._do(lambda: self._writer.append(exchange, original=original))

    async def resource(self, uri: str, *, content_type: str, payload: bytes, date: datetime) -> None:
        """Keeps something that we know and no server sent."""
        await self._do(lambda: self._writer.append_resource(uri, content_type=content_type, payload=payload, date=date))

    async def metadata(
        self, uri: str, *, content_type: str, payload: bytes, date: datetime, concurrent_to: str | None = None
    ) -> None:
        """Keeps what we know about a capture; `concurrent_to` is the id of its record."""
        await self._do(
            lambda: self._writer.append_metadata(
                uri, content_type=content_type, payload=payload, date=date, concurrent_to=concurrent_to
            )
        )

    async def promises(self, promises: Sequence[Promise], *, date: datetime) -> None:
        """Keeps what was promised of the URLs that are fetched next."""
        payload = facts.dump_promises(promises)
        await self.resource(facts.PROMISES, content_type=facts.PROMISES_TYPE, payload=payload, date=date)

    async def sections(self, urls: Sequence[str], *, date: datetime) -> None:
        """Keeps which pages are read as lists of articles, so that the derivation does not take one for an article."""
        payload = "".join(f"{url}\r\n" for url in urls).encode()
        await self.resource(facts.SECTIONS, content_type=facts.SECTIONS_TYPE, payload=payload, date=date)

    async def parts(self, parts: Sequence[Part], *, date: datetime) -> None:
        """Keeps which pages are asked for as further pages of an article, before they are."""
        payload = facts.dump_parts(parts)
        await self.resource(facts.PARTS, content_type=facts.PARTS_TYPE, payload=payload, date=date)

    async def notes(self, notes: Sequence[Mapping[str, Any]]) -> None:
        """Appends outcomes, after what they speak of was written."""

        def append() -> None:
            for note in notes:
                self._folder.note(note)

        await self._do(append)

    async def seal(self) -> None:
        """Finishes the files; nothing can be kept any more."""

        def finish() -> None:
            self._writer.sync()
            self._folder.sync()
            self._writer.seal()
            self.synced = math.inf

        await self._do(finish)
        self._thread.shutdown()

    async def _do(self, work: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self._done(work()))
        except OSError as error:  # a full disk, most likely: nothing of it is written, and nothing more should be asked
            self.problem = f"the spool cannot be written: {error.strerror}"
            raise

    def _done(self, result: _T) -> _T:
        """Syncs after a piece of work when it is time, in the thread that works."""
        now = time.monotonic()
        if now - self.synced >= SYNC_EVERY:
            self._writer.sync()  # before the notes: none may outlive what it speaks of
            self._folder.sync()
            self.synced = now
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAttempt:
    """What a spider works with; made by `begin`."""

    line: Line
    site: Site
    attempt: Attempt
    recording: Recording
    lease: Lease
    known: Known

    @classmethod
    @contextlib.asynccontextmanager
    async def begin(cls, line: Line, site: Site, *, waiting: Callable[[], None]) -> AsyncIterator["LiveAttempt"]:
        """Yields a live attempt under a lease; `waiting` is called once when another crawl holds the domain.

        At the end of the block the spool folder is unlocked and the attempt is sealed in the ledger and queued for
        shipping, whatever happened: what was captured is never left lying.
        """
        attempt, lease = await _lease(line, site, waiting=waiting)
        reached("attempt-begun")
        toml = to_toml(site)
        folder = line.spool.begin(attempt.run, attempt.number, facts=_about(line, site, attempt, toml=toml))
        writer = WarcWriter(folder.path, prefix=attempt.name, info=_warcinfo(line, site))
        recording = Recording(folder, writer)
        known = Known(line.ledger, site=site.name, synced=lambda: recording.synced)
        live = cls(line=line, site=site, attempt=attempt, recording=recording, lease=lease, known=known)
        try:
            await recording.resource(facts.SITE, content_type=facts.SITE_TYPE, payload=toml.encode(), date=line.now())
            async with lease.kept():
                yield live
        finally:
            await line.browser.leave(attempt.name)
            try:
                await recording.seal()
            finally:
                folder.close()
            await _hand_over(line, attempt)


async def _lease(line: Line, site: Site, *, waiting: Callable[[], None]) -> tuple[Attempt, Lease]:
    """Numbers the attempt once its domain is free: both in one transaction, so that nobody waits in the ledger."""
    domain = registrable(site.home)
    told = False
    while True:
        tick = line.now()
        async with line.ledger.transaction() as connection:
            await sites.put(connection, name=site.name, home=site.home, toml=to_toml(site))
            attempt = await attempts.begin(
                connection, site=site.name, run=line.new_run(tick), tick=tick, machine=line.machine
            )
            if await attempts.lease(connection, attempt, domain=domain, machine=line.machine, seconds=SECONDS):
                break
            await connection.rollback()
        if not told:
            waiting()
            told = True
        await asyncio.sleep(_ASK_AGAIN)
    lease = Lease(line.ledger, attempt, domain=domain, machine=line.machine)
    await lease.renew()
    if told:
        await forget_lost(line)  # whoever held the domain may have died before it had a folder
    return attempt, lease


async def _hand_over(line: Line, attempt: Attempt) -> None:
    async with line.ledger.transaction() as connection:
        await attempts.seal(connection, attempt, ended="sealed", counts={})
        await attempts.release(connection, run=attempt.run, number=attempt.number)
        await jobs.queue_ship(line, connection, attempt)


def _about(line: Line, site: Site, attempt: Attempt, *, toml: str) -> dict[str, Any]:
    return {
        "site": site.name,
        "home": site.home,
        "run": attempt.run,
        "attempt": attempt.number,
        "tick": attempt.tick.isoformat(),
        "machine": line.machine,
        "started_at": line.now().isoformat(),
        "toml": toml,
    }


def _warcinfo(line: Line, site: Site) -> dict[str, str]:
    info = {
        "software": line.software,
        "isPartOf": site.name,
        "robots": "obey",
        "http-header-user-agent": line.user_agent,
    }
    contact = line.config.crawl.contact
    return {**info, "operator": contact} if contact else info
