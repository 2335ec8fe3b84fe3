"""Redirects as browsers follow them, from servers that do not know what a URL is.

A Location leads on when it is `askable`. Anything else (`javascript:`, `data:`, `file:`, no host, 100 kB, nothing at
all) is not followed: the answer goes to the spider as it came, and its outcome is `bad-redirect`.
"""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares import redirect
from scrapy.http import Response

from crawler.fetch.askable import askable

_STATUSES = frozenset({301, 302, 303, 307, 308})


class _WithoutReferer:
    """No request of ours tells where it comes from, so there is nothing to say about it in the log."""

    def _engine_started(self) -> None:
        pass


class RedirectMiddleware(_WithoutReferer, redirect.RedirectMiddleware):
    """Follows the redirects that lead to a URL; the others are the answer."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # without the deprecated `spider`
        """Follow a redirect."""
        location = response.headers.get("Location")
        if response.status in _STATUSES and location is not None and not request.meta.get("dont_redirect"):
            target = askable(location, base=request.url)
            if target is None:
                return response
            response = response.replace(headers={**response.headers, "Location": target})
        followed: Request | Response = super().process_response(request, response)
        return followed


class MetaRefreshMiddleware(_WithoutReferer, redirect.MetaRefreshMiddleware):
    """Follows a page that leads on by itself, if it leads to a URL; else the page is the answer."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # as above
        """Follow a meta refresh."""
        try:
            followed: Request | Response = super().process_response(request, response)
        except ValueError:  # whatever stands in the page, it is no URL
            return response
        return followed

    def _redirect_request_using_get(self, request: Request, response: Response, redirect_url: str) -> Request:
        target = askable(redirect_url, base=request.url)
        if target is None:
            raise ValueError(redirect_url)
        made: Any = super()._redirect_request_using_get(request, response, target)
        assert isinstance(made, Request)
        return made
