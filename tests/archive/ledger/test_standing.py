"""How sites stand: last run, articles, pulse, revisions a day."""

from datetime import timedelta

from archive.ledger import Connection, revisions, standing, urls
from tests.archive.ledgers import DAY, HOUR, NOON, add_attempt, add_site, line, offer


async def test_a_site_is_told_with_its_last_run_and_its_articles(connection: Connection) -> None:
    """An article captured twice is one; a site never crawled has neither."""
    await add_site(connection)
    await add_site(connection, "herald")
    for days in (0, 1):
        tick = NOON + days * DAY
        attempt = await add_attempt(connection, tick=tick)
        await revisions.put(connection, attempt, lines=[line(1, at=tick), line(2 + days, at=tick)])
    told = [(row["name"], row["last_run"], row["articles"]) for row in await standing.overview(connection)]
    assert told == [("courier", NOON + DAY, 3), ("herald", None, 0)]


async def test_the_pulse_is_the_median_gap_of_promises(connection: Connection) -> None:
    """An undated promise, and one dated ahead, count as of when they were heard of."""
    await add_site(connection)
    offers = [offer(f"https://courier.example/{days}", newest=NOON - days * DAY) for days in (1, 2, 3, 10)]
    await urls.offer(connection, offers, site="courier", run="r", now=NOON)
    ahead = offer("https://courier.example/ahead", newest=NOON + 100 * DAY)
    await urls.offer(connection, [ahead], site="courier", run="r", now=NOON - HOUR)
    (found,) = await standing.pulse(connection)
    assert found == {"site": "courier", "newest": NOON - HOUR, "gap": timedelta(days=1)}


async def test_revisions_are_counted_on_the_day_they_were_found(connection: Connection) -> None:
    """The first capture of an article is no revision."""
    await add_site(connection)
    for days, digest in enumerate("aab"):
        tick = NOON + days * DAY
        await revisions.put(
            connection, await add_attempt(connection, tick=tick), lines=[line(1, at=tick, digest=digest)]
        )
    found = [(row["site"], row["day"].isoformat(), row["number"]) for row in await standing.revised(connection)]
    assert found == [("courier", "2026-11-22", 1)]
