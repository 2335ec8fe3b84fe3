"""What a site promises, found out by a handful of requests: for `site add` and `site check`. Nothing is written.

The readers, the scope and the judgement of candidates are those of the crawl; only how much is read is bounded.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from archive.promise import Promise, Source
from archive.urls import canonical, fetchable
from crawler.discovery.ask import Answer, Asker
from crawler.discovery.candidates import dated, is_candidate
from crawler.discovery.feeds import read_feed
from crawler.discovery.pages import Listing, read_page
from crawler.discovery.places import feed_places, sitemap_places
from crawler.discovery.sections import sections
from crawler.discovery.sitemaps import Child, read_sitemap
from crawler.manners.robots import RobotsPolicy
from crawler.sites.scope import Scope
from crawler.sites.site import Site

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A feed or sitemap that was asked: its kind (rss, atom, json, urlset, index …) or why it is none."""

    url: str
    of: Literal["feed", "sitemap"]
    kind: str | None = None
    promises: tuple[Promise, ...] = ()
    children: tuple[Child, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Promised URLs that would be fetched, newest first; the others counted by their reason."""

    wanted: tuple[Promise, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What was found: `home` is where the home page was in the end, `problem` why it could not be read.

    `page` is its HTML.
    """

    home: str
    problem: str | None = None
    policy: RobotsPolicy
    page: bytes = b""
    documents: tuple[Found, ...] = ()
    sections: tuple[str, ...] = ()
    candidates: Candidates = field(default_factory=Candidates)
    requests: int = 0


async def probe(site: Site, *, user_agent: str, most: int) -> Probe:
    """Looks at a site with at most `most` requests for feeds and sitemaps, besides robots.txt and the home page."""
    typed = (site.home, *(site.feeds or ()), *(site.sitemaps or ()), *(site.sections or ()))
    async with Asker.open(user_agent=user_agent, delay=site.delay, typed=typed) as asker:
        answer = await asker.get(site.home)
        policy = await asker.policy(answer.url)
        if answer.problem:
            return Probe(home=answer.url, problem=answer.problem, policy=policy, requests=asker.requests)
        page = read_page(answer.body, url=answer.url, charset=answer.charset)
        documents = await _Documents(asker, site, room=most).read(page, policy=policy)
        scope = Scope(site)
        links = [Promise(url=link.url, source=Source.SECTION, found_in=answer.url) for link in page.links]
        promised = [promise for found in documents for promise in found.promises]
        return Probe(
            home=answer.url,
            policy=policy,
            page=answer.body,
            documents=tuple(documents),
            sections=sections(page.links, scope=scope) if site.sections is None else site.sections,
            candidates=judge([*promised, *links], scope=scope, policy=policy),
            requests=asker.requests,
        )


class _Documents:
    """Reads feeds and sitemaps until the room is used up."""

    def __init__(self, asker: Asker, site: Site, *, room: int) -> None:
        self._asker = asker
        self._site = site
        self._room = room
        self._asked: set[str] = set()

    async def read(self, page: Listing, *, policy: RobotsPolicy) -> list[Found]:
        """Those that the site's TOML, its home page and its robots.txt name; else the usual places."""
        half = max(1, self._room // 2)
        feeds = await self._feeds(page.feeds if self._site.feeds is None else self._site.feeds, most=half)
        if self._site.feeds is None and not feeds:
            feeds = await self._guess("feed", feed_places(self._site.home), most=3)
        sitemaps = await self._sitemaps(self._site.sitemaps or policy.sitemaps, most=half)
        if not sitemaps and self._site.sitemaps is None:
            sitemaps = await self._guess("sitemap", sitemap_places(self._site.home), most=3)
        children = sorted((child for found in sitemaps for child in found.children), key=_newest_first)
        return [*feeds, *sitemaps, *await self._sitemaps([child.url for child in children], most=self._room)]

    async def _feeds(self, urls: Iterable[str], *, most: int) -> list[Found]:
        return [await self._one("feed", url) for url in self._fresh(urls, most=most)]

    async def _sitemaps(self, urls: Iterable[str], *, most: int) -> list[Found]:
        return [await self._one("sitemap", url) for url in self._fresh(urls, most=most)]

    async def _guess(self, of: Literal["feed", "sitemap"], urls: Iterable[str], *, most: int) -> list[Found]:
        """Tries usual places up to the first that has something; one that has not is missed by nobody."""
        for url in self._fresh(urls, most=most):
            found = await self._one(of, url)
            if found.problem is None:
                return [found]
        return []

    def _fresh(self, urls: Iterable[str], *, most: int) -> list[str]:
        fresh = [url for url in dict.fromkeys(urls) if url not in self._asked][: min(most, self._room)]
        self._asked.update(fresh)
        return fresh

    async def _one(self, of: Literal["feed", "sitemap"], url: str) -> Found:
        if self._room <= 0:
            return Found(url=url, of=of, problem="not asked")
        self._room -= 1
        answer = await self._asker.get(url)
        if answer.problem:
            return Found(url=url, of=of, problem=answer.problem)
        read = _read_feed if of == "feed" else _read_sitemap
        return await asyncio.to_thread(read, answer, url=url)


def _read_feed(answer: Answer, *, url: str) -> Found:
    feed = read_feed(answer.body, url=answer.url, charset=answer.charset)
    problem = None if feed.kind else "not-a-feed"
    return Found(url=url, of="feed", kind=feed.kind, promises=feed.promises, problem=problem)


def _read_sitemap(answer: Answer, *, url: str) -> Found:
    sitemap = read_sitemap(answer.body, url=answer.url, charset=answer.charset)
    problem = None if sitemap.kind else "not-a-sitemap"
    return Found(
        url=url,
        of="sitemap",
        kind=sitemap.kind,
        promises=sitemap.promises,
        children=sitemap.children,
        problem=problem,
    )


def _newest_first(child: Child) -> float:
    return -child.modified.timestamp() if child.modified else 0.0


def judge(promises: Iterable[Promise], *, scope: Scope, policy: RobotsPolicy) -> Candidates:
    """Judges promises as a crawl would; what is older than the backfill is refused as `backfill`."""
    wanted: dict[str, Promise] = {}
    refused: dict[str, str] = {}
    for promise in promises:
        try:
            promise = replace(promise, url=fetchable(promise.url))
            key = canonical(promise.url)
        except ValueError:
            continue
        reason = _refusal(promise, scope=scope, policy=policy)
        if reason is None:
            wanted.setdefault(key, promise)
        elif promise.source is not Source.SECTION:  # a mere link was promised by nobody
            refused.setdefault(key, reason)
    newest = sorted(wanted.values(), key=lambda promise: dated(promise) or _BEGINNING, reverse=True)
    return Candidates(wanted=tuple(newest), refused=Counter(refused[key] for key in refused.keys() - wanted.keys()))


def _refusal(promise: Promise, *, scope: Scope, policy: RobotsPolicy) -> str | None:
    verdict = scope.judge(promise.url, promised=promise.source)
    verdict = is_candidate(promise, site=scope.site) if verdict.allowed else verdict
    if not verdict.allowed:
        return verdict.reason
    horizon, moment = scope.site.horizon(scope.clock()), dated(promise)
    if horizon and moment and moment < horizon:
        return "backfill"
    return policy.refusal(promise.url)
