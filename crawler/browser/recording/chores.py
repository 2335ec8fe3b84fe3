"""Work that goes on beside a page: begun by events, waited for at the end, and what went wrong in it."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from typing import Any

from crawler.browser.recording.cdp import Gone


class Chores:
    """What is being done at a time; `errors` has what it raised, but for the news that the page is gone."""

    def __init__(self) -> None:
        self.errors: list[BaseException] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._lasting: set[asyncio.Task[None]] = set()
        self._touched = asyncio.Event()
        self._changed = time.monotonic()

    def touch(self) -> None:
        """Takes note that something has changed."""
        self._changed = time.monotonic()
        self._touched.set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins some work."""
        self._spawn(work)

    def begin_lasting(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins work that is never given up: what it writes would be told by nobody."""
        self._lasting.add(self._spawn(work))

    async def until_done(self, more: Callable[[], int], *, quiet: float = 0.0) -> None:
        """Waits until nothing is being done, `more` counts none, and nothing has changed for so many seconds."""
        while not self.errors and (self._tasks or more() or (quiet and self._changed + quiet > time.monotonic())):
            with contextlib.suppress(TimeoutError):
                patience = max(quiet / 8, self._changed + quiet - time.monotonic()) if quiet else None
                async with asyncio.timeout(patience):
                    await self.until_touched()

    async def until_touched(self) -> None:
        """Waits until something changes."""
        self._touched.clear()
        await self._touched.wait()

    async def end(self) -> None:
        """Gives up what may be given up, and waits for the rest."""
        for task in self._tasks - self._lasting:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._lasting.discard(task)
        self.touch()
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, Gone):
            self.errors.append(error)
