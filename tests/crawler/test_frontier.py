"""When a URL is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.attempts.frontier import next_try, next_visit
from crawler.attempts.outcomes import Outcome

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REVISIT = (HOUR, 6 * HOUR, DAY, 7 * DAY)


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(0), HOUR), (HOUR, 6 * HOUR), (2 * HOUR, 6 * HOUR), (DAY, 7 * DAY), (7 * DAY, None)],
)
def test_visits_are_counted_from_the_first_capture(age: timedelta, expected: timedelta | None) -> None:
    """The next one is the first offset that lies ahead; after the last there is none."""
    first = NOW - age
    found = next_visit(REVISIT, first=first, published=first, now=NOW)
    assert found == (first + expected if expected else None)


def test_what_was_old_when_it_was_found_is_left_alone() -> None:
    """An article from long before its first capture is not revisited by itself; an undated one is."""
    assert next_visit(REVISIT, first=NOW, published=NOW - 30 * DAY, now=NOW) is None
    assert next_visit(REVISIT, first=NOW, published=None, now=NOW) == NOW + HOUR
    assert next_visit((), first=NOW, published=NOW, now=NOW) is None


@pytest.mark.parametrize(
    ("outcome", "tries", "expected"),
    [
        (Outcome(word="failed", reason="http-500", status=500), 1, HOUR),
        (Outcome(word="failed", reason="http-500", status=500), 2, 4 * HOUR),
        (Outcome(word="failed", reason="timeout"), 4, 64 * HOUR),
        (Outcome(word="failed", reason="timeout"), 5, None),
        (Outcome(word="failed", reason="dns-failed"), 9, 0 * HOUR),
        (Outcome(word="failed", reason="robots-unreachable"), 1, HOUR),
        (Outcome(word="failed", reason="robots-unreachable"), 9, 3 * DAY),
        (Outcome(word="failed", reason="retry-after"), 5, 3 * DAY),
        (Outcome(word="failed", reason="http-404", status=404), 1, DAY),
        (Outcome(word="failed", reason="http-404", status=404), 2, None),
        (Outcome(word="failed", reason="http-410", status=410), 1, None),
        (Outcome(word="excluded", reason="robots-disallowed"), 9, DAY),
        (Outcome(word="excluded", reason="off-site"), 1, None),
    ],
)
def test_failures_are_tried_again_ever_more_rarely(outcome: Outcome, tries: int, expected: timedelta | None) -> None:
    """Soon at first; a 404 once more, a 410 never; what robots.txt forbids is judged anew each day.

    What our own name servers did not answer is due in the next run. A page that was never asked for is not given up.
    """
    found = next_try(outcome, tries=tries, now=NOW)
    assert found == (None if expected is None else NOW + expected)
