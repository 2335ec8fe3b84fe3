"""A Chromium that runs: how it is started, which processes it has, how much memory they take, and that it ends."""

import asyncio
import contextlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import psutil
from playwright.async_api import Browser, Error, Playwright, async_playwright

from crawler.browser import hints
from crawler.browser.asked import Asked
from crawler.browser.guard import GUARDED_FLAGS
from crawler.browser.sittings import Sitting
from crawler.browser.tab import Gone

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
    f"--disable-features={','.join(_OFF + _WINDOW)}",
)
_WITHOUT: Final = ("--disable-popup-blocking",)  # Playwright's: pop-ups that nobody clicked for shall be blocked
_BEGUN: Final = 30.0  # seconds until a context is open
_CLOSED: Final = 10.0  # seconds
_LISTED: Final = 1.0  # seconds for which a list of processes will do
_START: Final = 60_000.0  # milliseconds; a busy machine may take its time


class Running:
    """A started browser, and the driver through which it is spoken to."""

    def __init__(self, playwright: Playwright, browser: Browser, process: psutil.Process | None) -> None:
        self._playwright = playwright
        self._process = process
        self._is_broken = False
        self._listed: list[psutil.Process] = []
        self._listed_at = -_LISTED
        self.browser = browser

    @classmethod
    async def start(cls, executable: Path, *, user_agent: str, flags: Sequence[str] = ()) -> Self:
        """Starts the program, headless and without a window. Raises Playwright's `Error` when it does not start."""
        playwright = await async_playwright().start()
        try:
            browser = await playwright.chromium.launch(
                executable_path=executable,
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
        """Whether it can still be spoken to."""
        if self._is_broken or not self.browser.is_connected():
            return False
        with contextlib.suppress(psutil.Error):
            return self._process is None or self._process.status() != psutil.STATUS_ZOMBIE
        return False

    async def begin(self, asked: Asked) -> Sitting:
        """Opens a context. A browser that cannot is as good as dead."""
        try:
            async with asyncio.timeout(_BEGUN):
                return await Sitting.begin(self.browser, asked)
        except (Error, TimeoutError) as error:
            self._is_broken = True
            raise Gone("browser-died") from error

    @property
    def memory(self) -> int:
        """Bytes that all its processes hold; what they share is counted once where the system tells."""
        return sum(_held(process) for process in self.processes())

    def holds_more_than(self, most: int) -> bool:
        """Tells whether its `memory` is beyond so many bytes.

        To list the processes and what each of them shares took a third of our own CPU time when both were asked for all
        the time. The list may be a second old, and what is resident, which the system knows already, is never less.
        """
        if time.monotonic() - self._listed_at > _LISTED:
            self._listed, self._listed_at = self.processes(), time.monotonic()
        return sum(map(_resident, self._listed)) > most and sum(map(_held, self._listed)) > most

    def end_largest_page(self) -> None:
        """Kills the process with pages that holds the most; they crash."""
        pages = [process for process in self.processes() if _has_pages(process)]
        if pages:
            with contextlib.suppress(psutil.Error):
                max(pages, key=_held).kill()

    def processes(self) -> list[psutil.Process]:
        """The browser's own process first, then all that it started."""
        if self._process is None:
            return []
        with contextlib.suppress(psutil.Error):
            return [self._process, *self._process.children(recursive=True)]
        return []

    async def close(self) -> None:
        """Ends it, by force where it does not listen."""
        processes = self.processes()
        with contextlib.suppress(Error, TimeoutError):
            async with asyncio.timeout(_CLOSED):
                await self.browser.close()
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()  # psutil knows a process by its start too: nobody else's is meant
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


def _has_pages(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return "--type=renderer" in process.cmdline()
    return False


def _held(process: psutil.Process) -> int:
    """Bytes of one process: its proportional share where the system tells it, else all that is resident."""
    with contextlib.suppress(OSError, ValueError, StopIteration):
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        return next(int(line.split()[1]) << 10 for line in rollup.splitlines() if line.startswith("Pss:"))
    return _resident(process)


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0
