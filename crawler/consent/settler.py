"""Settles the consent banner of one page, and proves that it is gone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import CDPSession, Error, Page

from archive.consent import Consent
from crawler.consent import hosts
from crawler.consent.devtools import session_of
from crawler.consent.document import Document, hide_frame
from crawler.consent.judging import Banner, Press, Way, next_press
from crawler.consent.looking import Found, Looker
from crawler.consent.progress import Progress
from crawler.consent.rules import named
from crawler.consent.sight import Control
from crawler.consent.vocabulary import fold

_MOST_CLICKS: Final = 6
_MOST_RELOADS: Final = 2
_MOST_HIDES: Final = 4
_FADES: Final = 2.0  # seconds that a banner may take to answer a click; what moves is given more
_GOODBYE: Final = 3.5  # seconds that it may stay once it was told; some say thanks
_RULE_LOOKS: Final = 0.6  # seconds for a rule to see a banner that we see already
_RULE_RUNS: Final = 5.0
_RULE_IDLES: Final = 1.5  # seconds that a rule may do nothing; some wait for one on purpose
_EXPECTED: Final = 1.2  # seconds to wait for a banner whose scripts are there, right after the load
_SLEEPS: Final = 1.5  # seconds for a banner to show its buttons
_WAKES: Final = 4.5  # seconds for a button that refuses and does not work yet
_SECOND_LAYER: Final = 2.5  # seconds for the settings to open
_TIMERS: Final = 2.0  # seconds more than it was told to wait, for timers that are due by then
_NAVIGATES: Final = 8.0
_UNLOCKS: Final = 0.6  # seconds for a page to unlock itself once its banner is gone
_WITHIN: Final = frozenset({"sameDocument", "historySameDocument"})  # navigations that bring no other document
_WAYS: Final = {"reject": "optOut", "accept": "optIn"}


class Settler:
    """Finds the consent banner of a page and settles it by policy: "reject", "accept" or "leave".

    With "leave" nothing is pressed or hidden: the outcome is "none", and `platform` tells what stands there.
    """

    def __init__(
        self, page: Page, session: CDPSession, *, policy: str, on_found: Callable[[], Awaitable[None]] | None
    ) -> None:
        self._page = page
        self._policy = policy
        self._on_found = on_found
        self._looker = Looker(page, session=session)
        self._progress = Progress()
        self._loads = 0
        self._arrived = asyncio.Event()
        self._arrived.set()
        self._asked: str | None = None
        self._frame = ""
        self._is_late = False
        self._told: Consent | None = None
        self._scene: str | None = None

    @classmethod
    async def attach(
        cls,
        page: Page,
        *,
        policy: str,
        session: CDPSession | None = None,
        on_found: Callable[[], Awaitable[None]] | None = None,
    ) -> "Settler":
        """Prepares a page, before its first navigation.

        `session` is one of the page's in which `Page` is enabled; without it, one of its own is opened. `on_found` is
        called once, before the first click.
        """
        session = session or await session_of(page)
        self = cls(page, session, policy=policy, on_found=on_found)
        await self._looker.attach()
        page.on("domcontentloaded", self._count_load)
        session.on("Page.frameStartedNavigating", self._note_navigation)
        self._frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        return self

    def detach(self) -> None:
        """Lets go of a page that is done, for the next page of its window; the session is another's to end."""
        self._page.remove_listener("domcontentloaded", self._count_load)
        self._looker.detach()

    async def settle(self, *, seconds: float = 8.0) -> Consent:
        """Settles what there is, once the document is there; returns at once where nothing hints at a banner."""
        return await self._settle(seconds=seconds, expected=_EXPECTED)

    async def settle_late(self, *, seconds: float = 2.0) -> Consent:
        """Looks again, after scrolling: some banners come late. Returns what became of the page's banner in all."""
        self._is_late = True
        self._told = await self._settle(seconds=seconds + 6, expected=seconds)
        self._scene = await self._looker.scene()
        return self._told

    async def settle_last(self, *, seconds: float = 4.0) -> Consent:
        """Looks once more right before the page is taken, where it shows anything else than after the last look."""
        if self._told is not None and await self._looker.scene() == self._scene:
            return self._told
        return await self._settle(seconds=seconds, expected=0.0)

    async def _settle(self, *, seconds: float, expected: float) -> Consent:
        began = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                await self._until_done(until=began + expected)
        except TimeoutError:
            self._progress.ran_out_of_time()
        since = max(began, self._progress.seen_at or began)  # the wait for a banner to come is not its settling
        self._told = self._progress.told(seconds=time.monotonic() - since, before=self._told)
        return self._told

    async def _until_done(self, *, until: float) -> None:
        first_load = self._loads
        while True:
            try:
                if await self._step(until=until, reloads=self._loads - first_load):
                    return
            except Error:  # the document went away under us
                self._looker.forget()
                await self._follow()

    async def _step(self, *, until: float, reloads: int) -> bool:
        """Does one thing; True when there is nothing more to do."""
        await self._await_arrival()
        if await self._is_quiet():
            return True
        looked_at = time.monotonic()
        founds = await self._looker.look(second=self._progress.is_in_settings)
        if any(found.banners for found in founds):
            self._progress.sees(looked_at)
        if self._policy == "leave":
            return await self._name(founds, until=until)
        if await self._by_rule(founds):
            return False
        standing = [(banner, found) for found in founds for banner in found.banners]
        if not standing:
            return await self._nothing_stands(founds, until=until)
        await self._announce("fallback")
        return await self._by_hand(standing, reloads=reloads)

    async def _is_quiet(self) -> bool:
        """Tells whether nothing stands on a page that was not looked at yet, and nothing is to be waited for."""
        if self._progress.platform is not None or self._looker.is_within:
            return False
        glance = await self._looker.glance()
        is_known = hosts.is_known(self._page)
        if glance.stands or (glance.expected and not is_known):
            return False
        if self._is_late and glance.timers and not is_known:
            return False
        if self._is_late:
            hosts.note(self._page)
        return True

    async def _name(self, founds: Sequence[Found], *, until: float) -> bool:
        """Only tells what stands there."""
        name, _ = await self._find_rule(founds)
        if name or any(found.banners for found in founds):
            self._progress.platform = self._progress.platform or name or "fallback"
            return True
        return not await self._waited(founds, until=until)

    # -- by rule

    async def _find_rule(self, founds: Sequence[Found]) -> tuple[str | None, Found | None]:
        is_standing = any(found.banners for found in founds)
        for found in founds:
            if not found.sight.rules:
                continue
            await found.document.start_rules(found.sight.rules)
            if name := await found.document.rule_found(seconds=_RULE_LOOKS if is_standing else 0.1):
                return name, found
        return None, None

    async def _by_rule(self, founds: Sequence[Found]) -> bool:
        """Has autoconsent settle it where one of its rules fits; True when it did something."""
        if self._progress.rule_is_tried:
            return False
        name, found = await self._find_rule(founds)
        if name is None or found is None:
            return False
        self._progress.rule_is_tried = True
        await self._announce(name)
        if self._policy == "reject" and _is_better_by_hand(name, founds):
            return False
        await self._run_rule(founds, found)
        return True

    async def _run_rule(self, founds: Sequence[Found], found: Found) -> None:
        for one in founds:
            for banner in one.banners:
                await one.document.mark(banner.container.number)
        agreeing = [label for one in founds for banner in one.banners for label in banner.agreeing]
        forbidden = [fold(label).strip() for label in agreeing] if self._policy == "reject" else []
        self._progress.rule_begins()
        told = await found.document.run_rule(
            _WAYS[self._policy], forbidden=forbidden, seconds=_RULE_RUNS, idle=_RULE_IDLES
        )
        self._progress.rule_ran(told, policy=self._policy, where=found.document.frame.url.split("#")[0])

    async def _announce(self, platform: str) -> None:
        if self._progress.platform is not None:
            return
        self._progress.meets(platform)
        if self._on_found:
            await self._on_found()

    # -- by hand

    async def _by_hand(self, standing: Sequence[tuple[Banner, Found]], *, reloads: int) -> bool:
        may_press = self._progress.clicks < _MOST_CLICKS and reloads <= _MOST_RELOADS
        is_told = self._progress.outcome in ("rejected", "accepted")
        possible = [
            (press, banner, found)
            for banner, found in standing
            if (press := next_press(banner, policy=self._policy, is_told=is_told)) and self._is_new(press, found)
        ]
        is_new = self._progress.has_moved_on and any(press.way is not Way.SETTINGS for press, _, _ in possible)
        if is_told and not is_new and await self._is_patient(standing):
            return False  # it may need a moment
        if possible and may_press:
            await self._press(*min(possible, key=lambda one: one[0].haste))
            return False
        if await self._is_patient(standing):
            return False
        if any(banner.is_pay_wall for banner, _ in standing):
            self._progress.ended("pay_wall")
            return True
        return await self._hide(standing)

    async def _is_patient(self, standing: Sequence[tuple[Banner, Found]]) -> bool:
        """Waits a little where buttons may yet come, where a press may yet work, and where something still moves."""
        patience = _SLEEPS if all(banner.is_asleep for banner, _ in standing) else 0.0
        if any(banner.may_wake for banner, _ in standing):
            patience = _WAKES
        untold = standing if self._progress.outcome == "none" else ()
        if any([await found.document.read_on(banner.container.number) for banner, found in untold]):
            return True
        goodbye = _GOODBYE if self._progress.may_say_goodbye else _FADES
        until = max(self._progress.met_at + patience, self._progress.pressed_at + goodbye)
        if time.monotonic() < until:
            await self._looker.change([found for _, found in standing], seconds=until - time.monotonic())
            return True
        rests = [await found.document.rest(banner.container.number, seconds=_FADES) for banner, found in standing]
        return "gone" in rests

    def _is_new(self, press: Press, found: Found) -> bool:
        return self._progress.may_press(press, where=found.document.frame.url.split("#")[0])

    async def _press(self, press: Press, banner: Banner, found: Found) -> None:
        document, number = found.document, banner.container.number
        before_url, where = self._page.url, document.frame.url.split("#")[0]
        await document.mark(number)
        if not await self._made_ready(press, banner, document):
            self._progress.leaves(press, where=where)
            return
        self._progress.presses(press, where=where)
        before = await document.signature()
        try:
            is_kept = await document.press(press.control)
            self._progress.was_kept |= is_kept and press.way is not Way.SETTINGS
            answer = await document.settled(number, before=before, seconds=_FADES)
            if answer == "same" and not is_kept and await self._press_by_mouse(press.control, document):
                answer = await document.settled(number, before=before, seconds=_FADES)
            self._progress.answered(answer)
        finally:
            await self._come_back(before_url)

    async def _made_ready(self, press: Press, banner: Banner, document: Document) -> bool:
        """Switches off what a press would keep; False where something stays on that would be agreed to."""
        keeps = press.way is Way.SAVE or (press.way is Way.REJECT and banner.container.switches)
        if self._policy != "reject" or not keeps:
            return True
        left = await document.untick(banner.container.number, refusing=banner.refusing)
        return press.way is Way.REJECT or all(banner.is_harmless(label) for label in left)

    async def _press_by_mouse(self, control: Control, document: Document) -> bool:
        """Presses a control as a person does: some hear nothing else. Only where a mouse meets that very control."""
        place = await document.aim(control.number)
        if place is None:
            return False
        await document.watch_mouse(control)
        self._progress.presses_again()
        try:
            await self._page.mouse.click(*place)
        finally:
            await document.leave_mouse()
        return True

    async def _come_back(self, before: str) -> None:
        """Goes back where a press led to another page after all; never meant to happen."""
        await self._await_arrival()
        place = urlsplit(self._page.url)[1:3]
        if place not in (urlsplit(before)[1:3], urlsplit(self._asked or before)[1:3]):
            await self._page.go_back(wait_until="domcontentloaded")
            self._progress.went_astray()

    async def _hide(self, standing: Sequence[tuple[Banner, Found]]) -> bool:
        if self._progress.hides >= _MOST_HIDES:
            self._progress.ended("failed", detail="it comes back when it is hidden")
            return True
        self._progress.hide(says_thanks=all(banner.says_thanks for banner, _ in standing))
        for banner, found in standing:
            frame = found.document.frame
            if frame.parent_frame is None:
                await found.document.hide(banner.container.number)
            else:
                await hide_frame(frame)
                await self._looker.main.clear()
        return False

    # -- the end

    async def _nothing_stands(self, founds: Sequence[Found], *, until: float) -> bool:
        """Waits where more is to come; else proves that the page is free."""
        if self._progress.awaits_second_layer:
            opened = self._progress.pressed_at + _SECOND_LAYER
            if time.monotonic() < opened:
                await self._looker.change(founds, seconds=opened - time.monotonic())
                return False
            self._progress.ended("hidden", detail="nothing to choose came behind its settings")
        if self._progress.outcome == "none":
            return not await self._waited(founds, until=until)
        await self._free_the_page()
        return True

    async def _waited(self, founds: Sequence[Found], *, until: float) -> bool:
        """Waits for something new where a banner is to be expected; False where it is not, or no longer."""
        left = 0.0 if hosts.is_known(self._page) else await self._worth_waiting(founds, until=until)
        if left <= 0:
            if self._is_late:
                hosts.note(self._page)
            return False
        await self._looker.change(founds, seconds=left)
        return True

    async def _worth_waiting(self, founds: Sequence[Found], *, until: float) -> float:
        """Returns for how many seconds: by signs of a consent platform, and later for timers that still run."""
        left = until - time.monotonic()
        if await self._looker.expects(founds):
            return left
        if not self._is_late or left < -_TIMERS:
            return 0.0
        ends = await self._looker.main.timers_end()
        return min(ends + 0.1, left + _TIMERS) if ends > 0 else 0.0

    async def _free_the_page(self) -> None:
        if self._progress.outcome != "hidden":  # what is hidden comes again on the next page
            hosts.note(self._page)
        main: Document = self._looker.main
        until = time.monotonic() + _UNLOCKS
        while not await main.is_free():
            if time.monotonic() > until:
                await main.clear()
                if not await main.is_free():
                    self._progress.ended("failed", detail="the page stays locked")
                return
            await main.watch(seconds=0.1)

    # -- navigations

    async def _await_arrival(self) -> None:
        """Waits for a navigation under way; one that leads nowhere (a download, no content) is not waited for long."""
        try:
            await asyncio.wait_for(self._arrived.wait(), _NAVIGATES)
        except TimeoutError:
            self._arrived.set()

    async def _follow(self) -> None:
        try:
            await self._page.wait_for_load_state("domcontentloaded", timeout=_NAVIGATES * 1000)
        except Error:
            await asyncio.sleep(0.05)  # closed, crashed, or gone again: the caller's time ends it

    def _count_load(self, _page: Page) -> None:
        self._loads += 1
        self._arrived.set()

    def _note_navigation(self, event: Mapping[str, Any]) -> None:
        if event["frameId"] == self._frame and event["navigationType"] not in _WITHIN:
            self._asked = self._asked or event["url"]
            self._arrived.clear()


def _is_better_by_hand(name: str, founds: Sequence[Found]) -> bool:
    """Tells whether we can do more than the rule: it only hides, or it presses what agrees."""
    rule = named(name)
    if rule is None or not (rule.agrees or rule.hides):
        return False
    presses = [next_press(banner, policy="reject") for found in founds for banner in found.banners]
    return rule.agrees or any(presses)
