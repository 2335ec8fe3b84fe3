"""What a page keeps in the browser: cookies, localStorage and sessionStorage of every origin in it.

On replay a consent banner comes back unless they are there again.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.async_api import Error

from crawler.browser.tab import Tab

_MOST: Final = 2_000_000  # characters of storage of an origin; browsers allow five million
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
            for origin in _origins(tab):
                for name, is_local in (("localStorage", True), ("sessionStorage", False)):
                    if items := await _items(tab, origin=origin, is_local=is_local):
                        storage[name][origin] = items
    return storage


def _origins(tab: Tab) -> Iterator[str]:
    urls = (urlsplit(frame.url) for frame in tab.page.frames)
    origins = dict.fromkeys(f"{url.scheme}://{url.netloc}" for url in urls if url.scheme in {"http", "https"})
    yield from list(origins)[:_ORIGINS]


async def _items(tab: Tab, *, origin: str, is_local: bool) -> dict[str, str]:
    asked = {"storageId": {"securityOrigin": origin, "isLocalStorage": is_local}}
    try:
        answer = await tab.session.send("DOMStorage.getDOMStorageItems", asked)
    except Error:  # a sandboxed frame has no storage, one that has gone neither
        return {}
    items: dict[str, str] = {}
    size = 0
    for key, value in answer["entries"]:
        size += len(key) + len(value)
        if size <= _MOST:
            items[key] = value
    return items
