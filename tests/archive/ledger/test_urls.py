"""Promised URLs: entered once, handed out newest first, decided by the newest commit."""

import asyncio
from typing import Any

from archive.ledger import Connection, Ledger, rows, standing, urls
from tests.archive.ledgers import DAY, HOUR, NOON, add_site, offer, outcome

RUN, ATTEMPT = "20261120120000aaaaaa", "20261120120000aaaaaa-1"
LATER = "20261121120000aaaaaa-1"


async def promised(connection: Connection, *offers: urls.Offer, now=NOON, run: str = RUN) -> int:
    return await urls.offer(connection, offers, site="courier", run=run, now=now)


async def taken(connection: Connection, *, attempt: str = ATTEMPT, now=NOON, since=None, most: int = 10) -> list[str]:
    found = await urls.take(connection, site="courier", attempt=attempt, now=now, since=since, most=most)
    found.sort(key=lambda row: (row["newest"] is not None, row["newest"]), reverse=True)
    return [row["url"] for row in found]


async def decided(connection: Connection, *outcomes: dict[str, Any], run: str = RUN) -> None:
    await urls.decide(connection, outcomes, site="courier", run=run)


async def told(connection: Connection) -> list[tuple[str, str | None, int]]:
    return [(row["outcome"], row["reason"], row["number"]) for row in await standing.tally(connection)]


async def test_one_page_under_two_addresses_is_promised_once(connection: Connection) -> None:
    """Tracking parameters and fragments make no new URL; what is known is not new again."""
    await add_site(connection)
    twice = [offer("https://courier.example/a"), offer("https://courier.example/a?utm_source=rss#top")]
    assert await promised(connection, *twice) == 1
    assert await promised(connection, offer("https://courier.example/a")) == 0
    assert await promised(connection) == 0


async def test_the_newest_come_first_and_the_undated_last(connection: Connection) -> None:
    """An attempt gets each URL once, another attempt again."""
    await add_site(connection)
    await promised(
        connection,
        offer("https://courier.example/undated"),
        offer("https://courier.example/old", newest=NOON - DAY),
        offer("https://courier.example/new", newest=NOON),
    )
    assert await taken(connection, most=2) == ["https://courier.example/new", "https://courier.example/old"]
    assert await urls.waiting(connection, site="courier", attempt=ATTEMPT, now=NOON, since=None) == 1
    assert await taken(connection) == ["https://courier.example/undated"]
    assert await taken(connection) == []
    assert len(await taken(connection, attempt=LATER)) == 3


async def test_what_is_older_than_the_backfill_stays(connection: Connection) -> None:
    """It is left for later by name, and handed out once the bound reaches it."""
    await add_site(connection)
    await promised(connection, offer("https://courier.example/old", newest=NOON - 40 * DAY))
    since = NOON - 30 * DAY
    assert await taken(connection, since=since) == []
    left = await urls.postpone(connection, site="courier", attempt=ATTEMPT, now=NOON, since=since)
    assert left == {"backfill": 1, "budget": 0}
    assert await told(connection) == [("later", "backfill", 1)]
    assert await taken(connection, since=NOON - 50 * DAY) == ["https://courier.example/old"]


async def test_what_the_budget_left_is_told_with_the_run(connection: Connection) -> None:
    """`undecided` gives what this run heard of and did not take, excluded ones too."""
    await add_site(connection)
    await promised(
        connection,
        offer("https://courier.example/a", newest=NOON),
        offer("https://courier.example/b", newest=NOON - DAY),
        offer("https://courier.example/tag/x", excluded="not-article:tag"),
    )
    assert await taken(connection, most=1) == ["https://courier.example/a"]
    await urls.postpone(connection, site="courier", attempt=ATTEMPT, now=NOON, since=None)
    found = [row async for row in urls.undecided(connection, site="courier", attempt=ATTEMPT, now=NOON)]
    assert {(row["url"], row["outcome"], row["reason"]) for row in found} == {
        ("https://courier.example/b", "later", "budget"),
        ("https://courier.example/tag/x", "excluded", "not-article:tag"),
    }


async def test_what_waits_for_something_is_not_handed_out_without_it(connection: Connection) -> None:
    """Nor counted as waiting for its turn, nor left over by the budget; it is once there is what it waits for."""
    await add_site(connection)
    url = "https://courier.example/app"
    await promised(connection, offer(url, newest=NOON - DAY))
    await decided(connection, {**outcome(url, at=NOON), "outcome": "later", "reason": "needs-browser", "due": NOON})
    asked = {"site": "courier", "attempt": ATTEMPT, "now": NOON, "since": None, "without": "needs-browser"}
    assert await urls.take(connection, **asked, most=10) == []
    assert await urls.waiting(connection, **asked) == 0
    assert await urls.postpone(connection, **asked) == {"backfill": 0, "budget": 0}
    assert await told(connection) == [("later", "needs-browser", 1)]
    assert await taken(connection) == [url]


async def test_an_outcome_ends_a_promise_and_a_new_date_revives_it(connection: Connection) -> None:
    """A captured URL comes due when its promiser says that it changed after the capture, and not before."""
    await add_site(connection)
    url = "https://courier.example/a"
    await promised(connection, offer(url, newest=NOON - DAY))
    await decided(connection, outcome(url, at=NOON))
    assert await taken(connection, attempt=LATER) == []
    await promised(connection, offer(url, modified=NOON - HOUR))
    assert await taken(connection, attempt=LATER, now=NOON + DAY) == []
    await promised(connection, offer(url, modified=NOON + HOUR), now=NOON + 2 * HOUR)
    assert await taken(connection, attempt=LATER, now=NOON + DAY) == [url]


