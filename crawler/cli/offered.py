"""How one page is read: each field's value, what else the page offers for it, and where; `site check --page`."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import click

from archive import facts
from archive.articles import Article, Candidate, Refusal, candidates, read
from archive.articles.layout import of_day
from crawler.cli import output
from crawler.discovery.ask import Answer, Asker
from crawler.sites.site import Site, to_toml

_FIELDS = (
    "title", "authors", "published", "modified", "language", "section", "kind", "access", "canonical", "amp", "text",
)  # fmt: skip
_LONGEST = 100  # characters of a value on a terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A page as it is read now, and what was there to choose from; `problem` says why there was nothing to read."""

    url: str
    found: Article | Refusal | None = None
    candidates: tuple[Candidate, ...] = ()
    problem: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns the reading as `--json` prints it."""
        article = self.found if isinstance(self.found, Article) else None
        refusal = self.found.word if isinstance(self.found, Refusal) else None
        return {
            "url": self.url,
            "problem": self.problem,
            "refusal": refusal,
            "article": asdict(article) if article else None,
            "candidates": [asdict(one) for one in self.candidates],
        }


def reading(url: str, *, site: Site, user_agent: str) -> Reading:
    """Asks for a page, as politely as a crawl, and reads it with the site's layouts of today."""
    answer = asyncio.run(_ask(url, site=site, user_agent=user_agent))
    if answer.problem:
        return Reading(url=url, problem=answer.problem)
    known = facts.hints_of(to_toml(site))
    hints = replace(known, layouts=of_day(known.layouts, datetime.now(UTC).date()))
    found = read(answer.body, answer.url, charset=answer.charset, hints=hints)
    offered = candidates(answer.body, answer.url, charset=answer.charset, hints=hints)
    return Reading(url=answer.url, found=found, candidates=offered)


async def _ask(url: str, *, site: Site, user_agent: str) -> Answer:
    async with Asker.open(user_agent=user_agent, delay=site.delay, typed=[site.home, url]) as asker:
        return await asker.get(url)


def print_reading(one: Reading) -> None:
    """Prints a table: what was taken for each field and where it stands, then what else the page offers for it."""
    click.echo(output.printable(one.url))
    if one.problem:
        click.echo(f"  cannot be read: {one.problem}")
        return
    if isinstance(one.found, Refusal):
        why = f", {output.printable(one.found.evidence)}" if one.found.evidence else ""
        click.echo(f"  no article: {one.found.word}{why}")
    output.console().print(output.table(("field", "taken", "value", "where"), list(_rows(one))))


def _rows(one: Reading) -> Iterator[tuple[str, str, str, str]]:
    for name in _FIELDS:
        first = name
        for taken, value, source in _values(one, name):
            yield first, taken, output.short(value, longest=_LONGEST), source
            first = ""


def _values(one: Reading, name: str) -> Iterator[tuple[str, str, str]]:
    """Yields the value that was taken and those that were not."""
    said = _told(one.found, name)
    if said:
        sources = one.found.sources if isinstance(one.found, Article) else {}
        yield "yes", said, sources.get(name, "")
    for offer in one.candidates:
        if offer.field == name and offer.value != said:
            yield "", offer.value, offer.source


def _told(found: Article | Refusal | None, name: str) -> str:
    value: Any = getattr(found, name, None) if isinstance(found, Article) else None
    if name == "text" and isinstance(found, Article):
        return f"{found.word_count} words: {value}"
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")
