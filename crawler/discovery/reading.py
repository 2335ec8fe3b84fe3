"""Reading what promises: the home page, feeds, sitemaps, section pages and their pagination.

Each document ends with a note: its kind, its outcome, and the date up to which it need not be read again. Large ones
are read in a thread. What they promise goes to the frontier.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.statscollectors import StatsCollector
from twisted.python.failure import Failure

from archive.points import reached
from archive.promise import Promise, Source
from archive.urls import canonical
from crawler.attempts.frontier import Frontier
from crawler.attempts.outcomes import of_failure
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import Link, read_page
from crawler.discovery.places import feed_places, is_worth_a_try, sitemap_places
from crawler.discovery.sections import sections
from crawler.discovery.sitemaps import Child, read_sitemap
from crawler.discovery.traps import TrapGuard
from crawler.fetch.askable import askable
from crawler.manners.robots import RobotsPolicy
from crawler.sites.scope import Scope

Kind = Literal["home", "feed", "sitemap", "section"]

MOST_DOCUMENTS = 5000  # feeds, sitemaps and sections a run
_PLACES_BESIDE_NAMED = 3  # usual places tried on a site whose home page names its feeds
_EMPTY = "empty"  # a document that was read and promises nothing
_ELSEWHERE = "read-elsewhere"  # a document that leads to one that is read by itself
_NESTING = 4  # sitemap indexes within sitemap indexes
_PRIORITY: Mapping[Kind, int] = {"home": 100, "feed": 90, "sitemap": 80, "section": 50}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something to read: `depth` counts links from the home page, or indexes above a sitemap.

    `guessed` documents were named by nobody, and are missed by nobody.
    """

    url: str
    kind: Kind
    depth: int = 0
    modified: datetime | None = None
    guessed: bool = False


