"""One embed asked for: through the crawl's own downloader and middlewares, beside its pages."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.ledger.embeds import Miss
from archive.ledger.resources import Resource
from archive.pages import PAGES
from crawler.attempts.live import live_of
from crawler.attempts.outcomes import of_failure
from crawler.embeds.needs import Kind
from crawler.embeds.pageinfo import Seen
from crawler.fetch.addresses import Admission, Place, literal_address, places
from crawler.fetch.answers import charset_of, decoded, mime_of
from crawler.fetch.askable import askable
from crawler.fetch.wire import AddressRefused
from crawler.sites.scope import Scope

LARGEST: Final = 10 * 10**6  # bytes of one embed
LARGEST_MEDIA: Final = 20 * 10**6  # of a video or a sound
_TIMEOUT = 30  # seconds
_TRIES_MORE = 1
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back for an embed.

    `seen` is its capture, `problem` says why it is of no use, or why there is none. `body` is there to be read in turn.
    `is_page` tells an answer in HTML, and `capture` where it lies.
    """

    seen: Seen | None = None
    problem: str | None = None
    body: bytes | None = None
    charset: str | None = None
    is_page: bool = False
    capture: Capture | None = None


class Fetcher:
    """Asks for embeds, and remembers when each answer of the crawl began (the date of its record)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._allowed: frozenset[Place] | None = None  # the site's settings come later
        crawler.signals.connect(self._downloaded, signal=signals.response_downloaded)

    async def fetch(self, url: str, *, kind: Kind) -> Fetched | None:
        """Asks for a URL; None when it may not be asked now, and is wanted still."""
        if not self._admits(url):
            return Fetched(problem=AddressRefused.reason)
        request = self._request(url, kind=kind)
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  whatever went wrong is the outcome of this one embed
            outcome = of_failure(error)
            return Fetched(problem=outcome.reason or "failed") if outcome else None
        return await self._fetched(response, kind=kind)

    def _admits(self, url: str) -> bool:
        """Tells whether an address may be connected to, before its server is asked for robots.txt; names may."""
        asked = Place.of_url(url)
        address = literal_address(asked.host) if asked else None
        if asked is None or address is None:
            return True
        if self._allowed is None:
            self._allowed = places(self._crawler.settings.getlist("MICROFICHE_ALLOWED_ADDRESSES"))
        return Admission(allowed=self._allowed, asked=asked).admits(address, port=asked.port)

    def _request(self, url: str, *, kind: Kind) -> Request:
        on_site = Scope(live_of(self._crawler).site).on_site(url)
        meta: dict[str, Any] = {
            "embed": True,
            "verbatim_url": True,
            "peek": True,  # nobody reads it but us
            "dont_redirect": True,  # where it leads may be known, or wanted by another page
            "download_maxsize": LARGEST_MEDIA if kind == "media" else LARGEST,
            "download_timeout": _TIMEOUT,
            "max_retry_times": _TRIES_MORE,
            "autothrottle_dont_adjust_delay": True,
            "dont_merge_cookies": not on_site,
        }
        return Request(url, headers={"Accept": "*/*"}, meta=meta, dont_filter=True, callback=NO_CALLBACK)

    def _downloaded(self, request: Request, **_: Any) -> None:
        """Notes when an exchange began, before it is written and forgotten."""
        exchange: Exchange | None = request.meta.get("exchange")
        if exchange is not None:
            request.meta["started"] = exchange.started

    async def _fetched(self, response: Response, *, kind: Kind) -> Fetched:
        capture: Capture | None = response.meta.get("capture")
        if response.status == 304:
            known = await live_of(self._crawler).known.resource(response.url)
            if known is None:
                return Fetched(problem="http-304")
            return Fetched(seen=seen_again(known), is_page=known.mime in PAGES, capture=capture)
        seen = seen_now(response)
        if response.status != 200:
            return Fetched(seen=seen, problem=None if seen.leads_to else f"http-{response.status}")
        return Fetched(
            seen=seen,
            body=decoded(response) if is_read(kind, mime=seen.mime) else None,
            charset=charset_of(response),
            is_page=is_page(response),
            capture=capture,
        )


def seen_now(response: Response) -> Seen:
    """The capture of an answer that just came."""
    capture: Capture | None = response.meta.get("capture")
    location = response.headers.get("Location") if response.status in _REDIRECTS else None
    return Seen(
        status=response.status,
        mime=mime_of(response),
        date=response.meta.get("started") or datetime.now(UTC),
        digest=capture.digest if capture else "",
        leads_to=askable(location, base=response.url) if location else None,
    )


def seen_again(known: Resource) -> Seen:
    """The capture that stands for a URL which was not asked for, or answered that nothing changed."""
    return Seen(status=known.status, mime=known.mime, date=known.captured_at, digest=known.digest)


def seen_missed(miss: Miss) -> Seen | None:
    """The capture of an error or a redirect that an earlier run got; None where no answer came."""
    if not miss.status:
        return None
    return Seen(
        status=miss.status,
        mime=miss.mime,
        date=miss.captured_at,
        digest=miss.digest,
        leads_to=askable(miss.location.encode("latin-1", "replace"), base=miss.url) if miss.location else None,
    )


def is_read(kind: Kind, *, mime: str) -> bool:
    """Whether an answer may need something in turn: a stylesheet as such, a page where a frame shows it."""
    return mime in PAGES if kind == "frame" else kind in {"stylesheet", "module"} or mime == "text/css"


def is_page(response: Response) -> bool:
    """Tells whether an answer is a page, whole and in HTML."""
    return response.status == 200 and mime_of(response) in PAGES
