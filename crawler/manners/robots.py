"""robots.txt by RFC 9309: read, kept for a day, obeyed.

2xx                  the rules, of the first 500 KiB
3xx                  followed up to five times, to any server; more redirects, or one that leads nowhere: as for 4xx
4xx                  no rules: everything is allowed (section 2.3.1.3), 401 and 403 too
5xx, 429, no answer  nothing is allowed for now (section 2.3.1.4), reason `robots-unreachable`. 429 is a 4xx to the
                     letter; but a server that says "too many requests" is not asking for more of them
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.fetch.askable import askable
from crawler.manners.slots import lengthen, slot_key, slot_of

TOKEN = "microfiche"  # noqa: S105 - the product token of our User-Agent
LARGEST = 500 * 1024  # bytes that are read; RFC 9309, section 2.5
LONGEST_DELAY = 60.0  # seconds; robots.txt files that ask for more mean to say "go away", and have Disallow for it
MOST_SITEMAPS = 200
MOST_REDIRECTS = 5
KEPT = 24 * 3600.0  # seconds; RFC 9309, section 2.4
KEPT_UNREACHABLE = 600.0
_AGENT = re.compile(r"[^\S\n]*user(?:-|[^\S\n]*)agent(?:[^\S\n]*:|[^\S\n])([^#\n]*)", re.IGNORECASE)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsPolicy:
    """What one server's robots.txt asks of us; `status` None means that nothing came back."""

    status: int | None
    reachable: bool = True
    sitemaps: tuple[str, ...] = ()
    crawl_delay: float | None = None
    _rules: Protego | None = field(default=None, repr=False, compare=False)

    def refusal(self, url: str) -> str | None:
        """Tell why a URL may not be asked for: `robots-unreachable`, `robots-disallowed`, or None."""
        if urlsplit(url).path == "/robots.txt":
            return None
        if not self.reachable:
            return "robots-unreachable"
        allowed = self._rules is None or self._rules.can_fetch(url, TOKEN)
        return None if allowed else "robots-disallowed"

    def allows(self, url: str) -> bool:
        """Tell whether a URL may be asked for."""
        return self.refusal(url) is None


def read_robots(status: int | None, *, body: bytes = b"", url: str = "") -> RobotsPolicy:
    """Read the final answer to a request for robots.txt; `url` is where it came from, for relative sitemaps."""
    if status is None or status >= 500 or status == 429:
        return RobotsPolicy(status=status, reachable=False)
    if not 200 <= status < 300:
        return RobotsPolicy(status=status)
    rules = Protego.parse(_without_others(_text(body)))
    return RobotsPolicy(status=status, sitemaps=_sitemaps(rules, url=url), crawl_delay=_delay(rules), _rules=rules)


def _text(body: bytes) -> str:
    if len(body) > LARGEST:
        body = body[:LARGEST].rpartition(b"\n")[0]
    encoding = "utf-16" if body.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return body.decode(encoding, errors="replace")


def _without_others(text: str) -> str:
    """Give all robots that cannot be us one name.

    Quirk: Protego keeps each rule of a group once for every robot that the group names: 10,000 names before 10,000
    rules take minutes and the memory of the machine.
    """
    kept: list[str] = []
    for line in text.splitlines():
        named = _AGENT.match(line)
        name = named[1].replace("*", "").strip().lower() if named else TOKEN
        told = line if name in TOKEN else "User-agent: another"
        if not (named and kept and kept[-1] == told):
            kept.append(told)
    return "\n".join(kept)


