"""What the ledger remembers of the archive, for who checks the archive: which objects were there once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.embedded.postgres import Postgres
from archive.errors import LedgerError, ServiceError
from archive.ledger import attempts
from archive.ledger.attempts import attempt_of
from crawler.config import Config
from crawler.holdings import held, open_ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """The keys of commits that stood, and the names of attempts that it knows, derived ones apart.

    `problem` says why the ledger could not be asked; then nothing is remembered.
    """

    commits: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()
    problem: str | None = None


def remember(config: Config, *, sites: Sequence[str] = (), since: datetime | None = None) -> Remembered:
    """Asks the ledger, where there is one and it can be reached; never makes one."""
    if config.database.dsn is None and not Postgres(config.data_dir.absolute()).folder.exists():
        return Remembered(problem="there is no ledger here")
    try:
        return _asked(config, sites=sites, since=since)
    except (LedgerError, ServiceError) as error:
        return Remembered(problem=str(error))


def _asked(config: Config, *, sites: Sequence[str], since: datetime | None) -> Remembered:
    async def ask() -> Remembered:
        async with open_ledger(config, running=running) as ledger, ledger.transaction() as connection:
            rows = await attempts.standing(connection, sites=sites, since=since)
        found = [(attempt_of(row), row["state"]) for row in rows]
        return Remembered(
            commits=frozenset(attempt.objects.commit_key for attempt, _ in found),
            known=frozenset(attempt.name for attempt, _ in found),
            derived=frozenset(attempt.name for attempt, state in found if state == "derived"),
        )

    with held(config, store=False) as running:
        return asyncio.run(ask())
