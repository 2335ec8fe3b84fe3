"""Waiting for what matters of a page: its scripts, its network, what loads when it is seen, the rest of its article.

Each wait has a cap of its own, and all of them end with the page's budget: a page that never settles is taken as it is.
"""

import asyncio
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol

from playwright.async_api import Error

from crawler.browser.pages.expanders import LABELS
from crawler.browser.pages.shells import FEW_CHARACTERS, ROOTS, WAITING
from crawler.browser.pages.tab import Moved, Stopped, Tab

_LABELS: Final = sorted({unicodedata.normalize("NFKC", label).casefold() for label in LABELS})
_LOOK_EVERY: Final = 0.08  # seconds
_TELLS: Final = 2.0  # seconds
_ANSWERS: Final = 5.0  # seconds within which a page that is not hung answers
_QUIET: Final = 0.25  # seconds without any that matters
_POLLS: Final = 3  # times that an address is asked before it is a poll
_LONG: Final = 6.0  # seconds under way after which nothing is waited for any more
_PATIENCE: Final[Mapping[str, float]] = {
    "ping": 0.0,
    "cspviolationreport": 0.0,
    "eventsource": 0.0,
    "websocket": 0.0,
    "media": 1.0,
    "image": 3.0,
}
_SCROLLED: Final = 32_000  # pixels
_ROUNDS: Final = 5  # of scrolling through a page that grows meanwhile
_CLICKS: Final = 3
_SPLASH: Final = 5.0  # seconds


class Request(Protocol):
    """A request under way, as a recorder tells it."""

    started: datetime
    kind: str

    @property
    def url(self) -> str:
        """What is asked for."""
        ...


class Traffic(Protocol):
    """What a recorder tells of the network."""

    @property
    def under_way(self) -> Sequence[Request]:
        """The requests that have no end yet."""
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

    A page that tells nothing for a while is asked how far it is; one that does not answer is interrupted by that.
    """
    budget = Budget(seconds)
    while budget.left:
        if await _tells(tab, "load", seconds=budget.most(_TELLS)) or await _state(tab) == "complete":
            return True
        if budget.left < seconds * 2 / 3 and await _state(tab) == "interactive":
            return False  # an image or a frame that never ends
    return False


async def _tells(tab: Tab, state: Literal["load"], *, seconds: float) -> bool:
    try:
        await tab.page.wait_for_load_state(state, timeout=1000 * seconds)
    except Error:
        return False
    return True


async def _state(tab: Tab) -> str:
    try:
        return str(await tab.ask("ready", seconds=_ANSWERS))
    except Moved:
        return "loading"


async def quiet(traffic: Traffic, *, seconds: float) -> bool:
    """Waits until nothing is under way that is worth the wait; tells whether it came to that.

    Beacons are not, nor what has been under way for long, nor the fourth question to one address (a poll).
    """
    budget = Budget(seconds)
    begun: dict[str, set[datetime]] = {}
    since = time.monotonic()
    while budget.left:
        for request in traffic.under_way:
            if _is_worth_it(request, begun=begun):
                since = time.monotonic()
        if time.monotonic() - since >= _QUIET:
            return True
        await asyncio.sleep(_LOOK_EVERY)
    return False


def _is_worth_it(request: Request, *, begun: dict[str, set[datetime]]) -> bool:
    times = begun.setdefault(request.url.partition("?")[0], set())
    times.add(request.started)
    age = (datetime.now(UTC) - request.started).total_seconds()
    return len(times) <= _POLLS and age < _PATIENCE.get(request.kind, _LONG)


async def filled(tab: Tab, traffic: Traffic, *, budget: Budget, keep: float) -> None:
    """Waits for the text of a page that shows hardly any yet, as behind a splash screen, and for what comes with it."""
    patience = budget.most(_SPLASH, keep=keep)
    if await tab.ask("text", 1000 * patience, FEW_CHARACTERS, f"{ROOTS}, {WAITING}", seconds=patience + _ANSWERS):
        await quiet(traffic, seconds=budget.most(3, keep=keep))


async def unfold(tab: Tab, traffic: Traffic, *, budget: Budget, keep: float) -> None:
    """Scrolls through, opens the rest of the article, waits for fonts and images; counts on the tab.

    What a page has grown by since is scrolled through as well, a few times. `keep` seconds of the budget are left for
    what comes after.
    """
    known = 0
    for turns in range(_ROUNDS, -1, -1):
        patience = budget.most(8, keep=keep) if turns else 0.0  # the last only looks
        steps, height, grew = await tab.ask("scroll", 1000 * patience, _SCROLLED, known, seconds=10)
        tab.counts["scrolled"] += steps
        tab.counts["grew"] += bool(grew)
        if grew or height <= known:
            break
        known = height
        await quiet(traffic, seconds=budget.most(3, keep=keep))
    opened = await tab.ask("expand", _LABELS, _CLICKS, seconds=_ANSWERS)
    tab.counts["expanded"] += opened
    if opened:
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
