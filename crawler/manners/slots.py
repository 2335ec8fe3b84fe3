"""A server's patience: lengthen, pause or empty one of Scrapy's downloader slots.

A slot is the queue of requests to one registrable domain (`crawler.manners.guard` sees to that). All is done with the
public fields of `scrapy.core.downloader.Slot`, which starts its next request no earlier than `lastseen + delay`,
provided that `delay` is not zero.
"""

from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

SHORTEST_DELAY = 0.001  # seconds


def slot_key(crawler: Crawler, request: Request) -> str:
    """Name the slot a request goes through."""
    assert crawler.engine is not None
    return crawler.engine.downloader.get_slot_key(request)


def slot_of(crawler: Crawler, request: Request) -> Slot | None:
    """Find the slot a request goes through; None before its first request."""
    assert crawler.engine is not None
    return crawler.engine.downloader.slots.get(slot_key(crawler, request))


def lengthen(slot: Slot, *, delay: float) -> None:
    """Let at least `delay` seconds pass between two requests, without jitter below it.

    Quirk: without any delay, Scrapy 2.19 on asyncio starts all that is queued at once, whatever the slot's concurrency:
    it counts a request as under way when its task runs, not when it is made. So there always is one, if a millisecond.
    """
    delay = max(delay, SHORTEST_DELAY)
    if slot.delay <= delay:
        slot.delay = delay
        slot.jitter = 0.0


def pause(slot: Slot, *, seconds: float) -> None:
    """Send nothing for `seconds` from now; what is under way goes on, what is queued waits."""
    lengthen(slot, delay=SHORTEST_DELAY)
    slot.lastseen = max(slot.lastseen, monotonic() + seconds)


def abandon(crawler: Crawler) -> None:
    """End every request that waits for its turn: the crawl is closing, and what was not asked stays due."""
    assert crawler.engine is not None
    for slot in crawler.engine.downloader.slots.values():
        empty(slot, reason="interrupted")


def empty(slot: Slot, *, reason: str) -> int:
    """End every request that waits in a slot with IgnoreRequest(reason); how many there were."""
    waiting = len(slot.queue)
    while slot.queue:
        _, answer = slot.queue.popleft()
        answer.errback(IgnoreRequest(reason))
    return waiting
