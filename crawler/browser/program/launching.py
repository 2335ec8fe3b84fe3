"""A Chromium that runs: how it is started, whether it can be spoken to, and that it ends."""

import asyncio
import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import psutil
from playwright.async_api import Browser, Error, Playwright, async_playwright

from crawler.browser import hints
from crawler.browser.asked import Asked
from crawler.browser.guard import GUARDED_FLAGS
from crawler.browser.pages.sittings import Sitting
from crawler.browser.pages.tab import Gone
from crawler.browser.program.processes import Processes, kill

_WINDOW: Final = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup")
"""What a window has besides its page, drawn by a renderer of its own: more than half of what a small page costs."""

_OFF: Final = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""What Playwright 1.65 switches off (`chromiumSwitches.ts`), but for ThirdPartyStoragePartitioning.

Quirk: of two --disable-features Chromium takes the last, so ours has to say it all. Its contexts are incognito ones,
where the storage of other sites' frames is refused unless it is partitioned: consent platforms live in such frames.
"""

FLAGS: Final = (
    "--disable-site-isolation-trials",  # else frames of other sites are targets of their own, and lost for a recorder
    "--disable-gpu",
    "--font-render-hinting=none",
    "--animation-duration-scale=0",  # of the window's own parts, not of pages: each page had it drawn 20 times more
    f"--disable-features={','.join(_OFF + _WINDOW)}",
)
WITH_PREFERENCES: Final = Path(__file__).with_name("with_preferences.sh")
EXECUTABLE: Final = "MICROFICHE_CHROMIUM"  # names to that script what it runs
_WITHOUT: Final = ("--disable-popup-blocking",)  # Playwright's: pop-ups that nobody clicked for shall be blocked
_BEGUN: Final = 30.0  # seconds until a context is open
_CLOSED: Final = 10.0  # seconds
_START: Final = 60_000.0  # milliseconds; a busy machine may take its time


class Running:
    """A started browser, and the driver through which it is spoken to."""

    def __init__(self, playwright: Playwright, browser: Browser, process: psutil.Process | None) -> None:
        self._playwright = playwright
        self._is_broken = False
        self.browser = browser
        self.processes = Processes(process)

    @classmethod
    async def start(cls, executable: Path, *, user_agent: str, flags: Sequence[str] = ()) -> Self:
        """Starts the program, headless and without a window. Raises Playwright's `Error` when it does not start."""
        playwright = await async_playwright().start()
        try:
            browser = await playwright.chromium.launch(
                executable_path=WITH_PREFERENCES,
                env={**os.environ, EXECUTABLE: str(executable)},
                args=[*FLAGS, *GUARDED_FLAGS, hints.flag(user_agent), *flags],
                ignore_default_args=list(_WITHOUT),
                chromium_sandbox=not _is_root(),
                timeout=_START,
                handle_sigint=False,  # ours to answer: pages under way are finished or told
                handle_sigterm=False,
                handle_sighup=False,
            )
            async with asyncio.timeout(_BEGUN):  # one that was killed by now may answer nothing, for ever
                return cls(playwright, browser, await _process_of(browser))
        except TimeoutError as error:
            await _stop(playwright)
            raise Error("it does not answer") from error
        except BaseException:
            await _stop(playwright)  # which ends a browser that it started
            raise

    @property
    def is_alive(self) -> bool:
        """Whether it can still be spoken to, and has all that pages need."""
        return not self._is_broken and self.browser.is_connected() and self.processes.are_whole

    async def begin(self, asked: Asked) -> Sitting:
        """Opens a context. A browser that cannot is as good as dead."""
        try:
            async with asyncio.timeout(_BEGUN):
                sitting = await Sitting.begin(self.browser, asked, weigh=lambda: self.processes.own_memory)
        except (Error, TimeoutError) as error:
            self._is_broken = True
            raise Gone("browser-died") from error
        self.processes.look()
        return sitting

    async def close(self) -> None:
        """Ends it, by force where it does not listen."""
        processes = self.processes.all()
        with contextlib.suppress(Error, TimeoutError):
            async with asyncio.timeout(_CLOSED):
                await self.browser.close()
        kill(processes)
        await _stop(self._playwright)


async def _stop(playwright: Playwright) -> None:
    with contextlib.suppress(Error, TimeoutError):
        async with asyncio.timeout(_CLOSED):
            await playwright.stop()


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


async def _process_of(browser: Browser) -> psutil.Process | None:
    session = await browser.new_browser_cdp_session()
    told: dict[str, Any] = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    own = next((one["id"] for one in told["processInfo"] if one["type"] == "browser"), None)
    with contextlib.suppress(psutil.Error):
        return psutil.Process(own) if own else None
    return None
