"""Sitemaps: lists of URLs and indexes of lists, as sitemaps.org, version 0.9, and Google's news extension write them.

A sitemap may also be plain text, an RSS or Atom feed, and any of them gzipped. XML is read as a stream, hardened, and
as far as it goes.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Literal

from lxml import etree

from archive.promise import Promise, Source
from crawler.discovery.dates import read_date
from crawler.discovery.feeds import read_feed
from crawler.discovery.gzip import gunzip
from crawler.discovery.problems import Problems, absolute
from crawler.discovery.xml import HARDENED, decode, local_name

LARGEST = 50 * 2**20  # bytes, unpacked: the protocol's own bound
MOST_URLS = 200_000  # and children; the protocol's bound is 50,000, and some go over it
_LONGEST_SILENCE = 8 * 2**20  # bytes that hold no whole <url>
_MOST_AMPERSANDS = 1_000_000
_MOST_OPEN = 1000  # tags that begin and do not end
_BARE = re.compile(rb"&(?!#?\w{1,31};)")
_OPEN = re.compile(rb"<(?=[^<>]*<)")
_LINE = re.compile(r"\S+")
_FEED_ROOTS = (b"<rss", b"<feed", b"<rdf:RDF")


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap that an index names, and when it changed last."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What a sitemap promises, in its order.

    `kind` is urlset, index, text, feed, or None when it is no sitemap. One file may hold both URLs and children.
    """

    kind: Literal["urlset", "index", "text", "feed"] | None
    children: tuple[Child, ...] = ()
    promises: tuple[Promise, ...] = ()
    problems: Mapping[str, int] = field(default_factory=dict)


def read_sitemap(body: bytes, *, url: str, charset: str | None = None) -> Sitemap:
    """Read a sitemap of any kind; `url` is where it was found, `charset` what HTTP said (plain text only)."""
    problems = Problems()
    body = gunzip(body, limit=LARGEST, problems=problems)
    if len(body) > LARGEST:
        problems.note("too-large")
        body = body[:LARGEST]
    head = body[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if any(root in head for root in _FEED_ROOTS):
        feed = read_feed(body, url=url, charset=charset)
        return Sitemap(kind="feed", promises=feed.promises, problems=problems + Problems(feed.problems))
    if head.startswith((b"http://", b"https://")):
        return _read_text(decode(body, charset=charset), url=url, problems=problems)
    return _read_xml(body, url=url, problems=problems)


def _read_text(text: str, *, url: str, problems: Problems) -> Sitemap:
    promises: dict[str, Promise] = {}
    for number, line in enumerate(_LINE.finditer(text)):
        if number >= MOST_URLS:
            problems.note("too-many")
            break
        found = absolute(line[0], base=url, problems=problems)
        if found:
            promises.setdefault(found, Promise(url=found, source=Source.SITEMAP, found_in=url))
    return Sitemap(kind="text", promises=tuple(promises.values()), problems=problems)


def _read_xml(body: bytes, *, url: str, problems: Problems) -> Sitemap:
    promises: dict[str, Promise] = {}
    children: dict[str, Child] = {}
    for name, facts in _items(body, problems=problems):
        found = absolute(facts.get("loc"), base=url, problems=problems)
        if found is None:
            continue
        if name == "sitemap":
            children.setdefault(found, Child(found, read_date(facts.get("lastmod"))))
        elif found in promises:
            problems.note("duplicate")
        else:
            promises[found] = _promise(found, facts, found_in=url)
    kind: Literal["index", "urlset"] | None = "index" if children else "urlset" if promises else None
    if kind is None and not _is_empty_sitemap(body):
        problems.note("not-a-sitemap")
    elif kind is None:
        kind = "urlset"
    return Sitemap(kind=kind, children=tuple(children.values()), promises=tuple(promises.values()), problems=problems)


def _is_empty_sitemap(body: bytes) -> bool:
    head = body[:2000]
    return b"<urlset" in head or b"<sitemapindex" in head


def _items(body: bytes, *, problems: Problems) -> Iterator[tuple[str, dict[str, str]]]:
    """Give each <url> and <sitemap> as its texts by local name, and forget it: memory stays flat.

    Quirk: namespaces vary (http, https, Google's old 0.84, none at all), so only local names are looked at.
    """
    if b"<!ENTITY" in body[:4096]:
        problems.note("entities")
    stream = _Stream(_mended(body.lstrip(b"\xef\xbb\xbf \t\r\n\0"), problems=problems))
    context = etree.iterparse(stream, events=("end",), tag=("{*}url", "{*}sitemap"), recover=True, **HARDENED)
    try:
        for number, (_, element) in enumerate(context, 1):
            yield local_name(element), _texts(element, problems=problems)
            _forget(element)
            stream.heard()
            if number >= MOST_URLS:
                problems.note("too-many")
                return
    except etree.XMLSyntaxError:
        problems["malformed"] = 1
        return
    if len(context.error_log):
        problems["malformed"] = 1


def _mended(body: bytes, *, problems: Problems) -> bytes:
    """Escape bare ampersands, the commonest fault: at an error lxml stops streaming and builds the whole tree.

    Quirk: for each tag that does not end, libxml2 looks through the rest of the file; with many of them that takes
    minutes a megabyte. They are no tags then.
    """
    if next(islice(_OPEN.finditer(body), _MOST_OPEN, None), None) is not None:
        problems.note("malformed")
        body = _OPEN.sub(b"&lt;", body)
    if not _BARE.search(body) or body.count(b"&") > _MOST_AMPERSANDS:
        return body
    problems.note("malformed")
    return _BARE.sub(b"&amp;", body)


class _Stream(io.BytesIO):
    """Ends early where too many bytes hold no whole <url>: a tree of them all would not fit into memory."""

    _since = 0

    def heard(self) -> None:
        """Tell that an element came out."""
        self._since = self.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on, or nothing any more."""
        return super().read(size) if self.tell() - self._since <= _LONGEST_SILENCE else b""


def _texts(element: etree._Element, *, problems: Problems) -> dict[str, str]:
    """Collect the texts in an element. Quirk: recovering, lxml lets in surrogates, which then are no UTF-8."""
    texts: dict[str, str] = {}
    try:
        for part in element.iterdescendants():
            if part.text:
                texts.setdefault(_local(str(part.tag)), part.text)
    except UnicodeDecodeError:
        problems["malformed"] = 1
    return texts


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    """Name an element; those of the news extension keep a prefix, those of images and videos lose their name."""
    namespace, _, name = tag.rpartition("}")
    if "sitemap-news" in namespace:
        return f"news:{name}"
    return "" if "sitemap-image" in namespace or "sitemap-video" in namespace else name


def _forget(element: etree._Element) -> None:
    element.clear()
    parent, before = element.getparent(), element.getprevious()
    if parent is not None and before is not None:
        parent.remove(before)


def _promise(found: str, facts: Mapping[str, str], *, found_in: str) -> Promise:
    modified = read_date(facts.get("lastmod"))
    if not any(name.startswith("news:") for name in facts):
        return Promise(url=found, source=Source.SITEMAP, found_in=found_in, modified=modified)
    return Promise(
        url=found,
        source=Source.NEWS_SITEMAP,
        found_in=found_in,
        published=read_date(facts.get("news:publication_date")),
        modified=modified,
        title=" ".join(facts.get("news:title", "").split())[:1000] or None,
        tags=_keywords(facts.get("news:keywords", "")),
        language=facts.get("news:language", "").strip()[:35] or None,
    )


def _keywords(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip()[:300] for word in text.split(",") if word.strip()))[:100]
