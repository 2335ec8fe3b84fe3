"""Which hosts have shown what they have in a browser's context.

There is no need to wait there for a banner that is kept away by a cookie.
"""

from typing import Final
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.async_api import BrowserContext, Page

_KNOWN: Final[WeakKeyDictionary[BrowserContext, set[str]]] = WeakKeyDictionary()


def is_known(page: Page) -> bool:
    """Tells whether the page's host is one of these."""
    return urlsplit(page.url).netloc in _KNOWN.get(page.context, ())


def note(page: Page) -> None:
    """Adds the page's host."""
    _KNOWN.setdefault(page.context, set()).add(urlsplit(page.url).netloc)
