"""One page in the browser: what is counted while it is open, and questions asked in a world of our own.

Scripts of a page can replace every function that there is; what we ask runs in an isolated world, which sees the same
document through functions of its own. A page that no longer answers is interrupted: the script that runs for ever ends
with an exception, and the page can be taken as it stands.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Self, TypeVar
from urllib.parse import urldefrag

from playwright.async_api import Browser, CDPSession, Dialog, Download, Error, Frame, Page

from crawler.browser.pages.frames import Frames
from crawler.browser.pages.scripts import script

_T = TypeVar("_T")
_WORLD: Final = "microfiche"
_INTERRUPTED: Final = 2.0  # seconds within which an interruption must show
_CLOSED: Final = 5.0  # seconds
_MOVED: Final = ("Cannot find context", "context was destroyed", "navigated or closed", "Execution context")


class Gone(Exception):  # noqa: N818  # an outcome, told by its reason
    """The page cannot be spoken to any more; `reason` is browser-died, page-crashed or browser-timeout."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Moved(Exception):  # noqa: N818  # an outcome
    """Another document stands in the page now; what was asked of the one before has no answer."""


class Stopped(Exception):  # noqa: N818  # an outcome
    """The page's scripts are switched off for good: nothing can be waited for in it, only looked at."""


class Tab:
    """A page, from before its first navigation until it is closed.

    `counts` has dialogs, popups, downloads, jsErrors, navigations (of the main frame, to other documents) and
    interruptions. `is_left` tells that nothing of it is left in its window.
    """

    def __init__(self, page: Page, session: CDPSession, *, frame: str) -> None:
        self.page = page
        self.session = session
        self.counts: Counter[str] = Counter()
        self._browser = page.context.browser
        self._frame = frame
        self._worlds: dict[str, int] = {}
        self._is_stopped = False
        self._leaving_for: set[str] = set()
        self._gone: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._chores: set[asyncio.Task[None]] = set()
        self._heard: list[tuple[Any, Callable[[Any], None]]] = []
        self.frames = Frames()
        self.is_left = False

    @classmethod
    async def open(cls, page: Page, *, agent: Mapping[str, Any], is_used: bool) -> Self:
        """Takes an empty page and begins to count; `agent` is what it says of itself, as `hints.told` has it.

        `is_used`: its window has shown other pages before.
        """
        session = await page.context.new_cdp_session(page)
        tree = await session.send("Page.getFrameTree")
        tab = cls(page, session, frame=tree["frameTree"]["frame"]["id"])
        tab._watch()
        await session.send("Page.enable")
        await session.send("Emulation.setUserAgentOverride", dict(agent))
        if not is_used:
            await page.add_init_script(script("dialogs"))
        return tab

    def _watch(self) -> None:
        self._hear("crash", lambda _: self._end("page-crashed"))
        self._hear("close", lambda _: self._end("page-crashed"))
        self._hear("dialog", lambda dialog: self._do(self._dismiss(dialog)))
        self._hear("popup", lambda popup: self._do(_silently(popup.close())))
        self._hear("download", self._refuse)
        self._hear("pageerror", lambda _: self._count("jsErrors"))
        self._hear("framenavigated", self._navigated)
        self.session.on("Page.windowOpen", lambda _: self._count("popups"))
        self.session.on("Page.frameStartedNavigating", self._leaves)
        self.session.on("Page.frameNavigated", self.frames.navigated)
        if self._browser is not None:
            self._browser.on("disconnected", self._lose)

    def _hear(self, event: Any, told: Callable[[Any], None]) -> None:
        self.page.on(event, told)
        self._heard.append((event, told))

    def _lose(self, _browser: Browser) -> None:
        self._end("browser-died")

    def _end(self, reason: str) -> None:
        if not self._gone.done():
            self._gone.set_result(reason)

    def _count(self, what: str) -> None:
        self.counts[what] += 1

    def _do(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _dismiss(self, dialog: Dialog) -> None:
        self._count("dialogs")
        await _silently(dialog.dismiss())

    def _refuse(self, download: Download) -> None:
        self._count("downloads")
        self._do(_silently(download.cancel()))

    def _navigated(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self._count("navigations")
            self._worlds.clear()

    def _leaves(self, event: Mapping[str, Any]) -> None:
        if event["frameId"] == self._frame:
            self._leaving_for.add(urldefrag(event["url"]).url)

    def is_leaving_for(self, url: str) -> bool:
        """Tells whether the main frame itself has set out for an address, not only a frame within it."""
        return urldefrag(url).url in self._leaving_for

    async def gone_within(self, seconds: float) -> None:
        """Waits a moment for the news that page or browser are gone, which `unless_gone` then answers."""
        await asyncio.wait({self._gone}, timeout=seconds)

    async def unless_gone(self, work: Awaitable[_T]) -> _T:
        """Waits for some work on the page. Raises `Gone` as soon as page or browser are."""
        task = asyncio.ensure_future(work)
        try:
            waited: set[asyncio.Future[Any]] = {task, self._gone}
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not task.done():
                task.cancel()
        if self._gone.done():
            with contextlib.suppress(asyncio.CancelledError, Exception):  # it fails because the page is gone
                await task
            raise Gone(self._gone.result())
        return await task

    async def ask(self, name: str, *arguments: Any, seconds: float, frame: str | None = None) -> Any:
        """Calls one of our scripts with JSON arguments in a frame, the main one unless told; returns what it returns.

        A page that does not answer in time is interrupted, twice, the second time with its scripts switched off.
        Raises `Moved` when a navigation came between, `Stopped` when scripts are off and this one waits for something,
        `Gone` when nothing helps.
        """
        function = script(name)
        for patience in (seconds, _INTERRUPTED, _INTERRUPTED):
            if self._is_stopped and function.startswith("async"):
                raise Stopped
            try:
                async with asyncio.timeout(patience):
                    return await self._call(function, arguments, frame=frame or self._frame)
            except TimeoutError:
                await self._interrupt(for_good=patience is not seconds)
        raise Gone("browser-timeout")

    async def _call(self, function: str, arguments: tuple[Any, ...], *, frame: str) -> Any:
        try:
            answer = await self.session.send(
                "Runtime.callFunctionOn",
                {
                    "functionDeclaration": function,
                    "executionContextId": await self._world_of(frame),
                    "arguments": [{"value": argument} for argument in arguments],
                    "returnByValue": True,
                    "awaitPromise": True,
                },
            )
        except Error as error:
            if any(sign in error.message for sign in _MOVED):
                self._worlds.clear()
                raise Moved from error
            raise
        if "exceptionDetails" in answer:
            raise Error(str(answer["exceptionDetails"].get("exception", {}).get("description", "a script failed")))
        return answer["result"].get("value")

    async def _world_of(self, frame: str) -> int:
        if frame not in self._worlds:
            made = await self.session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": _WORLD})
            self._worlds[frame] = made["executionContextId"]
        return self._worlds[frame]

    async def _interrupt(self, *, for_good: bool) -> None:
        """Ends the script that runs; `for_good` lets no other of the page's scripts begin."""
        self._count("interruptions")
        self._is_stopped = self._is_stopped or for_good
        with contextlib.suppress(TimeoutError, Error):
            async with asyncio.timeout(_INTERRUPTED):
                if for_good:
                    await self.session.send("Emulation.setScriptExecutionDisabled", {"value": True})
                await self.session.send("Runtime.terminateExecution")

    async def close(self) -> None:
        """Closes it, whatever state it is in."""
        with contextlib.suppress(TimeoutError, Error):
            async with asyncio.timeout(_CLOSED):
                await self.page.close()
        self._let_go()

    async def forget_history(self) -> None:
        """Leaves nothing that the page could go back to, such as the empty document that its window began with."""
        with contextlib.suppress(Error):  # the page is going on by itself just now
            await self.session.send("Page.resetNavigationHistory")

    async def leave(self) -> bool:
        """Puts an empty document in the page's place and lets go; tells whether nothing of the page is left there.

        Nobody is asked whether to leave, and nobody says goodbye over the network: scripts are off, and the document is
        opened anew without those that listen, as scripts are on again before the end of a document is told. What a
        window keeps for its pages is emptied: sessionStorage of each frame, the window's name. Raises whatever a page
        raises that is gone, or does not answer.
        """
        await self.session.send("Emulation.setScriptExecutionDisabled", {"value": True})
        tree = await self.session.send("Page.getFrameTree")
        frames = self.frames.standing(tree["frameTree"])
        if frames is None or self._frame not in frames:  # of no origin: nothing of ours is to be had in it
            return False
        for frame in sorted(frames, key=lambda one: one == self._frame):  # the page last: its frames end with it
            await self.ask("forget", seconds=_CLOSED, frame=frame)
        await self.page.goto("about:blank", wait_until="commit", timeout=1000 * _CLOSED)
        await self.session.send("Emulation.setScriptExecutionDisabled", {"value": False})
        self._let_go()
        return not self._gone.done()

    async def detach(self) -> None:
        """Ends the session with the page that was left; what is paused in it goes on."""
        await self.session.detach()

    def _let_go(self) -> None:
        for event, told in self._heard:
            self.page.remove_listener(event, told)
        self._heard.clear()
        if self._browser is not None:
            self._browser.remove_listener("disconnected", self._lose)  # it outlives its pages by far
            self._browser = None
        for chore in tuple(self._chores):
            chore.cancel()


async def _silently(work: Awaitable[Any]) -> None:
    """Does something about a page that may be gone by then."""
    with contextlib.suppress(Error):
        await work
