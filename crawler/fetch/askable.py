"""URLs that can be asked for: fit for a request line, a log line and a record, and without anyone's password.

Pages, feeds and Location headers hold whatever somebody typed. What no request line can hold is percent-encoded, as
browsers do; user names and passwords are dropped, since they would be sent as Authorization, and stand in logs and
commits; so is the fragment, which no server sees.
"""

import re
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.urls import MAX_LENGTH, fetchable

_PLAIN = re.compile(r"https?://[a-z0-9.-]+(?::[1-9][0-9]{0,3})?/[\x21\x24-\x3b\x3d\x3f-\x5f\x61-\x7e]*")
_AROUND = bytes(range(33))
_WITHIN = re.compile(rb"[\t\r\n]")
_UNSAFE = re.compile(rb"[^\x21-\x7e]|[\"<>`]")


def askable(location: bytes | str, *, base: str) -> str | None:
    """Returns the URL to ask for; None when there is none: another scheme, no host, no such port, over 8,192 long.

    Bytes that are not ASCII are encoded one by one, whatever they were meant to be: so the server gets them back.
    """
    raw = location.encode("utf-8", "surrogatepass") if isinstance(location, str) else location
    if len(raw) > MAX_LENGTH:
        return None
    encoded = _UNSAFE.sub(_percent, _WITHIN.sub(b"", raw.strip(_AROUND))).decode("ascii")
    try:
        parts = urlsplit(urljoin(base, encoded))
        origin = fetchable(f"{parts.scheme}://{parts.netloc}/").removesuffix("/")
    except ValueError:
        return None
    url = f"{origin}{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return url if encoded and len(url) <= MAX_LENGTH else None


def _percent(found: re.Match[bytes]) -> bytes:
    return b"%%%02X" % found[0][0]


class AskableMiddleware:
    """Lets only such URLs pass; stands before all others, which may trip over the rest.

    A request for a URL that can be mended is made anew; for one that cannot it ends with IgnoreRequest("bad-url").
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AskableMiddleware":  # noqa: ARG003  # Scrapy's form
        """Make the middleware."""
        return cls()

    def process_request(self, request: Request) -> Request | None:
        """Pass, mend or refuse a request."""
        url = request.url
        if _PLAIN.fullmatch(url) and len(url) <= MAX_LENGTH:
            return None
        mended = askable(url, base=url)
        if mended is None:
            raise IgnoreRequest("bad-url")
        return None if _is_fit(url) else request.replace(url=mended, dont_filter=True)


def _is_fit(url: str) -> bool:
    """Whether a URL can be asked for as it stands, spelt oddly or not."""
    plain = url.partition("#")[0]
    return not _UNSAFE.search(plain.encode("utf-8", "surrogatepass")) and "@" not in urlsplit(plain).netloc
