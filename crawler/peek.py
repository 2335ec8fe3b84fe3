"""Bodies that nobody reads are not decoded: articles are derived from the WARC, not from Scrapy's responses."""

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes

from archive.contentcoding import Bounds, decode

_BEGINNING = Bounds(size=4 * 4096)  # MetaRefreshMiddleware looks at 4,096 characters


class PeekMiddleware(HttpCompressionMiddleware):
    """Undoes the Content-Encoding of responses; with `meta["peek"]` only that of their beginning, and drops the rest.

    Whoever marks a request so must want nothing of its response but status, headers and a meta refresh.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # without the deprecated `spider`
        """Decode what is wanted."""
        codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
        if not codings or not request.meta.get("peek"):
            return super().process_response(request, response)
        content = decode(response.body, encodings=tuple(map(str.strip, codings.split(","))), bounds=_BEGINNING)
        if content.problem == "unknown-encoding":
            return super().process_response(request, response)
        del response.headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=response.headers, url=response.url, body=content.data)
        if issubclass(kind, TextResponse):
            return response.replace(cls=kind, body=content.data, encoding=None)  # read from this body, not the encoded
        return response.replace(cls=kind, body=content.data)
