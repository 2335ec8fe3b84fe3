"""crawler.tasks: what is told to end, ends."""

import asyncio

from crawler.tasks import end, is_told_to_end


async def test_who_did_not_hear_it_is_told_again() -> None:
    heard: list[bool] = []

    async def deaf() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            heard.append(is_told_to_end())
        await asyncio.Event().wait()

    heard.append(is_told_to_end())
    tasks = [asyncio.create_task(deaf()) for _ in range(2)]
    await asyncio.sleep(0)
    await end(*tasks, patience=0.01)
    assert ([task.cancelled() for task in tasks], heard) == ([True, True], [False, True, True])


async def test_who_is_over_already_is_let_be() -> None:
    async def failing() -> None:
        raise ValueError

    task = asyncio.create_task(failing())
    await asyncio.wait({task})
    await end(task, patience=0.01)
    assert isinstance(task.exception(), ValueError)
