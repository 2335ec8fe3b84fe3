"""A page's DevTools session, as Playwright hands it out: calls that may fail, and events for plain functions.

Quirk: Playwright's public objects copy and map whatever passes, and look at a listener's signature for every event:
that was half the CPU time that recording cost in this process (playwright 1.65). So events and answers are taken from
the object behind the public one, where there is one.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from playwright.async_api import CDPSession, Error

_PATIENCE: Final = 5.0  # seconds


class Gone(Exception):  # noqa: N818  # an outcome, not a fault
    """The browser did not do it: the page went on, was closed, or the protocol says no."""


class Session:
    """Talks to one page's target."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._behind: Any = getattr(session, "_impl_obj", None)

    async def call(self, method: str, **params: Any) -> Mapping[str, Any]:
        """Returns the answer to a call; raises `Gone` when there is none."""
        try:
            if self._behind is None:
                answer: Mapping[str, Any] = await self._session.send(method, params)
            else:
                answer = await self._behind.send(method, params, None)
        except Error as error:
            raise Gone(f"{method}: {error.message}") from error
        return answer

    async def ask_page(self, method: str, **params: Any) -> Mapping[str, Any]:
        """Calls what the page's own process answers, which may be busy for ever; raises `Gone` after a while too."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return await self.call(method, **params)
        except TimeoutError:
            raise Gone(f"{method}: the page does not answer") from None

    def on(self, event: str, told: Callable[[Mapping[str, Any]], None]) -> None:
        """Has a function called with each event of a name, in their order; it must not raise."""
        (self._behind or self._session).on(event, told)
