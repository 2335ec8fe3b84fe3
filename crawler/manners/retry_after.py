"""When a server says "later", all of its slots wait, and the request is asked again.

429 and 503 pause every request to that server for as long as Retry-After asks (RFC 9110, section 10.2.3: seconds or a
date), or, where it names nothing, for a time that doubles with each attempt. Requests to other servers go on.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.manners.slots import empty, pause, server_of, slot_key, slots_of_server

STATUSES = frozenset({429, 503})
REASON = "retry-after"


def read_retry_after(value: bytes | None, *, now: datetime) -> float | None:
    """Read a Retry-After header as seconds from `now`, never negative; None when there is none or it makes no sense."""
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def backoff(attempt: int, *, base: float, longest: float, jitter: Callable[[], float]) -> float:
    """Give the pause after the first, second, … failed attempt: base, doubling, plus up to half as much again."""
    return min(longest, base * 2.0 ** (attempt - 1) * (1.0 + jitter() / 2.0))


class RetryAfterMiddleware:
    """Pauses the slot of a server that answers 429 or 503, and asks again.

    Stands between RetryMiddleware and the downloader (560); take 429 and 503 out of RETRY_HTTP_CODES. Settings:
    `RETRY_AFTER_TIMES` (3 attempts more), `RETRY_AFTER_MAX` (600 seconds), `RETRY_AFTER_BASE` (2 seconds). A request
    counts its attempts in `meta["retry_after_times"]`; the last answer goes on to the spider. A server that asks for
    more than the longest pause is not asked again until then: its requests end with IgnoreRequest("retry-after").
    """

    def __init__(self, crawler: Crawler, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._crawler = crawler
        self._clock = clock
        self._times = crawler.settings.getint("RETRY_AFTER_TIMES", 3)
        self._longest = crawler.settings.getfloat("RETRY_AFTER_MAX", 600.0)
        self._base = crawler.settings.getfloat("RETRY_AFTER_BASE", 2.0)
        self._closed: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware, listening for answers."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.answered, signal=signals.response_downloaded)
        return middleware

    def process_request(self, request: Request) -> None:
        """Refuse a request to a server that has asked to be left alone for longer than we wait."""
        if self._is_closed(request):
            self._count("refused")
            raise IgnoreRequest(REASON)

    def answered(self, response: Response, request: Request, **_: Any) -> None:
        """Pause or close the slot of an answer that says "later".

        Done on this signal because the slot sends its next request right after it, before any middleware is asked.
        """
        if response.status not in STATUSES:
            return
        slots = slots_of_server(self._crawler, request)
        seconds = self._pause(request, response)
        if seconds > self._longest:
            self._count("closed")
            self._closed[server_of(slot_key(self._crawler, request))] = self._clock() + seconds
            self._count("refused", times=sum(empty(slot, reason=REASON) for slot in slots))
        else:
            self._count("paused")
            for slot in slots:
                pause(slot, seconds=seconds)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Ask again after the pause, or give up."""
        if response.status not in STATUSES or request.meta.get("dont_retry"):
            return response
        if self._is_closed(request):
            self._count("gave-up")
            raise IgnoreRequest(REASON)
        again = self._again(request, status=response.status)
        if again is None:
            self._count("gave-up")
        return again or response

    def _is_closed(self, request: Request) -> bool:
        return self._clock() < self._closed.get(server_of(slot_key(self._crawler, request)), 0.0)

    def _pause(self, request: Request, response: Response) -> float:
        asked = read_retry_after(response.headers.get("Retry-After"), now=datetime.now(UTC))
        if asked is not None:
            return asked
        attempt = int(request.meta.get("retry_after_times", 0)) + 1
        return backoff(attempt, base=self._base, longest=self._longest, jitter=random.random)

    def _again(self, request: Request, *, status: int) -> Request | None:
        times = int(request.meta.get("retry_after_times", 0)) + 1
        if times > self._times:
            return None
        again = request.copy()
        again.meta["retry_after_times"] = times
        again.dont_filter = True
        self._count("retried")
        self._count(f"status/{status}")
        return again

    def _count(self, name: str, *, times: int = 1) -> None:
        assert self._crawler.stats is not None
        if times:
            self._crawler.stats.inc_value(f"retry_after/{name}", times)
