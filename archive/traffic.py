"""What passes between us and a store, for those who wait for it: is it still moving, or has it fallen silent?"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOVING = 64 << 10  # bytes: what drips slower than this in the time someone has patience for does not move


class Traffic:
    """Counts requests under way and bytes that passed; safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._under_way = 0
        self._unmarked = 0
        self._moved_at = 0.0

    @contextmanager
    def request(self) -> Iterator[None]:
        """A request for the length of the block; one that ends well is a movement."""
        with self._lock:
            if not self._under_way:
                self._move()
            self._under_way += 1
        try:
            yield
            with self._lock:
                self._move()
        finally:
            with self._lock:
                self._under_way -= 1

    def passed(self, size: int) -> None:
        """Counts bytes that went out or came in."""
        with self._lock:
            self._unmarked += size
            if self._unmarked >= _MOVING:
                self._move()

    def silent(self) -> float:
        """Seconds for which someone has been asking and next to nothing moved; 0.0 while nobody asks."""
        with self._lock:
            return self._clock() - self._moved_at if self._under_way else 0.0

    def _move(self) -> None:
        self._unmarked = 0
        self._moved_at = self._clock()
