"""How a site stands: folded from counts, quiet only when its own rhythm says so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crawler.standing import is_quiet, stand, told_waiting, waiting

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


def count(day: date, outcome: str, number: int, reason: str | None = None, site: str = "courier") -> dict[str, Any]:
    return {"site": site, "day": day, "outcome": outcome, "reason": reason, "number": number}


def test_every_promise_is_in_one_column_of_its_day() -> None:
    """What is due counts as later; reasons are kept apart; the newest day comes first."""
    overview = [{"name": "courier", "home": "h", "state": "active", "articles": 7, "last_run": NOW}]
    tally = [
        count(FRIDAY, "captured", 5),
        count(FRIDAY, "failed", 1, "http-404"),
        count(FRIDAY, "failed", 2, "timeout"),
        count(SATURDAY, "excluded", 1, "robots-disallowed"),
        count(SATURDAY, "later", 4, "backfill"),
        count(SATURDAY, "due", 3),
    ]
    revised = [{"site": "courier", "day": FRIDAY, "number": 2}]
    pulse = [{"site": "courier", "newest": NOW - 10 * DAY, "gap": DAY}]
    rendered = [
        {"site": "courier", "day": FRIDAY, "outcome": "none", "number": 3},
        {"site": "courier", "day": FRIDAY, "outcome": "rejected", "number": 2},
    ]
    (site,) = stand(overview, tally=tally, revised=revised, rendered=rendered, pulse=pulse)
    assert site.as_json() == {
        "site": "courier",
        "home": "h",
        "state": "active",
        "articles": 7,
        "last_run": "2026-11-22T12:00:00+00:00",
        "quiet_since": "2026-11-12T12:00:00+00:00",
        "days": [
            {
                "day": "2026-11-21",
                "promised": 8,
                "captured": 0,
                "revised": 0,
                "excluded": {"robots-disallowed": 1},
                "failed": {},
                "later": {"backfill": 4, "due": 3},
                "consent": {},
                "extraction": None,
            },
            {
                "day": "2026-11-20",
                "promised": 8,
                "captured": 5,
                "revised": 2,
                "excluded": {},
                "failed": {"http-404": 1, "timeout": 2},
                "later": {},
                "consent": {"none": 3, "rejected": 2},
                "extraction": None,
            },
        ],
        "broken": [],
    }


@pytest.mark.parametrize(
    ("silent", "gap", "quiet"),
    [
        (2.9 * DAY, timedelta(hours=1), False),
        (3.1 * DAY, timedelta(hours=1), True),
        (3.1 * DAY, None, True),
        (20 * DAY, 7 * DAY, False),
        (22 * DAY, 7 * DAY, True),
    ],
)
def test_a_site_is_quiet_by_its_own_rhythm(silent: timedelta, gap: timedelta | None, quiet: bool) -> None:
    """A daily paper after three days, a weekly one after three weeks."""
    assert is_quiet(newest=NOW - silent, gap=gap, last_run=NOW) is quiet


def test_a_site_that_was_not_asked_is_not_quiet() -> None:
    """Silence counts up to the last run: who did not listen cannot tell."""
    assert not is_quiet(newest=NOW - 30 * DAY, gap=DAY, last_run=NOW - 29 * DAY)
    assert not is_quiet(newest=NOW - 30 * DAY, gap=DAY, last_run=None)


def test_an_attempt_that_waits_is_told_with_its_problem() -> None:
    """What it waits for, where, since when, why, and what will happen next."""
    row = {"site": "courier", "run": "r", "number": 2, "machine": "m1", "problem": "no room"}
    row |= {"started_at": NOW, "ended_at": NOW + HOUR, "committed_at": NOW + 2 * HOUR}
    sealed = waiting({**row, "state": "sealed"}, tries={"ship:r-2": NOW + 3 * HOUR})
    assert sealed == {
        "site": "courier",
        "attempt": "r-2",
        "state": "sealed",
        "machine": "m1",
        "since": "2026-11-22T13:00:00+00:00",
        "problem": "no room",
        "next_try": "2026-11-22T15:00:00+00:00",
    }
    assert told_waiting(sealed) == (
        "courier: attempt r-2 waits to be shipped from machine m1 since 2026-11-22 13:00 UTC: no room;"
        " tried again by the next crawl, or by one that runs at 2026-11-22 15:00 UTC"
    )
    committed = waiting({**row, "state": "committed", "problem": None}, tries={"derive:r-2": None})
    assert told_waiting(committed) == (
        "courier: attempt r-2 waits to be derived since 2026-11-22 14:00 UTC; tried again by the next crawl"
    )
    derived = {**row, "derived_at": NOW + 4 * HOUR, "state": "derived", "problem": "the store took it twice"}
    assert told_waiting(waiting(derived, tries={})) == (
        "courier: attempt r-2 is done, but for its copy in the spool, which waits to be proved needless"
        " since 2026-11-22 16:00 UTC: the store took it twice; tried again by the next crawl"
    )
    crawling = waiting({**row, "state": "crawling", "problem": None}, tries={})
    assert told_waiting(crawling) == (
        "courier: attempt r-2 is crawling, or its command was killed, since 2026-11-22 12:00 UTC"
    )
