"""Settles the consent banner of one page, and proves that it is gone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Error, Frame, Page, Request

from archive.consent import Consent, Outcome
from crawler.consent.document import Document, guard_script, hide_frame, is_framed_as_banner
from crawler.consent.judging import Banner, Press, Way, banner, next_press
from crawler.consent.labels import Meaning, meaning
from crawler.consent.rules import rules
from crawler.consent.sight import Sight
from crawler.consent.vocabulary import fold, spoken

_MOST_CLICKS: Final = 6
_MOST_RELOADS: Final = 2
_FADES: Final = 1.5  # seconds that a banner may take to go after a click
_RULE_LOOKS: Final = 0.6  # seconds for a rule to see a banner that we see already
_RULE_RUNS: Final = 6.0
_EXPECTED: Final = 1.2  # seconds to wait for a banner whose scripts are there, right after the load
_NAVIGATES: Final = 8.0
_WAYS: Final = {"reject": "optOut", "accept": "optIn"}


@dataclass(slots=True)
class Met:
    """What has been met and done so far."""

    platform: str | None = None
    action: str | None = None
    label: str | None = None
    outcome: Outcome = "none"
    detail: str | None = None
    clicks: int = 0
    pressed: set[tuple[str, str]] = field(default_factory=set)  # frame's URL, folded label
    rules_tried: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A banner, or rules that may fit, in one document."""

    document: Document
    sight: Sight
    banners: tuple[Banner, ...]


