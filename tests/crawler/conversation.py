"""A crawl of listed URLs through our politeness middlewares, run as a program of its own: JSON in, JSON out.

In: {"urls": [], "policies": [], "times": [], "settings": {}}. At each of the times, in seconds by a clock of its own, a
`Robots` is asked for the policy of the first URL.
Out: {"outcomes": {url: status or reason}, "policies": {url: [status, crawl_delay, sitemaps]}, "stats": {},
"queued": {url: when its request was ready to leave}}.
"""

import json
import sys
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from crawler.manners.robots import Robots, robots_of

SETTINGS: dict[str, Any] = {
    "DOWNLOADER_MIDDLEWARES": {
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "crawler.manners.robots.RobotsMiddleware": 100,
        "crawler.manners.retry_after.RetryAfterMiddleware": 560,
    },
    "RETRY_HTTP_CODES": [500, 502, 504],
    "RETRY_TIMES": 0,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_TIMEOUT": 5,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "HTTPERROR_ALLOW_ALL": True,
    "LOG_LEVEL": "ERROR",
    "TELNETCONSOLE_ENABLED": False,
    "USER_AGENT": "microfiche/0.1 (+https://microfiche.example/)",
}


class Conversation(Spider):
    """Asks for each URL once and notes what became of it."""

    name = "conversation"
    urls: list[str]
    ask_policies: list[str]
    times: list[float]

    def __init__(self, urls: list[str], policies: list[str], times: list[float]) -> None:
        super().__init__()
        self.urls, self.ask_policies, self.times = urls, policies, times
        self.outcomes: dict[str, Any] = {}
        self.policies: dict[str, Any] = {}
        self.queued: dict[str, float] = {}

    async def start(self) -> AsyncIterator[Request]:
        """Ask for policies first, as a spider does that looks for sitemaps."""
        for url in self.ask_policies:
            policy = await robots_of(self.crawler).policy(url)
            self.policies[url] = [policy.status, policy.crawl_delay, list(policy.sitemaps)]
        self.crawler.signals.connect(self.queue, signal=signals.request_reached_downloader)
        now = [0.0]
        robots = Robots(self.crawler, clock=lambda: now[0])
        for now[0] in self.times:
            await robots.policy(self.urls[0])
        for url in self.urls:
            slot = {"download_slot": url.split("/")[2]}
            yield Request(url, callback=self.answered, errback=self.failed, cb_kwargs={"asked": url}, meta=slot)

    def queue(self, request: Request) -> None:
        """Note when a request was ready: it cannot arrive before that, however busy the machine is."""
        self.queued[request.url] = monotonic()

    def answered(self, response: Response, asked: str) -> None:
        """Note a status."""
        self.outcomes[asked] = response.status

    def failed(self, failure: Any) -> None:
        """Note a reason."""
        self.outcomes[failure.request.cb_kwargs["asked"]] = str(failure.value)


def main() -> None:
    """Read what to crawl, crawl it, write what came of it."""
    task = json.load(sys.stdin)
    process = AsyncCrawlerProcess(SETTINGS | task.get("settings", {}))
    crawler = process.create_crawler(Conversation)
    process.crawl(crawler, urls=task["urls"], policies=task["policies"], times=task["times"])
    process.start()
    spider = crawler.spider
    stats = {key: value for key, value in crawler.stats.get_stats().items() if isinstance(value, int | float)}
    told = {"outcomes": spider.outcomes, "policies": spider.policies, "stats": stats, "queued": spider.queued}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
