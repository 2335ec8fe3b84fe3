"""What a run knew of its site and its pages: resource records in its own WARC files.

The derivation reads nothing but committed WARCs, so everything it needs beside the pages lies there too: the site's
TOML as used, and what feeds and sitemaps said of the URLs that the attempt fetched.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archive.articles import Hints
from archive.promise import Promise, Source
from archive.records import Record
from archive.urls import canonical

SITE = "urn:microfiche:site"
PROMISES = "urn:microfiche:promises"
SITE_TYPE = "application/toml"
PROMISES_TYPE = "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hints on the site, and the promise of each URL by its `id/1` key."""

    hints: Hints | None
    promises: Mapping[str, Promise]

    @classmethod
    def empty(cls) -> "Facts":
        """Nothing known."""
        return cls(hints=None, promises={})

    def __or__(self, other: "Facts") -> "Facts":
        return Facts(hints=other.hints or self.hints, promises={**self.promises, **other.promises})


def dump_promises(promises: Iterable[Promise]) -> bytes:
    """The payload of a promises record: JSON Lines, without the fields that say nothing."""
    return "".join(json.dumps(told(promise), ensure_ascii=False) + "\n" for promise in promises).encode()


def read(records: Iterable[Record]) -> Facts:
    """Reads the facts of a run from its resource records, in their order; later ones win."""
    hints: Hints | None = None
    promises: dict[str, Promise] = {}
    for record in records:
        if record.uri == SITE:
            hints = _hints(tomllib.loads(record.block.decode()))
        elif record.uri == PROMISES:
            for line in record.block.decode().splitlines():
                promise = promise_of(json.loads(line))
                promises[canonical(promise.url)] = promise
    return Facts(hints=hints, promises=promises)


def _hints(site: Mapping[str, Any]) -> Hints:
    return Hints(
        site=site["name"],
        home=site["home"],
        timezone=site.get("timezone"),
        language=site.get("language"),
        article=site.get("article"),
        sections=tuple(site.get("sections") or ()),
    )


def told(promise: Promise) -> dict[str, Any]:
    """A promise as JSON, without the fields that say nothing."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(promise).items()
        if value
    }


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
