"""`microfiche crawl`: capture, ship and derive, all to the end."""

import logging
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console

from archive.errors import ConfigError
from crawler.browser.program.finding import problem_of
from crawler.cli import options
from crawler.config import Config
from crawler.holdings import held
from crawler.sites.finding import find_sites
from crawler.sites.site import Site


@click.command()
@click.argument("site", nargs=-1, metavar="[SITE|URL]...")
@click.option("--sites", type=click.Path(file_okay=False, path_type=Path), help="Folder of sites' TOML files.")
@click.option("--max-pages", type=click.IntRange(min=1), help="Stop after this many pages a site.")
@click.option("--max-minutes", type=click.FloatRange(min=0.01), help="Stop after this many minutes a site.")
@click.option("--render", type=click.Choice(["auto", "always", "never"]), help="Use a browser.")
@click.pass_context
def command(
    ctx: click.Context,
    site: tuple[str, ...],
    sites: Path | None,
    max_pages: int | None,
    max_minutes: float | None,
    render: str | None,
) -> int:
    """Crawl now: capture, ship and derive, all to the end.

    SITE is a name from the sites folder, URL the home page of any news site; without either, all configured sites.
    """
    config = options.configured(ctx)
    if sites:
        config = config.model_copy(update={"crawl": config.crawl.model_copy(update={"sites": sites})})
    wanted = find_sites(site, config=config)
    if render:
        wanted = [site.model_copy(update={"render": render}) for site in wanted]
    if any(one.render == "always" for one in wanted) and (problem := problem_of(config.browser)):
        raise ConfigError(f'render = "always": {problem}')
    options.log_to_file(ctx, config, name="crawl")
    return _run(config, wanted, max_pages=max_pages, max_minutes=max_minutes)


def _run(config: Config, wanted: Sequence[Site], *, max_pages: int | None, max_minutes: float | None) -> int:
    with ExitStack() as stack, ThreadPoolExecutor(1) as thread:
        starting = thread.submit(stack.enter_context, held(config))
        from crawler.cli.progress import Progress
        from crawler.cli.session import Session

        with Console(stderr=True).status("starting Postgres and S3"):
            running = starting.result()
        progress = stack.enter_context(Progress())
        session = Session(config, progress, max_pages=max_pages, max_minutes=max_minutes)
        code = session.run(wanted, running=running)
    if not session.end_threads():
        _leave(code)
    return code


def _leave(code: int) -> None:
    """Ends the process although a thread waits for an answer: Python would wait for it too, minutes long.

    What the thread was about to do is done by the next command.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
