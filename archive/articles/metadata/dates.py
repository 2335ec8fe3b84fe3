"""When an article was published and last modified: ISO 8601, as precise as the page is and no more."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import chain, islice
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from archive.articles.markup import jsonld, rdfa
from archive.articles.markup.page import Page, own
from archive.articles.markup.text import fold
from archive.articles.metadata import shown, written
from archive.promise import Source

_ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:(?:[Tt]|\s+)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?\s*"
    r"(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T?([0-9]{2})([0-9]{2})([0-9]{2})?(Z)?)?$")
_SLASHED = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})(.*)$", re.DOTALL)
_PATH_DATE = re.compile(r"(?:/|[^0-9])((?:19|20)[0-9]{2})[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12][0-9]|3[01])(?:[^0-9]|$)")
_PUBLISHED = re.compile(
    r"publi|posted|entry-date|dateline|post-date|article-date|pubdate|created|released", re.IGNORECASE
)
_MODIFIED = re.compile(r"updated|modified|dateModified|changed", re.IGNORECASE)
_MOST_DATES = 50
_MOST_SCRIPTS = 300
_MOST_TIMES = 20
_SCRIPTED = re.compile(
    r'\\?"(?:datePublished|date_published|publishedAt|published_at|publishDate|publishedDate|publish_date|datePosted|'
    r'publicationDate|firstPublished|firstPublishedAt|published)\\?"\s*:\s*\\?"(\d{4}-\d\d-\d\d)'
)
_EARLIEST = timedelta(hours=-12)  # from UTC, of all the world's clocks

_PUBLISHED_METAS = (
    "article:published_time", "og:published_time", "datepublished", "article:published", "og:article:published_time",
    "parsely-pub-date", "sailthru.date", "publishdate", "publish-date", "pubdate", "dc.date.issued", "dcterms.created",
    "dc.date.created", "dcterms.date", "dc.date", "date", "article.published", "cxenseparse:recs:publishtime",
    "publication_date", "publicationdate", "citation_publication_date", "displaydate", "created", "rnews:datepublished",
    "published", "citation_date", "citation_online_date",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "article:modified", "last-modified", "lastmod",
    "dcterms.modified", "dc.date.modified", "article.updated", "revised", "og:modified_time",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as written: a day, a local time, or a time with its offset."""

    day: date
    clock: datetime | None = None

    def iso(self) -> str:
        """Return the date in ISO 8601, to the second."""
        return self.day.isoformat() if self.clock is None else self.clock.isoformat(timespec="seconds")


def parse(text: str) -> Moment | None:
    """Read a date written for machines: ISO 8601 and its relatives, or RFC 5322."""
    text = fold(text)[:80]
    match = _ISO.match(text)
    try:
        if match:
            return _iso(match)
        compact = _COMPACT.match(text)
        if compact:
            return _compact(compact)
        slashed = _SLASHED.match(text)
        if slashed:
            year, month, day, rest = slashed.groups()
            return parse(f"{year}-{int(month):02}-{int(day):02}{rest}")
        clock = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _sane(Moment(clock.date(), clock))


def _iso(match: re.Match[str]) -> Moment | None:
    day = date.fromisoformat(match["day"])
    if match["time"] is None or match["time"].startswith("24:"):
        return _sane(Moment(day))
    zone = (match["zone"] or "").upper().replace("UTC", "Z").replace("GMT", "Z").replace("Z", "+00:00")
    zone = f"{zone}:00" if len(zone) == 3 else zone
    clock = datetime.fromisoformat(f"{match['day']}T{match['time']:0>5}{zone}")
    return _sane(Moment(day, clock))


def _compact(match: re.Match[str]) -> Moment | None:
    year, month, day, hour, minute, second, zulu = match.groups()
    text = f"{year}-{month}-{day}"
    return parse(text if hour is None else f"{text}T{hour}:{minute}:{second or '00'}{zulu or ''}")


def _sane(moment: Moment) -> Moment | None:
    return moment if 1600 <= moment.day.year <= 2100 else None


def published(page: Page) -> tuple[str, str] | None:
    """Choose the date of first publication and its source: JSON-LD, meta, the feed, the DOM, the URL.

    A local time takes the site's time zone, and the source then ends with `+timezone`. Where the page shows an earlier
    day beside the headline than it tells machines, that is when it was first published: systems that a site moved to
    tell the day of the move.
    """
    told = _first(page, published_claims(page))
    return _earlier(page, told) or _local(page, told) or told


