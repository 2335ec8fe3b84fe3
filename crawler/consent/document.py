"""Our scripts within one document of a page, and what can be asked of them."""

import json
import secrets
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from playwright.async_api import Error, Frame, JSHandle

from crawler.consent import rules
from crawler.consent.sight import Control, Sight
from crawler.consent.vocabulary import consent_words

MARK: Final = "data-microfiche-consent"
"""The attribute that marks what we hid, or what stood there as a consent banner."""

_PARTS: Final = ("tree", "containers", "controls", "look", "act", "proof", "watch", "rule", "frames", "glance")
_FACE: Final = (
    "glance, askedOnce, look, press, aim, watchMouse, leaveMouse, untick, readOn, settled, signature, rest, mark, "
    "hide, clear, proof, watch, expects, timersEnd, startRules, ruleFound, runRule"
)
CHANNEL: Final = f"m{secrets.token_hex(8)}"


@cache
def guard_script() -> str:
    """Returns what runs in every document before its own scripts: it keeps references of closed shadow roots."""
    return f"({_source('roots.js')})({json.dumps(CHANNEL)})"


@cache
def _library() -> str:
    source = "\n".join(_source(f"{part}.js") for part in _PARTS)
    return f"(setup) => {{\n{source}\nreturn {{ {_FACE} }};\n}}"


def _script(name: str, function: str) -> str:
    return f"(...given) => {{\n{_source(name)}\nreturn {function}(...given);\n}}"


@cache
def _source(name: str) -> str:
    return files("crawler.consent").joinpath("page", name).read_text("utf-8")


@cache
def _speaks() -> str:
    return "|".join(sorted((word for word in consent_words() if word), key=len, reverse=True))


@cache
def warm() -> None:
    """Reads rules and vocabulary, once a process: half a second that no page shall wait for."""
    rules.rules()
    _speaks()


class Document:
    """One frame's document, for as long as it lives; afterwards every method raises Playwright's Error."""

    def __init__(self, frame: Frame, library: JSHandle) -> None:
        self.frame = frame
        self._library = library
        self._rules: frozenset[int] = frozenset()

    @classmethod
    async def enter(cls, frame: Frame, *, is_framed: bool) -> "Document":
        """Brings our scripts into the frame's present document. `is_framed`: it lies over the page as a banner does."""
        told = _setup(frame.url, is_main=frame.parent_frame is None, is_framed=is_framed)
        library = await frame.evaluate_handle(f"(told) => ({_library()})(JSON.parse(told))", told)
        return cls(frame, library)

    async def look(self, *, second: bool = False) -> Sight:
        """Looks for containers and rules; `second`: also for what can be switched, after settings were opened."""
        told = await self._library.evaluate("(page, second) => JSON.stringify(page.look(second))", second)
        return Sight.parse(json.loads(told))

    async def press(self, control: Control) -> bool:
        """Presses a control of the last look; tells whether the page's cookies or storage kept the choice at once."""
        told = [control.number, control.label]
        return bool(await self._library.evaluate("(page, told) => page.press(...told)", told))

    async def aim(self, number: int) -> tuple[float, float] | None:
        """Returns where in the window a mouse would meet a control; None where it would meet something else."""
        place = await self._library.evaluate("(page, number) => page.aim(number)", number)
        for frame in _upwards(self.frame):
            if place is None:
                return None
            place = await (await frame.frame_element()).evaluate(_script("frames.js", "throughFrame"), place)
        return None if place is None else (place[0], place[1])

    async def watch_mouse(self, control: Control) -> None:
        """Lets no press of a mouse through that meets anything but this control, until `leave_mouse`."""
        await self._library.evaluate("(page, told) => page.watchMouse(...told)", [control.number, control.label])

    async def leave_mouse(self) -> None:
        """Ends the watch."""
        await self._library.evaluate("(page) => page.leaveMouse()")

    async def signature(self) -> str:
        """Returns what one can decide in this document, as one text: another text means that a press had an effect."""
        return str(await self._library.evaluate("(page) => page.signature()"))

    async def settled(self, number: int, *, before: str, seconds: float) -> str:
        """Waits until the container is gone ("gone") or there is another choice ("changed"); else returns "same"."""
        told = {"number": number, "before": before, "most": seconds * 1000}
        return str(await self._library.evaluate("(page, told) => page.settled(told.number, told)", told))

    async def untick(self, number: int, *, refusing: Sequence[int] = ()) -> list[str]:
        """Switches off what is on in a container, presses what stands for "no"; returns what stays on, by labels."""
        told = {"number": number, "refusing": list(refusing)}
        return list(await self._library.evaluate("(page, told) => page.untick(told.number, told.refusing)", told))

    async def read_on(self, number: int) -> bool:
        """Scrolls to the end of a container's texts; tells whether there was more of them."""
        return bool(await self._library.evaluate("(page, number) => page.readOn(number)", number))

    async def rest(self, number: int, *, seconds: float) -> str:
        """Waits until a container no longer moves or fades: "gone" where it went, else "same"."""
        told = {"number": number, "most": seconds * 1000}
        return str(await self._library.evaluate("(page, told) => page.rest(told.number, told.most)", told))

    async def mark(self, number: int) -> None:
        """Marks a container as a consent banner, for those who read the document later."""
        await self._library.evaluate("(page, number) => page.mark(number, 'banner')", number)

    async def hide(self, number: int) -> None:
        """Takes a container and its backdrops out of sight, and unlocks the page."""
        await self._library.evaluate("(page, number) => page.hide(number)", number)

    async def clear(self) -> None:
        """Takes away empty sheets over the page, and unlocks it."""
        await self._library.evaluate("(page) => page.clear()")

    async def is_free(self) -> bool:
        """Tells whether one can scroll the page and no empty sheet covers it."""
        told = await self._library.evaluate("(page) => page.proof()")
        return not (told["locked"] or told["covered"])

    async def watch(self, *, seconds: float) -> None:
        """Returns as soon as something changes in the document, and at the latest after so long."""
        await self._library.evaluate("(page, most) => page.watch(most)", seconds * 1000)

    async def expects(self) -> bool:
        """Tells whether a banner may yet come."""
        return bool(await self._library.evaluate("(page) => page.expects()"))

    async def timers_end(self) -> float:
        """Returns how many seconds the page's timers still run, those of more than five left out."""
        return float(await self._library.evaluate("(page) => page.timersEnd()")) / 1000

    async def start_rules(self, numbers: Sequence[int]) -> None:
        """Starts autoconsent with these rules; once more where there are others than before."""
        if self._rules.issuperset(numbers):
            return
        self._rules = frozenset(numbers)
        await self._library.evaluate(
            f"(page, initial) => page.startRules((requestIdleCallback) => {{ {rules.engine()} }}, initial)",
            rules.initial(numbers),
        )

    async def rule_found(self, *, seconds: float) -> str | None:
        """Returns the name of the rule whose banner is open, waiting up to so long for it."""
        if not self._rules:
            return None
        found = await self._library.evaluate("(page, most) => page.ruleFound(most)", seconds * 1000)
        return None if found is None else str(found)

    async def run_rule(self, way: str, *, forbidden: Sequence[str], seconds: float, idle: float) -> dict[str, Any]:
        """Has the rule found opt out or in; returns its `result`, `label`, `presses`, `blocked`, `cosmetic`."""
        told = {"way": way, "most": seconds * 1000, "idle": idle * 1000, "forbidden": list(forbidden)}
        return dict(await self._library.evaluate("(page, told) => page.runRule(told.way, told)", told))


