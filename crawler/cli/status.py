"""`microfiche status`: a table a site and day of what was promised and what came of it."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.markup import escape

from archive.ledger import attempts, standing
from crawler.cli import options, output
from crawler.config import Config
from crawler.holdings import held, is_begun, open_ledger
from crawler.standing import Day, Standing, stand, told_waiting, waiting

_COLUMNS = ("site", "day", "promised", "captured", "revised", "excluded", "failed", "later")
_NUMBERS = ("promised", "captured", "revised")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document, with every day.")
@click.option("--days", type=click.IntRange(min=1), default=14, show_default=True, help="Newest days in the table.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, days: int) -> None:  # noqa: FBT001  click calls it
    """A table a site and day: what was promised on that day, and what has come of it until now.

    `later` is what is older than the backfill, did not fit into the budget, or is due. `revised` counts the articles
    found changed on that day. A site is quiet when its newest promise is older than three days and than three times its
    usual gap.
    """
    config = options.configured(ctx)
    sites, open_attempts = _read(config) if is_begun(config) else ([], [])
    with output.quiet_pipe():
        if as_json:
            output.print_json({"sites": [site.as_json() for site in sites], "waiting": open_attempts})
        else:
            _print(sites, open_attempts, days=days, config=config)


def _read(config: Config) -> tuple[list[Standing], list[dict[str, Any]]]:
    async def read() -> tuple[list[Standing], list[dict[str, Any]]]:
        async with open_ledger(config, running=running) as ledger, ledger.transaction() as connection:
            sites = stand(
                await standing.overview(connection),
                tally=await standing.tally(connection),
                revised=await standing.revised(connection),
                pulse=await standing.pulse(connection),
            )
            return sites, [waiting(row) for row in await attempts.unfinished(connection)]

    with held(config, store=False) as running:
        return asyncio.run(read())


def _print(sites: Sequence[Standing], open_attempts: Sequence[Mapping[str, Any]], *, days: int, config: Config) -> None:
    console = output.console()
    if not sites:
        console.print(f"nothing held yet in {config.data_dir}; begin with: microfiche crawl URL", markup=False)
    else:
        rows = [row for site in sites for row in _rows(site, days=days)]
        console.print(output.table(_COLUMNS, rows, numbers=_NUMBERS))
    for site in sites:
        if site.quiet_since:
            console.print(f"{site.site}: quiet, nothing new promised since {site.quiet_since:%Y-%m-%d}", markup=False)
    for told in open_attempts:
        console.print(told_waiting(told), markup=False, soft_wrap=True)


def _rows(site: Standing, *, days: int) -> list[tuple[str, ...]]:
    name = site.site if site.state == "active" else f"{site.site} ({site.state})"
    shown, hidden = site.days[:days], site.days[days:]
    rows = [_row(day) for day in shown] or [("never crawled", "", "", "", "", "", "")]
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
    )


def _sum(days: Sequence[Day]) -> Day:
    whole = Day(day=days[0].day)
    for day in days:
        whole.promised += day.promised
        whole.captured += day.captured
        whole.revised += day.revised
        for name in ("excluded", "failed", "later"):
            reasons = getattr(whole, name)
            for reason, number in getattr(day, name).items():
                reasons[reason] = reasons.get(reason, 0) + number
    return whole
