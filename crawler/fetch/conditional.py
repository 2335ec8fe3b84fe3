"""Asks whether a page changed instead of asking for the page, wherever what is known allows it.

A request is conditional (RFC 9110, section 13) when the archive holds the last answer of its very URL whole, and when
nothing would be lost by a 304. Who makes a request says so in its meta:

    embed        what pages need is always asked so
    conditional  True, or the moment since which the document counts as read: only an answer captured no later was read
                 to its end. One that a crash left captured and unread is asked for again, whole.
    needs_body   the answer is read for what it leads to: a 304 is replaced by the answer it stands for
    goes_on      an unchanged answer may lead to further pages: what a 304 stands for is put into `behind`
    whole        a 304 was of no use: set here, for the request that asks anew
"""

import asyncio
import logging
from datetime import datetime
from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archive.cdxj import Capture
from archive.errors import ArchiveError, StoreError
from archive.ledger.resources import Resource
from archive.original import Original
from archive.originals import REVISIT, Originals, Reference
from archive.records import Record, read_record
from crawler.attempts.live import live_of

AT_HAND: Final = "at-hand"  # flags an answer that was not asked for, because this attempt has it
VALIDATORS: Final = ("If-None-Match", "If-Modified-Since")
_LEFT_OUT = frozenset({"set-cookie", "transfer-encoding"})
logger = logging.getLogger(__name__)


class ConditionalMiddleware:
    """Puts validators into requests, and bodies behind the answers 304 that are read for their links.

    A page that leads to a URL this attempt has captured already is not asked for there again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._can_read = True  # the store, as far as is known

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConditionalMiddleware":
        """Make the middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Ask conditionally where that is allowed; a redirect keeps nothing of the URL before."""
        for name in VALIDATORS:
            request.headers.pop(name, None)
        if request.meta.get("render"):  # the browser asks in its own way
            return None
        answer = self._at_hand(request)
        if answer is None and request.method == "GET" and self._may_ask(request):
            resource = await live_of(self._crawler).known.resource(request.url)
            if resource is not None and may_ask(resource, meta=request.meta):
                request.headers.update(conditions(resource))
        return answer

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Give a 304 the body it stands for, where that is to be read.

        Ask anew, for the whole, where that is not to be had, or where nothing can be told of what the 304 speaks.
        """
        if response.status != 304 or not is_conditional(request):
            return response
        capture: Capture | None = request.meta.get("capture")
        is_confirmed = capture is not None and capture.mime == REVISIT
        if is_confirmed and not request.meta.get("needs_body"):
            request.meta["behind"] = await self._page(request) if request.meta.get("goes_on") else None
            return response
        page = await self._page(request) if is_confirmed else None
        return page or request.replace(dont_filter=True, meta={**request.meta, "whole": True})

    def _may_ask(self, request: Request) -> bool:
        """Whether a 304 would be of use: there is a rule that allows it, and its body can be read where it must be."""
        meta = request.meta
        if meta.get("whole"):
            return False
        return bool(meta.get("embed") or meta.get("conditional")) and (self._can_read or not meta.get("needs_body"))

    def _at_hand(self, request: Request) -> Response | None:
        """The answer for a promised page that was redirected to what this attempt has."""
        redirected = request.meta.get("redirect_urls") and "target" in request.cb_kwargs
        if not redirected or not live_of(self._crawler).known.has_page(request.url):
            return None
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value("archive/at-hand")
        request.meta["capture"] = None
        return Response(request.url, request=request, flags=[AT_HAND])

    async def _page(self, request: Request) -> Response | None:
        live = live_of(self._crawler)
        resource = await live.known.resource(request.url)
        if resource is None or resource.original is None:
            return None
        originals = Originals(live.line.store, site=live.site.name)
        try:
            record = await asyncio.to_thread(_read, originals, resource.original)
        except (StoreError, ArchiveError) as error:
            self._can_read = not isinstance(error, StoreError)
            logger.warning("%s is asked for anew: %s", request.url, error)
            return None
        return _answer(request, record)


def may_ask(resource: Resource, *, meta: dict[str, object]) -> bool:
    """Whether a 304 of this resource would lose nothing."""
    if resource.original is None:
        return False
    read = meta.get("conditional")
    return bool(meta.get("embed")) or read is True or (isinstance(read, datetime) and read >= resource.captured_at)


def conditions(resource: Resource) -> dict[str, str]:
    """The header fields that ask whether a resource changed; none where it has no validators."""
    found = zip(VALIDATORS, (resource.etag, resource.last_modified), strict=True)
    return {name: value for name, value in found if value}


def is_conditional(request: Request) -> bool:
    """Whether a request asks only for what changed."""
    return any(name in request.headers for name in VALIDATORS)


def _read(originals: Originals, original: Original) -> Record:
    wanted = Reference(
        filename=original.filename, offset=original.offset, record_id=original.record_id, digest=original.digest
    )
    return read_record(originals.member(wanted))


def _answer(request: Request, record: Record) -> Response | None:
    """The answer that a 304 confirmed, as it came then, without its cookies."""
    head = record.http
    if head is None or head.status is None:
        return None
    headers = Headers()
    for name, value in head.headers:
        if name.lower() not in _LEFT_OUT:
            headers.appendlist(name, value.encode("latin-1"))
    body = record.payload
    kind = responsetypes.from_args(headers=headers, url=request.url, body=body)
    return kind(request.url, status=head.status, headers=headers, body=body, request=request, flags=["unchanged"])
