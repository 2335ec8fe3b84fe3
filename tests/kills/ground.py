"""Where trials take place: servers that all of them share, a ledger and a prefix of the store for each."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from archive.embedded import Services, services
from archive.ledger import Ledger
from archive.pages import Extractors
from archive.store import Store
from archive.verify import Derivation
from tests.machine import Machine
from tests.warm import Warm

_TEMPLATE = "migrated"
_REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A machine, its ledger and its store, and what it takes to derive its articles again."""

    machine: Machine
    dsn: str
    store: Store
    derivation: Derivation

    @property
    def spool(self) -> Path:
        """The machine's spool."""
        return self.machine.folder / "microfiche-data" / "spool"

    def let_a_minute_pass(self) -> None:
        """Does to the ledger what a minute does: leases run out, and workers that said nothing count as dead."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("UPDATE leases SET until = until - interval '1 minute'")
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 minute'")


class Ground:
    """Servers that stay up for many trials, and a warm start for their commands; safe to use from several threads."""

    def __init__(self, running: Services, *, warm: Warm, derivation: Derivation) -> None:
        assert running.dsn is not None
        self.warm = warm
        self._running = running
        self._dsn = running.dsn
        self._derivation = derivation

    @classmethod
    @contextlib.contextmanager
    def open(cls, folder: Path) -> Iterator["Ground"]:
        """Yields servers that run in a data folder."""
        with services(folder) as running, Warm.open() as warm, cls.on(running, warm=warm, folder=folder) as ground:
            yield ground

    @classmethod
    @contextlib.contextmanager
    def on(cls, running: Services, *, warm: Warm, folder: Path) -> Iterator["Ground"]:
        """Yields the ground on servers that run already."""
        with Extractors() as extractors:
            scratch = folder / "verifying"
            scratch.mkdir()
            ground = cls(running, warm=warm, derivation=Derivation(extractors=extractors, scratch=scratch))
            ground._create(_TEMPLATE, template="template1")
            asyncio.run(_migrate(ground._address(_TEMPLATE)))
            yield ground

    @contextlib.contextmanager
    def place(self, name: str, *, folder: Path) -> Iterator[Place]:
        """Yields an empty archive of its own."""
        machine = Machine(folder)
        self._create(name, template=_TEMPLATE)
        url = f"s3://{self._running.bucket}/{name}"
        machine.environment |= {
            "MICROFICHE_DATABASE__DSN": self._address(name),
            "MICROFICHE_STORE__URL": url,
            "MICROFICHE_STORE__ENDPOINT": self._running.endpoint or "",
            "MICROFICHE_STORE__REGION": _REGION,
            "AWS_ACCESS_KEY_ID": self._running.access_key or "",
            "AWS_SECRET_ACCESS_KEY": self._running.secret_key or "",
        }
        store = _store(self._running, url=url)
        try:
            yield Place(machine=machine, dsn=self._address(name), store=store, derivation=self._derivation)
        finally:
            self._drop(name)

    @contextlib.contextmanager
    def own_place(self, folder: Path) -> Iterator[Place]:
        """Yields an archive whose servers are its own and may be killed; they are up again."""
        with services(folder / "microfiche-data") as running:
            assert running.dsn is not None
            store = _store(running, url=f"s3://{running.bucket}")
            yield Place(machine=Machine(folder), dsn=running.dsn, store=store, derivation=self._derivation)

    def _create(self, name: str, *, template: str) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            # Two at a time would find the template in use by each other.
            connection.execute("SELECT pg_advisory_lock(1)")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _drop(self, name: str) -> None:
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _address(self, name: str) -> str:
        return f"{self._dsn.rpartition('/')[0]}/{name}"


def _store(running: Services, *, url: str) -> Store:
    return Store(
        url,
        endpoint=running.endpoint,
        region=_REGION,
        access_key=running.access_key,
        secret_key=running.secret_key,
    )


async def _migrate(dsn: str) -> None:
    async with Ledger.open(dsn, connections=1):
        pass
