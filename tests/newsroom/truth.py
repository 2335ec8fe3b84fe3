"""What is so: the truth of each article, the promises that are bad on purpose, and who asked for what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One article as its author meant it; what a page does not say is empty.

    `url` is absolute, canonical and percent-encoded. `published` and `modified` are ISO 8601 as the page's best source
    says them: a date and time with an offset, or a bare date. `text` is the body alone, paragraphs (also subheadings,
    list items, block quotes) parted by a blank line; compare it with white space folded. `description` is the
    standfirst. `chrome` holds strings that may stand on the page and must not reach the text. `needs_browser` says
    that the page is nothing without its scripts.
    """

    url: str
    title: str
    authors: tuple[str, ...]
    published: str
    modified: str
    section: str
    tags: tuple[str, ...]
    language: str
    description: str
    text: str
    kind: str
    theme: str
    chrome: tuple[str, ...]
    needs_browser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A sitemap promise that no article can come of, and the word for what comes of it instead.

    `outcome` is one of not-found, gone, server-error, robots, off-site, section.
    """

    url: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One request as it was answered: `path` with its query as sent, `time` in seconds since 1970, headers as sent.

    `body` is what was posted; `protocol` is http/1.1 or h2.
    """

    method: str
    path: str
    status: int
    time: float
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""
    protocol: str = "http/1.1"
