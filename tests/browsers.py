"""The processes of a command's Chromium, and their death at random."""

import contextlib
import random
from typing import Literal

import psutil

from tests.warm import Process


def browsers_of(process: Process) -> list[psutil.Process]:
    """The processes of the command's Chromium: the browser itself first, then its renderers and helpers."""
    found: dict[psutil.Process, bool] = {}
    with contextlib.suppress(psutil.Error):
        for one in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):  # it is ending
                if "chrom" in one.name() and one.status() != psutil.STATUS_ZOMBIE:
                    found[one] = "--type=" in " ".join(one.cmdline())
    return sorted(found, key=lambda one: found[one])


def kill_one(process: Process, *, dice: random.Random) -> Literal["browser", "others"] | None:
    """Kills the browser itself or any process of it, and tells which; None where there was none."""
    with contextlib.suppress(psutil.Error):
        alive = browsers_of(process)
        victim = dice.choice([alive[0], dice.choice(alive)]) if alive else None
        if victim is not None:
            victim.kill()
            return "browser" if victim == alive[0] else "others"
    return None
