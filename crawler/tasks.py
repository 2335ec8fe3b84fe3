"""Background tasks, and how they end although something on the way may swallow the word."""

import asyncio
from typing import Any

__all__ = ["end", "is_told_to_end"]


async def end(*tasks: "asyncio.Task[Any]", patience: float) -> None:
    """Cancels tasks and returns when they are over, however; who goes on is told again every `patience` seconds.

    Quirk: before Python 3.12 `asyncio.wait_for`, which the pool of connections waits by, loses a cancellation that
    comes in the same turn of the loop as what it waits for.
    """
    going = set(tasks)
    while going:
        for task in going:
            task.cancel()
        _, going = await asyncio.wait(going, timeout=patience)
    await asyncio.gather(*tasks, return_exceptions=True)


def is_told_to_end() -> bool:
    """Says whether the current task was cancelled, even where something else was raised in place of that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
