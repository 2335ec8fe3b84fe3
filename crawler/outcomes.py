"""What came of a promised URL: one word, a reason, and the status that was answered."""

from dataclasses import dataclass
from typing import Literal

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response

from archive.articles.kinds import Shape, shape
from archive.urls import canonical
from crawler.fetch.wire import AddressRefused

Word = Literal["captured", "failed", "excluded"]

_EXCLUDED = frozenset({"off-site", "robots-disallowed"})
_NOT_ASKED = frozenset({"lease-lost", "interrupted"})
_FAILURES: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "timeout"),
    (CannotResolveHostError, "no-such-host"),
    (DownloadConnectionRefusedError, "connection-refused"),
    (DownloadCancelledError, "too-large"),
    (UnsupportedURLSchemeError, "bad-url"),
    (DownloadFailedError, "connection-lost"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one URL in one attempt."""

    word: Word
    reason: str | None = None
    status: int | None = None
    final_url: str | None = None


def of_response(response: Response, *, home: str) -> Outcome:
    """Decides on an answer.

    A 200 is captured, and a 304 where we asked whether the page changed. Anything else failed, and so did a page that only leads to the home page: sites bury what they
    have deleted that way.
    """
    first = response.meta.get("redirect_urls", [response.url])[0]
    final = response.url if response.url != first else None
    if response.status == 304 and _is_conditional(response):
        return Outcome(word="captured", status=304, final_url=final)
    if response.status != 200:
        return Outcome(word="failed", reason=f"http-{response.status}", status=response.status, final_url=final)
    if final and _is_home(final, home=home) and not _is_home(first, home=home):
        return Outcome(word="failed", reason="redirected-home", status=response.status, final_url=final)
    return Outcome(word="captured", status=response.status, final_url=final)


def of_failure(error: BaseException | None) -> Outcome | None:
    """Decides on a request without an answer; None when it was never ours to ask, and is still due."""
    if isinstance(error, AddressRefused):
        return Outcome(word="excluded", reason=error.reason)
    if isinstance(error, IgnoreRequest):
        return _of_refusal(str(error))
    for kind, reason in _FAILURES:
        if isinstance(error, kind):
            return Outcome(word="failed", reason=reason)
    return Outcome(word="failed", reason=type(error).__name__)


def _of_refusal(reason: str) -> Outcome | None:
    if reason in _NOT_ASKED:
        return None
    if reason in _EXCLUDED:
        return Outcome(word="excluded", reason=reason)
    if reason in {"robots-unreachable", "retry-after"}:
        return Outcome(word="failed", reason=reason)
    return Outcome(word="failed", reason="too-many-redirects")


def _is_conditional(response: Response) -> bool:
    headers = response.request.headers if response.request else {}
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def _is_home(url: str, *, home: str) -> bool:
    return canonical(url) == canonical(home) or shape(url) is Shape.HOME
