"""Ports on 127.0.0.1 for a server to come, given to nobody else until it has taken them.

Between the look for a free port and the moment a server binds it, a server of another command may take it. Most then
end, and are started again; SeaweedFS may go on without one of its parts for ever.
"""

import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final

_TICK = 0.02
_SLACK = 0.5  # seconds
ROW: Final = 5  # ports in a row that a server may have; who has bound the one behind them, has claimed them
# Below the range systems use for outgoing connections (32768 on Linux), also with 10,000 added, and apart from those.
_FIRST = range(10_240, 20_230, ROW + 1)


@contextmanager
def claimed_ports(before: int | None, *, count: int = 1, also: int = 0) -> Iterator[int]:
    """Yields the first of `count` ports in a row that nobody listens on; with `also`, nor that much higher.

    Whoever else claims ports gets none of these before the block ends; the death of this process ends it too. Takes the
    ones it had before when they are free, so that addresses people noted down stay right; a port can stay taken for a
    moment after its process is gone.
    """
    deadline = time.monotonic() + _SLACK
    while before is not None and time.monotonic() < deadline:
        if sign := _claim(before, count=count, also=also):
            with sign:
                yield before
            return
        time.sleep(_TICK)
    while True:
        first = secrets.choice(_FIRST)
        if sign := _claim(first, count=count, also=also):
            with sign:
                yield first
            return


def accepts(port: int) -> bool:
    """Says whether someone listens on a loopback port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def _claim(first: int, *, count: int, also: int) -> socket.socket | None:
    """Binds the sign of a block whose ports are free; None where one of them is not, or somebody has claimed it."""
    sign = socket.socket()
    try:
        sign.bind(("127.0.0.1", first + ROW))
    except OSError:
        sign.close()
        return None
    if all(_is_free(port) for start in {first, first + also} for port in range(start, start + count)):
        return sign
    sign.close()
    return None


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do: closed connections linger
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
