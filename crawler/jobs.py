"""The jobs behind a crawl: ship a sealed attempt, derive a committed one, rescue what a dead worker left.

"State changed" and "next job queued" are one transaction of the ledger. Every job may run twice or die at any byte.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

import procrastinate
from procrastinate import JobContext, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from archive.commit import Commit, load
from archive.derive import EXTRACTOR, derive
from archive.errors import ArchiveError, LedgerError, MicroficheError
from archive.ledger import Connection, Ledger, attempts, commits, derivations, queue
from archive.ledger.attempts import Attempt
from archive.points import reached
from archive.proof import prove
from archive.ship import ship
from archive.spool import Locked
from crawler.tasks import is_told_to_end
from crawler.trouble import words

if TYPE_CHECKING:
    from crawler.line import Line

logger = logging.getLogger(__name__)

DERIVE_QUEUE = "derive"
RESCUE_QUEUE = "rescue"
_LONGEST_WAIT = 600.0  # seconds between two tries of a job
_HOPES = 3  # tries of what looks damaged; it may have been damaged on its way only
GRACE = 10.0  # seconds for jobs under way when a command ends
_STALLED = 30.0  # seconds without a heartbeat after which a worker counts as dead


class Backoff(procrastinate.BaseRetryStrategy):
    """Tries again for ever, at growing intervals with jitter: an outage must not need anyone's hand."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Waits 1 s, 2 s, 4 s … up to ten minutes, give or take a quarter; soon ten minutes for what is damaged."""
        if not isinstance(exception, MicroficheError | asyncio.CancelledError):
            logger.error("job %s failed", job.call_string, exc_info=exception)
        damaged = isinstance(exception, ArchiveError) and not isinstance(exception, Locked)
        tries = 12 if damaged and job.attempts >= _HOPES else job.attempts
        seconds = min(_LONGEST_WAIT, 2.0 ** min(tries, 12)) * random.uniform(0.75, 1.25)  # noqa: S311  jitter
        return RetryDecision(retry_in={"milliseconds": round(1000 * seconds)})


@contextlib.asynccontextmanager
async def open_queue(ledger: Ledger) -> AsyncIterator[procrastinate.App]:
    """Yields the job queue of a ledger."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector())
    retry = Backoff()
    app.task(name="microfiche:ship", pass_context=True, retry=retry)(ship_attempt)
    app.task(name="microfiche:derive", pass_context=True, retry=retry)(derive_attempt)
    rescuing = app.task(name="microfiche:rescue", queue=RESCUE_QUEUE, pass_context=True, queueing_lock="rescue")(rescue)
    app.periodic(cron="* * * * * */10")(rescuing)
    async with app.open_async(ledger.pool):
        yield app


async def work(line: "Line", *, queues: Iterable[str], concurrency: int) -> None:
    """Works on the queues until cancelled; a worker that Postgres threw out is started again."""
    while True:
        try:
            await line.queue.run_worker_async(
                queues=list(queues),
                concurrency=concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=1.0,
                delete_jobs="successful",
                additional_context={"line": line},
                shutdown_graceful_timeout=GRACE,
            )
        except Exception as error:
            if is_told_to_end():  # and failed on its way out: what it could not tell Postgres, others find
                raise asyncio.CancelledError from error
            logger.warning("the job queue failed, trying again: %s", error or type(error).__name__)
        await asyncio.sleep(1)


async def queue_ship(line: "Line", connection: Connection, attempt: Attempt) -> None:
    """Queues the shipping of a sealed attempt on its own machine, within the caller's transaction."""
    await _defer(line.queue, "ship", connection=connection, queue_name=line.ship_queue, attempt=attempt)


async def queue_derive(line: "Line", connection: Connection, attempt: Attempt) -> None:
    """Queues the derivation of a committed attempt, within the caller's transaction."""
    await _defer(line.queue, "derive", connection=connection, queue_name=DERIVE_QUEUE, attempt=attempt)


async def _defer(
    app: procrastinate.App, task: str, *, connection: Connection, queue_name: str, attempt: Attempt
) -> None:
    deferrer = app.configure_task(
        f"microfiche:{task}", queue=queue_name, queueing_lock=f"{task}:{attempt.name}", connection=connection
    )
    with contextlib.suppress(AlreadyEnqueued):
        async with connection.transaction():
            await deferrer.defer_async(run=attempt.run, number=attempt.number)


