"""Taking over what dead commands left: folders that nobody holds, commits that nobody derives, jobs that got lost."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import ArchiveError
from archive.ledger import attempts, queue, sites
from archive.ledger.attempts import Attempt
from archive.ship import attempt_name
from archive.spool import FACTS
from crawler import jobs

if TYPE_CHECKING:
    from crawler.line import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The attempts that were taken over, and a line on each folder that had to be left alone."""

    attempts: tuple[Attempt, ...]
    left: tuple[str, ...]


async def adopt(line: "Line") -> Adopted:
    """Ships unlocked spool folders, derives committed attempts, and has what failed before tried at once.

    A folder that does not say whose it is stays as it lies: it keeps nobody else from going on.
    """
    adopted, left = [], []
    for folder in await asyncio.to_thread(lambda: list(line.spool.orphans())):
        with folder:
            try:
                attempt, facts = whose(folder.path)
            except ArchiveError as error:
                left.append(str(error))
                await _note(line, folder.name, problem=str(error))
            else:
                await _take_over(line, attempt, facts=facts)
                adopted.append(attempt)
    adopted += await _from_ledger(line)
    async with line.ledger.transaction() as connection:
        await queue.begin_anew(connection, [line.ship_queue, jobs.DERIVE_QUEUE])
    return Adopted(attempts=tuple(dict.fromkeys(adopted)), left=tuple(left))


async def _note(line: "Line", name: str, *, problem: str) -> None:
    """Leaves in the ledger why a folder is left alone, where the ledger knows its attempt."""
    run, _, number = name.rpartition("-")
    async with line.ledger.transaction() as connection:
        row = await attempts.get(connection, run=run, number=int(number)) if number.isdecimal() else None
        if row is not None:
            await attempts.trouble(connection, attempts.attempt_of(row), problem=problem)


async def _from_ledger(line: "Line") -> list[Attempt]:
    """Queues committed attempts for derivation, and forgets those that died before they had a folder."""
    adopted = []
    async with line.ledger.transaction() as connection:
        for row in await attempts.unfinished(connection):
            if row["state"] == "committed":
                attempt = attempts.attempt_of(row)
                await jobs.queue_derive(line, connection, attempt)
                adopted.append(attempt)
    await forget_lost(line)
    return adopted


async def forget_lost(line: "Line") -> None:
    """Forgets attempts of this machine that died before they had a folder; not while they hold a lease."""
    async with line.ledger.transaction() as connection:
        for row in await attempts.unfinished(connection):
            attempt = attempts.attempt_of(row)
            is_ours = row["machine"] == line.machine and row["state"] != "committed"
            if is_ours and attempt.name not in line.spool.names():
                await attempts.forget(connection, attempt)


async def requeue(line: "Line", rows: Iterable[Mapping[str, Any]]) -> None:
    """Queues again what waits and has no job: Postgres died between a job and the word that it failed, or lost it."""
    async with line.ledger.transaction() as connection:
        known = await queue.held(connection)
        for row in rows:
            attempt = attempts.attempt_of(row)
            if row["state"] == "committed" and f"derive:{attempt.name}" not in known:
                await jobs.queue_derive(line, connection, attempt)
            if attempt.name in line.spool.names() and f"ship:{attempt.name}" not in known:
                await jobs.queue_ship(line, connection, attempt)


def whose(folder: Path) -> tuple[Attempt, Mapping[str, Any]]:
    """The attempt of a spool folder, and its facts; raises ArchiveError with what to do where they cannot be read."""
    try:
        facts = json.loads((folder / FACTS).read_bytes())
        name, tick = attempt_name(facts), datetime.fromisoformat(facts["tick"])
        datetime.fromisoformat(facts["started_at"]), facts["home"], facts["toml"]
        if name.name != folder.name:
            raise ArchiveError(f"it is that of {name.name}")
        return Attempt(site=name.site, run=name.run, number=name.attempt, tick=tick), facts
    except (ArchiveError, OSError, KeyError, TypeError, ValueError) as error:
        told = f"it lacks {error}" if isinstance(error, KeyError) else " ".join(str(error).split())
        raise ArchiveError(
            f"the spool folder {folder} is left as it lies, for its {FACTS} cannot be read ({told}); restore that file,"
            " or move the folder away: its WARC files are whole up to their last record"
        ) from error


async def _take_over(line: "Line", attempt: Attempt, *, facts: Mapping[str, Any]) -> None:
    async with line.ledger.transaction() as connection:
        await sites.restore(connection, name=attempt.site, home=facts["home"], toml=facts["toml"], tick=attempt.tick)
        await attempts.restore(
            connection, attempt, machine=line.machine, started=datetime.fromisoformat(facts["started_at"])
        )
        await attempts.release(connection, run=attempt.run, number=attempt.number)
        await attempts.seal(connection, attempt, ended="crashed", counts={})
        await queue.bury(connection, f"ship:{attempt.name}")  # we hold its folder
        await jobs.queue_ship(line, connection, attempt)
