"""`microfiche replay`: what the store holds, in a browser, as it looked."""

import contextlib
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from archive.errors import ServiceError, StoreError
from archive.scratch import own_folder
from crawler.cli import options
from crawler.cli.ending import asked_to_end
from crawler.config import Config
from crawler.holdings import held, is_begun, open_store

if TYPE_CHECKING:
    from archive.replay import Holdings, Pywb
    from archive.store import Store

_LOOK_EVERY = 10.0  # seconds between two looks for new commits


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    help="Where to serve it; 0 takes a free port.",
)
@click.option("--site", "sites", multiple=True, help="Only this site; may be given again.")
@click.pass_context
def command(ctx: click.Context, port: int, sites: tuple[str, ...]) -> int:
    """Replay what is archived, at http://127.0.0.1:8080/ until Ctrl-C.

    Pages are shown from their captures alone, without their consent banners; nothing is asked of the live web. What is
    committed meanwhile can be replayed within seconds. Ctrl-C and SIGTERM are its normal end: the exit code is 0.
    """
    config = options.configured(ctx)
    if not is_begun(config):
        click.echo(f"nothing to replay: there is no {config.data_dir} here, and no store is configured")
        return 0
    with asked_to_end() as ended, held(config, ledger=False) as running:
        store = open_store(config, running=running)
        _serve(config, store, port=port, sites=sites, ended=ended)
    return 0


def _serve(config: Config, store: "Store", *, port: int, sites: Sequence[str], ended: threading.Event) -> None:
    from archive.replay import Front, Holdings, Pywb, Shelf, program
    from archive.replay.front import SCRIPTS

    wayback = program()
    with _scratch(config) as folder, Shelf(store) as shelf:
        holdings = Holdings(store, folder, sites=sites)
        options.refuse_unknown(sites, known=_known(store, sites))
        pywb = Pywb(wayback, folder, index=holdings.index, archive=shelf.address, scripts=SCRIPTS)
        with Front(holdings, pywb=pywb, port=port) as front:  # a port that is taken is told before the index is read
            _index(holdings)
            with pywb:
                click.echo(f"replay at {front.address} until Ctrl-C")
                sys.stdout.flush()
                _keep_up(holdings, pywb, ended=ended)


def _known(store: "Store", sites: Sequence[str]) -> set[str]:
    from archive.keys import commits_under

    keys = store.keys(commits_under()) if sites else ()
    return {key.split("/")[1].removeprefix("site=") for key in keys}


def _index(holdings: "Holdings") -> None:
    """Takes in what is committed, with a bar for who watches."""
    names = holdings.commits()
    console = Console(stderr=True)
    columns = (TextColumn("commits"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("commits", total=len(names))
        for problem in holdings.take(names, passed=lambda: progress.advance(task)):
            click.echo(f"left out: {problem}", err=True)


def _keep_up(holdings: "Holdings", pywb: "Pywb", *, ended: threading.Event) -> None:
    """Takes in what is committed meanwhile; a store that is away for a while is asked again."""
    silent = False
    while not ended.is_set():
        try:
            if names := holdings.commits():
                holdings.take(names)
            holdings.list_articles()
            silent = False
        except StoreError as error:
            if not silent:
                click.echo(f"microfiche: {error}; still trying", err=True)
            silent = True
        pywb.check()
        ended.wait(_LOOK_EVERY)


@contextlib.contextmanager
def _scratch(config: Config) -> Iterator[Path]:
    root = config.data_dir / "scratch"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with own_folder(root) as folder:
            yield folder
    except OSError as error:
        raise ServiceError(f"cannot use the data folder {config.data_dir}: {error.strerror or error}") from error
