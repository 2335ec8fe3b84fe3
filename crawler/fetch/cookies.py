"""Cookies within bounds: a site cannot make our requests, or our memory, grow without end.

The bounds are those of RFC 6265, section 6.1: 4,096 bytes a cookie and 50 cookies a domain, beyond which the oldest
goes. What is sent with one request stays below 8 kB, which servers take. Cookies that no request can carry (control
characters, anything that is not ASCII) are not kept.

Which domains are public suffixes is decided by the bundled list: Scrapy's own middleware fetches the current list from
the web, past everything that keeps our requests polite and recorded.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from http.cookiejar import Cookie
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http.cookies import CookieJar

from archive.urls import registrable

LARGEST = 4096  # bytes of a cookie's name and value
MOST = 50  # cookies a domain
MOST_DOMAINS = 200
LONGEST_HEADER = 8192  # bytes of a Cookie field
_UNSENDABLE = re.compile(r"[^\x20-\x7e]")


class BoundedCookieJar(CookieJar):
    """A jar with a bottom."""

    def set_cookie_if_ok(self, cookie: Cookie, request: Request) -> None:
        """Keeps a cookie that may be kept, in place of the oldest one where there are too many."""
        text = f"{cookie.name}={cookie.value or ''}"
        if len(text) > LARGEST or _UNSENDABLE.search(text) or _UNSENDABLE.search(cookie.path):
            return
        super().set_cookie_if_ok(cookie, request)
        self._bound(cookie.domain)

    def _bound(self, domain: str) -> None:
        paths = self._cookies.get(domain, {})
        if sum(map(len, paths.values())) > MOST:
            path, names = next((path, names) for path, names in paths.items() if names)
            self.clear(domain, path, next(iter(names)))
        if len(self._cookies) > MOST_DOMAINS:
            self.clear(next(iter(self._cookies)))

    def add_cookie_header(self, request: Request) -> None:
        """Adds what is kept for a request's URL, as far as it fits."""
        super().add_cookie_header(request)
        sent = request.headers.get("Cookie")
        if sent and len(sent) > LONGEST_HEADER:
            request.headers["Cookie"] = sent[:LONGEST_HEADER].rpartition(b"; ")[0]


class BoundedCookiesMiddleware(CookiesMiddleware):
    """Scrapy's CookiesMiddleware (700) with jars that have a bottom, and nothing asked of the web."""

    def __init__(self, debug: bool = False) -> None:  # noqa: FBT001, FBT002  # Scrapy's form
        super().__init__(debug)
        self.jars = defaultdict(BoundedCookieJar)

    def _process_cookies(self, cookies: Iterable[Cookie], *, jar: CookieJar, request: Request) -> None:
        host = (urlsplit(request.url).hostname or "").lower()
        for cookie in cookies:
            domain = cookie.domain.removeprefix(".")
            if domain and domain != host and _is_public_suffix(domain):
                continue
            if domain and _is_public_suffix(domain):
                cookie.domain = host
            jar.set_cookie_if_ok(cookie, request)


@lru_cache(maxsize=1024)
def _is_public_suffix(domain: str) -> bool:
    """Whether anyone may have a name below: one label more makes a name of its own."""
    below = f"x.{domain}"
    try:
        return registrable(f"http://{below}/") == below
    except ValueError:
        return True
