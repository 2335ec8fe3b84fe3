"""Feeds: RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom and JSON Feed.

feedparser knows the dialects. Before it sees anything, the XML is read by lxml, hardened, and stripped of the articles'
bodies, which we never take from a feed; so it neither meets an entity nor spends its time on HTML.
"""

import calendar
import html
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, cast

import feedparser  # type: ignore[import-untyped]  # it has no types
from lxml import etree

from archive.promise import Promise, Source
from crawler.discovery.dates import in_utc, read_date
from crawler.discovery.problems import Problems, absolute
from crawler.discovery.vocabulary import words
from crawler.discovery.xml import local_name, parse_xml

LARGEST = 8 * 2**20  # bytes of a feed that are read
MOST_ENTRIES = 2000
MOST_ELEMENTS = 100_000
MOST_ATTRIBUTES = 50  # of one element
LONGEST_TEXT = 10_000  # characters of an element or an attribute
LONGEST_NAME = 200  # characters; feedparser looks for addresses in names in time that grows with the square of them
_ENTRIES = ("{*}item", "{*}entry")
_BULK = tuple(
    f"{{*}}{name}" for name in words("description summary content encoded body group thumbnail source enclosure image")
)
_FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_NAMES = frozenset(words("author creator contributor name email managingeditor webmaster publisher copyright"))
_MAILBOX = re.compile(r"\s*[^\s()]{1,200}@[^\s()]{1,200}\s{0,9}\(([^()]{1,200})\)\s*")
_TAG = re.compile(r"<[^<>]{1,300}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed promises, in its order; `next` is its older page where it names one.

    `kind` is rss, atom, json, or None when it is no feed at all.
    """

    kind: str | None
    promises: tuple[Promise, ...] = ()
    next: str | None = None
    problems: Mapping[str, int] = field(default_factory=dict)


def read_feed(body: bytes, *, url: str, charset: str | None = None) -> Feed:
    """Read a feed of any kind; `url` is where it was found, `charset` what HTTP said."""
    problems = Problems()
    if len(body) > LARGEST:
        problems.note("too-large")
        body = body[:LARGEST]
    if body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json(body, url=url, problems=problems)
    root = parse_xml(body, charset=charset, problems=problems)
    if root is None or local_name(root).lower() not in _FEED_ROOTS:
        problems.note("not-a-feed")
        return Feed(kind=None, problems=problems)
    return read_feed_tree(root, url=url, problems=problems)


def read_feed_tree(root: etree._Element, *, url: str, problems: Problems) -> Feed:
    """Read a feed whose XML is parsed already; the tree is used up."""
    kind = "atom" if local_name(root).lower() == "feed" else "rss"
    if not _lighten(root, problems=problems):
        return Feed(kind=kind, problems=problems)
    parsed = feedparser.parse(
        io.BytesIO(etree.tostring(root, encoding="utf-8", xml_declaration=True)),
        response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    language = _language(parsed.feed.get("language"))
    promises = [_promise(entry, url=url, language=language, problems=problems) for entry in parsed.entries]
    return Feed(
        kind=kind,
        promises=_distinct(promises, problems=problems),
        next=_next(parsed.feed, url=url),
        problems=problems,
    )


def _lighten(root: etree._Element, *, problems: Problems) -> bool:
    """Drop bodies, entities and surplus entries; False when what is left is still no feed but a heap of elements."""
    etree.strip_elements(root, *_BULK, with_tail=False)
    etree.strip_elements(root, etree.Entity, with_tail=False)
    surplus = list(islice(root.iter(*_ENTRIES), MOST_ENTRIES, MOST_ELEMENTS))
    if surplus:
        problems.note("too-many", times=len(surplus))
    for entry in surplus:
        _cut(entry)
    for number, element in enumerate(root.iter()):
        if number > MOST_ELEMENTS:
            problems.note("too-many")
            return False
        _shorten(element)
        if element.tag == "author" and element.text and "@" in element.text:
            _keep_name(element)
    return True


def _shorten(element: etree._Element) -> None:
    """Cut what no feed needs so long, and feedparser reads in time that grows with the square of it."""
    if len(element.attrib) > MOST_ATTRIBUTES or any(
        len(str(value)) > LONGEST_TEXT for value in element.attrib.values()
    ):
        element.attrib.clear()
    longest = LONGEST_NAME if local_name(element).lower() in _NAMES else LONGEST_TEXT
    if element.text and len(element.text) > longest:
        element.text = element.text[:longest]
    if element.tail and len(element.tail) > LONGEST_TEXT:
        element.tail = None


def _keep_name(author: etree._Element) -> None:
    """Reduce RSS's `jo@valley-courier.example (Jo Doe)` to the name, which feedparser cuts at the wrong place."""
    match = _MAILBOX.fullmatch(author.text or "")
    author.text = match[1] if match else None


def _cut(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _promise(entry: Any, *, url: str, language: str | None, problems: Problems) -> Promise | None:
    link = absolute(_link(entry), base=url, problems=problems)
    if link is None:
        return None
    title = entry.get("title_detail") or {}
    return Promise(
        url=link,
        source=Source.FEED,
        found_in=url,
        published=_moment(entry, "published"),
        modified=_moment(entry, "updated"),
        title=_plain(title.get("value"), markup="html" in title.get("type", "")),
        authors=_strings(author.get("name") for author in entry.get("authors", [])),
        tags=_strings(tag.get("label") or tag.get("term") for tag in entry.get("tags", [])),
        language=_language(title.get("language")) or language,
    )


def _link(entry: Any) -> str | None:
    """Choose an entry's address: the one before a redirector, the first HTML alternate, `link`, a guid that is one."""
    original = entry.get("feedburner_origlink")
    if original:
        return str(original)
    for link in entry.get("links", []):
        if link.get("rel") == "alternate" and "html" in link.get("type", "html") and link.get("href"):
            return str(link["href"])
    identity = None if "guidislink" in entry else entry.get("id")
    named = entry.get("link") or identity
    return str(named) if named else None


def _moment(entry: Any, key: str) -> datetime | None:
    """Read a date that feedparser understood, or else we do. Quirk: its own `get` gives `published` for `updated`."""
    parsed = dict.get(entry, f"{key}_parsed")
    try:
        if parsed:
            return in_utc(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError):
        return None
    return read_date(dict.get(entry, key))


def _plain(text: object, *, markup: bool) -> str | None:
    if not isinstance(text, str):
        return None
    text = html.unescape(_TAG.sub("", text)) if markup else text
    return " ".join(text.split())[:1000] or None


def _strings(values: Iterable[object]) -> tuple[str, ...]:
    cleaned = (" ".join(value.split())[:300] for value in values if isinstance(value, str))
    return tuple(dict.fromkeys(value for value in cleaned if value))[:100]


def _language(value: object) -> str | None:
    return value.strip().replace("_", "-")[:35] or None if isinstance(value, str) else None


def _distinct(promises: Iterable[Promise | None], *, problems: Problems) -> tuple[Promise, ...]:
    first: dict[str, Promise] = {}
    for promise in filter(None, promises):
        if promise.url in first:
            problems.note("duplicate")
        first.setdefault(promise.url, promise)
    return tuple(first.values())


def _next(feed: Any, *, url: str) -> str | None:
    """Find the older page: `next` of RFC 5005 paging, or `prev-archive` of its archives."""
    for link in feed.get("links", []):
        if link.get("rel") in {"next", "prev-archive"} and link.get("href"):
            found = absolute(str(link["href"]), base=url, problems=Problems())
            return found if found != url else None
    return None


def _read_json(body: bytes, *, url: str, problems: Problems) -> Feed:
    """Read a JSON Feed, https://www.jsonfeed.org/version/1.1/."""
    try:
        document = json.loads(body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError):
        problems.note("malformed")
        return Feed(kind=None, problems=problems)
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        problems.note("not-a-feed")
        return Feed(kind=None, problems=problems)
    if len(items) > MOST_ENTRIES:
        problems.note("too-many", times=len(items) - MOST_ENTRIES)
    language = _language(document.get("language"))
    promises = [_json_promise(item, url=url, language=language, problems=problems) for item in items[:MOST_ENTRIES]]
    older = document.get("next_url")
    return Feed(
        kind="json",
        promises=_distinct(promises, problems=problems),
        next=absolute(older, base=url, problems=Problems()) if isinstance(older, str) else None,
        problems=problems,
    )


def _json_promise(item: object, *, url: str, language: str | None, problems: Problems) -> Promise | None:
    if not isinstance(item, dict):
        problems.note("wrong-type")
        return None
    fields = cast("dict[str, object]", item)
    named = _text(fields, "url", problems=problems) or _text(fields, "external_url", problems=problems)
    identity = fields.get("id")
    if named is None and isinstance(identity, str) and identity.startswith(("http://", "https://")):
        named = identity
    link = absolute(named, base=url, problems=problems)
    if link is None:
        return None
    return Promise(
        url=link,
        source=Source.FEED,
        found_in=url,
        published=read_date(_text(fields, "date_published", problems=problems)),
        modified=read_date(_text(fields, "date_modified", problems=problems)),
        title=_plain(_text(fields, "title", problems=problems), markup=False),
        authors=_json_authors(fields),
        tags=_strings(_list(fields, "tags", problems=problems)),
        language=_language(fields.get("language")) or language,
    )


def _text(fields: dict[str, object], key: str, *, problems: Problems) -> str | None:
    value = fields.get(key)
    if value is None or isinstance(value, str):
        return value
    problems.note("wrong-type")
    return None


def _list(fields: dict[str, object], key: str, *, problems: Problems) -> list[object]:
    value = fields.get(key)
    if value is None or isinstance(value, list):
        return value or []
    problems.note("wrong-type")
    return []


def _json_authors(fields: dict[str, object]) -> tuple[str, ...]:
    """Read `authors` of version 1.1, or `author` of version 1."""
    listed = fields.get("authors")
    named = listed if isinstance(listed, list) else [fields.get("author")]
    return _strings(author.get("name") for author in named if isinstance(author, dict))
