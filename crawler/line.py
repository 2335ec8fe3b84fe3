"""The assembly line of one process: store, ledger, spool, job queue, extracting processes and browser."""

import asyncio
import contextlib
import fcntl
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import procrastinate

from archive.embedded import Services, settle
from archive.errors import ServiceError
from archive.keys import new_run
from archive.ledger import Ledger
from archive.pages import Extractors
from archive.scratch import own_folder
from archive.spool import Spool
from archive.store import Store
from crawler import jobs
from crawler.browser.program.on_demand import Browser
from crawler.config import Config, user_agent
from crawler.holdings import open_store, store_address

VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What crawl, ship and derive work with.

    `address` is where the store lies; `machine` names the spool: only jobs in its ship queue may touch it. `scratch` is
    for files that may vanish. `running` has the names of the jobs that this process works on just now.
    """

    config: Config
    store: Store
    address: str
    ledger: Ledger
    spool: Spool
    queue: procrastinate.App
    extractors: Extractors
    browser: Browser
    machine: str
    scratch: Path
    running: set[str] = field(default_factory=set)

    @property
    def software(self) -> str:
        """What commits and warcinfo records say wrote them."""
        return f"microfiche/{VERSION} warcio/{metadata.version('warcio')} scrapy/{metadata.version('scrapy')}"

    @property
    def user_agent(self) -> str:
        """The User-Agent header of every request."""
        return user_agent(self.config)

    @property
    def ship_queue(self) -> str:
        """The queue of this machine's ship jobs."""
        return f"ship@{self.machine}"

    def now(self) -> datetime:
        """The clock."""
        return datetime.now(UTC)

    def settle(self) -> None:
        """Returns when what the embedded store holds would survive the loss of power; a configured store sees to it."""
        if not self.config.store.url:
            settle(self.config.data_dir)

    def new_run(self, tick: datetime) -> str:
        """Makes the id of a run that ticks then."""
        return new_run(tick, secrets.token_bytes(8))


@contextlib.asynccontextmanager
async def open_line(config: Config, *, running: Services) -> AsyncIterator[Line]:
    """Yields the line, with the store proved usable and the ledger migrated.

    Raises:
        StoreError, LedgerError, ServiceError: what cannot be used, and what to do.
    """
    dsn = config.database.dsn or running.dsn
    assert dsn is not None
    store = open_store(config, running=running)
    if config.store.url:
        await asyncio.to_thread(prove, store, config)
    with own_folder(_folder(config.data_dir / "scratch")) as scratch, Extractors() as extractors:
        async with Ledger.open(dsn) as ledger, jobs.open_queue(ledger) as queue, _browser(config) as browser:
            line = Line(
                config=config,
                store=store,
                address=store_address(config, running=running),
                ledger=ledger,
                spool=Spool(_folder(config.data_dir / "spool")),
                queue=queue,
                extractors=extractors,
                browser=browser,
                machine=machine_id(config.data_dir),
                scratch=scratch,
            )
            yield line


@contextlib.asynccontextmanager
async def _browser(config: Config) -> AsyncIterator[Browser]:
    """Yields the browser, which starts when a page first needs it."""
    browser = Browser(config.browser)
    try:
        yield browser
    finally:
        await browser.close()


def prove(store: Store, config: Config) -> None:
    """Makes sure once that a configured store can be used and answers 412, and leaves a note of it.

    A store that was proved before may be away for a while: then captures wait in the spool.
    """
    note = config.data_dir / "store-proved"
    who = os.environ.get("AWS_ACCESS_KEY_ID", "") + os.environ.get("AWS_PROFILE", "")
    proved = sha256(f"{config.store.url} {config.store.endpoint} {who}".encode()).hexdigest()
    if note.exists() and note.read_text() == proved:
        return
    store.probe()
    _folder(config.data_dir)
    note.write_text(proved)


def machine_id(data_dir: Path) -> str:
    """The name of this data folder's machine, made once; commands that come at the same instant agree on it.

    Raises ServiceError where it can be neither read nor made.
    """
    path = data_dir / "machine-id"
    try:
        with path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if name := file.read().strip():
                return name
            name = secrets.token_hex(4)
            file.write(name)
    except OSError as error:
        raise ServiceError(f"cannot keep {path}: {error.strerror}; make room there, or make it yours") from error
    return name


def _folder(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceError(f"cannot make the folder {path}: {error.strerror}") from error
    return path
