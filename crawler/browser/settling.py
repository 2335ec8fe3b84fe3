"""Waiting for what matters of a page: its scripts, its network, what loads when it is seen, the rest of its article.

Each wait has a cap of its own, and all of them end with the page's budget: a page that never settles is taken as it is.
"""

import asyncio
import time
import unicodedata
from collections.abc import Callable
from typing import Any, Final, Protocol

from playwright.async_api import Error

from archive.consent import Consent
from crawler.browser.expanders import LABELS
from crawler.browser.tab import Moved, Stopped, Tab

_LABELS: Final = sorted({unicodedata.normalize("NFKC", label).casefold() for label in LABELS})
_LOOK_EVERY: Final = 0.05  # seconds
_ANSWERS: Final = 5.0  # seconds within which a page that is not hung answers
_QUIET: Final = 0.25  # seconds without traffic
_STEADY: Final = 1.0  # seconds in which nothing begins or ends: what goes on then is a stream or a long poll
_SCROLLED: Final = 32_000  # pixels
_CLICKS: Final = 3


class Traffic(Protocol):
    """What a recorder tells of the network."""

    @property
    def in_flight(self) -> int:
        """How many requests are under way."""
        ...


class Settles(Protocol):
    """What takes care of a consent banner."""

    async def settle(self, *, seconds: float = ...) -> Consent:
        """Settles what stands there now."""
        ...

    async def settle_late(self, *, seconds: float = ...) -> Consent:
        """Looks again."""
        ...


class Budget:
    """Seconds that a page may take."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left; never less than none."""
        return max(0.0, self._ends - time.monotonic())

    def most(self, seconds: float, *, keep: float = 0.0) -> float:
        """Returns so many seconds, or what is left when `keep` are kept for later."""
        return max(0.0, min(seconds, self.left - keep))


async def loaded(tab: Tab, *, seconds: float) -> bool:
    """Waits until the document is read and has loaded what it names; tells whether it did in time.

    A page that does not answer is interrupted by the asking.
    """
    budget = Budget(seconds)
    interactive = 0.0
    while budget.left:
        state = await _state(tab)
        if state == "complete":
            return True
        if state == "interactive":
            interactive = interactive or time.monotonic()
            if time.monotonic() - interactive > seconds / 3:  # an image or a frame that never ends
                return False
        await asyncio.sleep(_LOOK_EVERY)
    return False


async def _state(tab: Tab) -> str:
    try:
        return str(await tab.ask("ready", seconds=_ANSWERS))
    except Moved:
        return "loading"


async def quiet(traffic: Traffic, *, seconds: float) -> bool:
    """Waits until nothing is under way, or nothing but what goes on for ever; tells whether it came to that."""
    budget = Budget(seconds)
    before, since = traffic.in_flight, time.monotonic()
    while budget.left:
        now = time.monotonic()
        if traffic.in_flight != before:
            before, since = traffic.in_flight, now
        if now - since >= (_STEADY if before else _QUIET):
            return True
        await asyncio.sleep(_LOOK_EVERY)
    return False


async def unfold(tab: Tab, traffic: Traffic, *, budget: Budget, keep: float) -> None:
    """Scrolls through, opens the rest of the article, waits for fonts and images; counts on the tab.

    `keep` seconds of the budget are left for what comes after.
    """
    steps, _, grew = await tab.ask("scroll", 1000 * budget.most(8, keep=keep), _SCROLLED, seconds=10)
    tab.counts["scrolled"] += steps
    tab.counts["grew"] += bool(grew)
    opened = await tab.ask("expand", _LABELS, _CLICKS, seconds=_ANSWERS)
    tab.counts["expanded"] += opened
    await quiet(traffic, seconds=budget.most(5, keep=keep))
    tab.counts["unfinished"] += await tab.ask("images", 1000 * budget.most(3, keep=keep), seconds=_ANSWERS)


async def try_to(work: Callable[[], Any], *, times: int = 3) -> bool:
    """Does what a navigation may undo, again on the next document; tells whether it was done in the end."""
    for _ in range(times):
        try:
            await work()
        except Moved:
            continue
        except (Error, Stopped):
            return False
        return True
    return False
