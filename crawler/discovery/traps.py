"""URLs without end: calendars, facets, sessions, circles, and whatever else never runs out.

The first four show in a URL itself and are pure functions. The rest shows by its number only: `TrapGuard` counts, for
each pattern of URLs, how many were asked for since one of them led to something.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import SplitResult, unquote, urlsplit

from crawler.discovery.vocabulary import CALENDARS, DATE_PARAMETERS, FACETS, SESSIONS

MOST_PARAMETERS = 4
EARLIEST = 1990  # date archives of news sites begin later
_MAYBE_SESSIONS = frozenset({"sid", "s", "session"})
_SESSION_VALUE = re.compile(r"(?=\D*\d)[0-9a-zA-Z,-]{16,}")
_SESSION_PATH = re.compile(r";jsessionid=|/\((?:[A-Z]\([0-9a-z]+\))+\)/", re.IGNORECASE)
_CENTURIES = ("19", "20", "21")
_ARCHIVE = re.compile(r"/(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2}))?)?/?$")
_CALENDAR = re.compile(rf"(?:^|[/_-])(?:{'|'.join(sorted(CALENDARS))})(?:$|[/_.-])")
_NUMBER = re.compile(r"\d+")


def is_session(parts: SplitResult) -> bool:
    """Tell whether a URL carries a session id, as PHP, Java, ASP.NET and ColdFusion write them.

    Quirk: `sid` and `s` also number stories, so there the value has to look like an id.
    """
    if ("(" in parts.path or ";" in parts.path) and _SESSION_PATH.search(parts.path):
        return True
    return any(
        name in SESSIONS
        or name.startswith("aspsessionid")
        or (name in _MAYBE_SESSIONS and _SESSION_VALUE.fullmatch(value) is not None)
        for name, value in _parameters(parts.query)
    )


def is_circular(path: str) -> bool:
    """Tell whether a path runs in circles: /a/a/a, /x/y/x/y, or one word three times.

    Numbers are let be: /2024/01/01/ is the first of January.
    """
    segments = [segment for segment in path.lower().split("/") if segment]
    words = [segment for segment in segments if not segment.isdigit()]
    if any(words.count(word) >= 3 for word in words):
        return True
    return any(_repeats(segments, size) for size in range(2, len(segments) // 2 + 1))


def _repeats(segments: list[str], size: int) -> bool:
    return any(
        segments[start : start + size] == segments[start + size : start + 2 * size]
        and not all(map(str.isdigit, segments[start : start + size]))
        for start in range(len(segments) - 2 * size + 1)
    )


def is_facet(query: str) -> bool:
    """Tell whether a query sorts, filters or shares what is there without it, or combines more than four parameters."""
    if not query:
        return False
    names = [name for name, _ in _parameters(query)]
    if len(names) > MOST_PARAMETERS or len(set(names)) < len(names):
        return True
    return any(name.partition("[")[0] in FACETS or name.startswith(("filter", "facet")) for name in names)


def _parameters(query: str) -> list[tuple[str, str]]:
    """List the parameters of a query, names in lower case, without those that only track a visitor."""
    pairs = (pair.partition("=") for pair in query.split("&") if pair)
    named = ((unquote(name).lower(), value) for name, _, value in pairs)
    return [(name, value) for name, value in named if not name.startswith(("utm_", "fbclid", "gclid", "mc_"))]


def outdated(parts: SplitResult, *, today: date, horizon: datetime | None) -> str | None:
    """Judge navigation by date: `trap-calendar`, `archive-too-old`, or None for a page that may be looked at.

    A date archive (/2024/05/, /2024/05/17/) is fine between 1990 and tomorrow, and unless its last day lies before
    `horizon`. A dated page of an event calendar never is: events are no news, and their months never end.
    """
    archive = _date_archive(parts.path)
    if _CALENDAR.search(parts.path.lower()) and (archive or DATE_PARAMETERS & {n for n, _ in _parameters(parts.query)}):
        return "trap-calendar"
    if archive is None:
        return None
    first, last = _span(archive)
    if first is None or last is None or first.year < EARLIEST or first > today + timedelta(days=1):
        return "trap-calendar"
    return "archive-too-old" if horizon is not None and last < horizon.date() else None


def _date_archive(path: str) -> re.Match[str] | None:
    """Find the date that a path ends with; four digits alone that are nobody's year number an article (/node/4711)."""
    found = _ARCHIVE.search(path)
    return None if found and found[2] is None and not found[1].startswith(_CENTURIES) else found


def _span(archive: re.Match[str]) -> tuple[date | None, date | None]:
    """Give the first and last day of a year, a month or a day; None for one that no calendar has."""
    year, month, day = (int(part) if part else None for part in archive.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None, None
    if day:
        return first, first
    following = date(first.year + 1, 1, 1) if month in {None, 12} else date(first.year, first.month + 1, 1)
    return first, following - timedelta(days=1)


def pattern(url: str) -> str:
    """Reduce a URL to its pattern: numbers become N, a last segment without any becomes *, parameters lose their words.

    /sport/page/7?id=12&q=x is /sport/page/N?id=N&q=*, /town/some-slug is /town/*.
    """
    parts = urlsplit(url)
    head, _, last = parts.path.rstrip("/").rpartition("/")
    last = _NUMBER.sub("N", last) if _NUMBER.search(last) and len(last) < 20 else "*" if last else ""
    names = sorted({(name, "N" if value.isdigit() else "*") for name, value in _parameters(parts.query)})
    query = "&".join(f"{name}={value}" for name, value in names)
    return f"{parts.netloc}{_NUMBER.sub('N', head)}/{last}" + (f"?{query}" if query else "")


class TrapGuard:
    """Ends any pattern of URLs that goes on and on without leading anywhere.

    Of each pattern, `cap` distinct URLs are admitted; `led_on` tells that one of them was an article or named a new
    one, which begins the count anew. At most `patterns` patterns are remembered, those not seen for longest forgotten
    first, and of each no more than `cap` numbers: a few megabytes at the very most.
    """

    def __init__(self, *, cap: int = 200, patterns: int = 1000) -> None:
        self._cap = cap
        self._patterns = patterns
        self._seen: OrderedDict[str, set[int]] = OrderedDict()

    def admits(self, url: str) -> bool:
        """Count a URL; False when its pattern has had its chances (reason `trap-endless`)."""
        key = pattern(url)
        seen = self._seen.setdefault(key, set())
        self._seen.move_to_end(key)
        if len(self._seen) > self._patterns:
            self._seen.popitem(last=False)
        if len(seen) < self._cap:
            seen.add(hash(url))
        return hash(url) in seen

    def led_on(self, url: str) -> None:
        """Tell that a URL was an article, or named one that was new."""
        self._seen.pop(pattern(url), None)

    def exhausted(self) -> Iterable[str]:
        """List the patterns that have been ended."""
        return [key for key, seen in self._seen.items() if len(seen) >= self._cap]