class Reading:
    """The documents of one attempt: asked, read, noted.

    `problem` says why the home page could not be read; None while it could. Home and section pages are at most
    `most_pages`, so that a capped run has room for what they promise.
    """

    def __init__(
        self,
        frontier: Frontier,
        scope: Scope,
        *,
        policy: RobotsPolicy,
        stats: StatsCollector,
        most_pages: int,
        on_change: Callable[[], None],
    ) -> None:
        self.scope = scope
        self.under_way = 0
        self.problem: str | None = None
        self.documents: list[Mapping[str, Any]] = []
        self._frontier = frontier
        self._policy = policy
        self._stats = stats
        self._most_pages = most_pages
        self._pages = 0
        self._on_change = on_change
        self._asked: set[str] = set()
        self._known: dict[str, Mapping[str, Any]] = {}
        self._guard = TrapGuard()
        self._promised_by_documents = 0

    async def recall(self) -> None:
        """Learns from the ledger what earlier runs read."""
        self._known = {canonical(row["url"]): row for row in await self._frontier.known_documents()}

    def home(self) -> list[Request]:
        """The request a run begins with."""
        return self._requests([Document(url=self.scope.site.home, kind="home")])

    def first(self) -> list[Request]:
        """The requests beside that for the home page which a run begins with."""
        site = self.scope.site
        documents = [Document(url=url, kind="feed") for url in self._first_feeds()]
        sitemaps = self._policy.sitemaps if site.sitemaps is None else site.sitemaps
        documents += [Document(url=url, kind="sitemap") for url in sitemaps]
        if site.sitemaps is None and not sitemaps:
            documents += self._guesses("sitemap", sitemap_places(site.home))
        return self._requests(documents)

    def _first_feeds(self) -> Iterable[str]:
        if self.scope.site.feeds is not None:
            return self.scope.site.feeds
        return [row["url"] for row in self._known.values() if row["kind"] == "feed" and row["outcome"] == "read"]

    def _guesses(self, kind: Kind, places: Iterable[str]) -> list[Document]:
        """Usual places; one where an earlier run found nothing is not tried again for a while."""
        return [Document(url=url, kind=kind, guessed=True) for url in places if self._is_worth_a_try(url)]

    def _is_worth_a_try(self, url: str) -> bool:
        row, now = self._known.get(canonical(url)), self.scope.clock()
        return row is None or is_worth_a_try(row["outcome"], reason=row["reason"], read_at=row["read_at"], now=now)

    def _requests(self, documents: Iterable[Document]) -> list[Request]:
        clean = (replace(document, url=askable(document.url, base=document.url) or "") for document in documents)
        return [self._request(document) for document in clean if self._is_wanted(document)]

    def _is_wanted(self, document: Document) -> bool:
        try:
            key = canonical(document.url)
        except ValueError:
            return self._drop("bad-url")
        if key in self._asked:
            return False
        if len(self._asked) >= MOST_DOCUMENTS:
            return self._drop("too-many-documents")
        if document.kind in ("home", "section"):
            if self._pages >= self._most_pages:
                return self._drop("max-pages")
            if not self._guard.admits(document.url):
                return self._drop("trap-endless")
            self._pages += 1
        self._asked.add(key)
        return True

    def _first_here(self, url: str, *, asked: str) -> bool:
        """Whether a document that was asked for, and may have redirected, is the first to be read from there."""
        key = canonical(url)
        if key != canonical(asked) and key in self._asked:
            return False
        self._asked.add(key)
        return True

    def _drop(self, reason: str) -> bool:
        self._stats.inc_value(f"discovery/{reason}")
        return False

    def _request(self, document: Document) -> Request:
        self.under_way += 1
        return Request(
            document.url,
            callback=self._read,
            errback=self._failed,
            priority=_PRIORITY[document.kind] - document.depth,
            dont_filter=True,  # `_asked` knows better: it compares by id/1
            meta={"verbatim_url": True, "document": document.kind in ("feed", "sitemap")} | self._conditions(document),
            cb_kwargs={"document": document},
        )

    def _conditions(self, document: Document) -> dict[str, Any]:
        """Whether it is enough to ask if a document changed (`crawler.fetch.conditional`).

        What only promises articles needs no second reading by the same reader; what leads to other documents is read
        again.
        """
        known = self._known.get(canonical(document.url))
        if known is None or known["outcome"] != "read" or known["url"] != document.url:
            return {}
        leads_on = document.kind in ("home", "section") or known["reason"] == "index"
        return {"conditional": known["read_at"], "needs_body": leads_on or known["reader"] != self._frontier.reader}

    async def _failed(self, failure: Failure) -> None:
        document: Document = failure.request.cb_kwargs["document"]  # type: ignore[attr-defined]  # Scrapy sets it
        outcome = of_failure(failure.value)
        self._note(document, outcome="failed", reason=outcome.reason if outcome else str(failure.value))
        self._end()

    async def _read(self, response: Response, document: Document) -> AsyncIterator[Request]:
        reached("document-captured")
        if document.kind in ("home", "section"):
            self._stats.inc_value("archive/pages")
        try:
            if response.status == 304 and response.meta.get("conditional") and not response.meta["needs_body"]:
                self._unchanged(document)
                return
            if response.status != 200:
                self._note(document, outcome="failed", reason=f"http-{response.status}")
                return
            if not self._first_here(response.url, asked=document.url):
                self._note(document, outcome="failed", reason=_ELSEWHERE)
                return
            for request in self._requests(await self._follow(response, document)):
                yield request
        finally:
            self._end()

    def _unchanged(self, document: Document) -> None:
        """Notes a feed or sitemap that promises what it promised when it was read."""
        reason = self._known[canonical(document.url)]["reason"]
        self._stats.inc_value(f"discovery/{document.kind}/unchanged")
        self._promised_by_documents += reason != _EMPTY
        self._note(document, outcome="read", reason=reason)

    async def _follow(self, response: Response, document: Document) -> Sequence[Document]:
        match document.kind:
            case "feed":
                return await self._follow_feed(response, document)
            case "sitemap":
                return await self._follow_sitemap(response, document)
            case _:
                return await self._follow_page(response, document)

    async def _follow_feed(self, response: Response, document: Document) -> Sequence[Document]:
        feed = await asyncio.to_thread(read_feed, response.body, url=response.url, charset=_charset(response))
        self._count_problems("feed", feed.problems)
        if feed.kind is None:
            await self._no_document(response, document, reason="not-a-feed")
            return ()
        self._note(document, outcome="read", reason=feed.kind if feed.promises else _EMPTY)
        self._promised_by_documents += len(feed.promises)
        new = await self._frontier.offer(feed.promises, current=document.depth == 0)
        if not (feed.next and new and document.depth < self.scope.site.max_depth):
            return ()
        return [Document(url=feed.next, kind="feed", depth=document.depth + 1)]

    async def _follow_sitemap(self, response: Response, document: Document) -> Sequence[Document]:
        sitemap = await asyncio.to_thread(read_sitemap, response.body, url=response.url, charset=_charset(response))
        self._count_problems("sitemap", sitemap.problems)
        if sitemap.kind is None:
            await self._no_document(response, document, reason="not-a-sitemap")
            return ()
        self._promised_by_documents += len(sitemap.promises)
        await self._frontier.offer(sitemap.promises)
        self._note(document, outcome="read", reason=sitemap.kind if sitemap.promises or sitemap.children else _EMPTY)
        if document.depth >= _NESTING:
            self._drop("sitemap-too-nested")
            return ()
        children = sorted(sitemap.children, key=_newest_first)
        return [
            Document(url=child.url, kind="sitemap", depth=document.depth + 1, modified=child.modified)
            for child in children
            if self._is_due(child)
        ]

    async def _no_document(self, response: Response, document: Document, *, reason: str) -> None:
        """Notes what is no feed or sitemap, and that no article stands there.

        Sites whose scripts choose what to show answer every address with one page, often that of their home.
        """
        if isinstance(response, TextResponse):
            await self._frontier.tell_sections([response.url])
        self._note(document, outcome="failed", reason=reason)

    def _is_due(self, child: Child) -> bool:
        """Whether a sitemap can have anything for us: not older than the backfill, nor unchanged since it was read."""
        if child.modified is None:
            return True
        horizon = self.scope.site.horizon(self.scope.clock())
        if horizon and child.modified < horizon:
            return self._drop("sitemap-too-old")
        known = self._known.get(canonical(child.url))
        if known and known["outcome"] == "read" and known["modified"] and known["modified"] >= child.modified:
            self._promised_by_documents += known["reason"] != _EMPTY
            return self._drop("sitemap-unchanged")
        return True

    async def _follow_page(self, response: Response, document: Document) -> Sequence[Document]:
        if not isinstance(response, TextResponse):
            self._note(document, outcome="failed", reason="not-html")
            return ()
        page = read_page(response.body, url=response.url, charset=response.encoding)
        new = await self._offer_links(page.links, found_in=response.url, source=Source.SECTION)
        if new:
            self._guard.led_on(document.url)
        self._note(document, outcome="read", reason=None)
        found: list[Document] = []
        if document.kind == "home":
            if self.scope.site.feeds is None:
                found += [Document(url=url, kind="feed") for url in page.feeds]
                places = feed_places(self.scope.site.home)
                found += self._guesses("feed", places[:_PLACES_BESIDE_NAMED] if page.feeds else places)
            chosen = self.scope.site.sections
            chosen = sections(page.links, scope=self.scope) if chosen is None else chosen
            found += [Document(url=url, kind="section", depth=1) for url in chosen]
        if page.next and (new or document.depth <= 1) and self.scope.judge(page.next, depth=document.depth + 1).allowed:
            found.append(Document(url=page.next, kind="section", depth=document.depth + 1))
        await self._frontier.tell_sections([one.url for one in found if one.kind == "section"])
        return found

    @property
    def promises(self) -> bool:
        """Whether feeds or sitemaps promise anything, so that articles need not be followed."""
        return self._promised_by_documents > 0

    async def follow_article(self, response: Response) -> None:
        """Reads the links of an article, on a site that promises nothing by feed or sitemap."""
        if self.promises or self.under_way or not isinstance(response, TextResponse):
            return
        page = read_page(response.body, url=response.url, charset=response.encoding)
        await self._offer_links(page.links, found_in=response.url, source=Source.LINK)

    async def _offer_links(self, links: Sequence[Link], *, found_in: str, source: Source) -> int:
        return await self._frontier.offer([Promise(url=link.url, source=source, found_in=found_in) for link in links])

    def _count_problems(self, kind: Kind, problems: Mapping[str, int]) -> None:
        for problem, times in problems.items():
            self._stats.inc_value(f"discovery/{kind}/{problem}", times)

    def _note(self, document: Document, *, outcome: str, reason: str | None) -> None:
        if document.kind == "home" and outcome == "failed":
            self.problem = reason
        elif outcome == "failed" and not document.guessed and reason != _ELSEWHERE:
            self._stats.inc_value(f"unread/{reason}")
        self._stats.inc_value(f"discovery/{document.kind}/{outcome}")
        self.documents.append(
            self._frontier.document(
                document.url, kind=document.kind, outcome=outcome, reason=reason, modified=document.modified
            )
        )

    def _end(self) -> None:
        self.under_way -= 1
        self._on_change()


def _newest_first(child: Child) -> float:
    return -child.modified.timestamp() if child.modified else 0.0


def _charset(response: Response) -> str | None:
    """The charset the server declared; None when it declared none."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    _, found, charset = content_type.lower().partition("charset=")
    return charset.partition(";")[0].strip(" \"'") or None if found else None