async def test_what_was_excluded_is_wanted_when_something_now_wants_it(connection: Connection) -> None:
    """A feed may name what a sitemap's judgement left out; excluding again changes nothing."""
    await add_site(connection)
    url = "https://courier.example/tag/x"
    await promised(connection, offer(url, excluded="not-article:tag"))
    assert await taken(connection) == []
    await promised(connection, offer(url))
    await promised(connection, offer(url, excluded="not-article:tag"))
    assert await taken(connection) == [url]


async def test_an_older_commit_that_ships_late_does_not_overrule(connection: Connection) -> None:
    """The outcome decided last stands, whatever the order of the commits; both orders give one ledger."""
    await add_site(connection)
    url = "https://courier.example/a"
    newer, older = outcome(url, at=NOON + HOUR), outcome(url, "failed", at=NOON)
    await decided(connection, newer)
    await decided(connection, older)
    assert await told(connection) == [("captured", None, 1)]
    assert await rows(connection, "SELECT captures, status, captured_at FROM urls") == [
        {"captures": 1, "status": 200, "captured_at": NOON + HOUR}
    ]


async def test_a_failure_after_a_capture_keeps_the_capture(connection: Connection) -> None:
    """When it was captured is not forgotten, so that what did not change is not fetched again."""
    await add_site(connection)
    url = "https://courier.example/a"
    await decided(connection, outcome(url, at=NOON))
    await decided(connection, outcome(url, "failed", at=NOON + DAY, captures=1, first_captured_at=NOON.isoformat()))
    assert await rows(connection, "SELECT outcome, reason, captured_at, first_captured_at FROM urls") == [
        {"outcome": "failed", "reason": "http-404", "captured_at": NOON, "first_captured_at": NOON}
    ]


async def test_counts_are_by_day_of_the_promise(connection: Connection) -> None:
    """Days are UTC days."""
    await add_site(connection)
    await promised(connection, offer("https://courier.example/a"), now=NOON)
    await promised(connection, offer("https://courier.example/b"), offer("https://courier.example/c"), now=NOON + DAY)
    found = [(row["day"].isoformat(), row["outcome"], row["number"]) for row in await standing.tally(connection)]
    assert found == [("2026-11-20", "due", 1), ("2026-11-21", "due", 2)]
    assert await standing.tally(connection, site="herald") == []


async def test_documents_are_known_as_last_read(connection: Connection) -> None:
    """A commit that ships late does not make a sitemap older than it is."""
    await add_site(connection)
    document = {"url": "https://courier.example/sitemap.xml", "kind": "sitemap", "outcome": "read", "reason": "urlset"}
    new = {**document, "modified": (NOON + DAY).isoformat(), "at": (NOON + DAY).isoformat()}
    old = {**document, "modified": NOON.isoformat(), "at": NOON.isoformat()}
    await urls.put_documents(connection, [new], site="courier")
    await urls.put_documents(connection, [old], site="courier")
    (found,) = await urls.documents(connection, site="courier")
    assert (found["modified"], found["read_at"]) == (NOON + DAY, NOON + DAY)


async def test_kinds_are_entered_for_known_pages(connection: Connection) -> None:
    """A page that was never promised is passed over."""
    await add_site(connection)
    await promised(connection, offer("https://courier.example/a"))
    kinds = {"https://courier.example/a?utm_source=x": "opinion", "https://courier.example/unknown": "tag"}
    await urls.set_kinds(connection, kinds, site="courier")
    assert await rows(connection, "SELECT url, kind FROM urls") == [
        {"url": "https://courier.example/a", "kind": "opinion"}
    ]


async def test_a_change_that_the_budget_left_is_told_with_the_run(connection: Connection) -> None:
    """A captured URL that came due again and was not taken is told too, and stays what it is."""
    await add_site(connection)
    url = "https://courier.example/a"
    await promised(connection, offer(url, newest=NOON - DAY))
    await decided(connection, outcome(url, at=NOON))
    await promised(connection, offer(url, modified=NOON + HOUR), now=NOON + HOUR)
    found = [row async for row in urls.undecided(connection, site="courier", attempt=LATER, now=NOON + DAY)]
    assert [(row["url"], row["outcome"], row["captured_at"], row["due_at"]) for row in found] == [
        (url, "captured", NOON, NOON + HOUR)
    ]


async def test_a_weaker_promiser_does_not_overrule(connection: Connection) -> None:
    """What a sitemap said of a URL stays when a section page names it too."""
    await add_site(connection)
    url = "https://courier.example/a"
    await promised(connection, offer(url, newest=NOON, source="sitemap"))
    await promised(connection, offer(url, newest=NOON + HOUR, source="section"))
    found = await rows(connection, "SELECT source FROM urls")
    assert found == [{"source": "sitemap"}]


async def test_writers_of_one_site_do_not_deadlock(ledger: Ledger) -> None:
    """Many that offer the same URLs in opposite orders, again and again, all end."""
    async with ledger.transaction() as connection:
        await add_site(connection)
    names = [f"https://courier.example/{number}" for number in range(300)]

    async def offers(order: list[str], hours: int) -> None:
        for step in range(5):
            async with ledger.transaction() as connection:
                await promised(connection, *(offer(url, newest=NOON + (hours + step) * HOUR) for url in order[:150]))
                await promised(connection, *(offer(url, newest=NOON + (hours + step) * HOUR) for url in order[150:]))

    await asyncio.gather(*(offers(names if number % 2 else names[::-1], 10 * number) for number in range(4)))
    async with ledger.transaction() as connection:
        assert await rows(connection, "SELECT count(*) AS number FROM urls") == [{"number": 300}]
