"""A server's patience: lengthen, pause or empty one of Scrapy's downloader slots.

A slot is the queue of requests to one registrable domain (`crawler.manners.guard` sees to that); what pages need has
a slot of its own beside that of the pages, so that neither waits for the other. All is done with the
public fields of `scrapy.core.downloader.Slot`, which starts its next request no earlier than `lastseen + delay`,
provided that `delay` is not zero.
"""

from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

SHORTEST_DELAY = 0.001  # seconds
ABANDONED = object()  # the signal of `abandon`
EMBEDS = " embeds"  # ends the name of a domain's second slot


def slot_key(crawler: Crawler, request: Request) -> str:
    """Name the slot a request goes through."""
    assert crawler.engine is not None
    return crawler.engine.downloader.get_slot_key(request)


def slot_of(crawler: Crawler, request: Request) -> Slot | None:
    """Find the slot a request goes through; None before its first request."""
    assert crawler.engine is not None
    return crawler.engine.downloader.slots.get(slot_key(crawler, request))


def server_of(key: str) -> str:
    """Name the domain that a slot belongs to; it may have a second one."""
    return key.removesuffix(EMBEDS)


def slots_of_server(crawler: Crawler, request: Request) -> list[Slot]:
    """Find all slots of the domain that a request goes to."""
    assert crawler.engine is not None
    slots, server = crawler.engine.downloader.slots, server_of(slot_key(crawler, request))
    return [slots[key] for key in (server, f"{server}{EMBEDS}") if key in slots]


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
    crawler.signals.send_catch_log(ABANDONED)
    for slot in crawler.engine.downloader.slots.values():
        empty(slot, reason="interrupted")


def hold_pages(crawler: Crawler) -> None:
    """Let no page be asked for any more, nor what waits for its turn; what captured pages need still is."""
    assert crawler.engine is not None
    crawler.engine.pause()
    for slot in crawler.engine.downloader.slots.values():
        empty(slot, reason="interrupted", but=frozenset({"embed", "is_robots"}))


def empty(slot: Slot, *, reason: str, but: frozenset[str] = frozenset()) -> int:
    """End the requests that wait in a slot with IgnoreRequest(reason); how many there were.

    Those that have one of the `but` in their meta stay.
    """
    waiting = list(slot.queue)
    slot.queue.clear()
    slot.queue.extend(entry for entry in waiting if not but.isdisjoint(entry[0].meta))
    ended = [entry for entry in waiting if but.isdisjoint(entry[0].meta)]
    for _, answer in ended:
        answer.errback(IgnoreRequest(reason))
    return len(ended)
