"""Bodies that nobody reads are not decoded: articles are derived from the WARC, not from Scrapy's responses."""

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.contentcoding import Bounds, decode

MOST_CODINGS = 4  # one in the other
_BEGINNING = Bounds(size=4 * 4096)  # MetaRefreshMiddleware looks at 4,096 characters


class PeekMiddleware(HttpCompressionMiddleware):
    """Undoes the Content-Encoding of responses, but not where the request says `meta["peek"]`.

    Whoever says so wants nothing of the response but its status, its headers, and to be led on by a meta refresh: a
    page that has one in its beginning is decoded all the same.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # without the deprecated `spider`
        """Decode what is wanted."""
        codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        if codings and request.meta.get("peek") and not _refreshes(response.body, codings=codings):
            return _opaque(response)
        if codings.count(",") >= MOST_CODINGS:
            raise IgnoreRequest("too-large")
        return super().process_response(request, response)

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        """Undo one coding as the derivation does, so that a wrong or cut one costs no page; a bomb is too large."""
        bounds = Bounds(size=max_size) if max_size else Bounds()
        content = decode(body, encodings=(encoding.decode("latin-1"),), bounds=bounds)
        if content.problem == "too-large":
            raise IgnoreRequest("too-large")
        return content.data


def _opaque(response: Response) -> Response:
    """Make a response of no type, so that nobody looks for text in it."""
    return Response(**{name: getattr(response, name) for name in Response.attributes})


def _refreshes(body: bytes, *, codings: str) -> bool:
    """Tell whether a page leads on by itself, or may, for all that we can read of it."""
    content = decode(body, encodings=(codings.strip(),), bounds=_BEGINNING)  # of several codings none is known
    beginning = content.data.replace(b"\0", b"").lower()  # of UTF-16 the letters
    return content.problem == "unknown-encoding" or (b"http-equiv" in beginning and b"refresh" in beginning)
