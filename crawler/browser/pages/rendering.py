"""One page, from the first request to its pictures: gone to, settled, taken."""

import asyncio
import contextlib
import re
import time
from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urldefrag

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout

from archive import state
from archive.consent import Consent
from crawler.browser.asked import Asked, Rendered
from crawler.browser.pages import settling, shots
from crawler.browser.pages.settling import Budget
from crawler.browser.pages.sittings import Sitting
from crawler.browser.pages.storage import storage_of
from crawler.browser.pages.tab import Gone, Moved, Stopped, Tab
from crawler.browser.recording import cdp
from crawler.browser.recording.reasons import reason_of
from crawler.browser.recording.recorder import Recorder
from crawler.consent.settler import Settler
from crawler.fetch.failures import Unfetched, unfetched

__all__ = ["Asked", "Rendered", "render_page"]

_NAVIGATIONS: Final = 3  # by scripts, beyond the one that was asked for
_COMMIT: Final = 30.0  # seconds until an answer begins
_TOLD: Final = 2.0  # seconds in which a crash is told that aborted a navigation
_LOAD: Final = 12.0
_CALM: Final = 8.0
_BANNER: Final = 8.0
_LATE_BANNER: Final = 1.0
_TAKING: Final = 10.0  # seconds of a budget that are kept for taking what is there
_GRACE: Final = 5.0  # seconds beyond the budget before a page is given up
_LEAVES: Final = 3.0
_UNTIDY: Final = ("dialogs", "popups", "downloads", "interruptions", "endless", "unsettled", "unquiet")
_CODE: Final = re.compile(r"net::ERR_\w+")
_LARGEST: Final = 32_000_000  # characters of a DOM


class Gate:
    """Whether a page may ask for something: what the crawl says, and no more than a few documents in place of its own.

    While it is `held`, the page cannot leave for another document at all.
    """

    def __init__(self, asked: Asked, tab: Tab) -> None:
        self._asked = asked
        self._tab = tab
        self.held = False

    async def may_ask(self, url: str, *, is_navigation: bool) -> str | None:
        """Returns the reason why not, or None."""
        if is_navigation and self._tab.is_leaving_for(url):
            if self.held:
                return "not-followed"
            if self._tab.counts["navigations"] > _NAVIGATIONS:
                return "navigates-on"
        return await self._asked.may_ask(url, is_navigation=is_navigation)


