"""How long an answer is fresh: what the server says, in the order of RFC 9111, between a day and thirty."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import http1
from archive.freshness import fresh_until

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "days"),
    [
        ("Cache-Control: max-age=604800", 7),
        ("Cache-Control: public, MAX-AGE=604800, immutable", 7),
        ('Cache-Control: max-age="604800"', 7),
        ("Cache-Control: max-age=604800\r\nExpires: Mon, 23 Nov 2026 12:00:00 GMT", 7),
        ("Cache-Control: no-cache\r\nExpires: Wed, 25 Nov 2026 12:00:00 GMT", 3),
        ("Date: Tue, 24 Nov 2026 12:00:00 GMT\r\nExpires: Sat, 28 Nov 2026 12:00:00 GMT", 4),
        ("Last-Modified: Mon, 14 Sep 2026 12:00:00 GMT", 6.9),
        ("Last-Modified: Wednesday, 14-Oct-26 12:00:00 GMT", 3.9),
    ],
)
def test_the_server_says_how_long(fields: str, days: float) -> None:
    """max-age before Expires before a tenth of the age; Expires counts from the server's own Date."""
    assert until(fields) == SEEN + timedelta(days=days)


@pytest.mark.parametrize(
    "fields",
    [
        "X: y",
        "Cache-Control: max-age=0",
        "Cache-Control: max-age=60",
        "Cache-Control: max-age=-1",
        "Expires: 0",
        "Expires: Thu, 01 Jan 1970 00:00:00 GMT",
        "Last-Modified: yesterday",
        "Last-Modified: Sat, 22 Nov 2036 12:00:00 GMT",
        "Last-Modified: Sun, 99 Nov 2026 12:00:00 GMT",
    ],
)
def test_a_day_at_least(fields: str) -> None:
    """Also what is stale at once, says nothing, or nothing that makes sense."""
    assert until(fields) == SEEN + timedelta(days=1)


@pytest.mark.parametrize(
    "fields",
    [
        "Cache-Control: max-age=31536000",
        "Cache-Control: max-age=99999999999999999999999",
        "Expires: Fri, 31 Dec 9999 23:59:59 GMT",
        "Last-Modified: Mon, 01 Jan 1990 00:00:00 GMT",
    ],
)
def test_thirty_days_at_most(fields: str) -> None:
    """A year's promise is looked at again after a month."""
    assert until(fields) == SEEN + timedelta(days=30)


def until(fields: str) -> datetime:
    return fresh_until(http1.parse_head(f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n".encode()), date=SEEN)
