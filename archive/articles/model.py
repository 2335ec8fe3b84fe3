"""What extraction takes and gives: hints about a site, and the article read from one page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from archive.articles.layout import Layout

Kind = Literal["article", "opinion", "live", "gallery", "video", "audio", "brief"]
Access = Literal["free", "metered", "paywalled", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the site's TOML says that helps to read its pages; all of it may be unknown.

    `article` is the site's pattern for the path and query of its articles, `sections` are URLs, `timezone` is an IANA
    name. `layouts` win where they select anything: the first that does.
    """

    site: str | None = None
    home: str | None = None
    timezone: str | None = None
    language: str | None = None
    article: str | None = None
    sections: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a live blog."""

    id: str
    time: str | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the page reserves or grants: robots directives (page and header), TDM reservation, licence."""

    robots: tuple[str, ...] = ()
    tdm_reservation: bool | None = None
    tdm_policy: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as one page tells it; what the page does not say is None or empty.

    Dates are ISO 8601 as precise as the page is: a day, a local time, or a moment with its offset. `text` has its
    paragraphs parted by blank lines. `sources` names, a field, where its value was read. `canonical` is the page's own
    claim, absolute.
    """

    title: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    lead_image: str | None = None
    kind: Kind = "article"
    access: Access = "unknown"
    text: str = ""
    entries: tuple[Entry, ...] = ()
    word_count: int = 0
    content_digest: str = ""
    rights: Rights = field(default_factory=Rights)
    sources: Mapping[str, str] = field(default_factory=dict)
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page is no article.

    One of section, tag, author, search, pagination, home, static, gate (something stands in the article's place), error
    (the page says that it is none), empty, not-html, or failed (reading it broke us; `evidence` says how). Of a gate
    the evidence begins with its kind: challenge, captcha, login, consent, or password, then a colon and its make.
    """

    reason: str
    evidence: str = ""

    @property
    def word(self) -> str:
        """The reason in one word, as counts have it: of a gate with its kind, as `gate-captcha`."""
        return f"gate-{self.evidence.partition(':')[0]}" if self.reason == "gate" else self.reason


Json = Mapping[str, Any]
