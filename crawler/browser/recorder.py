"""Records what a page asks for and gets, over the DevTools protocol, from before its first navigation.

Every request is paused twice: before it is sent, when `may_ask` decides, and when its answer's head is there, when its
body is read whole before the page gets it. The ExtraInfo events give what crossed the wire. They belong to the page's
own target for everything: frames, preflights, favicons, beacons, and the requests of its workers.

1. `_asked` begins a `Hop`, asks `may_ask` and lets the request go, or fails it.
2. `_answered` reads the body, or decides that it passes unread, and lets the answer go.
3. The events of `Network` complete the hop; when enough is there, `_keep` makes the exchange and hands it out.
4. What did not get so far is in `missing`, with the reason.
"""

import asyncio
import base64
import contextlib
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, Final, Protocol, Self
from urllib.parse import urljoin

from playwright.async_api import Page

from archive import cdxj
from archive.cdxj import Capture
from archive.exchange import Exchange
from crawler.browser import exchanges
from crawler.browser.cdp import Gone, Session
from crawler.browser.exchanges import Event, Line
from crawler.browser.hops import Flow, Hop
from crawler.browser.reasons import reason_of
from crawler.embeds.pageinfo import Seen

_BODIES_AT_ONCE: Final = 16
_READ: Final = 20.0  # seconds in which a body has to come whole, once it is asked for
_LATE: Final = 1.0  # seconds that ExtraInfo events may come late
_STREAMS: Final = ("text/event-stream", "multipart/x-mixed-replace")
_MEDIA: Final = ("audio/", "video/")
_PATTERNS: Final = [
    {"urlPattern": f"{scheme}://*", "requestStage": stage}
    for scheme in ("http", "https")
    for stage in ("Request", "Response")
]


class Keep(Protocol):
    """Takes an exchange as soon as it is complete; `is_page` marks the main frame's own document."""

    async def __call__(self, exchange: Exchange, *, is_page: bool) -> Capture | None:
        """Returns where it lies."""
        ...


class MayAsk(Protocol):
    """Decides whether a URL may be asked for."""

    async def __call__(self, url: str, *, is_navigation: bool) -> str | None:
        """Returns the reason why not; None when it may."""
        ...


