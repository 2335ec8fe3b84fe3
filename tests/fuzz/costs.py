"""What reading something may cost: seconds of this process, whatever else the machine does."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_BACKSTOP = 60.0  # seconds by the clock, after which a hang is a failure


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails when the block takes more CPU seconds than that."""

    def hangs(_: int, frame: FrameType | None) -> None:
        raise AssertionError(f"hangs at {frame}")

    before = signal.signal(signal.SIGPROF, hangs)
    signal.setitimer(signal.ITIMER_PROF, _BACKSTOP)
    begun = time.process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    spent = time.process_time() - begun
    assert spent < seconds, f"took {spent:.2f} s"
