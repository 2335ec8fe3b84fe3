"""What a feed, a sitemap or a section page said of a URL before anyone fetched it.

Promises are facts of a run: they are kept in its WARC, and the derivation reads them back as hints.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Source(StrEnum):
    """Who promised a URL, the most trustworthy first."""

    SEED = "seed"
    FEED = "feed"
    NEWS_SITEMAP = "news-sitemap"
    SITEMAP = "sitemap"
    SECTION = "section"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One URL and what its promiser told about it; what was not told is None or empty, never guessed.

    `url` is absolute and as promised; `found_in` is the URL of the document that named it.
    `published` and `modified` are aware datetimes; a promise without a time zone is read as UTC.
    """

    url: str
    source: Source
    found_in: str
    published: datetime | None = None
    modified: datetime | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str | None = None