class Recorder:
    """Records one page; made by `attach`, ended by `finish`.

    `seen`, `kinds` and `missing` are by URL, in order. `facts` counts what is worth knowing: `exchanges`, `cached`
    answers (no exchange), `blocked` requests, answers whose raw head never came (`untold`). `document` and what is
    named after it speak of the main frame's last navigation that was answered.
    """

    def __init__(
        self, session: Session, *, keep: Keep, may_ask: MayAsk, peer: Callable[[str, int], str | None]
    ) -> None:
        self._session = session
        self._keep_exchange = keep
        self._may_ask = may_ask
        self._peer = peer
        self._problem: Callable[[str, int], str | None] = lambda _host, _port: None
        self._most_body = self._most_page = 0
        self._remembered: dict[str, Seen] = {}
        self._main_frame = ""
        self._hops: dict[str, Hop] = {}
        self._flows: dict[str, Flow] = {}
        self._types: dict[str, tuple[str, str]] = {}
        self._lines: dict[tuple[str, int], Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._errors: list[BaseException] = []
        self._slots = asyncio.Semaphore(_BODIES_AT_ONCE)
        self._changed = time.monotonic()
        self._touched = asyncio.Event()
        self._kept_bytes = 0
        self._is_over = False
        self.seen: dict[str, Seen] = {}
        self.kinds: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self.too_large: list[str] = []
        self.facts: Counter[str] = Counter()
        self.document: Capture | None = None
        self.document_date: datetime | None = None
        self.document_url: str | None = None
        self.document_status: int | None = None
        self.document_headers: exchanges.Fields = ()
        self.document_error: str | None = None
        self.redirects: tuple[str, ...] = ()

    @classmethod
    async def attach(
        cls,
        page: Page,
        *,
        keep: Keep,
        may_ask: MayAsk,
        peer: Callable[[str, int], str | None],
        problem: Callable[[str, int], str | None] | None = None,
        remembered: dict[str, Seen] | None = None,
        most_body: int = 20 << 20,
        most_page: int = 200 << 20,
    ) -> Self:
        """Begins to record a page that was not navigated yet.

        `peer` and `problem` are the guard's. `remembered` is one dictionary for all pages of a browser context: what
        the cache answers there was recorded by one of them. Bodies over `most_body` bytes, and all over `most_page`
        together, pass unrecorded. Raises `Gone` when the page is no more.
        """
        recorder = cls(await Session.of(page), keep=keep, may_ask=may_ask, peer=peer)
        recorder._problem = problem or recorder._problem
        recorder._remembered = {} if remembered is None else remembered
        recorder._most_body, recorder._most_page = most_body, most_page
        await recorder._begin()
        return recorder

    async def _begin(self) -> None:
        on = self._session.on
        on("Fetch.requestPaused", self._on_paused)
        on("Network.requestWillBeSent", self._on_request)
        on("Network.requestWillBeSentExtraInfo", self._on_sent)
        on("Network.responseReceived", self._on_response)
        on("Network.responseReceivedExtraInfo", self._on_received)
        on("Network.responseReceivedEarlyHints", self._on_hint)
        on("Network.requestServedFromCache", self._on_cached)
        on("Network.loadingFinished", self._on_finished)
        on("Network.loadingFailed", self._on_failed)
        on("Network.webSocketCreated", lambda event: self._miss(event["url"], "websocket"))
        tree = await self._session.call("Page.getFrameTree")
        self._main_frame = tree["frameTree"]["frame"]["id"]
        await self._session.call("Network.enable", maxPostDataSize=self._most_body)
        await self._session.call("Fetch.enable", patterns=_PATTERNS)

    @property
    def in_flight(self) -> int:
        """How many requests are under way and will end."""
        return len(self.under_way)

    @property
    def under_way(self) -> list[Hop]:
        """The requests that are under way and will end."""
        return [hop for flow in self._flows.values() for hop in flow.hops if not (hop.is_done or hop.passes)]

    async def wait_idle(self, quiet: float) -> None:
        """Returns when nothing was under way for so many seconds; give it a timeout of your own."""
        while self.in_flight or self._tasks or self._changed + quiet > time.monotonic():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(quiet / 8, self._changed + quiet - time.monotonic())):
                    await self._until_touched()

    async def finish(self, *, seconds: float = 5) -> None:
        """Keeps or counts what is under way, then records nothing more.

        Raises what `keep` or `may_ask` raised.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while (self.in_flight or self._tasks) and not self._errors:
                    await self._until_touched()
        self._is_over = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for flow in list(self._flows.values()):
            for hop in flow.hops:
                self._close(hop, "unanswered" if hop.answer is None else hop.passes or "endless")
        with contextlib.suppress(Gone):
            await self._session.detach()
        if self._errors:
            raise self._errors[0]

    # The events, in the order in which they came; none of these waits for anything.

    def _on_paused(self, event: Event) -> None:
        self._touch()
        if "responseStatusCode" in event or "responseErrorReason" in event:
            self._spawn(self._answered(self._hop(event), event))
        else:
            self._spawn(self._asked(self._hop(event), event))

    def _hop(self, event: Event) -> Hop:
        """Finds the hop of a pause, or begins one."""
        hop = self._hops.get(event["requestId"])
        if hop is None:
            network_id = event.get("networkId") or event["requestId"]
            flow = self._flows.setdefault(network_id, Flow())
            hop = Hop(
                network_id=network_id,
                started=datetime.now(UTC),
                asked=event["request"],
                kind=event["resourceType"].lower(),
                frame=event.get("frameId"),
                trail=tuple(one.url for one in flow.hops),
            )
            self._hops[event["requestId"]] = hop
            flow.hops.append(hop)
        return hop

    def _on_request(self, event: Event) -> None:
        if event["request"]["url"].startswith("http"):
            self._types[event["requestId"]] = (
                event["request"]["url"].partition("#")[0],
                event.get("type", "other").lower(),
            )

    def _on_sent(self, event: Event) -> None:
        flow = self._flows.get(event["requestId"])
        hop = flow.to_send(event) if flow else None
        if hop is not None:
            hop.sent = event
            self._advance(hop)

    def _on_received(self, event: Event) -> None:
        flow = self._flows.get(event["requestId"])
        hop = flow.to_receive(event) if flow else None
        if hop is not None:
            hop.received = event
            self._advance(hop)

    def _on_hint(self, event: Event) -> None:
        flow = self._flows.get(event["requestId"])
        hop = flow.last() if flow else None
        if hop is not None:
            hop.hints.append(event)

    def _on_response(self, event: Event) -> None:
        flow = self._flows.get(event["requestId"])
        hop = flow.last() if flow else None
        if hop is None or hop.is_redirect:
            return
        hop.response = event["response"]
        hop.has_extra = bool(event.get("hasExtraInfo"))
        if hop.is_secure and not hop.is_from_cache:
            self._lines[hop.place] = exchanges.line_of(event["response"])
        self._advance(hop)

    def _on_cached(self, event: Event) -> None:
        """Takes note of an answer from the renderer's own memory, which nothing pauses."""
        url, kind = self._types.get(event["requestId"], ("", ""))
        if url and event["requestId"] not in self._flows:
            self._count_cached(url, kind=kind)

    def _on_finished(self, event: Event) -> None:
        flow = self._flows.get(event["requestId"])
        hop = flow.last() if flow else None
        if hop is None:
            self._types.pop(event["requestId"], None)
        elif hop.passes:
            self._spawn(self._second_look(hop))

    def _on_failed(self, event: Event) -> None:
        flow = self._flows.get(event["requestId"])
        hop = flow.last() if flow else None
        if hop is None:
            self._types.pop(event["requestId"], None)
        elif hop.answer is None or hop.passes:
            self._close(hop, self._why(hop, event["errorText"]))

    # What takes time.

    async def _asked(self, hop: Hop, event: Event) -> None:
        reason = await self._may_ask(hop.url, is_navigation=event["resourceType"] == "Document")
        if reason is None:
            await self._session.call("Fetch.continueRequest", requestId=event["requestId"])
            return
        self.facts["blocked"] += 1
        self._close(hop, reason)
        error = "Aborted" if self._is_main(hop) else "BlockedByClient"  # the former leaves the page standing as it is
        await self._session.call("Fetch.failRequest", requestId=event["requestId"], errorReason=error)

    async def _answered(self, hop: Hop, event: Event) -> None:
        if "responseStatusCode" not in event:
            self._close(hop, self._why(hop, event["responseErrorReason"]))
            await self._session.call("Fetch.continueRequest", requestId=event["requestId"])
            return
        hop.answer = event
        hop.passes = self._passes(hop)
        if hop.passes is None and self._has_body(hop):
            async with self._slots:
                hop.body = await self._read(hop, event["requestId"])
        await self._session.call("Fetch.continueRequest", requestId=event["requestId"])
        if hop.passes is None:
            hop.is_read = True
            asyncio.get_running_loop().call_later(_LATE, self._wait_no_more, hop)
            self._advance(hop)

    async def _read(self, hop: Hop, request_id: str) -> bytes | None:
        try:
            async with asyncio.timeout(_READ):
                answer = await self._session.call("Fetch.getResponseBody", requestId=request_id)
        except TimeoutError:
            self._close(hop, "endless")
            await self._session.call("Fetch.failRequest", requestId=request_id, errorReason="TimedOut")
            raise Gone("the body has no end") from None
        except Gone:
            self._close(hop, "body-gone")
            return None
        body: str = answer["body"]
        return base64.b64decode(body) if answer["base64Encoded"] else body.encode()

    @staticmethod
    def _has_body(hop: Hop) -> bool:
        return not hop.is_redirect and hop.status not in exchanges.BODILESS and hop.asked["method"] != "HEAD"

    def _passes(self, hop: Hop) -> str | None:
        """Decides whether a body passes unread, and why; None when it is read."""
        assert hop.answer is not None
        if not self._has_body(hop):
            return None
        length = exchanges.announced(hop.answer)
        kind = exchanges.field(hop.answer, "content-type").lower()
        if kind.startswith(_STREAMS):
            return "endless"
        if length is None:
            return "endless" if kind.startswith(_MEDIA) or hop.kind == "media" else None
        return "too-large" if length > min(self._most_body, self._most_page - self._kept_bytes) else None

    async def _second_look(self, hop: Hop) -> None:
        """Asks for the body of a stream that came to an end after all."""
        assert hop.passes is not None
        if hop.passes == "endless" and not hop.is_done:
            try:
                answer = await self._session.call("Network.getResponseBody", requestId=hop.network_id)
            except Gone:
                self._close(hop, "body-gone")
                return
            body = answer["body"]
            hop.body = base64.b64decode(body) if answer["base64Encoded"] else body.encode()
            hop.passes, hop.is_read = None, True
            self._wait_no_more(hop)
            return
        self._close(hop, hop.passes)

    def _advance(self, hop: Hop) -> None:
        """Keeps a hop of which everything is known that will be."""
        self._touch()
        if hop.is_done or not hop.is_read or hop.answer is None:
            return
        if hop.is_from_cache:
            self._end(hop)
            self._count_cached(hop.url, kind=self._kind(hop))
        elif hop.sent and hop.received and (not hop.is_secure or hop.place in self._lines):
            self._end(hop)
            self._spawn(self._keep(hop))

    def _wait_no_more(self, hop: Hop) -> None:
        """Goes without the events that are late."""
        if hop.is_done or self._is_over:
            return
        self._end(hop)
        if hop.received is None and (not hop.has_extra or hop.url in self._remembered) and hop.sent is None:
            self._count_cached(hop.url, kind=self._kind(hop))
            return
        if not (hop.sent and hop.received):
            self.facts["untold"] += 1
        self._spawn(self._keep(hop))

    async def _keep(self, hop: Hop) -> None:
        posted = exchanges.posted(hop.asked)
        if posted is None:
            posted = await self._ask_posted(hop)
        told = hop.told(line=self._lines.get(hop.place, Line()), peer=self._peer(*hop.place), posted=posted)
        body, hop.body = hop.body, None
        exchange = exchanges.exchange_of(told, body=None if told.status in exchanges.BODILESS else body)
        if len(exchange.response_body) > min(self._most_body, self._most_page - self._kept_bytes):
            self._lose(hop, "too-large")
            return
        self._kept_bytes += len(exchange.response_body)
        is_page = self._is_main(hop)
        capture = await self._keep_exchange(exchange, is_page=is_page)
        self.facts["exchanges"] += 1
        self._note(hop, exchange, capture=capture)
        if is_page:
            self._note_document(hop, exchange, capture=capture)

    async def _ask_posted(self, hop: Hop) -> bytes:
        try:
            answer = await self._session.call("Network.getRequestPostData", requestId=hop.network_id)
        except Gone:
            self.facts["posted-gone"] += 1
            return b""
        data: str = answer["postData"]
        return base64.b64decode(data) if answer.get("base64Encoded") else data.encode()

    def _note(self, hop: Hop, exchange: Exchange, *, capture: Capture | None) -> None:
        head = exchange.head
        location = head.first("location") if exchange.status in exchanges.REDIRECTS else None
        seen = Seen(
            status=exchange.status or 0,
            mime=cdxj.mime(head.first("content-type")),
            date=exchange.started,
            digest=capture.digest if capture else "",
            leads_to=urljoin(hop.url, location).partition("#")[0] if location else None,
        )
        self.seen[hop.url] = self._remembered[hop.url] = seen
        self.kinds[hop.url] = self._kind(hop)
        self.missing.pop(hop.url, None)

    def _note_document(self, hop: Hop, exchange: Exchange, *, capture: Capture | None) -> None:
        """Takes note of the page itself, unless it only led on, or left the page before it standing."""
        before = self.document_date
        if exchange.status in exchanges.REDIRECTS or (before and (exchange.started < before or _stays(exchange))):
            return
        self.redirects = hop.trail
        self.document, self.document_date = capture, exchange.started
        self.document_url, self.document_status = hop.url, exchange.status
        self.document_headers = exchange.headers
        self.document_error = None

    def _count_cached(self, url: str, *, kind: str) -> None:
        self.facts["cached"] += 1
        if url in self._remembered and url not in self.seen:
            self.seen[url] = self._remembered[url]
            self.kinds[url] = kind

    def _is_main(self, hop: Hop) -> bool:
        return hop.kind == "document" and hop.frame == self._main_frame

    def _kind(self, hop: Hop) -> str:
        return self._types.get(hop.network_id, ("", hop.kind))[1]

    def _why(self, hop: Hop, error: str) -> str:
        return self._problem(*hop.place) or reason_of(error)

    def _close(self, hop: Hop, reason: str) -> None:
        """Ends a hop of which no exchange comes."""
        if not hop.is_done:
            self._end(hop)
            self._lose(hop, reason)

    def _lose(self, hop: Hop, reason: str) -> None:
        hop.body = None
        if reason == "too-large":
            self.too_large.append(hop.url)
        if hop.url not in self.seen:
            self._miss(hop.url, reason)
        self.kinds.setdefault(hop.url, self._kind(hop))
        if self._is_main(hop) and self.document_date is None:
            self.document_error = reason

    def _miss(self, url: str, reason: str) -> None:
        self.missing[url] = reason
        self.facts[f"missing/{reason}"] += 1

    def _end(self, hop: Hop) -> None:
        """Lets go of a hop, and of its flow when nothing more comes of it."""
        hop.is_done = True
        self._touch()
        flow = self._flows.get(hop.network_id)
        if flow is not None and not hop.is_redirect and all(one.is_done for one in flow.hops):
            del self._flows[hop.network_id]
        for request_id in [key for key, one in self._hops.items() if one is hop]:
            del self._hops[request_id]

    def _touch(self) -> None:
        self._changed = time.monotonic()
        self._touched.set()

    async def _until_touched(self) -> None:
        self._touched.clear()
        await self._touched.wait()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        if self._is_over:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._touch()
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, Gone):
            self._errors.append(error)


def _stays(exchange: Exchange) -> bool:
    """Tells whether a navigation that was answered like this leaves the page before it where it is."""
    disposition = exchange.head.first("content-disposition") or ""
    return exchange.status in {204, 205} or disposition.lower().startswith("attachment")
