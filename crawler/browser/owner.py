"""Whose connection it is: a machine's other users have no business with the way out of our browser."""

import asyncio
import contextlib
import os
import re
import socket
import struct
from pathlib import Path
from typing import Final

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def is_ours(transport: asyncio.BaseTransport) -> bool:
    """Tells whether a connection on loopback was made by our own user, as far as the system says.

    Quirk: where the table of connections lacks even our own end (another system, a sandbox), it tells nothing.
    """
    ours = transport.get_extra_info("sockname")
    theirs = transport.get_extra_info("peername")
    if not ours or not theirs:
        return False
    tables = ""
    for table in _TABLES:  # the second is hardly ever needed, and to have them written takes longest of all
        tables += _text(table)
        owner = _owner(tables, local=_told(theirs), remote=_told(ours))
        if owner is not None:
            return owner == os.geteuid()
    return _owner(tables, local=_told(ours), remote=_told(theirs)) is None


def _text(table: Path) -> str:
    """TCP connections of this machine as the kernel writes them, a line for each end."""
    with contextlib.suppress(OSError):
        return table.read_text(encoding="ascii")
    return ""


def _owner(tables: str, *, local: str, remote: str) -> int | None:
    """The user of one end of a connection; None where the tables lack it.

    Looked for line by line in thousands of them, this was 7 % of our CPU time.
    """
    line = re.search(rf"{local} (?:[0-9A-F]{{24}})?{remote} .*", tables)
    return int(line[0].split()[6]) if line else None


def _told(place: tuple[str, int]) -> str:
    """An IPv4 address and port as /proc/net/tcp has them; the end of how /proc/net/tcp6 writes the mapped one."""
    packed = int.from_bytes(socket.inet_aton(place[0]), "little" if _is_little() else "big")
    return f"{packed:08X}:{place[1]:04X}"


def _is_little() -> bool:
    return struct.pack("=H", 1) == struct.pack("<H", 1)
