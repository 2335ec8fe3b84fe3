"""How long an answer may be taken for fresh (RFC 9111, section 4.2), within the bounds of an archive."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from archive import http1

LEAST: Final = timedelta(days=1)
MOST: Final = timedelta(days=30)
_HEURISTIC = 0.1  # of the age since Last-Modified (RFC 9111, section 4.2.2)


def fresh_until(head: http1.Head, *, date: datetime) -> datetime:
    """Returns when an answer of `date` (aware) should be asked for again, one to thirty days later.

    In this order: `max-age`, `Expires`, a tenth of the time since `Last-Modified`.
    """
    lifetime = _max_age(head)
    if lifetime is None:
        lifetime = _expires(head, date=date)
    if lifetime is None:
        lifetime = _guessed(head, date=date)
    return date + min(max(lifetime, LEAST), MOST)


def _max_age(head: http1.Head) -> timedelta | None:
    for directive in head.tokens("cache-control"):
        name, _, value = directive.partition("=")
        seconds = value.strip().strip('"')
        if name.strip() == "max-age" and seconds.isascii() and seconds.isdigit():
            return timedelta(seconds=int(seconds[:9]))
    return None


def _expires(head: http1.Head, *, date: datetime) -> timedelta | None:
    """Quirk: a value that is no date, such as 0, means that the answer is stale already (RFC 9111, section 5.3)."""
    value = head.first("expires")
    if value is None:
        return None
    expires = http_date(value)
    return timedelta() if expires is None else expires - (http_date(head.first("date")) or date)


def _guessed(head: http1.Head, *, date: datetime) -> timedelta:
    modified = http_date(head.first("last-modified"))
    return timedelta() if modified is None else (date - modified) * _HEURISTIC


def http_date(value: str | None) -> datetime | None:
    """Reads an HTTP date in any of its forms; None when there is none, or it is none."""
    if not value:
        return None
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