def _setup(url: str, *, is_main: bool, is_framed: bool) -> str:
    setup = {"speaks": _speaks(), "channel": CHANNEL, "mark": MARK, "framed": is_framed}
    fitting = rules.described(rules.fitting(url, is_main=is_main))
    return f'{json.dumps(setup)[:-1]}, "rules": {fitting}}}'


def glancing(url: str) -> str:
    """Returns the expression that looks at the page's own document and leaves nothing there; see `Glance`."""
    return f"({_library()})({_setup(url, is_main=True, is_framed=False)}).glance()"


def asking_once() -> str:
    """Returns the expression for the elements that may have closed shadow roots unknown to us, each given once."""
    return f"({_library()})({_setup('', is_main=True, is_framed=False)}).askedOnce()"


def scene() -> str:
    """Returns the expression for what one sees of a page, in few words."""
    return f"({_source('scene.js')})()"


def _upwards(frame: Frame) -> Iterator[Frame]:
    while frame.parent_frame is not None:
        yield frame
        frame = frame.parent_frame


async def is_framed_as_banner(frame: Frame) -> bool:
    """Tells whether a frame's element stands out of its page, as a banner's does, or fills a frame that does."""
    try:
        element = await frame.frame_element()
        if await element.evaluate(_script("frames.js", "standsOut")):
            return True
        if (outer := frame.parent_frame) is None or outer.parent_frame is None:
            return False
        return await element.evaluate(_script("frames.js", "fills")) and await is_framed_as_banner(outer)
    except Error:
        return False


async def hide_frame(frame: Frame) -> None:
    """Takes a frame out of sight, with what holds nothing but it, and the frame that it fills."""
    while (outer := frame.parent_frame) and outer.parent_frame and await is_framed_as_banner(outer):
        frame = outer
    element = await frame.frame_element()
    await element.evaluate(_script("frames.js", "hideFrame"), MARK)
