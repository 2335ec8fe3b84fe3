"""What is under way in a page: each request and its answer, put together from events that come in any order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.browser.recording.exchanges import REDIRECTS, Event, Line, Told

_REVIVED: Final = 304


@dataclass(slots=True, kw_only=True, eq=False)
class Hop:
    """One request on its way: a redirect is a hop, and what it leads to is the next one of the same flow.

    `answer` is the pause at the response stage, `response` what `Network.responseReceived` said. `is_read` tells that
    nothing more of the body is to come. A hop that `passes` has a body that nobody reads here; so many decoded bytes
    have `passed`. `trail` are the URLs that redirected to it. `has_ended` once the page has
    all of it, `error` as Chromium names what went wrong.
    """

    network_id: str
    pause_id: str
    started: datetime
    asked: Event
    kind: str
    frame: str | None
    trail: tuple[str, ...] = ()
    answer: Event | None = None
    sent: Event | None = None
    received: Event | None = None
    response: Event | None = None
    has_extra: bool = True
    hints: list[Event] = field(default_factory=list)
    body: bytes | None = None
    is_read: bool = False
    passes: str | None = None
    passed: int = 0
    has_ended: bool = False
    error: str | None = None
    is_done: bool = False

    @property
    def url(self) -> str:
        """What is asked for, without a fragment."""
        url: str = self.asked["url"]
        return url.partition("#")[0]

    @property
    def status(self) -> int | None:
        """The status that Chromium told at the pause."""
        return None if self.answer is None else self.answer.get("responseStatusCode")

    @property
    def is_answered(self) -> bool:
        """Whether a head came back."""
        return self.answer is not None

    @property
    def is_told(self) -> bool:
        """Whether it is known what crossed the wire, both ways."""
        return self.sent is not None and self.received is not None

    @property
    def is_redirect(self) -> bool:
        """Whether it leads on; the body of such an answer is to be had by no means."""
        return self.status in REDIRECTS

    @property
    def place(self) -> tuple[str, int]:
        """The host and port that it leads to."""
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def is_secure(self) -> bool:
        """Whether it goes over TLS."""
        return self.url.startswith("https:")

    @property
    def is_from_cache(self) -> bool:
        """Whether the answer was told to come from the browser's cache, without asking anyone."""
        response = self.response or {}
        return self.received is None and bool(response.get("fromDiskCache") or response.get("fromPrefetchCache"))

    def told(self, *, line: Line, peer: str | None, posted: bytes) -> Told:
        """Puts together what is known."""
        assert self.answer is not None
        return Told(
            started=self.started,
            asked=self.asked,
            answer=self.answer,
            sent=self.sent,
            received=self.received,
            hints=tuple(self.hints),
            line=line,
            peer=peer,
            posted=posted,
        )


class UnderWay:
    """The hops of a page that are not done, found by what the events say of them.

    A flow is one request with all its redirects: its hops share what the protocol calls the request's id in `Network`
    and the network id in `Fetch`, while each has a pause id of its own.
    """

    def __init__(self) -> None:
        self._by_pause: dict[str, Hop] = {}
        self._flows: dict[str, list[Hop]] = {}
        self._known: set[str] = set()

    def __iter__(self) -> Iterator[Hop]:
        return (hop for flow in list(self._flows.values()) for hop in flow if not hop.is_done)

    def __contains__(self, network_id: str) -> bool:
        return network_id in self._flows

    def is_new(self, network_id: str) -> bool:
        """Whether nobody has told of this request yet; from now on somebody has."""
        is_new = network_id not in self._known
        self._known.add(network_id)
        return is_new

    def of_pause(self, event: Event) -> Hop:
        """Finds the hop of a pause, or begins one."""
        hop = self._by_pause.get(event["requestId"])
        if hop is None:
            network_id = event.get("networkId") or event["requestId"]
            self._known.add(network_id)
            flow = self._flows.setdefault(network_id, [])
            hop = Hop(
                network_id=network_id,
                pause_id=event["requestId"],
                started=datetime.now(UTC),
                asked=event["request"],
                kind=event["resourceType"].lower(),
                frame=event.get("frameId"),
                trail=tuple(one.url for one in flow),
            )
            self._by_pause[hop.pause_id] = hop
            flow.append(hop)
        return hop

    def last(self, event: Event) -> Hop | None:
        """Finds the hop of which an event tells that knows no redirects."""
        flow = self._flows.get(event["requestId"])
        return flow[-1] if flow else None

    def sent(self, event: Event) -> Hop | None:
        """Finds the hop of which a `requestWillBeSentExtraInfo` tells."""
        headers: dict[str, Any] = event["headers"]
        host = headers.get("Host") or headers.get(":authority") or ""
        waiting = [hop for hop in self._open(event) if hop.sent is None]
        return next((hop for hop in waiting if _authority(hop) == host), waiting[0] if waiting else None)

    def received(self, event: Event) -> Hop | None:
        """Finds the hop of which a `responseReceivedExtraInfo` tells.

        Quirk: the events of a redirect may come after its target was asked for, so the status has to fit.
        """
        status = event["statusCode"]
        fitting = (status, 200 if status == _REVIVED else status, None)
        return next((hop for hop in self._open(event) if hop.received is None and hop.status in fitting), None)

    def end(self, hop: Hop) -> None:
        """Lets go of a hop, and of its flow when nothing more comes of it."""
        hop.is_done = True
        self._by_pause.pop(hop.pause_id, None)
        flow = self._flows.get(hop.network_id, [])
        if not hop.is_redirect and all(one.is_done for one in flow):
            self._flows.pop(hop.network_id, None)

    def _open(self, event: Event) -> Iterator[Hop]:
        return (hop for hop in self._flows.get(event["requestId"], ()) if not hop.is_done)


def _authority(hop: Hop) -> str:
    return urlsplit(hop.url).netloc.rpartition("@")[2]