def _local(page: Page, told: tuple[str, str] | None) -> tuple[str, str] | None:
    """Return the same moment as a time on the page gives it, with the offset of where it was published."""
    moment = parse(told[0]) if told else None
    if moment is None or moment.clock is None or moment.clock.utcoffset() != timedelta(0):
        return None
    for element in islice(page.tree.iter("time"), _MOST_TIMES):
        other = parse(_machine_time(element))
        if other and other.clock and other.clock.utcoffset() and other.clock == moment.clock:
            return other.iso(), "dom"
    return None


def _earlier(page: Page, told: tuple[str, str] | None) -> tuple[str, str] | None:
    """Return the day shown beside the headline, if it is earlier than the one told, in every time zone."""
    line = next((line for line in shown.beside(page) if not line.changed), None)
    moment = parse(told[0]) if told else None
    if line is None or moment is None or not line.brief or not line.day < _first_day(moment):
        return None
    if _is_swapped(line.day, moment.day):
        return None
    last = modified(page)
    return None if last and last[0].startswith(line.day.isoformat()) else (line.day.isoformat(), "dom")


def _is_swapped(shown_day: date, told: date) -> bool:
    """Tell whether a day is the one told, give or take one, with its day and month taken for each other."""
    if shown_day.day > 12:
        return False
    return abs(date(shown_day.year, shown_day.day, shown_day.month) - told) <= timedelta(days=1)


def _first_day(moment: Moment) -> date:
    """Return the earliest day on which a moment may have been, somewhere in the world."""
    if moment.clock is None or moment.clock.utcoffset() != timedelta(0):
        return moment.day
    return (moment.clock + _EARLIEST).date()


def modified(page: Page) -> tuple[str, str] | None:
    """Choose the date of the last change; what only a sitemap says of it does not count as said by the page."""
    return _first(page, modified_claims(page))


def chosen(page: Page, written: Iterable[str], *, source: str) -> tuple[str, str] | None:
    """Read the first of these texts that is a date."""
    return _first(page, ((text, source) for text in written))


def _first(page: Page, candidates: Iterator[tuple[str, str]]) -> tuple[str, str] | None:
    """Choose the first date that is written for machines; without one, the first that is written for people."""
    unread = []
    for text, source in candidates:
        moment = parse(text)
        if moment is not None:
            return _placed(moment, source=source, timezone=page.hints.timezone)
        unread.append((text, source))
    found = ((_read(text, language=page.declared_language), source) for text, source in unread)
    return next(((moment.iso(), source) for moment, source in found if moment is not None), None)


def _read(text: str, *, language: str | None) -> Moment | None:
    day = written.find(text[:80], language=language)
    return Moment(day) if day else None


def _placed(moment: Moment, *, source: str, timezone: str | None) -> tuple[str, str]:
    """Give a local time the site's time zone."""
    if moment.clock is not None and moment.clock.tzinfo is None and timezone:
        try:
            zone = ZoneInfo(timezone)
        except (OSError, ValueError):
            return moment.iso(), source
        return moment.clock.replace(tzinfo=zone).isoformat(timespec="seconds"), f"{source}+timezone"
    return moment.iso(), source


def published_claims(page: Page) -> Iterator[tuple[str, str]]:
    """Yield what may be the date of publication, as written, and its source."""
    work = page.main or jsonld.medium(page.nodes)
    if work is not None:
        for key in ("datePublished", "dateCreated", "uploadDate"):
            yield from ((text, "json-ld") for text in jsonld.texts(work.data.get(key)))
    yield from ((page.metas[name][0], _meta_source(name)) for name in _PUBLISHED_METAS if name in page.metas)
    yield from ((text, "rdfa") for text in rdfa.published(page))
    yield from (
        (text, "json-ld")
        for node in page.nodes
        if not node.listed
        for text in jsonld.texts(node.data.get("datePublished"))
    )
    if page.promise is not None and page.promise.published is not None:
        yield page.promise.published.isoformat(), "feed"
    yield from ((text, "dom") for text in _times(page))
    yield from ((line.day.isoformat(), "dom") for line in shown.beside(page) if not line.changed)
    match = _PATH_DATE.search(page.url or "")
    if match:
        yield "-".join(match.groups()), "url"


