"""One spider for all news sites.

1. It reads robots.txt, then the home page, feeds, sitemaps and section pages (`crawler.discovery.reading`); what they
   promise goes into the ledger.
2. When that is read, or has taken its share of the budget, it takes due URLs from the ledger, newest first, and
   fetches them.
3. Each URL ends with an outcome and a reason. Bodies are looked at for an article's next page only: articles are
   derived from the WARC.
4. What captured pages need to be seen again is fetched meanwhile, and at the end (`crawler.embeds.gathering`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector
from twisted.python.failure import Failure

from archive.articles.body.parts import MOST, following
from archive.errors import LedgerError
from archive.facts import Part
from archive.pages import PAGES
from crawler.attempts.attempt import LiveAttempt
from crawler.attempts.frontier import Frontier, Target
from crawler.attempts.outcomes import Outcome, of_failure, of_response
from crawler.config import Config, read_config, user_agent
from crawler.discovery.reading import Reading
from crawler.embeds.gathering import Embeds
from crawler.fetch.answers import decoded, mime_of
from crawler.manners.robots import robots_of
from crawler.render.forms import Forms
from crawler.sites.finding import find_site
from crawler.sites.scope import Scope
from crawler.sites.settings import settings_of
from crawler.sites.site import Site

logger = logging.getLogger(__name__)

_BATCH = 64
_LOW_WATER = 32  # with fewer pages under way, more are taken from the ledger
_DISCOVERY_SHARE = 0.25  # of the budget, before articles are fetched beside an unfinished discovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An article whose further pages are under way: what is to be noted of it, and where its first page is."""

    target: Target
    outcome: Outcome
    url: str


