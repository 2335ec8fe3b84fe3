"""`microfiche rebuild`: the ledger again from the store."""

import asyncio
import contextlib

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from archive.embedded import Services
from archive.rebuild import Restored, committed, rebuild
from crawler.adopt import adopt
from crawler.cli import options
from crawler.config import Config
from crawler.finish import finish, working
from crawler.holdings import held, is_begun
from crawler.line import Line, open_line

INCOMPLETE = 3


@click.command()
@click.pass_context
def command(ctx: click.Context) -> int:
    """Make the ledger again from the store, after it was lost or to be sure of it.

    Reads every commit and the articles derived from it; what is not derived yet is derived. Running it again, or on a
    ledger that is whole, changes nothing. The archive does not say which sites were paused: pause them again.
    """
    config = options.configured(ctx)
    if not is_begun(config):
        click.echo(f"nothing to rebuild from: there is no {config.data_dir} here, and no store is configured")
        return 0
    options.log_to_file(ctx, config, name="rebuild")
    with held(config) as running:
        return asyncio.run(_rebuild(config, running=running))


async def _rebuild(config: Config, *, running: Services) -> int:
    async with open_line(config, running=running) as line:
        restored = await _restore(line)
        for one in restored:
            if one.problem:
                click.echo(f"left out: {one.problem}; run verify", err=True)
        unfinished = await _finish(line)
    articles = sum(one.articles or 0 for one in restored)
    entered = sum(one.problem is None for one in restored)
    click.echo(f"rebuilt from {entered} commits with {articles} article captures")
    return INCOMPLETE if unfinished or entered < len(restored) else 0


async def _restore(line: Line) -> list[Restored]:
    names = await asyncio.to_thread(committed, line.store)
    console = Console(stderr=True)
    columns = (TextColumn("commits"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    restored = []
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("commits", total=len(names))
        async with contextlib.aclosing(rebuild(line.ledger, line.store, names)) as entering:
            async for one in entering:
                restored.append(one)
                progress.advance(task)
    return restored


async def _finish(line: Line) -> int:
    """Ships and derives what the lost ledger had queued; returns how many attempts remain, each told."""
    async with working(line):
        adopted = await adopt(line)
        unfinished = await finish(line, adopted.attempts)
    for told in adopted.left:
        click.echo(f"microfiche: {told}", err=True)
    for row in unfinished:
        click.echo(f"{row['site']}: attempt {row['run']}-{row['number']} remains: {row['problem']}", err=True)
    return len(unfinished) + len(adopted.left)