def _sitemaps(rules: Protego, *, url: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for line in dict.fromkeys(rules.sitemaps):
        target = askable(line, base=url)
        if target is not None:
            found.setdefault(target)
        if len(found) == MOST_SITEMAPS:
            break
    return tuple(found)


def _delay(rules: Protego) -> float | None:
    """Read Crawl-delay and Request-rate, the longer of the two; neither is in the RFC, both are widely meant."""
    rate = rules.request_rate(TOKEN)
    asked = [rules.crawl_delay(TOKEN) or 0.0, rate.seconds / rate.requests if rate else 0.0]
    longest = max(asked)
    return min(longest, LONGEST_DELAY) if longest > 0 else None


@dataclass(frozen=True, slots=True)
class _Kept:
    policy: RobotsPolicy
    until: float


class Robots:
    """The policies of the servers a crawl meets, each fetched once and kept for a day.

    Requests for robots.txt go through the crawl's own downloader and middlewares, so they are delayed, retried and
    archived like any other. While one is under way, all who ask for its policy wait for it. An unreachable one is
    tried again after ten minutes. `clock` gives seconds.
    """

    def __init__(self, crawler: Crawler, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._crawler = crawler
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._fetching: dict[str, asyncio.Task[RobotsPolicy]] = {}

    async def policy(self, url: str) -> RobotsPolicy:
        """Give the policy of a URL's origin (scheme, host and port), fetching it when it is not known."""
        origin = _origin(url)
        kept = self._kept.get(origin)
        if kept is not None and self._clock() < kept.until:
            return kept.policy
        fetching = self._fetching.get(origin)
        if fetching is None:
            fetching = self._fetching[origin] = asyncio.ensure_future(self._fetch(origin))
            fetching.add_done_callback(lambda _: self._fetching.pop(origin, None))
        return await asyncio.shield(fetching)

    async def _fetch(self, origin: str) -> RobotsPolicy:
        url = f"{origin}/robots.txt"
        response = await self._follow(url)
        policy = self._read(response, url=url)
        kept_for = KEPT if policy.reachable else KEPT_UNREACHABLE
        self._kept[origin] = _Kept(policy, self._clock() + kept_for)
        return policy

    def _read(self, response: Response | None, *, url: str) -> RobotsPolicy:
        if response is None:
            return read_robots(None)
        return read_robots(response.status, body=response.body, url=response.url or url)

    async def _follow(self, url: str) -> Response | None:
        """Ask for robots.txt and follow redirects: its answer, the last of too many redirects, or None."""
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._ask(url)
            target = _target(response)
            if target is None:
                return response
            self._count("redirects")
            url = target
        return response

    async def _ask(self, url: str) -> Response | None:
        meta = {"dont_obey_robotstxt": True, "dont_redirect": True, "handle_httpstatus_all": True, "is_robots": True}
        request = Request(url, priority=1000, meta=meta, callback=NO_CALLBACK, dont_filter=True)
        assert self._crawler.engine is not None
        self._count("requests")
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, there was no answer, and that is an answer
            logger.debug("No robots.txt at %s: %s", url, error)
            self._count("no-answer")
            return None
        self._count(f"status/{response.status}")
        return response

    def _count(self, name: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"robots/{name}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _target(response: Response | None) -> str | None:
    if response is None or response.status not in _REDIRECTS:
        return None
    return askable(response.headers.get("Location") or b"", base=response.url)


def robots_of(crawler: Crawler) -> Robots:
    """Give the crawl's `Robots`, from the moment its engine exists."""
    middleware = crawler.get_downloader_middleware(RobotsMiddleware)
    assert isinstance(middleware, RobotsMiddleware)
    return middleware.robots


class RobotsMiddleware:
    """Lets a request pass only when robots.txt allows it, and no sooner than its crawl-delay asks.

    Replaces Scrapy's RobotsTxtMiddleware, in its place (100). A refused request ends with IgnoreRequest, whose message
    is the reason, `robots-disallowed` or `robots-unreachable`. Requests with `dont_obey_robotstxt` in their meta pass.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.robots = Robots(crawler)
        self._crawler = crawler
        self._delays: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the middleware, and keep AutoThrottle from going below the crawl-delay."""
        middleware = cls(crawler)
        crawler.signals.connect(middleware.keep_delay, signal=signals.request_reached_downloader)
        crawler.signals.connect(middleware.keep_delay, signal=signals.response_downloaded)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Pass a request or refuse it."""
        if request.meta.get("dont_obey_robotstxt") or not request.url.startswith(("http:", "https:")):
            return
        policy = await self.robots.policy(request.url)
        reason = policy.refusal(request.url)
        if reason is not None:
            self._count(reason)
            raise IgnoreRequest(reason)
        request.meta["crawl_delay"] = policy.crawl_delay

    def keep_delay(self, request: Request, **_: Any) -> None:
        """Lengthen a slot's delay whenever something may have shortened it: a new slot, AutoThrottle.

        Both signals come right before the slot decides when to send its next request.
        """
        key, slot = slot_key(self._crawler, request), slot_of(self._crawler, request)
        delay = max(self._delays.get(key, 0.0), request.meta.get("crawl_delay") or 0.0)
        if slot is not None:
            self._delays[key] = delay
            lengthen(slot, delay=delay)

    def _count(self, reason: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"robots/{reason.removeprefix('robots-')}")
