"""Runs requests through Scrapy and our download handler in a process of its own, and hands back what they left.

Reads a pickled {group: (settings, [(name, url, options)])} from standard input, writes a pickled
{group: {name: Outcome}} to standard output. Each group is a crawl of its own, all run at once; the requests of a group
run one after the other, so that connections are reused, or all at once where the settings say TOGETHER. A group whose
settings name a folder as KEEP writes every exchange into a WARC file there, redirects and retries included.
"""

import asyncio
import contextlib
import os
import pickle
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import AsyncResolver
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response

from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.warc import WarcWriter
from crawler import settings
from crawler.attempts import outcomes
from crawler.fetch.wire import WireDownloadHandler

HANDLER = "crawler.fetch.wire.WireDownloadHandler"
NAMELESS = "tests.crawler.fetch.wire_client.NamelessHandler"
REBINDING = "tests.crawler.fetch.wire_client.RebindingHandler"
OURS = (  # the project's middlewares that need neither an attempt nor a robots.txt
    "crawler.fetch.askable.AskableMiddleware",
    "crawler.discovery.peek.PeekMiddleware",
    "crawler.fetch.cookies.BoundedCookiesMiddleware",
    "crawler.fetch.redirects.RedirectMiddleware",
    "crawler.fetch.redirects.MetaRefreshMiddleware",
)


@dataclass
class Outcome:
    """What became of one request: a response's status, headers and body, or the error's class; and the exchange."""

    status: int | None = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    flags: list[str] = field(default_factory=list)
    url: str | None = None
    error: str | None = None
    error_text: str = ""
    meta: list[str] = field(default_factory=list)
    exchange: Exchange | None = None
    says: outcomes.Outcome | None = None
    captures: list[Capture | None] = field(default_factory=list)


class Keep:
    """Writes each exchange as CaptureMiddleware does, in its place."""

    def __init__(self, crawler: Crawler) -> None:
        self._spider = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Keep":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        self._keep(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002  # Scrapy's form
        self._keep(request)

    def _keep(self, request: Request) -> None:
        spider = self._spider.spider
        exchange = request.meta.get("exchange")
        if spider.writer is not None and exchange is not None:
            spider.outcomes[request.meta["name"]].captures.append(spider.writer.append(exchange))


class _Rebinding(AbstractResolver):
    """Name servers of a domain whose answer changes between two questions."""

    def __init__(self, answers: list[list[str]]) -> None:
        self._answers = answers

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:  # noqa: ARG002  # its form
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in addresses
        ]

    async def close(self) -> None:
        pass


class RebindingHandler(WireDownloadHandler):
    """Resolves every name to the addresses of the setting ANSWERS, one list a question."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._session.connector._resolver = _Rebinding(crawler.settings["ANSWERS"])
        self._session.connector._use_dns_cache = False


class NamelessHandler(WireDownloadHandler):
    """Asks name servers that are not there."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._session.connector._resolver = AsyncResolver(
            nameservers=["127.0.0.1"], udp_port=9, tcp_port=9, timeout=0.5, tries=1
        )


class AskingSpider(Spider):
    name = "asking"
    requests: list[tuple[str, str, dict[str, Any]]]
    outcomes: dict[str, Outcome]
    writer: WarcWriter | None = None

    async def start(self) -> AsyncIterator[Request]:
        with self._writing():
            asking = [self._ask(*each) for each in self.requests]
            if self.settings.getbool("TOGETHER"):
                await asyncio.gather(*asking)
            for each in [] if self.settings.getbool("TOGETHER") else asking:
                await each
        return
        yield

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        folder = self.settings.get("KEEP")
        if folder:
            self.writer = WarcWriter(Path(folder), prefix="kept", info={})
        yield
        if self.writer:
            self.writer.seal()

    async def _ask(self, name: str, url: str, options: dict[str, Any]) -> None:
        outcome = self.outcomes[name] = Outcome()
        request = Request("http://none.example/")
        try:
            request = Request(url, dont_filter=True, **options)
            request.meta["name"] = name
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  # whatever it is, the test compares it
            outcome.error, outcome.error_text = type(error).__name__, str(error)
            outcome.says = outcomes.of_failure(error)
        else:
            outcome.status, outcome.body, outcome.flags = response.status, response.body, response.flags
            outcome.headers = [(key, value) for key, values in response.headers.items() for value in values]
            outcome.url = response.url
            outcome.says = outcomes.of_response(response, home="http://home.example/")
        outcome.exchange = request.meta.get("exchange")
        outcome.meta = sorted(set(request.meta) - {"name"})


def main() -> None:
    groups = pickle.load(sys.stdin.buffer)
    middlewares = settings.DOWNLOADER_MIDDLEWARES
    defaults = {
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER},
        "DOWNLOADER_MIDDLEWARES": {
            **{name: place for name, place in middlewares.items() if place is None or name in OURS},
            Keep: 990,
        },
        "DEFAULT_REQUEST_HEADERS": settings.DEFAULT_REQUEST_HEADERS,
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
    }
    outcomes: dict[str, dict[str, Outcome]] = {group: {} for group in groups}
    process = AsyncCrawlerProcess(  # its settings win over those of the crawls
        {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "ERROR"), "TELNETCONSOLE_ENABLED": False}
    )
    for group, (changes, requests) in groups.items():
        crawler = Crawler(AskingSpider, {**defaults, **changes})
        process.crawl(crawler, requests=requests, outcomes=outcomes[group])
    process.start()
    pickle.dump(outcomes, sys.stdout.buffer)


if __name__ == "__main__":
    from tests.crawler.fetch import wire_client

    wire_client.main()
