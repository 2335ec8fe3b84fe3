"""One embed asked for: through the crawl's own downloader and middlewares, beside its pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive import cdxj
from archive.cdxj import Capture
from archive.contentcoding import Bounds, decode
from archive.exchange import Exchange
from archive.ledger.resources import Resource
from crawler.embeds.pageinfo import Seen
from crawler.live import live_of
from crawler.outcomes import of_failure
from crawler.scope import Scope

LARGEST: Final = 20 * 10**6  # bytes of one embed
LARGEST_CSS: Final = 4 * 2**20  # bytes of a stylesheet, decoded
_TIMEOUT = 30  # seconds
_TRIES_MORE = 1
PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back for an embed.

    `seen` has every URL on the way, the last one answering for good; `body` is that of a stylesheet. `problem` says
    why nothing of use came back. `is_page` tells an answer in HTML, `capture` where it lies.
    """

    url: str
    seen: dict[str, Seen]
    body: bytes | None = None
    charset: str | None = None
    problem: str | None = None
    is_page: bool = False
    capture: Capture | None = None


@dataclass(frozen=True, slots=True)
class _Hop:
    """One answer on the way: its status, and when its exchange began."""

    status: int
    started: datetime
    mime: str


class Fetcher:
    """Asks for embeds, and remembers when each answer of the crawl began (the date of its record)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        crawler.signals.connect(self._downloaded, signal=signals.response_downloaded)

    async def fetch(self, url: str, *, is_css: bool) -> Fetched | None:
        """Asks for a URL; None when it may not be asked now, and is wanted still."""
        request = self._request(url)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  whatever went wrong is the outcome of this one embed
            outcome = of_failure(error)
            return Fetched(url=url, seen={}, problem=outcome.reason or "failed") if outcome else None
        return await self._fetched(response, asked=url, is_css=is_css)

    def _request(self, url: str) -> Request:
        on_site = Scope(live_of(self._crawler).site).on_site(url)
        meta: dict[str, Any] = {
            "embed": True,
            "verbatim_url": True,
            "peek": True,  # nobody reads it but us
            "hops": {},
            "download_maxsize": LARGEST,
            "download_timeout": _TIMEOUT,
            "max_retry_times": _TRIES_MORE,
            "autothrottle_dont_adjust_delay": True,
            "dont_merge_cookies": not on_site,
        }
        return Request(url, headers={"Accept": "*/*"}, meta=meta, dont_filter=True, callback=NO_CALLBACK)

    def _downloaded(self, response: Response, request: Request, **_: Any) -> None:
        """Notes an answer before its exchange is written and forgotten."""
        exchange: Exchange | None = request.meta.get("exchange")
        if exchange is None:
            return
        request.meta["started"] = exchange.started
        hops = request.meta.get("hops")
        if hops is not None:
            hops[request.url] = _Hop(response.status, exchange.started, mime_of(response))

    async def _fetched(self, response: Response, *, asked: str, is_css: bool) -> Fetched:
        hops: dict[str, _Hop] = response.meta["hops"]
        seen = {url: Seen(status=hop.status, mime=hop.mime, date=hop.started, digest="") for url, hop in hops.items()}
        capture: Capture | None = response.meta.get("capture")
        if response.status == 304:
            known = await live_of(self._crawler).known.resource(response.url)
            if known is None:
                return Fetched(url=asked, seen={}, problem="http-304")
            seen[response.url] = seen_again(known)
            return Fetched(url=response.url, seen=seen, is_page=known.mime in PAGES, capture=capture)
        if response.url in seen:
            last = seen[response.url]
            digest = capture.digest if capture else ""
            seen[response.url] = Seen(status=last.status, mime=last.mime, date=last.date, digest=digest)
        mime = mime_of(response)
        return Fetched(
            url=response.url,
            seen=seen,
            body=decoded(response) if response.status == 200 and (is_css or mime == "text/css") else None,
            charset=charset_of(response),
            problem=None if response.status == 200 else f"http-{response.status}",
            is_page=is_page(response),
            capture=capture,
        )


def seen_again(known: Resource) -> Seen:
    """The capture that stands for a URL which was not asked for, or answered that nothing changed."""
    return Seen(status=known.status, mime=known.mime, date=known.captured_at, digest=known.digest)


def is_page(response: Response) -> bool:
    """Tells whether an answer is a page, whole and in HTML."""
    return response.status == 200 and mime_of(response) in PAGES


def mime_of(response: Response) -> str:
    """The media type of an answer, in lower case; empty when it names none."""
    return cdxj.mime((response.headers.get("Content-Type") or b"").decode("latin-1")).lower()


def charset_of(response: Response) -> str | None:
    """The charset an answer declares; None when it declares none."""
    _, found, charset = (response.headers.get("Content-Type") or b"").decode("latin-1").lower().partition("charset=")
    return charset.partition(";")[0].strip(" \"'") or None if found else None


def decoded(response: Response) -> bytes:
    """The body of an answer with its content codings undone, as far as it is read."""
    codings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1").lower()
    encodings = tuple(name.strip() for name in codings.split(",") if name.strip())
    return decode(response.body, encodings=encodings, bounds=Bounds(size=LARGEST_CSS)).data
