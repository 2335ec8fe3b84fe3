"""What a run knew of its site and its pages: resource records in its own WARC files.

The derivation reads nothing but committed WARCs, so everything it needs beside the pages lies there too: the site's
TOML as used, and what feeds and sitemaps said of the URLs that the attempt fetched.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from archive.articles import Hints
from archive.articles.layout import Layout
from archive.promise import Promise, Source
from archive.records import Record
from archive.urls import canonical

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
SITE = "urn:microfiche:site"
PROMISES = "urn:microfiche:promises"
SECTIONS = "urn:microfiche:sections"  # what was read as a list of articles, one URL a line
PARTS = "urn:microfiche:parts"  # what was asked for as a further page of an article, {"url", "of", "number"} a line
EMBED = "urn:microfiche:embed:"  # and "<file>:<offset>": that answer in HTML was asked for as an embed, and is no page
SITE_TYPE = "application/toml"
PROMISES_TYPE = "application/x-ndjson"
SECTIONS_TYPE = "text/uri-list"
PARTS_TYPE = "application/x-ndjson"
FACTS = frozenset({SITE, PROMISES, SECTIONS, PARTS})  # what `read` reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further page of an article: its URL, the URL of the article's first page, and which page it is (2, 3, …)."""

    url: str
    of: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hints on the site, the promise of each URL by its `id/1` key, and the further pages of articles by theirs."""

    hints: Hints
    promises: Mapping[str, Promise]
    parts: Mapping[str, Part] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "Facts":
        """Nothing known."""
        return cls(hints=Hints(), promises={})


def dump_promises(promises: Iterable[Promise]) -> bytes:
    """The payload of a promises record: JSON Lines, without the fields that say nothing."""
    return "".join(json.dumps(told(promise), ensure_ascii=False) + "\n" for promise in promises).encode()


def read(records: Iterable[Record], *, before: Facts) -> Facts:
    """Reads the facts of a run from its resource records, in their order, on top of what is known from before."""
    hints = before.hints
    promises = dict(before.promises)
    parts = dict(before.parts)
    for record in records:
        if record.uri == SITE:
            hints = _hints(tomllib.loads(record.block.decode()), sections=hints.sections)
        elif record.uri == SECTIONS:
            hints = replace(hints, sections=(*hints.sections, *record.block.decode().split()))
        elif record.uri == PROMISES:
            for line in filter(None, record.block.split(b"\n")):  # a title may hold other ends of lines
                promise = promise_of(json.loads(line))
                promises[canonical(promise.url)] = promise
        elif record.uri == PARTS:
            parts |= {canonical(part.url): part for part in map(_part, filter(None, record.block.split(b"\n")))}
    return Facts(hints=hints, promises=promises, parts=parts)


def dump_parts(parts: Iterable[Part]) -> bytes:
    """The payload of a parts record."""
    return "".join(json.dumps(asdict(part), ensure_ascii=False) + "\n" for part in parts).encode()


def _part(line: bytes) -> Part:
    told = json.loads(line)
    return Part(url=told["url"], of=told["of"], number=told["number"])


def hints_of(toml: str) -> Hints:
    """What a site's TOML says that helps to read its pages."""
    return _hints(tomllib.loads(toml), sections=())


def _hints(site: Mapping[str, Any], *, sections: tuple[str, ...]) -> Hints:
    return Hints(
        site=site["name"],
        home=site["home"],
        timezone=site.get("timezone"),
        language=site.get("language"),
        article=site.get("article"),
        sections=(*(site.get("sections") or ()), *sections),
        layouts=tuple(map(Layout.of, site.get("layout") or ())),
    )


def told(promise: Promise) -> dict[str, Any]:
    """A promise as JSON, without the fields that say nothing, and without what neither UTF-8 nor Postgres can hold."""
    return {name: _told_value(value) for name, value in asdict(promise).items() if value}


def _told_value(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_told_value, value))
    if isinstance(value, datetime):
        return value.isoformat()
    return _UNKEEPABLE.sub("\ufffd", value)


def promise_of(told: Mapping[str, Any]) -> Promise:
    """Reads a promise back from JSON."""

    def date(name: str) -> datetime | None:
        return datetime.fromisoformat(told[name]) if told.get(name) else None

    return Promise(
        url=told["url"],
        source=Source(told["source"]),
        found_in=told.get("found_in", ""),
        published=date("published"),
        modified=date("modified"),
        title=told.get("title"),
        authors=tuple(told.get("authors", ())),
        tags=tuple(told.get("tags", ())),
        language=told.get("language"),
    )
