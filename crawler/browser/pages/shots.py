"""Pictures of a page, made in the browser: the whole of it as PNG, what a screen shows of it as a small JPEG."""

import asyncio
import base64
import contextlib
from typing import Any, Final

from playwright.async_api import CDPSession, Error

WIDTH, HEIGHT = 1280, 800  # of the window, in pixels
TALLEST: Final = 16_384  # pixels of a page that are shown; what browsers draw in one piece
_SMALL: Final = 640  # width of a thumbnail
_SECONDS: Final = 15.0
_TRIES: Final = 2  # the process that draws may die of one, and is replaced


async def whole_page(session: CDPSession, *, height: int) -> bytes | None:
    """Returns the page as it would hang on a wall, at most `TALLEST` pixels high, as PNG; None when none comes."""
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": max(1, min(height, TALLEST)), "scale": 1}
    return await _shot(
        session, {"format": "png", "clip": clip, "captureBeyondViewport": True, "optimizeForSpeed": True}
    )


async def thumbnail(session: CDPSession) -> bytes | None:
    """Returns what the window shows, 640 pixels wide, as JPEG; None when none comes."""
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": HEIGHT, "scale": _SMALL / WIDTH}
    return await _shot(session, {"format": "jpeg", "quality": 75, "clip": clip, "optimizeForSpeed": True})


async def _shot(session: CDPSession, options: dict[str, Any]) -> bytes | None:
    for _ in range(_TRIES):
        with contextlib.suppress(Error):
            try:
                async with asyncio.timeout(_SECONDS):
                    answer = await session.send("Page.captureScreenshot", options)
            except TimeoutError:
                return None
            return base64.b64decode(answer["data"])
    return None
