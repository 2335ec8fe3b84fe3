"""The job queue's own table, where its library has no question for what we want to know: when is what tried again?"""

from collections.abc import Sequence
from datetime import datetime

from archive.ledger import Connection, rows


async def next_tries(connection: Connection) -> dict[str, datetime | None]:
    """When each queued job is due, by its queueing lock ("ship:<attempt>", "derive:<attempt>"); None is now."""
    found = await rows(
        connection,
        "SELECT queueing_lock AS lock, scheduled_at FROM procrastinate_jobs"
        " WHERE status = 'todo' AND queueing_lock IS NOT NULL",
    )
    return {row["lock"]: row["scheduled_at"] for row in found}


async def held(connection: Connection) -> set[str]:
    """The queueing locks of jobs that wait, or are worked on by a worker that gave a sign of life lately."""
    found = await rows(
        connection,
        "SELECT queueing_lock AS lock FROM procrastinate_jobs AS job"
        " LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id"
        " WHERE queueing_lock IS NOT NULL AND (status = 'todo'"
        " OR status = 'doing' AND worker.last_heartbeat > now() - interval '30 seconds')",
    )
    return {row["lock"] for row in found}


async def bury(connection: Connection, lock: str) -> None:
    """Drops what a dead worker has of a job, so that it cannot come back beside the one that follows."""
    await connection.execute(
        "DELETE FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'doing'",
        (lock,),
    )


async def hurry(connection: Connection, queues: Sequence[str]) -> None:
    """Has jobs that wait for another try tried at once: whatever they failed with seems to be over."""
    await connection.execute(
        "UPDATE procrastinate_jobs SET scheduled_at = NULL"
        " WHERE status = 'todo' AND scheduled_at IS NOT NULL AND queue_name = ANY (%s)",
        (list(queues),),
    )


async def begin_anew(connection: Connection, queues: Sequence[str]) -> None:
    """Has jobs that wait for another try tried at once, and often again: a person asks for it."""
    await connection.execute(
        "UPDATE procrastinate_jobs SET scheduled_at = NULL, attempts = 0"
        " WHERE status = 'todo' AND queue_name = ANY (%s)",
        (list(queues),),
    )