class Visit:
    """A page while it is rendered."""

    def __init__(self, asked: Asked, sitting: Sitting, tab: Tab, *, seconds: float) -> None:
        self._asked = asked
        self._sitting = sitting
        self._tab = tab
        self._budget = Budget(seconds)
        self._began = time.monotonic()
        self._before: bytes | None = None
        self._consent = Consent()

    async def go(self) -> Rendered:
        """Does it all. Raises `Gone`, or `Unfetched` when the network gave no page."""
        self._gate = Gate(self._asked, self._tab)
        self._recorder = Recorder(
            cdp.Session(self._tab.session),
            keep=self._asked.keep,
            may_ask=self._gate.may_ask,
            guard=self._sitting.guard,
            weigh=self._sitting.weigh,
            remembered=self._sitting.captures,
            holds_page=True,
        )
        await self._recorder.begin()
        self._settler = await Settler.attach(
            self._tab.page, session=self._tab.session, policy=self._asked.policy, on_found=self._found
        )
        started = datetime.now(UTC)
        try:
            await self._navigate()
            await self._settle()
            return await self._take(started)
        finally:
            await self._recorder.finish(seconds=self._budget.most(5))

    async def leave(self) -> bool:
        """Leaves the page so that its window can show another; tells whether nothing of this one is left in it.

        Only after a page of which all has come to its end, and that did nothing out of the ordinary.
        """
        if self._consent.outcome != "none" or any(self._tab.counts[what] for what in _UNTIDY):
            return False
        with contextlib.suppress(TimeoutError, Error, Moved, Stopped, Gone, cdp.Gone):
            async with asyncio.timeout(_LEAVES):
                self._settler.detach()
                if await self._tab.leave() and await self._recorder.is_at_rest():
                    await self._tab.detach()
                    return True
        return False

    async def _found(self) -> None:
        self._before = await shots.thumbnail(self._tab.session)

    async def _navigate(self) -> None:
        milliseconds = 1000 * self._budget.most(_COMMIT, keep=_TAKING)
        try:
            await self._tab.page.goto(self._asked.url, wait_until="commit", timeout=milliseconds)
        except Error as error:
            failure = self._failure(error)
            if failure.reason == "aborted":
                await self._tab.gone_within(_TOLD)
            raise failure from error
        await self._tab.forget_history()

    def _failure(self, error: Error) -> Unfetched:
        """Why the first navigation came to nothing, in the words of plain HTTP."""
        reason = self._recorder.document_error
        if self._recorder.document_status is not None:
            reason = "no-page"
        elif reason is None:
            reason = "timeout" if isinstance(error, PlaywrightTimeout) else reason_of(_code(error))
        return unfetched(error.message.partition("\n")[0], reason=reason)

    async def _settle(self) -> None:
        tab, budget, traffic = self._tab, self._budget, self._recorder
        if not await settling.loaded(tab, seconds=budget.most(_LOAD, keep=_TAKING)):
            tab.counts["endless"] += 1
        await tab.forget_history()
        await settling.quiet(traffic, seconds=budget.most(_CALM, keep=_TAKING))
        await settling.try_to(lambda: settling.filled(tab, traffic, budget=budget, keep=_TAKING))
        seconds = budget.most(_BANNER, keep=_TAKING)
        self._consent = await self._settled(self._settler.settle(seconds=seconds), seconds=seconds)
        self._gate.held = True
        await settling.try_to(lambda: settling.unfold(tab, traffic, budget=budget, keep=_TAKING))
        self._gate.held = False
        seconds = budget.most(_LATE_BANNER, keep=_TAKING)
        late = await self._settled(self._settler.settle_late(seconds=seconds), seconds=seconds + _BANNER)
        self._gate.held = True
        self._consent = _together(self._consent, late)
        if not await settling.quiet(traffic, seconds=budget.most(_CALM / 2, keep=_TAKING)):
            tab.counts["unquiet"] += 1
        self._gate.held = False
        seconds = budget.most(_LATE_BANNER, keep=_TAKING) + _GRACE
        last = await self._settled(self._settler.settle_last(seconds=seconds), seconds=seconds)
        self._gate.held = True
        self._consent = _together(self._consent, last)

    async def _settled(self, work: Awaitable[Consent], *, seconds: float) -> Consent:
        """What came of a banner; a page that does not answer any more holds nobody up."""
        with contextlib.suppress(TimeoutError, Error):
            async with asyncio.timeout(seconds + _GRACE):
                return await work
        self._tab.counts["unsettled"] += 1
        stands = self._before is not None
        return Consent(outcome="failed", detail="the page did not answer") if stands else Consent()

    async def _take(self, started: datetime) -> Rendered:
        dom = await self._dom()
        height = await self._tab.ask("still", seconds=5)
        view = await shots.whole_page(self._tab.session, height=height)
        thumbnail = await shots.thumbnail(self._tab.session)
        storage = await storage_of(self._tab)
        recorder = self._recorder
        url = recorder.document_url or urldefrag(self._tab.page.url).url
        await recorder.finish(seconds=self._budget.most(5), state=state.header(storage, url=url))
        seen = dict(recorder.seen)
        met = self._consent.outcome != "none"
        return Rendered(
            url=url,
            redirects=recorder.redirects,
            status=recorder.document_status or 200,
            headers=tuple(recorder.document_headers),
            date=recorder.document_date or started,
            dom=dom,
            document=recorder.document,
            consent=self._consent,
            seen=seen,
            kinds=dict(recorder.kinds),
            missing=dict(recorder.missing),
            too_large=tuple(recorder.too_large),
            view=view,
            thumbnail=thumbnail,
            before=self._before if met else None,
            after=thumbnail if met else None,
            storage=storage,
            facts=self._facts(),
        )

    async def _dom(self) -> str:
        for _ in range(_NAVIGATIONS + 1):
            try:
                return str(await self._tab.ask("dom", _LARGEST, seconds=10))
            except Moved:
                await settling.loaded(self._tab, seconds=self._budget.most(5, keep=5))
        raise Gone("browser-timeout")

    def _facts(self) -> dict[str, int]:
        counts = self._tab.counts + self._recorder.facts
        return {**counts, "milliseconds": round(1000 * (time.monotonic() - self._began))}


def _together(first: Consent, late: Consent) -> Consent:
    """The end of a banner that was looked for twice: what the second look brought, if anything, and all the time."""
    if (late.outcome, late.clicks) == (first.outcome, first.clicks):
        return first
    return replace(late, milliseconds=first.milliseconds + late.milliseconds)


def _code(error: Error) -> str:
    """The browser's own word for it: "net::ERR_…", or the whole message."""
    found = _CODE.search(error.message)
    return found[0] if found else error.message


async def render_page(asked: Asked, sitting: Sitting, *, seconds: float) -> Rendered:
    """Renders a page within so many seconds. Raises `Gone` or `Unfetched`."""
    async with sitting.tab() as tab:
        visit = Visit(asked, sitting, tab, seconds=seconds)
        try:
            async with asyncio.timeout(seconds + _GRACE):
                rendered = await tab.unless_gone(visit.go())
        except TimeoutError as error:
            raise Gone("browser-timeout") from error
        except cdp.Gone as error:
            raise Gone("page-crashed") from error
        tab.is_left = await visit.leave()
        return rendered
