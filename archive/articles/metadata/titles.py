"""The headline: which of JSON-LD, OpenGraph, the title element and the heading is it, and without the site's name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from archive.articles.markup import jsonld
from archive.articles.markup.page import Page
from archive.articles.markup.text import fold, letters
from archive.articles.metadata import sites, slugs

_SEPARATOR = re.compile(r"\s+[|\-–—·•»«:>/~]+\s+|\s*[|｜»]\s*|\s+::\s+")
_RANKS = ("json-ld", "opengraph", "dom", "meta", "title", "feed")
_LONGEST = 1_000
_MOST_PARTS = 20  # of a headline; with more of them it is none, and every one is looked at with all others
_SECTION = re.compile(r"(.*\S)\s*[|｜]\s*([^|｜]+)")
_SECTION_WORDS, _TITLE_WORDS = 4, 3
_HEADING_WORDS = 5  # of a page's only heading that no other claim agrees with: a shorter one may name anything
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]|\w+")


@dataclass(frozen=True, slots=True)
class Title:
    """The headline, where it was read, and every variant of it that the page holds."""

    value: str | None
    source: str | None
    variants: tuple[str, ...]


def title(page: Page) -> Title:
    """Choose the headline among the page's claims."""
    own = sites.called(page)
    claims = [(fold(unescape(text))[:_LONGEST], source) for text, source in offered(page) if text]
    others = [other for other, _ in claims]
    cleaned = [(_without_section(without_site(text, own=own, others=others)), source) for text, source in claims]
    wanted = [(text, source) for text, source in cleaned if letters(text) and letters(text) not in own]
    chosen = _choose(wanted)
    chosen = _addressed(*chosen, claims=wanted, url=page.url) if chosen else None
    variants = dict.fromkeys([text for text, _ in cleaned] + [text for text, _ in claims])
    return Title(chosen[0], chosen[1], tuple(variants)) if chosen else Title(None, None, tuple(variants))


def offered(page: Page) -> Iterator[tuple[str, str]]:
    """Yield every headline that the page tells, and its source."""
    if page.main is not None:
        yield jsonld.first(page.main.data.get("headline")) or "", "json-ld"
        yield jsonld.first(page.main.data.get("name")) or "", "json-ld"
    for text in page.headings[:3]:
        yield text, "dom"
    yield page.meta("og:title") or "", "opengraph"
    yield page.meta("twitter:title") or "", "meta"
    yield page.title or "", "title"
    if page.promise is not None:
        yield fold(page.promise.title), "feed"


def _choose(claims: list[tuple[str, str]]) -> tuple[str, str] | None:
    """Prefer a heading that another claim agrees with, at least by half; then the only one of several words.

    Without them JSON-LD, OpenGraph, a heading, the rest. Where claims differ, the heading is what readers saw: on 906
    measured pages this is right on 88 %, JSON-LD first on 82 %.
    """
    claims = [(text, source) for text, source in claims if source != "dom" or not _is_before_title(text, claims=claims)]
    headings = [text for text, source in claims if source == "dom"]
    others = [(text, source) for text, source in claims if source != "dom"]
    for least in (1.0, 0.5):
        for heading in headings:
            if any(_agreement(heading, text) >= least for text, _ in others):
                return _spelled(*_without_kicker(heading, others=others), others=others)
    long = [heading for heading in headings if len(_WORD.findall(heading)) >= _HEADING_WORDS]
    if len(long) == 1 and long == headings[:1]:
        return long[0], "dom"
    ranked = [claim for wanted in _RANKS for claim in claims if claim[1] == wanted]
    return _whole(ranked) if ranked else None


def _addressed(text: str, source: str, *, claims: list[tuple[str, str]], url: str | None) -> tuple[str, str]:
    """Return the claim that the page's address spells where it does not spell the choice: it was the headline once.

    What a heading and JSON-LD or OpenGraph say stays.
    """
    saying = {other for claim, other in claims if letters(claim) == letters(text)}
    if "dom" in saying and saying & {"json-ld", "opengraph"}:
        return text, source
    slug = slugs.words_of(url)
    if slug is None or slugs.spells(slug, text):
        return text, source
    return next((claim for claim in claims if claim[1] in _RANKS[:5] and slugs.spells(slug, claim[0])), (text, source))


def _spelled(heading: str, source: str, *, others: list[tuple[str, str]]) -> tuple[str, str]:
    """Return a claim of the same letters and more words: a heading of two lines has its words run together."""
    alike = ((text, other) for text, other in others if letters(text) == letters(heading))
    return next(
        (claim for claim in alike if len(_WORD.findall(claim[0])) > len(_WORD.findall(heading))), (heading, source)
    )


def _whole(ranked: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the first claim, or the longest one for machines that goes on where it ends: some are cut short."""
    start = letters(ranked[0][0])
    longer = [
        (text, source)
        for text, source in ranked
        if source in {"json-ld", "opengraph"} and letters(text).startswith(start) and not text.endswith(("…", "..."))
    ]
    return max(longer, key=lambda claim: len(letters(claim[0])), default=ranked[0])


def _is_before_title(heading: str, *, claims: list[tuple[str, str]]) -> bool:
    """Tell whether the title element is the heading and then another claim: it is the site's or the section's."""
    whole = {letters(text) for text, source in claims if source == "title"}
    said = {letters(text) for text, source in claims if source in {"json-ld", "opengraph"}}
    return any(letters(heading) + claim in whole for claim in said if len(claim) > 8)


def _agreement(one: str, other: str) -> float:
    """Return 1.0 for equal letters, else the share of the shorter one's words that the other has, below 1."""
    if letters(one) == letters(other):
        return 1.0
    ours, theirs = set(_WORD.findall(one.casefold())), set(_WORD.findall(other.casefold()))
    fewer = min(len(ours), len(theirs))
    return min(len(ours & theirs) / fewer, 0.99) if fewer > 1 else 0.0


def _without_kicker(heading: str, *, others: list[tuple[str, str]]) -> tuple[str, str]:
    """Where the heading only puts a word before a claim, take the claim."""
    for text, source in others:
        claim = letters(text)
        if source in {"json-ld", "opengraph"} and len(claim) > 12 and letters(heading)[1:].endswith(claim):
            return text, source
    return heading, "dom"


def without_site(text: str, *, own: frozenset[str], others: list[str]) -> str:
    """Return a headline without the site's name at its end or its beginning."""
    text = fold(text)
    if len(_SEPARATOR.findall(text)) > _MOST_PARTS:
        return text
    known = {letters(other) for other in others if other != text}
    for cut in reversed(list(_SEPARATOR.finditer(text))):
        head, tail = text[: cut.start()], text[cut.end() :]
        if _is_site(tail, own=own) or letters(head) in known:
            return without_site(head, own=own, others=others)
    for cut in _SEPARATOR.finditer(text):
        head, tail = text[: cut.start()], text[cut.end() :]
        if letters(head) in own and letters(tail):
            return without_site(tail, own=own, others=others)
    return text


def _without_section(text: str) -> str:
    """Return a headline without a few words behind a last upright line: they are its section or its site."""
    match = _SECTION.fullmatch(text)
    if match is None or len(_WORD.findall(match[1])) < _TITLE_WORDS or len(_WORD.findall(match[2])) > _SECTION_WORDS:
        return text
    return match[1]


def _is_site(tail: str, *, own: frozenset[str]) -> bool:
    folded = letters(tail)
    return folded in own or any(len(site) > 3 and folded.startswith(site) for site in own)
