"""What an attempt knows of URLs and payloads: from the ledger, where only committed captures count, and from itself.

Nothing here may cost a capture: where the ledger cannot be asked, nothing is known, and the capture is kept whole. Of
this attempt's own captures a revisit refers only to those that are safe on the disk: after a loss of power the others
may be gone while what was written behind them is there. Memory is bounded; lookups that come together go to the ledger
together.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC
from functools import lru_cache, partial
from typing import Final, Generic, TypeAlias, TypeVar

from archive import http1, inventory
from archive.cdxj import Capture
from archive.errors import LedgerError
from archive.exchange import Exchange
from archive.freshness import fresh_until
from archive.ledger import Connection, Ledger, embeds, resources
from archive.ledger.embeds import Due, Miss
from archive.ledger.resources import Resource, key_of
from archive.original import EMPTY, Original, can_hold, coding_of

_MOST_KEPT: Final = 10_000  # resources, and as many payloads
_AT_ONCE: Final = 500  # keys a query
_LOOK_AGAIN: Final = 60.0  # seconds until a ledger that knew nothing, or was away, is asked again
_REVISIT: Final = "warc/revisit"
_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
_T = TypeVar("_T")
_Payload: TypeAlias = tuple[str, str]  # its digest and coding
logger = logging.getLogger(__name__)


class Known:
    """What is known of one site's URLs and payloads while an attempt crawls it.

    `synced` tells since when (monotonic) what was written may be lost with the power; what came before is safe.
    """

    def __init__(self, ledger: Ledger, *, site: str, synced: Callable[[], float]) -> None:
        self._ledger = ledger
        self._site = site
        self._synced = synced
        self._own: dict[bytes, Resource] = {}  # seen by this attempt
        self._pages: dict[bytes, None] = {}  # of these, what was asked for as a page
        self._missed: dict[bytes, Miss | None] = {}  # by earlier runs
        self._due: dict[bytes, bool] = {}  # since an earlier run
        self._recalled: dict[bytes, Resource | None] = {}  # from the ledger
        self._originals: dict[_Payload, Original] = {}  # that may be referred to
        self._fresh: deque[tuple[float, _Payload, Original]] = deque(maxlen=_MOST_KEPT)  # not known to be safe yet
        self._resources = Lookup(self._find)
        self._payloads = Lookup(self._find_originals)
        self._silent_until = 0.0
        self._holds_any = False

    async def resource(self, url: str) -> Resource | None:
        """The last answer 200 at this exact URL: this attempt's, else the ledger's."""
        key = key_of(url)
        if key in self._own:
            return self._with_original(self._own[key])
        if key not in self._recalled and await self._can_tell():
            self._recall({key: await self._resources.get(key)})
        return self._recalled.get(key)

    async def prefetch(self, urls: Iterable[str]) -> None:
        """Looks up many URLs at once, so that `resource` need not ask for each."""
        keys = {key_of(url) for url in urls}
        missing = [key for key in keys if key not in self._own and key not in self._recalled]
        for start in range(0, len(missing), _AT_ONCE):
            if await self._can_tell():
                asked = missing[start : start + _AT_ONCE]
                found = await self._find(asked)
                self._recall({key: found.get(key) for key in asked})

    async def prefetch_embeds(self, urls: Iterable[str]) -> None:
        """Looks up what earlier runs asked for in vain, and what they left due, for `miss` and `was_due` to tell."""
        missing = list({key_of(url) for url in urls}.difference(self._missed))
        for start in range(0, len(missing), _AT_ONCE):
            if await self._can_tell():
                asked = missing[start : start + _AT_ONCE]
                missed: dict[bytes, Miss] = await self._ask(
                    partial(embeds.misses, keys=asked, site=self._site), otherwise={}
                )
                due: set[bytes] = await self._ask(
                    partial(embeds.among_due, keys=asked, site=self._site), otherwise=set()
                )
                _keep(self._missed, {key: missed.get(key) for key in asked})
                _keep(self._due, {key: key in due for key in asked})

    def miss(self, url: str) -> Miss | None:
        """What an embed gave last that was nothing to show, as far as that was looked up."""
        return self._missed.get(key_of(url))

    def was_due(self, url: str) -> bool:
        """Whether an earlier run left an embed due, as far as that was looked up."""
        return self._due.get(key_of(url), False)

    def has_page(self, url: str) -> bool:
        """Whether this attempt asked for this exact URL as a page, and holds an answer 200, as far as it remembers."""
        return key_of(url) in self._pages

    async def original_of(self, exchange: Exchange) -> Original | None:
        """The full capture that holds what this exchange answered, where there is one to refer to.

        A 304 counts where we asked with the validators of what we hold; any other answer where it is a whole one to a
        GET, and its payload is the same in the same codings.
        """
        if not exchange.answered or exchange.truncated or exchange.method != "GET":
            return None
        head, coding = _head_of(exchange.response_head)
        if head.status == 304:
            return await self._confirmed(exchange)
        if coding is None or not can_hold(head, method=exchange.method, truncated=exchange.truncated):
            return None
        digest = exchange.payload_digest
        return None if digest == EMPTY else await self._original(exchange.url, payload=(digest, coding))

    def learned(self, exchange: Exchange, capture: Capture | None, *, is_embed: bool = False) -> None:
        """Takes in what was just written; `is_embed` where it was asked for as a part of a page."""
        if capture is None or exchange.method != "GET":
            return
        head, coding = _head_of(exchange.response_head)
        if head.status == 304 and capture.mime == _REVISIT:
            self._refresh(exchange, head=head, is_embed=is_embed)
        elif coding is not None and can_hold(head, method=exchange.method, truncated=exchange.truncated):
            self._learn(exchange, capture, head=head, coding=coding, is_embed=is_embed)

    async def due_embeds(self, most: int) -> list[Due]:
        """Embeds that earlier runs wanted and did not get."""
        return await self._ask(partial(embeds.due, site=self._site, most=most), otherwise=[])

    async def _confirmed(self, exchange: Exchange) -> Original | None:
        """The original behind a 304; None when it answers no question of ours, or we cannot tell which."""
        asked = http1.parse_head(exchange.request_head)
        etag, modified = asked.first("if-none-match"), asked.first("if-modified-since")
        resource = await self.resource(exchange.url)
        if resource is None or (etag is None and modified is None):
            return None
        answers = etag in (None, resource.etag) and modified in (None, resource.last_modified)
        return resource.original if answers else None

    def _with_original(self, resource: Resource) -> Resource:
        """This attempt's resource with its original, once that may be referred to."""
        self._settle()
        original = resource.original or self._originals.get((resource.digest, resource.coding))
        return replace(resource, original=original)

    def _settle(self) -> None:
        """Lets revisits refer to what is safe on the disk by now."""
        safe = self._synced()
        while self._fresh and self._fresh[0][0] < safe:
            _, payload, original = self._fresh.popleft()
            if payload not in self._originals:
                _keep(self._originals, {payload: original})

    async def _original(self, url: str, *, payload: _Payload) -> Original | None:
        self._settle()
        if payload in self._originals:
            return self._originals[payload]
        found = self._at(url, payload=payload)
        if found is None and await self._can_tell():
            found = await self._payloads.get(payload)
        if found is not None:
            _keep(self._originals, {payload: found})
        return found

    def _at(self, url: str, *, payload: _Payload) -> Original | None:
        """The original where the URL still answers what the ledger says."""
        resource = self._recalled.get(key_of(url))
        original = resource.original if resource else None
        return original if original and (original.digest, original.coding) == payload else None

    def _learn(self, exchange: Exchange, capture: Capture, *, head: http1.Head, coding: str, is_embed: bool) -> None:
        payload = (capture.digest, coding)
        if capture.mime != _REVISIT and capture.digest != EMPTY:
            self._fresh.append((time.monotonic(), payload, _original_at(exchange, capture, coding=coding)))
        if head.status == 200:
            validators = inventory.validators(head)
            resource = Resource(
                url=capture.url,
                status=200,
                mime=inventory.mime_of(head),
                digest=capture.digest,
                captured_at=exchange.started,
                etag=validators.get("etag"),
                last_modified=validators.get("last_modified"),
                fresh_until=fresh_until(head, date=exchange.started),
                original=self._originals.get(payload),
                size=len(exchange.response_body),
                coding=coding,
            )
            self._remember(key_of(exchange.url), resource, is_embed=is_embed)

    def _remember(self, key: bytes, resource: Resource, *, is_embed: bool) -> None:
        _keep(self._own, {key: resource})
        if not is_embed:
            _keep(self._pages, {key: None})

    def _refresh(self, exchange: Exchange, *, head: http1.Head, is_embed: bool) -> None:
        key = key_of(exchange.url)
        known = self._own.get(key) or self._recalled.get(key)
        if known is not None:
            validators = inventory.validators(head)
            seen = replace(
                known,
                captured_at=exchange.started,
                etag=validators.get("etag", known.etag),
                last_modified=validators.get("last_modified", known.last_modified),
                fresh_until=fresh_until(head, date=exchange.started),
            )
            self._remember(key, seen, is_embed=is_embed)

    def _recall(self, found: Mapping[bytes, Resource | None]) -> None:
        _keep(self._recalled, found)

    async def _can_tell(self) -> bool:
        """Whether it is worth asking the ledger: it is there, and knows some payload of the site."""
        if time.monotonic() < self._silent_until:
            return False
        if not self._holds_any:
            self._silent_until = time.monotonic() + _LOOK_AGAIN
            self._holds_any = await self._ask(partial(resources.holds_any, site=self._site), otherwise=False)
            if self._holds_any:
                self._silent_until = 0.0
        return self._holds_any

    async def _find(self, keys: Sequence[bytes]) -> Mapping[bytes, Resource]:
        return await self._ask(partial(resources.find, keys=keys, site=self._site), otherwise={})

    async def _find_originals(self, payloads: Sequence[_Payload]) -> Mapping[_Payload, Original]:
        return await self._ask(partial(resources.originals, payloads=payloads, site=self._site), otherwise={})

    async def _ask(self, question: Callable[[Connection], Awaitable[_T]], *, otherwise: _T) -> _T:
        """What the ledger says; `otherwise`, and silence for a while, where it cannot be asked."""
        try:
            async with self._ledger.transaction() as connection:
                return await question(connection)
        except LedgerError as error:
            logger.warning("%s; what comes now is kept whole", error)
            self._silent_until = time.monotonic() + _LOOK_AGAIN
            return otherwise


