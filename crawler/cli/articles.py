"""`microfiche articles`: the committed articles, as JSON Lines or Parquet."""

import asyncio
import contextlib
import importlib.util
import os
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from archive import published
from archive.embedded import Services
from archive.errors import ConfigError
from archive.ledger import Ledger
from archive.ledger import sites as ledger_sites
from archive.ledger.revisions import Choice, count_published
from crawler.cli import options, output
from crawler.config import Config
from crawler.holdings import held, is_begun, open_ledger, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """What is asked for, in which form, and whether there is someone to see a bar."""

    choice: Choice
    form: str
    draws: bool


@click.command()
@click.option("--site", "sites", multiple=True, help="Only of this site; may be given again.")
@click.option("--since", type=options.Moment(), help="Captured at or after this date.")
@click.option("--until", type=options.Moment(), help="Captured before this date.")
@click.option(
    "--committed-since",
    type=options.Moment(),
    help="Readable here since this moment: the cursor for who pulls what is new.",
)
@click.option("--all-revisions", is_flag=True, help="Every revision, not only the newest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "parquet"]),
    default="jsonl",
    show_default=True,
    help="What to write.",
)
@click.option("-o", "--output", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write a file.")
@click.pass_context
def command(
    ctx: click.Context,
    sites: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    committed_since: datetime | None,
    all_revisions: bool,  # noqa: FBT001  click calls it
    form: str,
    file: Path | None,
) -> None:
    """The committed articles, one a line, the newest revision of each.

    A line is of schema article/1 with `revision` as its last key. Who pulls regularly gives the moment at which the
    last pull began as --committed-since, a few minutes earlier to be safe: a line that comes twice is the same line.
    """
    config = options.configured(ctx)
    choice = Choice(
        sites=sites or None,
        since=since,
        until=until,
        committed_since=committed_since,
        newest_only=not all_revisions,
    )
    job = _Job(choice=choice, form=form, draws=file is not None and sys.stderr.isatty())
    if form == "parquet":
        _refuse_without_parquet(file)
    with output.quiet_pipe(), _target(file) as target:
        if not is_begun(config):
            return
        with held(config) as running:
            asyncio.run(_write(config, job, target=target, running=running))


def _refuse_without_parquet(file: Path | None) -> None:
    if file is None:
        raise ConfigError("Parquet is no text to be printed; name a file with -o FILE")
    if importlib.util.find_spec("pyarrow") is None:
        raise ConfigError(f"Parquet needs pyarrow, which is not installed; install it into {sys.prefix}")


@contextlib.contextmanager
def _target(file: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears under its name only when it is whole."""
    if file is None:
        yield sys.stdout.buffer
        return
    draft = file.with_name(f".{file.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as target:
            yield target
        draft.replace(file)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


async def _write(config: Config, job: _Job, *, target: BinaryIO, running: Services) -> None:
    store = open_store(config, running=running)
    async with open_ledger(config, running=running) as ledger:
        await _check_sites(ledger, job.choice)
        total = await _count(ledger, job.choice) if job.draws else None
        async with contextlib.aclosing(published.lines(ledger, store, choice=job.choice)) as lines:
            await _put(_drawn(lines, total=total) if total else lines, target=target, form=job.form)


async def _put(lines: AsyncIterator[bytes], *, target: BinaryIO, form: str) -> None:
    if form == "parquet":
        from archive.parquet import write_parquet  # pyarrow is no dependency of ours

        await write_parquet(lines, target=target)
        return
    async for line in lines:
        target.write(line)


async def _check_sites(ledger: Ledger, choice: Choice) -> None:
    """Refuses a name that no site has: an empty answer to a slip of the pen would look like an empty archive."""
    async with ledger.transaction() as connection:
        known = [row["name"] for row in await ledger_sites.known(connection)]
    options.refuse_unknown(choice.sites or (), known=known)


async def _count(ledger: Ledger, choice: Choice) -> int:
    async with ledger.transaction() as connection:
        return await count_published(connection, choice)


async def _drawn(lines: AsyncIterator[bytes], *, total: int) -> AsyncIterator[bytes]:
    columns = (TextColumn("articles"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("articles", total=total)
        async for line in lines:
            yield line
            progress.advance(task)