def modified_claims(page: Page) -> Iterator[tuple[str, str]]:
    """Yield what may be the date of the last change, as written, and its source."""
    if page.main is not None:
        yield from ((text, "json-ld") for text in jsonld.texts(page.main.data.get("dateModified")))
    yield from ((page.metas[name][0], _meta_source(name)) for name in _MODIFIED_METAS if name in page.metas)
    yield from (
        (text, "json-ld")
        for node in page.nodes
        if not node.listed
        for text in jsonld.texts(node.data.get("dateModified"))
    )
    for element in own(page.tree.iter("time", "abbr")):
        if _says_modified(element) and _machine_time(element):
            yield _machine_time(element), "dom"
    yield from ((line.day.isoformat(), "dom") for line in shown.beside(page) if line.changed)
    yield from ((text, "rdfa") for text in rdfa.modified(page))
    promise = page.promise
    if promise is not None and promise.source is Source.FEED and promise.modified not in {None, promise.published}:
        yield promise.modified.isoformat() if promise.modified else "", "feed"


def _meta_source(name: str) -> str:
    return "opengraph" if name.startswith(("article:", "og:")) else "meta"


def _times(page: Page) -> Iterator[str]:
    """Yield machine-readable times of the DOM: those marked as publication first, then the first of the others."""
    marked = [*page.properties.get("datePublished", []), *page.tree.iter("time", "abbr")]
    elements = [element for element in own(marked) if _machine_time(element)]
    elements = [element for element in elements if not _says_modified(element)]
    marked = [element for element in elements if _PUBLISHED.search(_marks(element))]
    plain = [element for element in elements if element.tag == "time"]
    yield from (_machine_time(element) for element in [*marked, *plain[:1]])


def _machine_time(element: HtmlElement) -> str:
    text = element.get("datetime") or (element.get("content") if element.get("itemprop") else None)
    if not text and element.tag == "abbr":
        text = element.get("title")
    return text or ""


def _says_modified(element: HtmlElement) -> bool:
    """Quirk: hAtom marks a date that is both with `published updated`; it is the date of publication."""
    return _MODIFIED.search(_marks(element)) is not None and "published" not in (element.get("class") or "").split()


def _marks(element: HtmlElement) -> str:
    return " ".join(element.get(name) or "" for name in ("class", "itemprop", "id", "pubdate", "property"))


def searched(page: Page) -> tuple[str, str] | None:
    """Choose a date that nothing says is that of publication: the last resort.

    What the page's scripts agree on, a time or a line anywhere on the page that is a date, and last the date of the
    last change, whose source then ends with `+modified`. Prose is not read, and a year alone is no date.
    """
    limit = _served(page)
    known = (
        (moment, source)
        for text, source in _hidden(page)
        if (moment := parse(text)) is not None and (limit is None or moment.day <= limit)
    )
    first = next(known, None)
    if first is not None:
        return _placed(first[0], source=first[1], timezone=page.hints.timezone)
    lines = [line for line in shown.elsewhere(page) if limit is None or line.day <= limit]
    lines.sort(key=lambda line: line.changed)
    if lines:
        return lines[0].day.isoformat(), "dom+modified" if lines[0].changed else "dom"
    last = modified(page)
    return (last[0], f"{last[1]}+modified") if last else None


def _served(page: Page) -> date | None:
    """Return the day after the one that the page was served on: no article is younger."""
    moment = parse(next((value for name, value in page.headers if name.lower() == "date"), ""))
    return moment.day + timedelta(days=1) if moment else None


def _hidden(page: Page) -> Iterator[tuple[str, str]]:
    """Yield dates of publication that stand in scripts, odd meta elements, and times outside of the article."""
    metas = (parse(values[0]) for name, values in page.metas.items() if "publish" in name)
    days = sorted(moment.iso() for moment in metas if moment is not None)
    yield from ((day, "meta") for day in days[:1])
    scripts = (script.text or "" for script in islice(page.tree.iter("script"), _MOST_SCRIPTS))
    data = (value for values in page.metas.values() for value in values if value.startswith("{"))  # Quirk: Remix
    found = {match[1] for text in chain(scripts, data) for match in islice(_SCRIPTED.finditer(text), _MOST_DATES)}
    if len(found) == 1:
        yield found.pop(), "script"
    marked = [element for element in page.tree.iter("time", "abbr") if _PUBLISHED.search(_marks(element))]
    times = {_machine_time(element)[:10]: element for element in marked if not _says_modified(element)}
    if len(times) == 1:
        yield _machine_time(next(iter(times.values()))), "dom"