async def ship_attempt(context: JobContext, *, run: str, number: int) -> None:
    """Ships the spool folder of an attempt, enters its outcomes, queues its derivation."""
    line: Line = context.additional_context["line"]
    attempt = await _attempt(line, run=run, number=number)
    async with _trouble_noted(line, attempt), _running(line, f"ship:{attempt.name}"):
        if attempt.name not in line.spool.names():
            return  # shipped before, by a worker that died before it could say so
        with line.spool.open(attempt.name) as folder:
            commit = await asyncio.to_thread(ship, folder, store=line.store, software=line.software)
            await enter(line, commit)
            reached("commit-entered")
            await asyncio.to_thread(line.settle)
            await asyncio.to_thread(prove, folder, commit, store=line.store, software=line.software)
            await asyncio.to_thread(folder.remove)


async def enter(line: "Line", commit: Commit) -> None:
    """Enters a commit into the ledger and queues its derivation: one transaction."""
    async with line.ledger.transaction() as connection:
        attempt = await commits.enter(connection, commit, at=line.now())
        await queue_derive(line, connection, attempt)


async def derive_attempt(context: JobContext, *, run: str, number: int) -> None:
    """Derives the articles of a committed attempt and enters them."""
    line: Line = context.additional_context["line"]
    attempt = await _attempt(line, run=run, number=number)
    async with _trouble_noted(line, attempt), _running(line, f"derive:{attempt.name}"):
        commit = await asyncio.to_thread(read_commit, line, attempt)
        derived = await asyncio.to_thread(
            derive, commit, store=line.store, extractors=line.extractors, scratch=line.scratch
        )
        async with line.ledger.transaction() as connection:
            await derivations.enter(connection, attempt, derived)
        reached("articles-entered")


def read_commit(line: "Line", attempt: Attempt) -> Commit:
    """The commit of an attempt, from the store."""
    key = attempt.objects.commit_key
    return load(line.store.get(key), key=key)


async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  the periodic deferrer passes it
    """Hands the jobs of dead workers to living ones, but for those that somebody did meanwhile."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED):
        if await _is_done(context.additional_context["line"], job):
            await manager.finish_job(job, status=procrastinate.jobs.Status.SUCCEEDED, delete_job=True)
            continue
        try:
            await manager.retry_job(job)
        except procrastinate.exceptions.UniqueViolation:
            await manager.finish_job(
                job, status=procrastinate.jobs.Status.FAILED, delete_job=True
            )  # its successor waits


async def _is_done(line: "Line", job: Job) -> bool:
    """Whether the attempt of a ship or derive job is derived, and so shipped, by this very extractor."""
    run, number = job.task_kwargs.get("run"), job.task_kwargs.get("number")
    if not isinstance(run, str) or not isinstance(number, int):
        return False
    async with line.ledger.transaction() as connection:
        row = await attempts.get(connection, run=run, number=number)
    is_derived = row is not None and (row["state"], row["extractor"]) == ("derived", EXTRACTOR)
    return is_derived and f"{run}-{number}" not in line.spool.names()


async def _attempt(line: "Line", *, run: str, number: int) -> Attempt:
    async with line.ledger.transaction() as connection:
        row = await attempts.get(connection, run=run, number=number)
    if row is None:
        raise MicroficheError(f"the ledger does not know attempt {run}-{number}; run rebuild")
    return attempts.attempt_of(row)


@contextlib.asynccontextmanager
async def _trouble_noted(line: "Line", attempt: Attempt) -> AsyncIterator[None]:
    """Leaves in the ledger why a job failed, for `status` and `doctor`; the failure itself goes on.

    One that ends well has others tried at once that failed before: what they failed with seems to be over.
    """
    try:
        yield
    except Locked:
        raise  # another command is at it
    except Exception as error:
        with contextlib.suppress(LedgerError):
            async with line.ledger.transaction() as connection:
                await attempts.trouble(connection, attempt, problem=words(error))
        raise
    async with line.ledger.transaction() as connection:
        await queue.hurry(connection, [line.ship_queue, DERIVE_QUEUE])


@contextlib.asynccontextmanager
async def _running(line: "Line", lock: str) -> AsyncIterator[None]:
    line.running.add(lock)
    try:
        yield
    finally:
        line.running.discard(lock)
