"""Run as a script: give up root, keep the way to the files, become another program.

    python -I -S unprivileged.py UID GID PROGRAM ARGUMENT…

Postgres refuses to run as root. As another user it could reach neither a data folder nor a virtual environment below
/root, and opening those folders to everyone would be worse. So everything of root is given up but the one capability
to pass folder permissions (CAP_DAC_OVERRIDE, made ambient so that it outlives exec; capabilities(7)). Containers grant
what this needs by default; they do not grant user namespaces. Imports nothing but the standard library.
"""

import ctypes
import os
import sys

_PR_SET_KEEPCAPS = 8
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


def become(uid: int, gid: int) -> None:
    """Turns this root process into one of `uid` that still passes folder permissions where the system lets it."""
    keeps = _call("prctl", _PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if keeps:
        _keep_only(_CAP_DAC_OVERRIDE)


def _keep_only(capability: int) -> None:
    bit = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    effective_permitted_inheritable = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    if _call("capset", header, effective_permitted_inheritable):
        _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _call(name: str, *arguments: object) -> bool:
    """Calls the C library; False where the system has no such call or refuses it."""
    function = getattr(ctypes.CDLL(None), name, None)
    return function is not None and function(*arguments) == 0


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606 (no shell is wanted)
