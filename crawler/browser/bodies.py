"""Bodies of answers: which are read, within which bounds, and how they come out of the protocol."""

import asyncio
import base64
from collections.abc import Mapping
from typing import Any, Final

from crawler.browser import exchanges
from crawler.browser.cdp import Gone, Session
from crawler.browser.hops import Hop

READ = 10.0
"""Seconds in which a body has to come whole, once it is asked for."""

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
    """How much of a page's bodies is kept, in bytes, and how many are read at once."""

    def __init__(self, *, most_body: int, most_page: int) -> None:
        self.most_body = most_body
        self._left = most_page
        self.slots = asyncio.Semaphore(_AT_ONCE)

    def has(self, size: int) -> bool:
        """Whether a body of this size still fits."""
        return size <= min(self.most_body, self._left)

    def take(self, size: int) -> bool:
        """Takes the room for a body; False when there is none."""
        fits = self.has(size)
        self._left -= size if fits else 0
        return fits


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


async def read(session: Session, request_id: str, *, room: Room) -> bytes:
    """Returns the whole body of a paused answer, out of its codings; raises `Unread`."""
    async with room.slots:
        try:
            async with asyncio.timeout(READ):
                answer = await session.call("Fetch.getResponseBody", requestId=request_id)
        except TimeoutError:
            raise Unread("endless", is_under_way=True) from None
        except Gone as error:
            raise Unread("body-gone", is_under_way=False) from error
    return decoded(answer)


def decoded(answer: Mapping[str, Any]) -> bytes:
    """Returns a body as the protocol has it: as text, or in base64."""
    body: str = answer["body"]
    return base64.b64decode(body) if answer["base64Encoded"] else body.encode("utf-8", "surrogatepass")