class Settler:
    """Finds the consent banner of a page and settles it by policy: "reject", "accept" or "leave"."""

    def __init__(self, page: Page, *, policy: str, on_found: Callable[[], Awaitable[None]] | None) -> None:
        self._page = page
        self._policy = policy
        self._on_found = on_found
        self._documents: dict[Frame, Document] = {}
        self._met = Met()
        self._loads = 0
        self._loading = asyncio.Event()
        self._loaded = asyncio.Event()
        self._loaded.set()

    @classmethod
    async def attach(
        cls, page: Page, *, policy: str, on_found: Callable[[], Awaitable[None]] | None = None
    ) -> "Settler":
        """Prepares a page, before its first navigation. `on_found` is called once, before the first click."""
        self = cls(page, policy=policy, on_found=on_found)
        await page.add_init_script(guard_script())
        page.on("framenavigated", self._forget)
        page.on("framedetached", self._forget)
        page.on("domcontentloaded", self._count_load)
        page.on("request", self._note_navigation)
        return self

    async def settle(self, *, seconds: float = 8.0) -> Consent:
        """Settles what there is, once the document is there; returns at once where nothing hints at a banner."""
        return await self._settle(seconds=seconds, expected=_EXPECTED)

    async def settle_late(self, *, seconds: float = 2.0) -> Consent:
        """Looks again, after scrolling: some banners come late. Returns what became of the page's banner in all."""
        return await self._settle(seconds=seconds + 6, expected=seconds)

    async def _settle(self, *, seconds: float, expected: float) -> Consent:
        began = time.monotonic()
        reloads = self._loads
        deadline = began + seconds
        while time.monotonic() < deadline:
            try:
                if await self._step(until=min(began + expected, deadline), reloads=self._loads - reloads):
                    break
            except Error:
                await self._followed(deadline=deadline)
        else:
            self._met.outcome, self._met.detail = "failed", "out of time"
        return self._told(began)

    def _told(self, began: float) -> Consent:
        met = self._met
        return Consent(
            outcome=met.outcome,
            platform=met.platform,
            action=met.action,
            label=met.label,
            clicks=met.clicks,
            milliseconds=round(1000 * (time.monotonic() - began)),
            detail=met.detail,
        )

    async def _step(self, *, until: float, reloads: int) -> bool:
        """Does one thing; True when there is nothing more to do."""
        await self._arrived()
        founds = await self._look()
        standing = [(one, found) for found in founds for one in found.banners]
        if self._policy == "leave":
            self._met.platform = self._met.platform or ("fallback" if standing else None)
            return True
        if await self._by_rule(founds, is_standing=bool(standing)):
            return False
        if not standing:
            return await self._nothing_stands(founds, until=until)
        if not self._met.pressed and self._met.platform is None:
            await self._announce("fallback")
        await self._by_hand(*standing[0], reloads=reloads)
        return self._met.outcome in ("pay_wall", "failed")

    async def _look(self) -> list[Found]:
        documents = await asyncio.gather(*(self._document(frame) for frame in self._page.frames))
        return [found for found in await asyncio.gather(*(self._seen(one) for one in documents if one)) if found]

    async def _document(self, frame: Frame) -> Document | None:
        if frame in self._documents:
            return self._documents[frame]
        is_main = frame.parent_frame is None
        try:
            framed = not is_main and await is_framed_as_banner(frame)
            if not is_main and not framed:
                return None
            document = await Document.enter(frame, is_framed=framed)
        except Error:
            if is_main:
                raise
            return None
        self._documents[frame] = document
        return document

    async def _seen(self, document: Document) -> Found | None:
        try:
            sight = await document.look()
        except Error:
            if document.frame.parent_frame is None:
                raise
            self._documents.pop(document.frame, None)
            return None
        judged = (banner(chain, language=sight.language) for chain in sight.chains)
        return Found(document, sight, tuple(one for one in judged if one))

    async def _by_rule(self, founds: Sequence[Found], *, is_standing: bool) -> bool:
        """Has autoconsent settle it where one of its rules fits; True when it did something."""
        if self._met.rules_tried:
            return False
        for found in founds:
            if not found.sight.rules:
                continue
            await found.document.start_rules(found.sight.rules)
            name = await found.document.rule_found(seconds=_RULE_LOOKS if is_standing else 0.1)
            if name:
                self._met.rules_tried = True
                return await self._run(name, found)
        return False

    async def _run(self, name: str, found: Found) -> bool:
        await self._announce(name)
        rule = next((one for one in rules() if one.name == name), None)
        if rule and rule.agrees and self._policy == "reject":
            return False
        forbidden = [fold(label).strip() for one in found.banners for label in one.agreeing if self._policy != "accept"]
        told = await found.document.run_rule(_WAYS[self._policy], forbidden=forbidden, seconds=_RULE_RUNS)
        met = self._met
        met.action, met.label, met.clicks = "rule", told["label"] or None, met.clicks + told["clicks"]
        if not told["result"] or told["blocked"]:
            return True
        met.outcome = self._outcome_of_rule(told)
        return True

    def _outcome_of_rule(self, told: dict[str, object]) -> Outcome:
        if told["clicks"] == 0 and not told["label"]:
            return "hidden" if self._policy == "reject" else "accepted"
        if self._policy == "accept":
            return "accepted"
        label = str(told["label"] or "")
        is_closing = bool(label) and meaning(label, spoken=spoken(label)) is Meaning.SEEN
        return "acknowledged" if is_closing else "rejected"

    async def _announce(self, platform: str) -> None:
        is_first = self._met.platform is None
        self._met.platform = platform
        if is_first and self._on_found:
            await self._on_found()

    async def _by_hand(self, one: Banner, found: Found, *, reloads: int) -> None:
        press = next_press(one, policy=self._policy)
        if one.is_pay_wall and press is None:
            self._met.outcome, self._met.action = "pay_wall", None
            return
        where = found.document.frame.url
        is_new = press is not None and (where, fold(press.control.label)) not in self._met.pressed
        if press is None or self._met.clicks >= _MOST_CLICKS or reloads > _MOST_RELOADS or not is_new:
            await self._hide(one, found)
            return
        await self._press(press, one, found)

    async def _press(self, press: Press, one: Banner, found: Found) -> None:
        document, number = found.document, one.container.number
        met = self._met
        met.pressed.add((document.frame.url, fold(press.control.label)))
        met.label, met.clicks = press.control.label, met.clicks + 1
        met.action = "settings" if press.way in (Way.SETTINGS, Way.SAVE) or met.action == "settings" else "click"
        if press.way is not Way.SETTINGS:
            met.outcome = "rejected" if press.way is Way.SAVE else press.way.value
        if press.way is Way.SAVE:
            await document.untick(number)
        before = await document.signature(number)
        await document.press(press.control.number)
        await document.settled(number, before=before, seconds=_FADES)

    async def _hide(self, one: Banner, found: Found) -> None:
        frame = found.document.frame
        self._met.outcome, self._met.action = "hidden", "hide"
        if frame.parent_frame is None:
            await found.document.hide(one.container.number)
        else:
            await hide_frame(frame)
            await self._documents[self._page.main_frame].clear()

    async def _nothing_stands(self, founds: Sequence[Found], *, until: float) -> bool:
        """Waits where more is to come; else proves that the page is free."""
        if self._met.platform is None:
            left = until - time.monotonic()
            if left <= 0 or not await self._is_expected(founds):
                return True
            await self._changed(founds, seconds=left)
            return False
        main = self._documents[self._page.main_frame]
        for _ in range(8):
            told = await main.proof()
            if not (told["locked"] or told["covered"]):
                return True
            await asyncio.sleep(0.1)
        await main.clear()
        told = await main.proof()
        if told["locked"] or told["covered"]:
            self._met.outcome, self._met.detail = "failed", "the page stays locked"
        return True

    async def _is_expected(self, founds: Sequence[Found]) -> bool:
        if any(found.sight.coming or found.sight.rules for found in founds):
            return True
        return await self._documents[self._page.main_frame].expects()

    async def _changed(self, founds: Sequence[Found], *, seconds: float) -> None:
        watches = [asyncio.ensure_future(found.document.watch(seconds=seconds)) for found in founds]
        _, pending = await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED, timeout=seconds)
        for watch in pending:
            watch.cancel()
        for watch in watches:
            watch.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _followed(self, *, deadline: float) -> None:
        """After a document went away under us: waits for the next one."""
        try:
            await self._page.wait_for_load_state(
                "domcontentloaded", timeout=max(1.0, deadline - time.monotonic()) * 1000
            )
        except Error:
            return

    def _forget(self, frame: Frame) -> None:
        self._documents.pop(frame, None)

    def _count_load(self, _page: Page) -> None:
        self._loads += 1
        self._loaded.set()

    def _note_navigation(self, request: Request) -> None:
        if request.is_navigation_request() and not request.redirected_from and _is_of(self._page, request):
            self._loaded.clear()

    async def _arrived(self) -> None:
        """Waits for a navigation under way; one that led nowhere (a download, no content) is not waited for long."""
        try:
            await asyncio.wait_for(self._loaded.wait(), _NAVIGATES)
        except TimeoutError:
            self._loaded.set()


def _is_of(page: Page, request: Request) -> bool:
    try:
        return request.frame == page.main_frame
    except Error:  # Playwright has no frame yet for the first request of a page
        return False
