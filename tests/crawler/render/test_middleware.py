"""The middleware that sends pages to the browser."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace

from scrapy import Request, Spider
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from archive.errors import LedgerError
from crawler.render.middleware import RenderMiddleware

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOLLOW = b'<html><body><div id="root"></div><script src="/app.js"></script></body></html>'


class Away:
    """A ledger that takes its time to say that it is away."""

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        await asyncio.sleep(0)
        raise LedgerError("the ledger's Postgres went away")
        yield


def middleware() -> RenderMiddleware:
    """One of a crawl that has no browser and whose ledger is away."""
    crawler = get_crawler(Spider)
    spider = SimpleNamespace(
        forms=None,
        live=SimpleNamespace(
            site=SimpleNamespace(name="valley", render="auto", sections=None),
            line=SimpleNamespace(ledger=Away(), now=lambda: NOW, browser=SimpleNamespace(problem="no Chromium")),
        ),
    )
    crawler.spider = spider  # type: ignore[assignment]  # what the middleware reads of one
    return RenderMiddleware.from_crawler(crawler)


def answered(number: int, *, body: bytes = HOLLOW, coding: str | None = None) -> tuple[Request, Response]:
    request = Request(f"https://valley.example/app/{number}")
    headers = {"Content-Type": "text/html"} | ({"Content-Encoding": coding} if coding else {})
    return request, HtmlResponse(request.url, headers=headers, body=body, request=request)


async def test_pages_that_come_together_are_all_remembered() -> None:
    """The memory of forms is looked up once, however many ask for it meanwhile: nothing that one saw is lost."""
    render = middleware()
    await asyncio.gather(*(render.process_response(*answered(number)) for number in range(3)))
    assert render._crawler.spider.forms.told() == [  # type: ignore[union-attr]  # the stand-in of `middleware`
        {"note": "form", "form": "valley.example/app/0", "looks": 3, "hollow": 3, "at": "2026-11-22T12:00:00+00:00"}
    ]


async def test_a_page_is_judged_without_its_content_coding() -> None:
    """Whatever coding still stands on the answer that is looked at."""
    render = middleware()
    request, response = answered(0, body=gzip.compress(HOLLOW), coding="gzip")
    assert await render.process_response(request, response) is response
    assert request.meta["needs_browser"] is True


async def test_a_challenge_gets_no_browser() -> None:
    """A page that asks whether we are a robot is kept as it came, however hollow, and says nothing of its form."""
    render = middleware()
    challenge = HOLLOW.replace(b"<div", b"<script>window._cf_chl_opt={}</script><div")
    request, response = answered(1, body=challenge)
    assert await render.process_response(request, response) is response
    assert "needs_browser" not in request.meta
    assert render._crawler.spider.forms is None  # type: ignore[union-attr]  # the stand-in of `middleware`