@lru_cache(maxsize=64)
def _head_of(response_head: bytes) -> tuple[http1.Head, str | None]:
    """An answer's head and coding, which are wanted before it is written and again behind."""
    head = http1.parse_head(response_head)
    return head, coding_of(head)


def _original_at(exchange: Exchange, capture: Capture, *, coding: str) -> Original:
    return Original(
        uri=capture.url,
        date=exchange.started.astimezone(UTC),
        record_id=capture.record_id,
        digest=capture.digest,
        filename=capture.filename,
        offset=capture.offset,
        coding=coding,
    )


def _keep(kept: dict[_K, _V], more: Mapping[_K, _V]) -> None:
    """Puts entries in; the oldest go when there are too many."""
    for key, value in more.items():
        kept.pop(key, None)
        kept[key] = value
    while len(kept) > _MOST_KEPT:
        del kept[next(iter(kept))]


class Lookup(Generic[_K, _V]):
    """Asks for many keys at once: those that come while a question is under way go into the next one."""

    def __init__(self, ask: Callable[[Sequence[_K]], Awaitable[Mapping[_K, _V]]]) -> None:
        self._ask = ask
        self._waiting: dict[_K, asyncio.Future[_V | None]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def get(self, key: _K) -> _V | None:
        """What is found at a key."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
        answer = self._waiting[key]
        if self._asking is None:
            self._asking = asyncio.create_task(self._work())
        return await asyncio.shield(answer)

    async def _work(self) -> None:
        try:
            while self._waiting:
                asked = dict(list(self._waiting.items())[:_AT_ONCE])
                for key in asked:
                    del self._waiting[key]
                await self._answer(asked)
        finally:
            self._asking = None

    async def _answer(self, asked: Mapping[_K, "asyncio.Future[_V | None]"]) -> None:
        try:
            found = await self._ask(list(asked))
        except Exception as error:  # noqa: BLE001  raised again by whoever waits
            for answer in asked.values():
                answer.set_exception(error)
            return
        for key, answer in asked.items():
            answer.set_result(found.get(key))
