"""The embeds of one crawl: what its pages need is found, fetched once, and listed a page.

1. Every page that is answered is read (`crawler.embeds.html`), in the order of their coming.
2. What it needs and no fresh capture holds goes into a queue, and is noted as wanted. It is fetched while pages wait
   for their turn, and after them. Stylesheets, modules and the site's own frames are read in turn.
3. When all that a page needs is captured or has failed, its `urn:pageinfo:` record is written; at the end of the run
   for all the others. What was wanted and not reached is due, and fetched by the next run.

Memory is bounded: with too many pages waiting the oldest are let go with what is known of them, and URLs beyond the
queue's length are due.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from archive.freshness import LEAST
from archive.ledger.resources import Resource
from archive.pages import PAGES
from crawler.attempts.attempt import LiveAttempt
from crawler.attempts.live import live_of
from crawler.embeds.answers import Answer, judged, may_come, remembered
from crawler.embeds.fetching import Fetched, Fetcher, is_page, is_read, seen_again, seen_now
from crawler.embeds.inner import Inner, is_own, read_page
from crawler.embeds.needs import MOST_NEEDS, Kind, Need, Needs, kind_of
from crawler.embeds.pageinfo import CONTENT_TYPE, LATER, PageInfo, Seen
from crawler.embeds.queue import Queue
from crawler.fetch.answers import charset_of, decoded
from crawler.fetch.capture import note_embed
from crawler.manners.slots import ABANDONED

NESTING: Final = 4  # stylesheets within stylesheets
MOST_HOPS: Final = 5  # redirects on the way to an embed
MOST_LISTED: Final = 100_000  # needs of pages that wait for them, some 30 MB
_MOST_SETTLED = 20_000
_MOST_DUE = 5000
_AT_ONCE = 4  # pages read at once
_PATIENCE = 30.0  # seconds for what is under way when the crawl ends
_FAILED = "embeds/failed/"
_LONG_AGO: Final = Seen(status=0, mime="", date=datetime.min.replace(tzinfo=UTC), digest="")
logger = logging.getLogger(__name__)


class _Place(NamedTuple):
    """A page that needs a URL, how many sheets or modules and redirects led to it, and whether a frame did."""

    page: PageInfo
    depth: int = 0
    hops: int = 0
    in_frame: bool = False


@dataclass(slots=True, eq=False)
class _Want:
    """A URL that is wanted, for whom, and what an earlier run captured of it; `is_due` when that run wanted it."""

    kind: Kind
    known: Resource | None
    places: list[_Place]
    is_due: bool


class Embeds:
    """What the pages of one crawl need; does nothing for a site without `embeds`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._fetcher = Fetcher(crawler)
        self._inner = Inner(crawler)
        self._queue = Queue()
        self._wants: dict[str, _Want] = {}
        self._settled: dict[str, Answer] = {}
        self._pages: dict[PageInfo, None] = {}  # that are not written yet
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading = asyncio.Semaphore(_AT_ONCE)
        self._changed = asyncio.Event()
        self._listed = 0  # needs of the pages that are not written yet
        self._unread = 0  # pages that came, and whose needs nobody knows yet
        self._stopped = False  # nothing more is asked
        self._closed = False
        crawler.signals.connect(self._received, signal=signals.response_received)
        crawler.signals.connect(self.stop, signal=ABANDONED)

    @property
    def idle(self) -> bool:
        """Whether nothing is wanted any more that could be had."""
        return not self._tasks and (self._stopped or not self._queue)

    @property
    def counts(self) -> dict[str, Any]:
        """What the commit tells: fetched, known, failed by reason, due."""
        stats = self._stats.get_stats()
        failed = {key.removeprefix(_FAILED): value for key, value in sorted(stats.items()) if key.startswith(_FAILED)}
        return {**{name: stats.get(f"embeds/{name}", 0) for name in ("fetched", "known", "due")}, "failed": failed}

    async def finish(self) -> None:
        """Returns when all embeds are fetched, those that earlier runs left first, or no more may be asked."""
        if self._live.site.embeds and not self._stopped:
            await self._take_due()
        while not self.idle:
            self._changed.clear()
            await self._changed.wait()

    def stop(self, **_: Any) -> None:
        """Asks for nothing more."""
        self._stopped = True
        self._changed.set()

    async def close(self) -> None:
        """Writes the records of pages that still wait, and counts what is left."""
        self.stop()
        self._closed = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_PATIENCE)
        self._count("errors", times=self._unread)
        for task in self._tasks:
            task.cancel()
        self._count("due", times=len(self._wants))
        for page in list(self._pages):
            self._let_go(page)
            await self._write(page)

    def _received(self, response: Response, request: Request, **_: Any) -> None:
        """Takes a page that Scrapy hands to the spider."""
        meta = request.meta
        if self._closed or meta.get("embed") or meta.get("document") or meta.get("is_robots") or meta.get("render"):
            return
        if self._live.site.embeds and (response.status == 304 or is_page(response)):
            self._unread += 1
            self._start(self._read(response))

    async def _read(self, response: Response) -> None:
        """Reads a page and wants what it needs."""
        async with self._reading:
            try:
                found = await self._page_of(response)
            finally:
                self._unread -= 1
            if found is None:
                return
            page, needs = found
            page.unsettled.add("")
            self._pages[page] = None
            await self._add(needs, place=_Place(page))
            page.unsettled.discard("")
            await self._finish(page)

    async def _page_of(self, response: Response) -> tuple[PageInfo, Needs] | None:
        """The page of a response and what it needs; of a 304 as the archive holds it."""
        if response.status == 304:
            known = await self._live.known.resource(response.url)
            body = await self._inner.stored(known) if known and known.mime in PAGES else None
            if known is None or body is None:
                return None
            seen, charset = seen_again(known), None
        else:
            body, charset = decoded(response), charset_of(response)
            seen = seen_now(response)
        return PageInfo(url=response.url, seen=seen), await read_page(body, url=response.url, charset=charset)

    async def _add(self, needs: Needs, *, place: _Place) -> None:
        """Adds needs to a page, found in a place of it."""
        page = place.page
        page.drop(needs.dropped)
        offered = (*needs.needs, *self._frames(needs, place=place))
        new = [need for need in offered if need.url not in page.kinds and need.url != page.url]
        listed = new[: max(0, MOST_NEEDS - len(page.kinds))]
        page.drop({"too-many": len(new) - len(listed)} if len(listed) < len(new) else {})
        await self._list(listed, page=page)
        unknown = [need.url for need in listed if need.url not in self._settled and need.url not in self._wants]
        await self._live.known.prefetch(unknown)
        await self._live.known.prefetch_embeds(unknown)
        wanted = [need for need in listed if await self._need(need, place=place)]
        await self._note_wanted(wanted, page=page.url)
        self._pump()

    def _frames(self, needs: Needs, *, place: _Place) -> list[Need]:
        """The documents within a page that are fetched for it; the others are missing, and those within these."""
        own = [url for url in needs.frames if not place.in_frame and is_own(url, site=self._live.site)]
        others = set(needs.frames).difference(own, place.page.kinds)
        place.page.missing.update(dict.fromkeys(sorted(others), "frame"))
        return [Need(url, "frame") for url in own]

    async def _list(self, needs: Sequence[Need], *, page: PageInfo) -> None:
        """Lists needs; with too many in memory, the oldest pages are written with what is known of them by now."""
        page.kinds.update(needs)
        page.unsettled.update(need.url for need in needs)
        if page in self._pages:
            self._listed += len(needs)
        while self._listed > MOST_LISTED and len(self._pages) > 1:
            await self._write(self._let_go(next(iter(self._pages))))

    async def _need(self, need: Need, *, place: _Place) -> bool:
        """Settles a need with what is known, or wants it; whether it is wanted newly."""
        live = self._live
        known = None if need.url in self._settled else await live.known.resource(need.url)
        want = self._wants.get(need.url)  # looked for after the last await: it may have come meanwhile
        if want is not None:
            want.places.append(place)
            return False
        answer = self._settled.get(need.url)
        if answer is None:
            answer = remembered(need, known=known, miss=live.known.miss(need.url), now=live.line.now())
            if answer is None:
                return self._want(need, known=known, place=place, is_due=live.known.was_due(need.url))
            self._settle(need.url, answer)
            self._count("known")
        await self._tell(need, answer, place=place, known=known)
        return False

    def _want(self, need: Need, *, known: Resource | None, place: _Place, is_due: bool) -> bool:
        """Puts a URL into the queue; without room, or with the crawl ending, it is due."""
        if self._stopped or self._queue.is_full:
            self._count("due")
            place.page.settle(need.url, seen_again(known) if known else LATER)
            return True
        self._wants[need.url] = _Want(need.kind, known=known, places=[place], is_due=is_due)
        self._queue.put(need.url, need.kind, first=is_due)
        return True

    async def _take_due(self) -> None:
        """Wants what earlier runs did not get to."""
        live = self._live
        by_page: dict[str, list[Need]] = {}
        for one in await live.known.due_embeds(_MOST_DUE):
            if one.url not in self._wants:
                by_page.setdefault(one.page, []).append(Need(one.url, kind_of(one.kind, url=one.url)))
        for page, needs in by_page.items():
            await self._note_wanted(needs, page=page)
            await live.known.prefetch(need.url for need in needs)
            place = _Place(PageInfo(url=page, seen=_LONG_AGO))  # its list was written then; what comes may need more
            for need in needs:
                known = await live.known.resource(need.url)
                if need.url in self._settled or (known is not None and known.fresh_until > live.line.now()):
                    await self._note_failed(need.url, reason="known")  # it needs no further try
                elif need.url not in self._wants:
                    self._want(need, known=known, place=place, is_due=True)
        self._pump()

    def _pump(self) -> None:
        while not self._stopped and (taken := self._queue.take()):
            self._start(self._fetch(*taken))

    async def _fetch(self, url: str, kind: Kind) -> None:
        try:
            fetched = await self._fetcher.fetch(url, kind=kind)
        finally:
            self._queue.done(url, kind)
        if fetched is None:
            self.stop()  # the lease is gone, or the crawl is closing: it stays wanted
            return
        if fetched.body is not None:
            await self._inner.read(fetched.body, url=url, kind=kind, charset=fetched.charset)
        answer = await self._judge(fetched, url=url, want=self._wants[url])
        self._settle(url, answer)
        want = self._wants.pop(url)  # in one step with settling it: whoever needs it meanwhile finds one or the other
        for place in want.places:
            await self._tell(Need(url, want.kind), answer, place=place, known=want.known)
            await self._finish(place.page)

    async def _judge(self, fetched: Fetched, *, url: str, want: _Want) -> Answer:
        """Decides what an answer is worth, notes and counts it.

        What failed for now stays due, unless it was due before: it gets a second chance, and no third for a day.
        """
        answer, problem = judged(Need(url, want.kind), fetched, known=want.known)
        if fetched.is_page and fetched.capture is not None:
            await note_embed(self._live, fetched.capture, url=url)
        elif may_come(fetched):
            if want.is_due:
                await self._note_failed(url, reason=problem or "failed", until=self._live.line.now() + LEAST)
            else:
                self._count("due")
        elif fetched.seen is None:
            await self._note_failed(url, reason=problem or "failed")
        self._count(f"failed/{problem}" if problem else "fetched")
        return answer

    async def _tell(self, need: Need, answer: Answer, *, place: _Place, known: Resource | None) -> None:
        """Tells a page what came of a need, after what that leads to is listed: else it might be settled before."""
        try:
            if isinstance(answer, str):
                return
            if answer.leads_to is not None:
                await self._tell_redirect(Need(answer.leads_to, need.kind), place=place)
            elif is_read(need.kind, mime=answer.mime):
                await self._tell_inner(need, place=place, known=known)
        finally:
            place.page.settle(need.url, answer)

    async def _tell_redirect(self, target: Need, *, place: _Place) -> None:
        if place.hops < MOST_HOPS:
            frames, needs = ((target.url,), ()) if target.kind == "frame" else ((), (target,))
            found = Needs(needs=needs, frames=frames, dropped={})
            await self._add(found, place=place._replace(hops=place.hops + 1))
        else:
            place.page.drop({"too-many-redirects": 1})

    async def _tell_inner(self, need: Need, *, place: _Place, known: Resource | None) -> None:
        needs = await self._inner.needs(need, known=known)
        if needs is not None and need.kind == "frame":
            await self._add(needs, place=_Place(place.page, in_frame=True))
        elif needs is not None and place.depth < NESTING:
            await self._add(needs, place=place._replace(depth=place.depth + 1))
        elif needs is not None:
            place.page.drop({"too-nested": len(needs.needs)})

    def _settle(self, url: str, answer: Answer) -> None:
        self._settled[url] = answer
        if len(self._settled) > _MOST_SETTLED:
            del self._settled[next(iter(self._settled))]

    async def _finish(self, page: PageInfo) -> None:
        if not page.unsettled and page in self._pages:
            await self._write(self._let_go(page))

    def _let_go(self, page: PageInfo) -> PageInfo:
        del self._pages[page]
        self._listed -= len(page.kinds)
        return page

    async def _write(self, page: PageInfo) -> None:
        self._count("pages")
        payload = page.dump(attempt=self._live.attempt.name)
        await self._live.recording.resource(
            page.uri, content_type=CONTENT_TYPE, payload=payload, date=self._live.line.now()
        )

    async def _note_wanted(self, needs: Iterable[Need], *, page: str) -> None:
        now = self._live.line.now().isoformat()
        notes = [{"note": "embed", "url": need.url, "page": page, "kind": need.kind, "at": now} for need in needs]
        if notes:
            await self._live.recording.notes(notes)

    async def _note_failed(self, url: str, *, reason: str, until: datetime | None = None) -> None:
        note = {"note": "embed-failed", "url": url, "reason": reason, "at": self._live.line.now().isoformat()}
        await self._live.recording.notes([note | {"until": until.isoformat()} if until else note])

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("an embed or a page's list of them was lost", exc_info=error)
            self._count("errors")
        self._pump()
        self._changed.set()

    @property
    def _live(self) -> LiveAttempt:
        return live_of(self._crawler)

    @property
    def _stats(self) -> StatsCollector:
        assert self._crawler.stats is not None
        return self._crawler.stats

    def _count(self, name: str, *, times: int = 1) -> None:
        if times:
            self._stats.inc_value(f"embeds/{name}", times)
