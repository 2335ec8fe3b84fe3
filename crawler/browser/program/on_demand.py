"""The browser of this process, loaded and started when a page first needs it: most runs need none."""

from typing import TYPE_CHECKING

from crawler.browser.program.finding import problem_of
from crawler.config import BrowserConfig

if TYPE_CHECKING:
    from crawler.browser.asked import Asked, Rendered
    from crawler.browser.program.chromium import Chromium


class Browser:
    """Renders pages with a `Chromium` that is made for the first."""

    def __init__(self, config: BrowserConfig) -> None:
        self._config = config
        self._chromium: Chromium | None = None

    @property
    def problem(self) -> str | None:
        """Why no page can be rendered, in one line with what to do; None when one can, as far as is known."""
        return self._chromium.problem if self._chromium else problem_of(self._config)

    async def render(self, asked: "Asked") -> "Rendered":
        """Renders a page when there is room for it.

        Raises:
            Unfetched: nothing came of it, for a reason of the network or of the browser.
        """
        if self._chromium is None:
            from crawler.browser.program.chromium import Chromium  # Playwright takes half a second to import

            self._chromium = Chromium(self._config)
        return await self._chromium.render(asked)

    async def leave(self, site_key: str) -> None:
        """Closes what belongs to a site's attempt, which is over."""
        if self._chromium is not None:
            await self._chromium.leave(site_key)

    async def close(self) -> None:
        """Ends the browser, if one was started."""
        if self._chromium is not None:
            await self._chromium.close()
