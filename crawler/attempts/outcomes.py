"""What came of a promised URL: one word, a reason, and the status that was answered.

The reasons of fetching are listed in `crawler.fetch.failures`; `http-<status>` is an answer that is no page.
"""

import re
from dataclasses import dataclass
from typing import Literal

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.articles.judging import gates
from archive.articles.judging.kinds import Shape, shape
from archive.pages import PAGES
from archive.urls import canonical
from crawler.browser.program.finding import NEEDS_BROWSER
from crawler.fetch.answers import decoded, mime_of
from crawler.fetch.conditional import AT_HAND
from crawler.fetch.failures import Came, Unfetched, reason_of
from crawler.fetch.wire import AddressRefused

Word = Literal["captured", "failed", "excluded", "later"]

_EXCLUDED = frozenset({"off-site", "robots-disallowed"})
_NOT_ASKED = frozenset({"lease-lost", "interrupted"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOO_MANY_REDIRECTS = "max redirections reached"  # Scrapy's word
_REASON = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of one URL in one attempt; `later` is none, and asked again."""

    word: Word
    reason: str | None = None
    status: int | None = None
    final_url: str | None = None


def of_response(response: Response, *, home: str) -> Outcome:
    """Decides on an answer.

    A 200 is captured, and a 304 where we asked whether the page changed. Anything else failed: a redirect that leads
    nowhere we can follow, a page that only leads to the home page, since sites bury what they have deleted there, and
    a gate (a challenge, a CAPTCHA, a log-in) in the page's place, whatever status it has.
    A page that leads to one this attempt has already is captured by it, and says so ("at-hand"). One that is nothing
    without its scripts waits for a machine with a browser ("needs-browser"); what plain HTTP gave is kept.
    """
    first = response.meta.get("redirect_urls", [response.url])[0]
    final = response.url if response.url != first else None
    if response.status == 304 and _is_conditional(response):
        return Outcome(word="captured", status=304, final_url=final)
    if response.status != 200:
        reason = "bad-redirect" if response.status in _REDIRECTS else f"http-{response.status}"
        return Outcome(word="failed", reason=reason, status=response.status, final_url=final)
    if final and _is_home(final, home=home) and not _is_home(first, home=home):
        return Outcome(word="failed", reason="redirected-home", status=response.status, final_url=final)
    if gate := _gate(response):
        return Outcome(word="failed", reason=gate, status=response.status, final_url=final)
    if response.meta.get("needs_browser"):
        return Outcome(word="later", reason=NEEDS_BROWSER, status=response.status, final_url=final)
    here = AT_HAND if AT_HAND in response.flags else None
    return Outcome(word="captured", reason=here, status=response.status, final_url=final)


def _gate(response: Response) -> str | None:
    if AT_HAND in response.flags or mime_of(response) not in PAGES:
        return None
    return gates.at_sight(decoded(response), url=response.url)


def of_failure(error: BaseException | None) -> Outcome | None:
    """Decides on a request without an answer; None when it was never ours to ask, and is still due."""
    if isinstance(error, AddressRefused):
        return Outcome(word="excluded", reason=error.reason)
    if isinstance(error, IgnoreRequest):
        return _of_refusal(str(error))
    if isinstance(error, Unfetched):
        return Outcome(word="failed", reason=error.reason)
    if isinstance(error, ValueError):  # a middleware that tripped over a URL
        return Outcome(word="failed", reason="bad-url")
    reason = reason_of(error, came=Came(connected=True)) if isinstance(error, Exception) else None
    return Outcome(word="failed", reason=reason or type(error).__name__)


def _of_refusal(reason: str) -> Outcome | None:
    if reason in _NOT_ASKED:
        return None
    if reason in _EXCLUDED:
        return Outcome(word="excluded", reason=reason)
    if reason == _TOO_MANY_REDIRECTS:
        return Outcome(word="failed", reason="too-many-redirects")
    return Outcome(word="failed", reason=reason if _REASON.fullmatch(reason) else "refused")


def _is_conditional(response: Response) -> bool:
    headers = response.request.headers if response.request else {}
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def _is_home(url: str, *, home: str) -> bool:
    return canonical(url) == canonical(home) or shape(url) is Shape.HOME
