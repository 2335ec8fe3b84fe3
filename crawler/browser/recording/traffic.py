"""What came of a page's requests: what was kept, what is missing and why, and what the page itself was answered."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import urljoin

from archive import cdxj
from archive.cdxj import Capture
from archive.exchange import Exchange
from crawler.browser.recording import exchanges
from crawler.browser.recording.hops import Hop
from crawler.embeds.pageinfo import Seen

TOO_LARGE: Final = "too-large"


class PageTraffic:
    """The outcomes of a page's requests, by URL and in order.

    `seen` has what was kept, `kinds` the resource types as browsertrix-crawler names them, `missing` the reasons of
    what was not kept, or not whole; `too_large` are the URLs whose bodies passed by. `facts` counts `exchanges`,
    answers that came from the cache and are none (`cached`), requests refused (`blocked`), exchanges whose head is
    told by the page's own view of it (`untold`), POSTs whose body was gone (`posted-gone`), and reasons (`missing/…`).

    `document` and what is named after it speak of the main frame's last navigation that led to a page; `redirects` are
    the URLs that led there. `document_error` says why there is none, or why it is not whole.
    """

    def __init__(self, remembered: dict[str, Seen] | None = None) -> None:
        self.seen: dict[str, Seen] = {}
        self.kinds: dict[str, str] = {}
        self.missing: dict[str, str] = {}
        self.too_large: list[str] = []
        self.facts: Counter[str] = Counter()
        self.document: Capture | None = None
        self.document_date: datetime | None = None
        self.document_url: str | None = None
        self.document_status: int | None = None
        self.document_headers: exchanges.Fields = ()
        self.document_error: str | None = None
        self.redirects: tuple[str, ...] = ()
        self._remembered = {} if remembered is None else remembered

    def is_remembered(self, url: str) -> bool:
        """Whether this URL was kept before in this browser context, so that its cache may have it."""
        return url in self._remembered

    def kept(self, hop: Hop, exchange: Exchange, *, capture: Capture | None, kind: str, is_page: bool) -> None:
        """Takes note of an exchange that was kept."""
        self.facts["exchanges"] += 1
        self.kinds[hop.url] = kind
        head = exchange.head
        location = head.first("location") if exchange.status in exchanges.REDIRECTS else None
        if exchange.truncated == "disconnect":
            self.lost(hop.url, "cut-short", kind=kind)
        else:
            self.seen[hop.url] = self._remembered[hop.url] = Seen(
                status=exchange.status or 0,
                mime=cdxj.mime(head.first("content-type")),
                date=exchange.started,
                digest=capture.digest if capture else "",
                leads_to=urljoin(hop.url, location).partition("#")[0] if location else None,
            )
            self.missing.pop(hop.url, None)
        if is_page:
            self._keep_document(hop, exchange, capture=capture)

    def _keep_document(self, hop: Hop, exchange: Exchange, *, capture: Capture | None) -> None:
        """Takes note of the page itself, unless it only led on, or left the page before it standing."""
        before = self.document_date
        if exchange.status in exchanges.REDIRECTS or (before and (exchange.started < before or _stays(exchange))):
            return
        self.redirects = hop.trail
        self.document, self.document_date = capture, exchange.started
        self.document_url, self.document_status = hop.url, exchange.status
        self.document_headers = exchange.headers
        self.document_error = "cut-short" if exchange.truncated == "disconnect" else None

    def filed(self, exchange: Exchange, capture: Capture | None) -> None:
        """Takes note of where the page's own answer lies, which was kept later than it came."""
        seen = self.seen.get(exchange.url)
        if capture is None or seen is None or seen.date != exchange.started:
            return
        self.seen[exchange.url] = self._remembered[exchange.url] = replace(seen, digest=capture.digest)
        if self.document_date == exchange.started:
            self.document = capture

    def cached(self, url: str, *, kind: str) -> None:
        """Counts an answer from the cache; its capture stands for it where there is one."""
        self.facts["cached"] += 1
        if url in self._remembered and url not in self.seen:
            self.seen[url] = self._remembered[url]
            self.kinds[url] = kind

    def lost(self, url: str, reason: str, *, kind: str | None = None, is_page: bool = False) -> None:
        """Takes note of what was not kept, and why. A capture of the same URL keeps standing."""
        self.facts[f"missing/{reason}"] += 1
        if reason == TOO_LARGE:
            self.too_large.append(url)
        if url not in self.seen:
            self.missing[url] = reason
        if kind is not None:
            self.kinds.setdefault(url, kind)
        if is_page and self.document_date is None:
            self.document_error = reason


def _stays(exchange: Exchange) -> bool:
    """Tells whether a navigation that was answered like this leaves the page before it where it is."""
    disposition = exchange.head.first("content-disposition") or ""
    return exchange.status in {204, 205} or disposition.lower().startswith("attachment")
