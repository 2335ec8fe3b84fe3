"""Records what a page asks for and gets, over the DevTools protocol, from before its first navigation.

Every request is paused twice: before it is sent, when `may_ask` decides, and when its answer's head is there, when its
body is read whole before the page gets it. The ExtraInfo events give what crossed the wire. Pauses and ExtraInfo come
to the page's own target for everything: frames, preflights, favicons, beacons, and the requests of its workers, so
nothing else is attached to.

1. `_asked` begins a `Hop`, asks `may_ask` and lets the request go, or fails it.
2. `_answered` reads the body, or decides that it passes unread, and lets the answer go.
3. The events of `Network` complete the hop; when enough is there, `_keep` makes the exchange and hands it out.
4. What did not get so far is in `missing`, with the reason.

What falls short: request heads come sorted by name; the bodies of redirects are to be had by no means; of a field that
is not UTF-8 Chromium tells only what stands before the first odd byte; frames of web sockets are not recorded, and
those that may not be are counted, not stopped; nobody asks `may_ask` for the scripts of a worker's own workers
(`unpaused`), nor, in a browser that heeds no preferences, for what speculation rules fetch ahead (`prefetch` in
`missing`). The guard admits or refuses the addresses of all of them.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final

from archive.exchange import Truncation
from crawler.browser.guard import Guard
from crawler.browser.recording import bodies, exchanges
from crawler.browser.recording.bodies import Room
from crawler.browser.recording.cdp import Gone, Session
from crawler.browser.recording.chores import Chores
from crawler.browser.recording.exchanges import Event, Line
from crawler.browser.recording.hops import Hop, UnderWay
from crawler.browser.recording.keeping import Desk, Keep, MayAsk
from crawler.browser.recording.reasons import reason_of
from crawler.browser.recording.traffic import TOO_LARGE, PageTraffic
from crawler.embeds.pageinfo import Seen

LATE = 1.0
"""Seconds that events may come late."""

_PATTERNS: Final = [
    {"urlPattern": f"{scheme}://*", "requestStage": stage}
    for scheme in ("http", "https")
    for stage in ("Request", "Response")
]

_BUFFERS: Final = 4 << 20  # bytes


class Recorder(PageTraffic):
    """Records one page, from `begin` to `finish`.

    `session` is one of the page's, and `guard` its way out. `remembered` is one dictionary for all pages of a browser
    context: what the cache answers there was recorded by one of them. Bodies over `most_body` bytes, and all over
    `most_page` together, pass unrecorded; what is more than a page may have, or unpacks to it, is cut: `weigh` tells
    what the browser's own process holds. `holds_page`: the page's own answer is kept last, when `finish` is told its
    state.
    """

    def __init__(
        self,
        session: Session,
        *,
        keep: Keep,
        may_ask: MayAsk,
        guard: Guard,
        remembered: dict[str, Seen] | None = None,
        most_body: int = 20 << 20,
        most_page: int = 200 << 20,
        holds_page: bool = False,
        weigh: Callable[[], int] = lambda: 0,
    ) -> None:
        super().__init__(remembered)
        self._session = session
        self._desk = Desk(self, keep=keep, holds_page=holds_page)
        self._may_ask = may_ask
        self._guard = guard
        self._room = Room(most_body=most_body, most_page=most_page, weigh=weigh)
        self._main_frame = ""
        self._hops = UnderWay()
        self._types: dict[str, tuple[str, str]] = {}
        self._lines: dict[tuple[str, int], Line] = {}
        self._chores = Chores()
        self._is_over = False
        self._has_cut = False

    async def begin(self) -> None:
        """Begins to record a page that was not navigated yet; raises `Gone` when it is no more."""
        told = {
            "Fetch.requestPaused": self._on_paused,
            "Network.requestWillBeSent": self._on_request,
            "Network.requestWillBeSentExtraInfo": self._on_sent,
            "Network.responseReceived": self._on_response,
            "Network.responseReceivedExtraInfo": self._on_received,
            "Network.responseReceivedEarlyHints": self._on_hint,
            "Network.requestServedFromCache": self._on_cached,
            "Network.dataReceived": self._on_data,
            "Network.loadingFinished": self._on_ended,
            "Network.loadingFailed": self._on_ended,
            "Network.webSocketCreated": self._on_socket,
        }
        for name, function in told.items():
            self._session.on(name, function)
        tree = await self._session.call("Page.getFrameTree")
        self._main_frame = tree["frameTree"]["frame"]["id"]
        await self._session.call(
            "Network.enable",
            maxPostDataSize=self._room.most_body,
            maxTotalBufferSize=_BUFFERS,  # of the renderer, for bodies that `_second_look` may ask for
            maxResourceBufferSize=_BUFFERS,
        )
        await self._session.call("Fetch.enable", patterns=_PATTERNS)

    @property
    def in_flight(self) -> int:
        """How many requests are under way and will end."""
        return len(self.under_way)

    @property
    def under_way(self) -> list[Hop]:
        """The requests that are under way and will end."""
        return [hop for hop in self._hops if not hop.passes]

    async def wait_idle(self, quiet: float) -> None:
        """Returns when nothing was under way for so many seconds; give it a timeout of your own."""
        await self._chores.until_done(lambda: self.in_flight, quiet=quiet)

    async def finish(self, *, seconds: float = 5, state: str | None = None) -> None:
        """Keeps or counts what is under way; then nothing more is recorded, and nothing more is let out.

        `state` goes into the record of the page's own answer, where that was held. Raises what `keep` or `may_ask`
        raised. Called again, it does nothing.
        """
        if self._is_over:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._chores.until_done(lambda: self.in_flight)
        self._is_over = True
        await self._chores.end()
        self._chores.begin_lasting(self._desk.let_go(state))
        await self._chores.end()
        for hop in self._hops:
            self._has_cut = True
            self._close(hop, hop.passes or ("endless" if hop.is_answered else "unanswered"))
        if self._chores.errors:
            raise self._chores.errors[0]

    async def is_at_rest(self) -> bool:
        """Tells, once the page has been left, whether nothing of it can still be under way.

        What is paused goes on at the end of the session, and whoever records in the window next might meet it. Raises
        `Gone`.
        """
        if not self._is_over or self._has_cut:
            return False
        await self._session.call("Page.getFrameTree")  # what was paused before it is answered has been told by then
        await self._chores.end()
        return not self.facts["missing/later"]

    # The events, in the order in which they came; none of these waits for anything, and none may raise.

    def _on_paused(self, event: Event) -> None:
        self._chores.touch()
        if self._is_over:
            self.lost(event["request"]["url"].partition("#")[0], "later")
            self._chores.begin(self._fail(event, error="Aborted"))
        elif "responseStatusCode" in event or "responseErrorReason" in event:
            self._chores.begin(self._answered(self._hops.of_pause(event), event))
        else:
            self._chores.begin(self._asked(self._hops.of_pause(event), event))

    def _on_request(self, event: Event) -> None:
        url: str = event["request"]["url"]
        kind = event.get("type", "other").lower()
        if kind == "prefetch" and event["requestId"] not in self._hops:
            self._hops.is_new(event["requestId"])
            self.lost(url.partition("#")[0], "prefetch", kind=kind)  # paused by nothing
        elif url.startswith("http"):
            self._types[event["requestId"]] = (url.partition("#")[0], kind)

    def _on_sent(self, event: Event) -> None:
        hop = self._hops.sent(event)
        if hop is not None:
            hop.sent = event
            self._advance(hop)
        elif event["requestId"] not in self._types and self._hops.is_new(event["requestId"]):
            self.facts["missing/unpaused"] += 1  # Quirk: the script of a worker's worker; nothing tells its address

    def _on_socket(self, event: Event) -> None:
        """Takes note of a web socket: its frames are not to be had."""
        self._hops.is_new(event["requestId"])
        self._chores.begin(self._ask_socket(event["url"]))

    def _on_received(self, event: Event) -> None:
        hop = self._hops.received(event)
        if hop is not None:
            hop.received = event
            self._advance(hop)

    def _on_hint(self, event: Event) -> None:
        hop = self._hops.last(event)
        if hop is not None:
            hop.hints.append(event)

    def _on_response(self, event: Event) -> None:
        hop = self._hops.last(event)
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
        if url and event["requestId"] not in self._hops:
            self.cached(url, kind=kind)

    def _on_data(self, event: Event) -> None:
        """Counts what passes by, and cuts what never stops."""
        hop = self._hops.last(event)
        if hop is None or not hop.passes or hop.kind == "media":
            return
        hop.passed += event["dataLength"]
        if hop.passed > self._room.most_page and not hop.is_done:
            self._close(hop, TOO_LARGE)
            self._guard.cut(*hop.place)

    def _on_ended(self, event: Event) -> None:
        """Takes note that the page got all there is to get, or that it failed."""
        hop = self._hops.last(event)
        if hop is None:
            self._types.pop(event["requestId"], None)
            return
        hop.has_ended = True
        hop.error = event.get("errorText") or hop.error
        if hop.passes and not hop.error:
            self._chores.begin(self._second_look(hop))
        elif hop.error and (hop.passes or not hop.is_answered):
            self._close(hop, self._why(hop))
        else:
            self._advance(hop)

    # What takes time.

    async def _asked(self, hop: Hop, event: Event) -> None:
        reason = await self._may_ask(hop.url, is_navigation=self._is_main(hop))
        if reason is None:
            fields = exchanges.unsparing(hop.asked) if self._is_main(hop) and self.is_remembered(hop.url) else {}
            await self._session.call("Fetch.continueRequest", requestId=event["requestId"], **fields)
            return
        self.facts["blocked"] += 1
        self._close(hop, reason)
        # Quirk: an aborted navigation leaves the page before it standing, a blocked one puts an error page in its place
        await self._fail(event, error="Aborted" if self._is_main(hop) else "BlockedByClient")

    async def _ask_socket(self, url: str) -> None:
        """Counts it under the reason why it may not be asked for; nothing pauses a handshake, so it still goes."""
        reason = await self._may_ask(f"http{url.removeprefix('ws')}", is_navigation=False)
        self.lost(url, reason or "websocket", kind="websocket")

    async def _fail(self, event: Event, *, error: str) -> None:
        await self._session.call("Fetch.failRequest", requestId=event["requestId"], errorReason=error)

    async def _answered(self, hop: Hop, event: Event) -> None:
        if "responseStatusCode" not in event:
            hop.error = event["responseErrorReason"]
            self._await_the_rest(hop)
            await self._session.call("Fetch.continueRequest", requestId=event["requestId"])
            return
        hop.answer = event
        hop.passes = bodies.passes(hop, room=self._room)
        if hop.passes and bodies.is_beyond(hop, room=self._room):
            self._close(hop, TOO_LARGE)
            await self._fail(event, error="Failed")
            return
        if hop.passes is None and bodies.has_body(hop):
            try:
                hop.body = await bodies.read(self._session, event["requestId"], room=self._room)
            except bodies.Unread as error:
                self._close(hop, error.reason)
                if error.is_under_way:
                    await self._fail(event, error="TimedOut")
                    return
        await self._session.call("Fetch.continueRequest", requestId=event["requestId"])
        if hop.passes is None:
            hop.is_read = True
            self._await_the_rest(hop)
            self._advance(hop)

    async def _second_look(self, hop: Hop) -> None:
        """Asks for the body of a stream that came to an end after all."""
        if hop.passes == TOO_LARGE or hop.is_done:
            self._close(hop, TOO_LARGE)
            return
        try:
            answer = await self._session.ask_page("Network.getResponseBody", requestId=hop.network_id)
        except Gone:
            self._close(hop, "body-gone")
            return
        hop.body, hop.passes, hop.is_read = bodies.decoded(answer), None, True
        self._await_the_rest(hop)
        self._advance(hop)

    def _await_the_rest(self, hop: Hop) -> None:
        asyncio.get_running_loop().call_later(LATE, self._wait_no_more, hop)

    def _advance(self, hop: Hop) -> None:
        """Keeps a hop of which everything is known that will be."""
        self._chores.touch()
        if hop.is_done or not hop.is_read or hop.answer is None:
            return
        if hop.is_from_cache:
            self._end(hop)
            self.cached(hop.url, kind=self._kind(hop))
        elif hop.is_told and (not hop.is_secure or hop.place in self._lines) and self._is_delivered(hop):
            self._end(hop)
            self._chores.begin_lasting(self._keep(hop))

    def _is_delivered(self, hop: Hop) -> bool:
        """Whether it is known how the body ended; of workers that is never told."""
        return hop.has_ended or hop.is_redirect or hop.body is None or hop.network_id not in self._types

    def _wait_no_more(self, hop: Hop) -> None:
        """Goes without the events that are late."""
        if hop.is_done or self._is_over:
            return
        if not hop.is_answered:
            self._close(hop, self._why(hop))
            return
        self._end(hop)
        if hop.received is None and hop.sent is None and (not hop.has_extra or self.is_remembered(hop.url)):
            self.cached(hop.url, kind=self._kind(hop))
            return
        if not hop.is_told:
            self.facts["untold"] += 1
        self._chores.begin_lasting(self._keep(hop))

    async def _keep(self, hop: Hop) -> None:
        body, hop.body = hop.body, None
        reason = reason_of(hop.error) if hop.error else None
        if reason == "bad-response" or not self._room.take(len(body or b"")):
            self.lost(hop.url, reason or TOO_LARGE, kind=self._kind(hop), is_page=self._is_main(hop))
            return
        posted = exchanges.posted(hop.asked)
        if posted is None:
            posted = await self._ask_posted(hop)
        told = hop.told(line=self._lines.get(hop.place, Line()), peer=self._guard.peer(*hop.place), posted=posted)
        truncated: Truncation | None = "disconnect" if reason == "cut-short" else None
        exchange = exchanges.exchange_of(told, body=body, truncated=truncated)
        await self._desk.take(hop, exchange, kind=self._kind(hop), is_page=self._is_main(hop))

    async def _ask_posted(self, hop: Hop) -> bytes:
        try:
            answer = await self._session.ask_page("Network.getRequestPostData", requestId=hop.network_id)
        except Gone:
            self.facts["posted-gone"] += 1
            return b""
        return bodies.decoded({"body": answer["postData"], "base64Encoded": answer.get("base64Encoded", False)})

    def _is_main(self, hop: Hop) -> bool:
        return hop.kind == "document" and hop.frame == self._main_frame

    def _kind(self, hop: Hop) -> str:
        return self._types.get(hop.network_id, ("", hop.kind))[1]

    def _why(self, hop: Hop) -> str:
        return self._guard.problem(*hop.place) or reason_of(hop.error or "Failed")

    def _close(self, hop: Hop, reason: str) -> None:
        """Ends a hop of which no exchange comes."""
        if not hop.is_done:
            self._end(hop)
            hop.body = None
            self.lost(hop.url, reason, kind=self._kind(hop), is_page=self._is_main(hop))

    def _end(self, hop: Hop) -> None:
        self._hops.end(hop)
        self._chores.touch()
