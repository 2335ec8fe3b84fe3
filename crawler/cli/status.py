"""`microfiche status`: a table a site and day of what was promised and what came of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import click
from rich.filesize import decimal
from rich.markup import escape

from archive.errors import MicroficheError
from archive.health import Health, together
from archive.ledger import attempts, health, queue, standing
from crawler.cli import options, output
from crawler.config import Config
from crawler.holdings import held, is_begun, open_ledger
from crawler.spooled import Spooled, look_into
from crawler.standing import Day, Standing, stand, told_waiting, waiting

_COLUMNS = ("site", "day", "promised", "captured", "revised", "excluded", "failed", "later")
_READ, _CONSENT = "read", "consent banners"  # columns of sites whose pages were derived, and rendered
_NUMBERS = ("promised", "captured", "revised")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document, with every day.")
@click.option("--days", type=click.IntRange(min=1), default=14, show_default=True, help="Newest days in the table.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, days: int) -> None:  # noqa: FBT001  click calls it
    """A table a site and day: what was promised on that day, and what has come of it until now.

    `later` is what is older than the backfill, did not fit into the budget, waits for a browser, or is due. `revised`
    counts the articles found changed on that day, `read` tells what the pages of that day's runs gave, how long an
    article is in the median and how many lack what, `consent banners` what became of them on pages rendered. A site is
    quiet when its newest promise is older than three days and than three times its usual gap. One whose newest run
    gave far fewer articles, or articles with far less in them, than its runs used to is named: look at its pages, a
    redesign may have broken how they are read.
    """
    config = options.configured(ctx)
    lying = look_into(config)
    seen, problem = Seen(sites=(), waiting=()), None
    try:
        seen = _read(config) if is_begun(config) else seen
    except MicroficheError as error:
        problem = error
    with output.quiet_pipe():
        if as_json:
            output.print_json({**seen.as_json(), "spool": lying.as_json(), "problem": problem and str(problem)})
        else:
            _print(seen, lying, days=days, config=config, problem=problem)
    if problem:
        raise problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the ledger says: the sites, and the attempts that wait for something."""

    sites: Sequence[Standing]
    waiting: Sequence[Mapping[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """The same as `status --json` tells it."""
        return {"sites": [site.as_json() for site in self.sites], "waiting": list(self.waiting)}


def _read(config: Config) -> Seen:
    async def read() -> Seen:
        async with open_ledger(config, running=running) as ledger, ledger.transaction() as connection:
            sites = stand(
                await standing.overview(connection),
                tally=await standing.tally(connection),
                revised=await standing.revised(connection),
                rendered=await standing.rendered(connection),
                pulse=await standing.pulse(connection),
                read=[(row["site"], row["tick"], health.health_of(row)) for row in await health.recent(connection)],
            )
            tries = await queue.next_tries(connection)
            found = await attempts.unfinished(connection)
            return Seen(sites=sites, waiting=[waiting(row, tries=tries) for row in found])

    with held(config, store=False) as running:
        return asyncio.run(read())


def _print(seen: Seen, lying: Spooled, *, days: int, config: Config, problem: MicroficheError | None) -> None:
    console = output.console()
    if seen.sites:
        rows = [row for site in seen.sites for row in _rows(site, days=days)]
        columns = (*_COLUMNS, _READ, _CONSENT)
        shown = [at for at, name in enumerate(columns) if name in _COLUMNS or any(row[at] for row in rows)]
        cells = [[row[at] for at in shown] for row in rows]
        console.print(output.table([columns[at] for at in shown], cells, numbers=_NUMBERS))
    elif not problem:
        console.print(f"nothing held yet in {config.data_dir}; begin with: microfiche crawl URL", markup=False)
    for line in [*_quiet(seen.sites), *_broken(seen.sites), *map(told_waiting, seen.waiting), *_spool(lying)]:
        console.print(line, markup=False, soft_wrap=True)


def _quiet(sites: Sequence[Standing]) -> list[str]:
    quiet = [(site.site, site.quiet_since) for site in sites if site.quiet_since]
    return [f"{name}: quiet, nothing new promised since {since:%Y-%m-%d}" for name, since in quiet]


def _broken(sites: Sequence[Standing]) -> list[str]:
    return [f"{site.site}: reads worse than it used to: {'; '.join(_told(site))}" for site in sites if site.broken]


def _told(site: Standing) -> list[str]:
    return [output.printable(fault.told) for fault in site.broken]


def _spool(lying: Spooled) -> list[str]:
    """What waits in the spool, where anything does; the ledger need not be up for that."""
    lines = [*lying.damaged]
    if lying.attempts:
        count = len(lying.attempts)
        size = f"{decimal(lying.bytes)} of at most {decimal(lying.max_size)}"
        lines.append(f"spool: {count} attempt{'s' * (count > 1)} on this machine, {size}")
    return [*lines, f"no run is begun: {lying.full}"] if lying.full else lines


def _rows(site: Standing, *, days: int) -> list[tuple[str, ...]]:
    name = site.site if site.state == "active" else f"{site.site} ({site.state})"
    shown, hidden = site.days[:days], site.days[days:]
    rows = [_row(day) for day in shown] or [("never crawled", *[""] * len(_COLUMNS))]
    if hidden:
        rows.append((f"{len(hidden)} days before", *_row(_sum(hidden))[1:]))
    return [(name if not number else "", *row) for number, row in enumerate(rows)]


def _row(day: Day) -> tuple[str, ...]:
    by_reason = (output.listed(reasons) for reasons in (day.excluded, day.failed, day.later))
    return (
        day.day.isoformat(),
        str(day.promised),
        str(day.captured),
        str(day.revised or ""),
        *(escape(told) for told in by_reason),
        escape(_told_read(day.extraction)),
        escape(output.listed(day.consent)),
    )


def _told_read(read: Health | None) -> str:
    """What the pages of a day's runs gave: articles, how long they are, and how many lack what."""
    if read is None or not read.pages:
        return ""
    lacking = {"no title": read.untitled, "no date": read.undated, "no author": read.unsigned}
    words = f", {median(read.words):.0f} words (median)" if read.words else ""
    lacks = output.listed({name: number for name, number in lacking.items() if number})
    of_all = f" of {read.pages} pages" if read.articles < read.pages else ""
    told = f"{read.articles} article{'s' * (read.articles != 1)}{of_all}{words}"
    return f"{told}; {lacks}" if lacks else told


def _sum(days: Sequence[Day]) -> Day:
    read = [day.extraction for day in days if day.extraction]
    whole = Day(day=days[0].day, extraction=together(read) if read else None)
    for day in days:
        whole.promised += day.promised
        whole.captured += day.captured
        whole.revised += day.revised
        for name in ("excluded", "failed", "later", "consent"):
            reasons = getattr(whole, name)
            for reason, number in getattr(day, name).items():
                reasons[reason] = reasons.get(reason, 0) + number
    return whole
