"""A page's DevTools session, as Playwright hands it out: calls that may fail, and events for plain functions."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from playwright.async_api import CDPSession, Error, Page


class Gone(Exception):  # noqa: N818  # an outcome, not a fault
    """The browser did not do it: the page went on, was closed, or the protocol says no."""


class Session:
    """Talks to one page's target."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    @classmethod
    async def of(cls, page: Page) -> Self:
        """Opens a session of its own beside Playwright's."""
        return cls(await page.context.new_cdp_session(page))

    async def call(self, method: str, **params: Any) -> Mapping[str, Any]:
        """Returns the answer to a call; raises `Gone` when there is none."""
        try:
            answer: Mapping[str, Any] = await self._session.send(method, params)
        except Error as error:
            raise Gone(f"{method}: {error.message}") from error
        return answer

    def on(self, event: str, told: Callable[[Mapping[str, Any]], None]) -> None:
        """Has a function called with each event of a name, in their order."""
        self._session.on(event, told)

    async def detach(self) -> None:
        """Ends the session; what was paused goes on."""
        try:
            await self._session.detach()
        except Error as error:
            raise Gone(str(error.message)) from error
