"""Runs requests through Scrapy and our download handler in a process of its own, and hands back what they left.

Reads a pickled {group: (settings, [(name, url, options)])} from standard input, writes a pickled
{group: {name: Outcome}} to standard output. Each group is a crawl of its own, all run at once; the requests of a group
run one after the other, so that connections are reused, or all at once where the settings say TOGETHER.
"""

import asyncio
import pickle
import sys
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from archive.exchange import Exchange

HANDLER = "crawler.fetch.wire.WireDownloadHandler"


@dataclass
class Outcome:
    """What became of one request: a response's status, headers and body, or the error's class; and the exchange."""

    status: int | None = None
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    flags: list[str] = field(default_factory=list)
    error: str | None = None
    error_text: str = ""
    meta: list[str] = field(default_factory=list)
    exchange: Exchange | None = None


class AskingSpider(Spider):
    name = "asking"
    requests: list[tuple[str, str, dict[str, Any]]]
    outcomes: dict[str, Outcome]

    async def start(self):
        asking = [self._ask(name, Request(url, dont_filter=True, **options)) for name, url, options in self.requests]
        if self.settings.getbool("TOGETHER"):
            await asyncio.gather(*asking)
        for each in [] if self.settings.getbool("TOGETHER") else asking:
            await each
        return
        yield

    async def _ask(self, name: str, request: Request) -> None:
        outcome = self.outcomes[name] = Outcome()
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001  # whatever it is, the test compares it
            outcome.error, outcome.error_text = type(error).__name__, str(error)
        else:
            outcome.status, outcome.body, outcome.flags = response.status, response.body, response.flags
            outcome.headers = [(key, value) for key, values in response.headers.items() for value in values]
        outcome.exchange = request.meta.get("exchange")
        outcome.meta = sorted(request.meta)


def main() -> None:
    groups = pickle.load(sys.stdin.buffer)
    defaults = {
        "DOWNLOAD_HANDLERS": {"http": HANDLER, "https": HANDLER},
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }
    outcomes: dict[str, dict[str, Outcome]] = {group: {} for group in groups}
    process = AsyncCrawlerProcess(defaults)
    for group, (settings, requests) in groups.items():
        crawler = Crawler(AskingSpider, {**defaults, **settings})
        process.crawl(crawler, requests=requests, outcomes=outcomes[group])
    process.start()
    pickle.dump(outcomes, sys.stdout.buffer)


if __name__ == "__main__":
    from tests.crawler.fetch import wire_client

    wire_client.main()