class NewsSpider(Spider):
    """Crawls one site: `site` is a `Site`, or the name of one in the sites folder, or the URL of a home page.

    `live` is the attempt it works for; a spider that Scrapy's own command started gets one from
    `crawler.attempts.alone`.
    """

    name = "news"

    def __init__(self, *, site: Site, config: Config, live: LiveAttempt | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.site = site
        self.config = config
        self.live = live
        self.ended: str | None = None
        self.frontier: Frontier
        self.reading: Reading
        self.embeds: Embeds
        self.forms: Forms | None = None  # looked up with the first page
        self._max_pages = 0
        self._under_way = 0
        self.parts = 0  # articles whose further pages are under way
        self._changed = asyncio.Event()

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        site: Site | str | None = None,
        live: LiveAttempt | None = None,
        max_pages: int | str | None = None,
        max_minutes: float | str | None = None,
    ) -> Self:
        """Make the spider, and lay its site over the settings."""
        config = live.line.config if live else read_config()
        found = site if isinstance(site, Site) else find_site(site or "", config=config)
        chosen = settings_of(
            found,
            user_agent=user_agent(config),
            max_pages=int(max_pages) if max_pages else None,
            max_minutes=float(max_minutes) if max_minutes else None,
        )
        crawler.settings.setdict(chosen, priority="spider")
        spider = cls(site=found, config=config, live=live)
        spider._set_crawler(crawler)
        spider.embeds = Embeds(crawler)
        crawler.signals.connect(spider.finish, signal=signals.spider_closed)
        return spider

    @property
    def problem(self) -> str | None:
        """Why the home page could not be read; None while it could."""
        return self.reading.problem if hasattr(self, "reading") else "the crawl did not begin"

    @property
    def promised(self) -> int:
        """How many URLs were promised to this attempt, known ones included."""
        return self.frontier.promised if hasattr(self, "frontier") else 0

    async def start(self) -> AsyncIterator[Request]:
        """Yields requests for what is due, as long as anything is."""
        assert self.live is not None
        site = self.site
        scope = Scope(site)
        self.frontier = Frontier(self.live, scope)
        self._max_pages = self.crawler.settings.getint("MICROFICHE_MAX_PAGES")
        self.reading = Reading(
            self.frontier,
            scope,
            policy=await robots_of(self.crawler).policy(site.home),
            stats=self.stats,
            most_pages=max(1, self._max_pages // 2),
            on_change=self._changed.set,
        )
        await self.reading.recall()
        for request in self.reading.home():
            yield request
            await self._reached_downloader(request)
        for request in self.reading.first():
            yield request
        await self._discovery(asyncio.get_running_loop().time() + _DISCOVERY_SHARE * site.budget.total_seconds())
        while batch := await self._next():
            for target in batch:
                self._under_way += 1
                yield self._request(target)
        await self.embeds.finish()

    async def _reached_downloader(self, wanted: Request) -> None:
        """Waits until a request has its place among those that take turns, or has failed before.

        Scrapy's priorities end where middlewares begin; those of a page wait for the ledger, and any other request
        would go before it.
        """
        waiting = True

        def reached(request: Request, **_: Any) -> None:
            nonlocal waiting
            waiting = waiting and request.url != wanted.url
            self._changed.set()

        self.crawler.signals.connect(reached, signal=signals.request_reached_downloader)
        try:
            while waiting and self.reading.under_way:
                await self._change(1.0)
        finally:
            self.crawler.signals.disconnect(reached, signal=signals.request_reached_downloader)

    async def _discovery(self, deadline: float) -> None:
        """Waits until everything that promises is read, or has taken its share of the budget."""
        loop = asyncio.get_running_loop()
        while self.reading.under_way and loop.time() < deadline and not self._enough():
            await self._change(min(1.0, max(0.0, deadline - loop.time())))

    async def _next(self) -> list[Target]:
        """The next targets; waits while enough are under way; empty when nothing is due and nothing can come."""
        while not self._enough():
            if self._under_way < _LOW_WATER:
                room = self._max_pages - self.pages - self._under_way
                if room > 0 and (batch := await self.frontier.take(min(_BATCH, room))):
                    return batch
                if not self._under_way and not self.reading.under_way:
                    return []
            await self._change(1.0)
        self.ended = "max-pages"
        return []

    @property
    def pages(self) -> int:
        """Pages answered so far: the home page, sections, and what was promised."""
        return int(self.stats.get_value("archive/pages", 0))

    @property
    def expected(self) -> int | None:
        """Pages this run will have asked for at its end; None while that cannot be known."""
        if not hasattr(self, "frontier") or self.frontier.waiting is None:
            return None
        return min(self._max_pages, self.pages + self._under_way + self.frontier.waiting)

    @property
    def stats(self) -> StatsCollector:
        """The crawl's counts."""
        assert self.crawler.stats is not None
        return self.crawler.stats

    def _enough(self) -> bool:
        return self.pages + self._under_way >= self._max_pages and self._under_way == 0

    async def _change(self, seconds: float) -> None:
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _request(self, target: Target) -> Request:
        return Request(
            target.promise.url,
            callback=self.page,
            errback=self.failed,
            dont_filter=True,  # the ledger hands out each URL once an attempt
            meta={
                "verbatim_url": True,
                "peek": self.reading.promises,
                "conditional": self.reading.promises or target.captured_at,
                "goes_on": True,
            },
            cb_kwargs={"target": target},
        )

    async def page(self, response: Response, target: Target) -> Request | None:
        """Notes what came of a promised URL; a site that promises nothing by itself is followed from page to page.

        An article of several pages is followed from each of them to the next. Nothing is noted of it before its last
        one: what ends the run in between leaves it due.
        """
        try:
            await self.reading.follow_article(response)
            outcome = of_response(response, home=self.site.home)
            article = Begun(target=target, outcome=outcome, url=response.url)
            further = await self._further(response, of=article, number=2) if outcome.word == "captured" else None
        except BaseException:
            self._done()  # it stays due, for nobody knows yet what it leads to
            raise
        if further is None:
            await self._decide(target, outcome)
        else:
            self.parts += 1
        return further

    async def part(self, response: Response, of: Begun, number: int) -> Request | None:
        """Goes on from a further page of an article to the one behind it; what is kept is kept already."""
        self.stats.inc_value("article/parts")
        try:
            further = await self._further(response, of=of, number=number + 1)
        except BaseException:
            self._leave()
            raise
        if further is None:
            await self._complete(of)
        return further

    async def part_failed(self, failure: Failure) -> None:
        """Counts a further page that cannot be had: the article ends before it; it stays due if nobody asked."""
        outcome = of_failure(failure.value)
        self.stats.inc_value(f"article/part-missing/{outcome.reason if outcome else 'not-asked'}")
        if outcome is None:
            self._leave()
        else:
            await self._complete(failure.request.cb_kwargs["of"])  # type: ignore[attr-defined]  # Scrapy sets it

    async def _complete(self, article: Begun) -> None:
        try:
            await self._decide(article.target, article.outcome)
        finally:
            self.parts -= 1

    def _leave(self) -> None:
        self.parts -= 1
        self._done()

    async def _further(self, response: Response, *, of: Begun, number: int) -> Request | None:
        """The request for the page with this number of an article, where the page before it leads there.

        What an unchanged page said when it was captured holds for where it leads.
        """
        if response.status == 304 and response.meta.get("behind") is not None:
            response = response.meta["behind"]
        if response.status != 200 or mime_of(response) not in PAGES or number > MOST:
            return None
        url = following(decoded(response), url=of.url, number=number)
        if url is None or not self.reading.scope.on_site(url):
            return None
        assert self.live is not None
        await self.live.recording.parts([Part(url=url, of=of.url, number=number)], date=self.live.line.now())
        return Request(
            url,
            callback=self.part,
            errback=self.part_failed,
            dont_filter=True,
            meta={"verbatim_url": True},
            cb_kwargs={"of": of, "number": number},
        )

    async def failed(self, failure: Failure) -> None:
        """Notes why a promised URL has no answer."""
        target: Target = failure.request.cb_kwargs["target"]  # type: ignore[attr-defined]  # Scrapy sets it
        outcome = of_failure(failure.value)
        if outcome is None:  # not asked at all: it stays due
            self._done()
            return
        await self._decide(target, outcome)

    async def _decide(self, target: Target, outcome: Outcome) -> None:
        self.stats.inc_value(f"outcome/{outcome.word}")
        self.stats.inc_value("archive/pages")
        try:
            await self.frontier.decide(target, outcome)
        finally:
            self._done()

    def _done(self) -> None:
        self._under_way -= 1
        self._changed.set()

    async def finish(self, spider: Spider, reason: str) -> None:  # noqa: ARG002  the signal's form
        """Writes the last notes of the attempt: what is left, what was read, why it ended."""
        ended = {"shutdown": "interrupted", "finished": self.ended or reason}.get(reason, reason)
        await self._close_embeds()
        broke = bool(self.stats.get_value("spider_exceptions/count", 0))
        if ended == "finished" and (broke or self.stats.get_value("embeds/errors", 0)):
            ended = "errors"
        if self.live is not None and self.forms is not None:
            await self.live.recording.notes(self.forms.told())
        counts = {
            "exchanges": self.stats.get_value("archive/exchanges", 0),
            "bytes": self.stats.get_value("archive/bytes", 0),
            "pages": self.pages,
            "revisits": self.stats.get_value("archive/revisits", 0),
            "not_modified": self.stats.get_value("archive/not_modified", 0),
            "saved": self.stats.get_value("archive/saved", 0),
            "embeds": self.embeds.counts,
            "rendered": self._counts("render/"),
            "consent": self._counts("consent/"),
            "unread": self._counts("unread/"),
            "drops": {key: value for key, value in sorted(self.stats.get_stats().items()) if _is_drop(key)},
        }
        if not hasattr(self, "reading"):  # closed before it began
            assert self.live is not None
            await Frontier(self.live, Scope(self.site)).end(ended=ended, counts=counts)
            self.ended = ended
            return
        try:
            read = () if broke else self.reading.documents  # what may not be read whole is read again
            await self.frontier.close(read, ended=ended, counts=counts)
        except LedgerError as error:
            logger.error("%s; what is left is found again by the next run", error)
            await self.frontier.end(ended="ledger-lost", counts=counts)
        self.ended = ended

    def _counts(self, prefix: str) -> dict[str, Any]:
        found = self.stats.get_stats().items()
        return {key.removeprefix(prefix): value for key, value in sorted(found) if key.startswith(prefix)}

    async def _close_embeds(self) -> None:
        assert self.live is not None
        try:
            await self.embeds.close()
        except OSError as error:  # the spool, which the attempt tells of; the last notes are tried all the same
            logger.error("what pages need is not listed for all of them: %s", error)


def _is_drop(key: str) -> bool:
    return key.startswith(("scope/", "guard/", "robots/", "discovery/", "archive/truncated/", "retry_after/"))
