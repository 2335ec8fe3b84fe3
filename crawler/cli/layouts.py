"""What a site's layouts give beside what is read without them: `site check`, on a few of its newest articles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import click

from archive import facts
from archive.articles import Article, Refusal, read
from archive.articles.layout import of_day
from crawler.cli import output
from crawler.discovery.ask import Answer, Asker
from crawler.discovery.probe import Probe
from crawler.sites.site import Site, to_toml

_PAGES = 3
_LONGEST = 60  # characters of a value
_FIELDS = ("title", "authors", "published", "modified", "section", "text")
_NAMES = {"text": "body"}  # as layouts call it


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One page, read with the layouts of today and without; `problem` says why it was not."""

    url: str
    selected: Article | Refusal | None = None
    plain: Article | Refusal | None = None
    problem: str | None = None

    def is_selected(self, name: str) -> bool:
        """Whether a layout gave this field."""
        sources = self.selected.sources if isinstance(self.selected, Article) else {}
        return sources.get(name, "").startswith("layout")


async def look(site: Site, found: Probe, *, user_agent: str) -> list[Look]:
    """Reads a few of the pages that a crawl would fetch first, for a site that has layouts."""
    if not site.layout or found.problem:
        return []
    promised = [promise.url for promise in found.candidates.wanted[:_PAGES]]
    async with Asker.open(user_agent=user_agent, delay=site.delay, typed=[site.home]) as asker:
        return [_read(site, url=url, answer=await asker.get(url)) for url in promised]


def _read(site: Site, *, url: str, answer: Answer) -> Look:
    if answer.problem:
        return Look(url=url, problem=answer.problem)
    known = facts.hints_of(to_toml(site))
    hints = [replace(known, layouts=of_day(known.layouts, datetime.now(UTC).date())), replace(known, layouts=())]
    selected, plain = (read(answer.body, answer.url, charset=answer.charset, hints=one) for one in hints)
    return Look(url=url, selected=selected, plain=plain)


def print_looks(looks: Sequence[Look]) -> None:
    """Prints a table of what the layouts give, a row a field and page."""
    if not looks:
        return
    click.echo("  layouts   what they give beside what is read without them (nothing: as without)")
    rows = [row for one in looks for row in _rows(one)]
    output.console().print(output.table(("page", "field", "layout", "without"), rows))


def _rows(one: Look) -> Iterator[tuple[str, ...]]:
    if one.problem:
        yield one.url, "", f"({one.problem})", ""
        return
    for number, name in enumerate(_FIELDS):
        by_layout = _told(one.selected, name) if one.is_selected(name) else ""
        yield "" if number else one.url, _NAMES.get(name, name), by_layout, _told(one.plain, name)


def _told(read: Article | Refusal | None, name: str) -> str:
    if isinstance(read, Refusal):
        return f"(no article: {read.reason})"
    value: Any = getattr(read, name)
    if name == "text" and read is not None:
        return f"{read.word_count} words: {output.short(value, longest=_LONGEST)}"
    return output.short(", ".join(value) if isinstance(value, tuple) else value or "", longest=_LONGEST)


def wrong_layouts(site: Site, looks: Sequence[Look]) -> Iterator[str]:
    """Selectors of today's layouts that select nothing on any page that was read."""
    pages = [one for one in looks if one.problem is None]
    today = of_day(facts.hints_of(to_toml(site)).layouts, datetime.now(UTC).date())
    for name in _FIELDS if pages else ():
        named = _NAMES.get(name, name)
        selectors = [getattr(layout, named) for layout in today if getattr(layout, named)]
        if selectors and not any(one.is_selected(name) for one in pages):
            told = " and ".join(map(repr, selectors))
            yield f"`{named}` of the layout, {told}, gives nothing on {len(pages)} pages; correct it, or leave it out"
