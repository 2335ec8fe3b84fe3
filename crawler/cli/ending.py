"""The normal end of commands that run until somebody has had enough: Ctrl-C, or SIGTERM."""

import contextlib
import signal
import threading
from collections.abc import Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def asked_to_end() -> Iterator[threading.Event]:
    """Yields an event that Ctrl-C and SIGTERM set, so that neither cuts short the stopping of what was started."""
    ended = threading.Event()
    before = [signal.signal(number, lambda *_: ended.set()) for number in _SIGNALS]
    try:
        yield ended
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)
