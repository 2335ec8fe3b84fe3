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
