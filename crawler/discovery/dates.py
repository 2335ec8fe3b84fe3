"""Dates as feeds, sitemaps and URLs write them, read without guessing."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_FRACTION = re.compile(r"(\.\d{6})\d+")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_IN_PATH = re.compile(
    r"/(?P<year>(?:19|20)\d{2})(?:"
    r"[/-](?P<month>0?[1-9]|1[0-2]|[a-z]{3})(?:[/-](?P<day>0?[1-9]|[12]\d|3[01]))?(?=[/._-]|$)"
    r"|(?P<month2>0[1-9]|1[0-2])(?P<day2>0[1-9]|[12]\d|3[01])(?=[/._-]|$))"
)


def read_date(text: str | None) -> datetime | None:
    """Read a W3C or RFC 5322 date of any precision into UTC; None for anything else.

    No zone means UTC; a year or a month means its first day. Quirk: software that knows no date writes the year 1 or
    1970; years up to 1970 are None.
    """
    if not text:
        return None
    text = text.strip()
    if not 4 <= len(text) <= 64:
        return None
    try:
        return in_utc(_parse(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def in_utc(moment: datetime) -> datetime | None:
    """Move a moment to UTC; None when it lies before what any news site published online.

    Raises:
        OverflowError: It lies outside the calendar.
    """
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment if moment.year > 1970 else None


def _parse(text: str) -> datetime:
    if not text[:4].isdigit():
        return parsedate_to_datetime(text)
    short = _YEAR_OR_MONTH.fullmatch(text) if len(text) < 8 else None
    if short:
        return datetime(int(short[1]), int(short[2] or 1), 1, tzinfo=UTC)
    return datetime.fromisoformat(_FRACTION.sub(r"\1", text) if "." in text else text)


def date_in_url(url: str) -> datetime | None:
    """Read the date that a URL's path carries (/2024/05/17/, /2024-05-17-, /20240517/, /2024/may/17/); else None."""
    match = _IN_PATH.search(urlsplit(url).path.lower())
    if match is None:
        return None
    month = match["month"] or match["month2"]
    number = int(month) if month.isdigit() else _MONTHS.find(month) // 4 + 1
    try:
        return datetime(int(match["year"]), number or 0, int(match["day"] or match["day2"] or 1), tzinfo=UTC)
    except ValueError:
        return None
