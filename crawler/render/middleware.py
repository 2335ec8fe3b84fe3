"""Sends pages to the browser: those that plain HTTP shows to be hollow, and those of forms that always were.

A page is asked for plainly first, and judged (`crawler.render.hollow`); a hollow one is asked for again with
`meta["render"]`, which the download handler knows. Where no browser is, hollow pages say `meta["needs_browser"]`, wait
for one, and the others go on.
"""

import asyncio
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.articles.judging import gates
from archive.errors import LedgerError
from archive.ledger import forms as ledger_forms
from archive.pages import PAGES
from crawler.attempts.live import live_of
from crawler.fetch.answers import decoded, mime_of
from crawler.fetch.conditional import AT_HAND
from crawler.render.forms import MOST, Forms, Look
from crawler.render.hollow import why_hollow


class RenderMiddleware:
    """Decides which pages a browser fetches, as `render` of the site says: auto, always or never.

    Stands before RetryMiddleware, so that it sees the last answer of each. Counts under `render/…`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._remembering = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RenderMiddleware":
        """Make the middleware."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Send a page to the browser at once, where that is known to be needed or asked for."""
        live = live_of(self._crawler)
        render = live.site.render
        if render == "never" or not _is_page(request):
            return
        forms = await self._forms()
        wanted = render == "always" or forms.goes_to_browser(request.url, now=live.line.now())
        if wanted and not live.line.browser.problem:
            request.meta["render"] = True
        elif forms.was_hollow(request.url):
            request.meta["whole"] = True  # that the shell of a page did not change says nothing of what it shows

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Look at what plain HTTP gave; a hollow page is asked for again, by the browser."""
        live = live_of(self._crawler)
        render, meta = live.site.render, request.meta
        if render == "never" or meta.get("render") or not _is_page(request) or not _is_html(response):
            return response
        why = "asked-for" if render == "always" else self._judge(request, response)
        if why and gates.at_sight(decoded(response), url=response.url):
            return response  # what asks whether we are a robot gets no browser for an answer
        if render == "auto":
            (await self._forms()).saw(response.url, hollow=why is not None, at=live.line.now())
        if why is None:
            return response
        self._count(f"hollow/{why}")
        if live.line.browser.problem:
            self._count("waiting")
            meta["needs_browser"] = True
            return response
        return request.replace(meta={**meta, "render": True}, dont_filter=True)

    def _judge(self, request: Request, response: Response) -> str | None:
        target = request.cb_kwargs.get("target")
        document = request.cb_kwargs.get("document")
        sections = live_of(self._crawler).site.sections  # where they are named, the home page's links are not needed
        return why_hollow(
            decoded(response),
            title=target.promise.title if target is not None else None,
            is_list=target is None,
            is_home=document is not None and document.kind == "home" and sections is None,
        )

    async def _forms(self) -> Forms:
        """What is known of the site's forms, looked up once a crawl."""
        spider: Any = self._crawler.spider
        async with self._remembering:  # pages come together, and each writes down what it saw
            if spider.forms is None:
                spider.forms = await remembered(self._crawler)
        found: Forms = spider.forms
        return found

    def _count(self, name: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"render/{name}")


async def remembered(crawler: Crawler) -> Forms:
    """The forms that earlier runs learned; none where the ledger cannot be asked."""
    live = live_of(crawler)
    try:
        async with live.line.ledger.transaction() as connection:
            rows = await ledger_forms.known(connection, site=live.site.name, most=MOST)
    except LedgerError:
        rows = []
    return Forms({row["form"]: _look(row) for row in rows})


def _look(row: dict[str, Any]) -> Look:
    at: datetime = row["at"]
    return Look(looks=row["looks"], hollow=row["hollow"], at=at)


def _is_page(request: Request) -> bool:
    """Whether a request is for a page: an article, a section, the home page."""
    meta = request.meta
    return request.method == "GET" and not (meta.get("embed") or meta.get("is_robots") or meta.get("document"))


def _is_html(response: Response) -> bool:
    return response.status == 200 and mime_of(response) in PAGES and AT_HAND not in response.flags
