"""What a page is told of a need."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.ledger.embeds import Miss
from archive.ledger.resources import Resource
from crawler.embeds.answers import judged, may_come, remembered
from crawler.embeds.fetching import Fetched
from crawler.embeds.needs import Need
from crawler.embeds.pageinfo import Seen

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NEED = Need("https://cdn.example/ferry.png", "image")
STALE = Resource(
    url=NEED.url,
    status=200,
    mime="image/png",
    digest="sha256:a",
    captured_at=NOW - 9 * DAY,
    etag=None,
    last_modified=None,
    fresh_until=NOW - 8 * DAY,
    original=None,
)
EARLIER = Seen(status=200, mime="image/png", date=NOW - 9 * DAY, digest="sha256:a")
GONE = Miss(
    url=NEED.url,
    status=404,
    reason=None,
    mime="text/html",
    digest="sha256:b",
    location=None,
    captured_at=NOW - DAY,
    fresh_until=NOW + DAY,
)


def test_what_is_fresh_is_not_asked_for_again() -> None:
    """A capture; one that is a page only where a frame shows it."""
    fresh = replace(STALE, fresh_until=NOW + DAY)
    assert remembered(NEED, known=fresh, miss=GONE, now=NOW) == EARLIER
    page = replace(fresh, mime="text/html")
    assert remembered(NEED, known=page, miss=None, now=NOW) == "not-an-embed"
    assert remembered(Need(NEED.url, "frame"), known=page, miss=None, now=NOW) == replace(EARLIER, mime="text/html")


def test_what_was_missed_is_not_asked_for_again_for_a_while() -> None:
    """It is told as the run before was told: an error, a redirect, a reason; an earlier capture stands in."""
    gone = Seen(status=404, mime="text/html", date=NOW - DAY, digest="sha256:b")
    moved = replace(GONE, status=302, location="/new.png")
    assert remembered(NEED, known=None, miss=GONE, now=NOW) == gone
    assert remembered(NEED, known=STALE, miss=GONE, now=NOW) == EARLIER
    assert remembered(NEED, known=STALE, miss=moved, now=NOW) == replace(
        gone, status=302, leads_to="https://cdn.example/new.png"
    )
    assert remembered(NEED, known=None, miss=replace(GONE, status=0, reason="timeout"), now=NOW) == "timeout"


def test_nobody_knows_what_was_missed_too_long_ago_or_was_captured_since() -> None:
    """It is asked for."""
    assert remembered(NEED, known=None, miss=None, now=NOW) is None
    assert remembered(NEED, known=None, miss=GONE, now=NOW + DAY) is None
    assert remembered(NEED, known=replace(STALE, captured_at=NOW - DAY / 2), miss=GONE, now=NOW) is None


def test_an_earlier_capture_stands_in_for_a_failure() -> None:
    """Else the error itself is told, or why there is no answer."""
    error = Fetched(seen=Seen(status=404, mime="", date=NOW, digest=""), problem="http-404")
    assert judged(NEED, error, known=STALE) == (EARLIER, "http-404")
    assert judged(NEED, error, known=None) == (error.seen, "http-404")
    assert judged(NEED, Fetched(problem="timeout"), known=None) == ("timeout", "timeout")
    page = Fetched(seen=Seen(status=200, mime="text/html", date=NOW, digest=""), is_page=True)
    assert judged(NEED, page, known=None) == ("not-an-embed", "not-an-embed")
    assert judged(Need(NEED.url, "frame"), page, known=None) == (page.seen, None)


@pytest.mark.parametrize(
    ("status", "problem", "may"),
    [
        (None, "timeout", True),
        (None, "robots-disallowed", False),
        (429, "http-429", True),
        (503, "http-503", True),
        (404, "http-404", False),
        (302, None, False),
    ],
)
def test_what_failed_for_now_may_come_later(status: int | None, problem: str | None, may: bool) -> None:
    """Where the server was away or had no time; a plain no is one."""
    seen = None if status is None else Seen(status=status, mime="", date=NOW, digest="")
    assert may_come(Fetched(seen=seen, problem=problem)) is may
