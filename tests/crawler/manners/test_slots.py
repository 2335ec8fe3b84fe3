"""A server's two slots, and what stays in them."""

from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.exceptions import IgnoreRequest
from twisted.internet.defer import Deferred

from crawler.manners.slots import empty, server_of


@pytest.mark.parametrize(
    ("slot", "server"),
    [("valley.example", "valley.example"), ("valley.example embeds", "valley.example"), ("1.2.3.4:80", "1.2.3.4:80")],
)
def test_both_slots_of_a_domain_are_one_server(slot: str, server: str) -> None:
    """What a server asks of us (Retry-After) holds for pages and embeds alike."""
    assert server_of(slot) == server


def test_a_slot_is_emptied_but_for_what_is_still_wanted() -> None:
    """Pages end with the reason; embeds and robots.txt keep their turn, in their order."""
    slot = Slot(1, 0.0, 0.0)
    ended: list[Any] = []
    for number, meta in enumerate([{}, {"embed": True}, {"document": True}, {"is_robots": True}]):
        answer: Deferred[Any] = Deferred()
        answer.addErrback(ended.append)
        slot.queue.append((Request(f"http://valley.example/{number}", meta=meta), answer))
    assert empty(slot, reason="interrupted", but=frozenset({"embed", "is_robots"})) == 2
    assert [request.url for request, _ in slot.queue] == ["http://valley.example/1", "http://valley.example/3"]
    assert [(failure.type, str(failure.value)) for failure in ended] == [(IgnoreRequest, "interrupted")] * 2
    assert empty(slot, reason="interrupted") == 2
    assert not slot.queue
