"""Looks at all documents of a page for consent banners."""

import asyncio
import contextlib
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from weakref import WeakSet

from playwright.async_api import CDPSession, Error, Frame, Page

from crawler.consent.devtools import Devtools
from crawler.consent.document import (
    CHANNEL,
    Document,
    asking_once,
    glancing,
    guard_script,
    is_framed_as_banner,
    scene,
    warm,
)
from crawler.consent.judging import Banner, banner
from crawler.consent.sight import Glance, Sight

_STIRS: Final[tuple[Literal["framenavigated", "framedetached", "frameattached"], ...]] = (
    "framenavigated",
    "framedetached",
    "frameattached",
)
_GUARDED: Final[WeakSet[Page]] = WeakSet()  # pages whose documents run the guard's script
_FRAME_ANSWERS: Final = 5.0  # seconds for a frame to answer one look; one that does not is not asked again


@dataclass(frozen=True, slots=True)
class Found:
    """What one look at one document found: banners, innermost documents last."""

    document: Document
    sight: Sight
    banners: tuple[Banner, ...]


class Looker:
    """Knows the documents of a page in which a banner may be: the page's own, and frames that lie over it."""

    def __init__(self, page: Page, *, session: CDPSession) -> None:
        self._page = page
        self._devtools = Devtools(session)
        self._documents: dict[Frame, Document] = {}
        self._silent: WeakSet[Frame] = WeakSet()  # frames whose document did not answer
        self._awaits_server = False  # a frame lies over the page, and its server has not answered yet
        self._stirred = asyncio.Event()  # a frame came, went or loaded

    async def attach(self) -> None:
        """Prepares the page, before its first navigation."""
        await asyncio.to_thread(warm)
        if self._page not in _GUARDED:
            await self._page.add_init_script(guard_script())
            _GUARDED.add(self._page)
        for event in _STIRS:
            self._page.on(event, self._stir)

    def detach(self) -> None:
        """Lets go of the page; what runs in each of its documents stays."""
        for event in _STIRS:
            self._page.remove_listener(event, self._stir)

    def _stir(self, frame: Frame) -> None:
        self._silent.discard(frame)
        self._stirred.set()

    @property
    def main(self) -> Document:
        """The page's own document; it was looked at before."""
        return self._documents[self._page.main_frame]

    def forget(self) -> None:
        """Drops all documents: one of them is gone."""
        self._documents.clear()

    @property
    def is_within(self) -> bool:
        """Whether the page's own document was looked at already."""
        return self._page.main_frame in self._documents

    async def glance(self) -> Glance:
        """Asks the page's own document whether there is anything to look at, and leaves nothing in it."""
        told = await self._devtools.value(glancing(self._page.url))
        if told is None:
            return Glance()
        glance = Glance.parse(told)
        return Glance() if glance.opaque and await self._opened() else glance

    async def scene(self) -> str | None:
        """Returns what one sees of the page, in few words; None while another document takes its place."""
        try:
            return str(await self._devtools.value(scene()))
        except Error:
            return None

    async def _opened(self) -> bool:
        """Opens closed shadow roots that only the browser knows; tells whether there were any."""
        return await self._devtools.open_roots(asking_once(), channel=CHANNEL) > 0

    async def look(self, *, second: bool = False) -> list[Found]:
        """Looks everywhere; `second`: settings were opened. Raises Error when the page's own document went away."""
        self._stirred.clear()
        self._awaits_server = False
        found = [await self._found(self._page.main_frame, second=second)]
        if found[0] is not None and found[0].sight.opaque and await self._opened():
            found = [await self._found(self._page.main_frame, second=second)]
        frames = [frame for frame in self._page.frames if frame.parent_frame is not None]
        framed = await self._found_in_frames(frames, second=second)
        if any(one and one.sight.opaque for one in framed) and await self._devtools.open_roots_in_frames(
            asking_once(), channel=CHANNEL
        ):
            framed = await self._found_in_frames(frames, second=second)
        found += framed
        return [one for one in found if one is not None]

    async def expects(self, founds: Sequence[Found]) -> bool:
        """Tells whether a banner may yet come."""
        is_coming = self._awaits_server or any(found.sight.coming or found.sight.rules for found in founds)
        return is_coming or await self.main.expects()

    async def change(self, founds: Sequence[Found], *, seconds: float) -> None:
        """Returns when something changes in the page, and at the latest after so long."""
        watches: list[Coroutine[Any, Any, Any]] = [found.document.watch(seconds=seconds) for found in founds]
        tasks = [asyncio.ensure_future(one) for one in (*watches, self._stirred.wait())]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=seconds)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.exception()  # a document that went away is met again by the next look

    async def _found(self, frame: Frame, *, second: bool) -> Found | None:
        is_main = frame.parent_frame is None
        if frame not in self._documents:
            if not is_main and not await is_framed_as_banner(frame):
                return None
            self._documents[frame] = await Document.enter(frame, is_framed=not is_main)
        document = self._documents[frame]
        sight = await document.look(second=second)
        judged = (banner(chain, language=sight.language, second=second) for chain in sight.chains)
        return Found(document, sight, tuple(one for one in judged if one))

    async def _found_in_frames(self, frames: Sequence[Frame], *, second: bool) -> list[Found | None]:
        return list(await asyncio.gather(*(self._found_in_frame(frame, second=second) for frame in frames)))

    async def _found_in_frame(self, frame: Frame, *, second: bool) -> Found | None:
        """Ends with its frame; looks once more where another document has taken the place of the one looked at."""
        if frame in self._silent:
            return None
        try:
            async with asyncio.timeout(_FRAME_ANSWERS):
                if not frame.url:  # no document yet: nobody there could answer
                    self._awaits_server |= await is_framed_as_banner(frame)
                    return None
                for _ in range(2):
                    with contextlib.suppress(Error):
                        return await self._found(frame, second=second)
                    self._documents.pop(frame, None)
        except TimeoutError:
            self._documents.pop(frame, None)
            self._silent.add(frame)
        return None
