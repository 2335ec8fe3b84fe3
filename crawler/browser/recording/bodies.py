"""Bodies of answers: which are read, within which bounds, and how they come out of the protocol."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from crawler.browser.recording import exchanges
from crawler.browser.recording.cdp import Gone, Session
from crawler.browser.recording.hops import Hop

READ = 10.0
"""Seconds in which a body has to come whole, once it is asked for."""

LOOK: Final = 0.1
"""Seconds between two looks at what a body that is not there yet takes."""

_GROWTH: Final = 20  # times the largest body: a buffer, in base64 too, doubled as it grows; others', and pictures
_AT_ONCE: Final = 16
_STREAMS: Final = ("text/event-stream", "multipart/x-mixed-replace")
_MEDIA: Final = ("audio/", "video/")


class Unread(Exception):  # noqa: N818  # an outcome, not a fault
    """A body could not be read; while it `is_under_way` the answer can't go on by itself any more."""

    def __init__(self, reason: str, *, is_under_way: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_under_way = is_under_way


class Room:
    """How much of a page's bodies is kept, in bytes, and how many are read at once.

    `weigh` tells the bytes that the browser's own process holds, where bodies are put together before they are told.
    """

    def __init__(self, *, most_body: int, most_page: int, weigh: Callable[[], int] = lambda: 0) -> None:
        self.most_body = most_body
        self.most_page = most_page
        self._left = most_page
        self._weigh = weigh
        self.slots = asyncio.Semaphore(_AT_ONCE)

    def has(self, size: int) -> bool:
        """Whether a body of this size still fits."""
        return size <= min(self.most_body, self._left)

    def take(self, size: int) -> bool:
        """Takes the room for a body; False when there is none."""
        fits = self.has(size)
        self._left -= size if fits else 0
        return fits

    async def watched(self, reading: asyncio.Future[Mapping[str, Any]]) -> Mapping[str, Any]:
        """Waits for a body; raises `Unread` once the browser has grown by more than any that is kept would take.

        Quirk: nothing tells how much of a paused body has come, and a coded one unpacks to whatever it likes. Another
        page's body that was slow meanwhile is given up with it: the plain handler fetches it.
        """
        before = None
        while not (await asyncio.wait({reading}, timeout=LOOK))[0]:
            weight = self._weigh()
            before = before or weight
            if weight > before + _GROWTH * self.most_body:
                raise Unread("too-large", is_under_way=True)
        return reading.result()


def has_body(hop: Hop) -> bool:
    """Tells whether an answer has a body that the browser hands out."""
    return not hop.is_redirect and hop.status not in exchanges.BODILESS and hop.asked["method"] != "HEAD"


def passes(hop: Hop, *, room: Room) -> str | None:
    """Decides whether a body passes unread, and why; None when it is read.

    What was begun to be read must come to its end before the page gets anything of it, so nothing is begun that may
    have none.
    """
    assert hop.answer is not None
    if not has_body(hop):
        return None
    length = exchanges.announced(hop.answer)
    kind = exchanges.field(hop.answer, "content-type").lower()
    if kind.startswith(_STREAMS):
        return "endless"
    if length is None:
        return "endless" if kind.startswith(_MEDIA) or hop.kind == "media" else None
    return None if room.has(length) else "too-large"


def is_beyond(hop: Hop, *, room: Room) -> bool:
    """Tells whether a body that passes is more than the page may have at all: a coded one may unpack to anything."""
    assert hop.answer is not None
    length = exchanges.announced(hop.answer) or 0
    is_coded = bool(exchanges.field(hop.answer, "content-encoding"))
    return hop.kind != "media" and length > (room.most_body if is_coded else room.most_page)


async def read(session: Session, request_id: str, *, room: Room) -> bytes:
    """Returns the whole body of a paused answer, out of its codings; raises `Unread`."""
    async with room.slots:
        reading = asyncio.ensure_future(session.call("Fetch.getResponseBody", requestId=request_id))
        try:
            async with asyncio.timeout(READ):
                answer = await room.watched(reading)
        except TimeoutError:
            raise Unread("endless", is_under_way=True) from None
        except Gone as error:
            raise Unread("body-gone", is_under_way=False) from error
        finally:
            reading.cancel()
    return decoded(answer)


def decoded(answer: Mapping[str, Any]) -> bytes:
    """Returns a body as the protocol has it: as text, or in base64."""
    body: str = answer["body"]
    return base64.b64decode(body) if answer["base64Encoded"] else body.encode("utf-8", "surrogatepass")
