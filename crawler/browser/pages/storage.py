"""What a page keeps in the browser: cookies, localStorage and sessionStorage of every origin in it.

On replay a consent banner comes back unless they are there again.
"""

import asyncio
import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from playwright.async_api import Error

from crawler.browser.pages.tab import Gone, Moved, Tab

_MOST: Final = 2_000_000  # characters of one storage; browsers allow five million
_ORIGINS: Final = 30
_SECONDS: Final = 5.0


async def storage_of(tab: Tab) -> dict[str, Any]:
    """Returns `{"cookies": [...], "localStorage": {origin: {key: value}}, "sessionStorage": {origin: {...}}}`.

    Cookies are Playwright's. What cannot be read (a frame without storage, a page that is gone) is left out.
    """
    storage: dict[str, Any] = {"cookies": [], "localStorage": {}, "sessionStorage": {}}
    with contextlib.suppress(Error, TimeoutError):
        async with asyncio.timeout(_SECONDS):
            storage["cookies"] = [dict(cookie) for cookie in await tab.page.context.cookies()]
            tree = await tab.session.send("Page.getFrameTree")
            for origin, frame in _origins(tree["frameTree"]).items():
                for name, items in zip(("localStorage", "sessionStorage"), await _items(tab, frame), strict=True):
                    if items:
                        storage[name][origin] = items
    return storage


def _origins(tree: Mapping[str, Any]) -> dict[str, str]:
    """One frame for each origin on the web, at most so many, the page's own first."""
    origins: dict[str, str] = {}
    for frame in _frames(tree):
        if frame["securityOrigin"].startswith("http") and len(origins) < _ORIGINS:
            origins.setdefault(frame["securityOrigin"], frame["id"])
    return origins


def _frames(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield tree["frame"]
    for child in tree.get("childFrames", ()):
        yield from _frames(child)


async def _items(tab: Tab, frame: str) -> list[dict[str, str]]:
    try:
        items: list[dict[str, str]] = await tab.ask("storage", _MOST, seconds=_SECONDS, frame=frame)
    except (Error, Moved, Gone):  # it has gone; that the page is gone shows elsewhere
        return [{}, {}]
    return items
