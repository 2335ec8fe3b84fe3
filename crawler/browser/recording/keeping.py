"""Whom a page's exchanges are handed to, its own answer last of all; and who decides what may be asked."""

from dataclasses import replace
from typing import Protocol

from archive.cdxj import Capture
from archive.exchange import Exchange
from crawler.browser.recording.hops import Hop
from crawler.browser.recording.traffic import PageTraffic


class Keep(Protocol):
    """Takes an exchange as soon as it is complete; `is_page` marks the main frame's own document."""

    async def __call__(self, exchange: Exchange, *, is_page: bool) -> Capture | None:
        """Returns where it lies."""
        ...


class MayAsk(Protocol):
    """Decides whether a URL may be asked for; `is_navigation` marks a document of the main frame."""

    async def __call__(self, url: str, *, is_navigation: bool) -> str | None:
        """Returns the reason why not; None when it may."""
        ...


class Desk:
    """Hands a page's exchanges out and tells its traffic of them.

    With `holds_page` the page's own answer waits here until it is let go with the page's state, or until another
    document has taken its place.
    """

    def __init__(self, traffic: PageTraffic, *, keep: Keep, holds_page: bool) -> None:
        self._traffic = traffic
        self._keep = keep
        self._holds = holds_page
        self._held: Exchange | None = None

    async def take(self, hop: Hop, exchange: Exchange, *, kind: str, is_page: bool) -> None:
        """Takes a complete exchange."""
        if is_page and self._holds:
            await self._hold(hop, exchange, kind=kind)
            return
        capture = await self._keep(exchange, is_page=is_page)
        self._traffic.kept(hop, exchange, capture=capture, kind=kind, is_page=is_page)

    async def _hold(self, hop: Hop, exchange: Exchange, *, kind: str) -> None:
        self._traffic.kept(hop, exchange, capture=None, kind=kind, is_page=True)
        done: Exchange | None = exchange
        if self._traffic.document_date == exchange.started:
            done, self._held = self._held, exchange
        await self._file(done)

    async def let_go(self, state: str | None) -> None:
        """Hands out what is held; `state` goes into its record."""
        held, self._held = self._held, None
        await self._file(held and replace(held, state=state))

    async def _file(self, page: Exchange | None) -> None:
        if page is not None:
            self._traffic.filed(page, await self._keep(page, is_page=True))
