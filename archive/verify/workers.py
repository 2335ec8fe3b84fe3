"""Work done side by side, its results in order, and nothing that keeps a command from ending."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")


def in_order(work: Callable[[_T], _R], items: Iterable[_T], *, threads: int, stop: threading.Event) -> Iterator[_R]:
    """Yields the result of each item in the items' order; what `work` raises is raised in its place.

    At the end of the iteration, also an early one, `stop` is set and nothing is waited for: the threads are daemons,
    where those of a ThreadPoolExecutor would hold up the end of the process (Ctrl-C) until the last had answered.
    """
    tasks: SimpleQueue[tuple[_T, Future[_R]] | None] = SimpleQueue()
    waiting: deque[Future[_R]] = deque()
    for number in range(threads):
        threading.Thread(target=_serve, args=(work, tasks, stop), name=f"verify-{number}", daemon=True).start()
    try:
        for item in items:
            waiting.append(Future())
            tasks.put((item, waiting[-1]))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        stop.set()
        for _ in range(threads):
            tasks.put(None)


def _serve(work: Callable[[_T], _R], tasks: "SimpleQueue[tuple[_T, Future[_R]] | None]", stop: threading.Event) -> None:
    while (task := tasks.get()) is not None:
        item, future = task
        if stop.is_set():
            future.cancel()
            continue
        try:
            future.set_result(work(item))
        except BaseException as error:  # noqa: BLE001  whoever waits for the result is told
            future.set_exception(error)
