"""`microfiche site`: add, list, check, pause, resume and remove sites."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from archive.articles import Article
from archive.errors import ConfigError, MicroficheError
from archive.ledger import sites as ledger_sites
from archive.ledger import standing
from archive.ledger.sites import State
from archive.urls import canonical, registrable
from crawler.cli import options, output
from crawler.cli.findings import print_found, print_would_fetch, wrongs
from crawler.cli.layouts import look, print_looks, wrong_layouts
from crawler.cli.offered import print_reading, reading
from crawler.config import Config, user_agent
from crawler.discovery.probe import Probe, probe
from crawler.holdings import held, is_begun, open_ledger
from crawler.sites.finding import find_site, find_sites
from crawler.sites.site import Site, load_sites, site_from_url, to_toml

_FEW = 8  # requests for feeds and sitemaps when a site is added
_SOME = 30  # and when it is checked
_NO_NEWS = (
    "no feed, no sitemap, no link that looks like an article; give the address of its home or news page, or write the"
    " file yourself with feeds or sections and an article pattern"
)


@click.group()
def command() -> None:
    """Add, list, check, pause, resume or remove sites."""


@command.command()
@click.argument("url")
@click.option("--name", help="Another name than one made of the host.")
@click.option("--sites", type=click.Path(file_okay=False, path_type=Path), help="Folder of sites' TOML files.")
@click.pass_context
def add(ctx: click.Context, url: str, name: str | None, sites: Path | None) -> None:
    """Look at the site at URL with about ten requests, and write its TOML file."""
    config = options.with_sites(options.configured(ctx), sites)
    site = site_from_url(url)
    site = Site.model_validate({**site.model_dump(), "name": name}) if name else site
    file = _free_file(site, config)
    found = _probe(site, config, most=_FEW)
    site = site.model_copy(update={"home": _home(site, found)})
    if not found.candidates.wanted and not found.candidates.refused.get("backfill"):
        raise MicroficheError(f"{site.home} looks like no news site: {_NO_NEWS}")
    print_found(site, found)
    _write(file, to_toml(site))
    click.echo(f"  wrote     {file}")
    click.echo(f"look closer with: microfiche site check {site.name}; begin with: microfiche crawl {site.name}")


def _free_file(site: Site, config: Config) -> Path:
    """Where the site's TOML goes; a site is never overwritten, and not kept under two names."""
    file = config.crawl.sites / f"{site.name}.toml"
    if file.exists():
        raise ConfigError(f"{file} exists already; edit it, or choose another --name")
    for known in load_sites(config.crawl.sites):
        if canonical(known.home) == canonical(site.home):
            raise ConfigError(f"{site.home} is kept already, as {known.name}")
    return file


def _probe(site: Site, config: Config, *, most: int) -> Probe:
    return asyncio.run(probe(site, user_agent=user_agent(config), most=most))


def _home(site: Site, found: Probe) -> str:
    """Where the home page is in the end: https, or with www.

    Raises:
        MicroficheError: it does not answer, or is on another site.
    """
    if found.problem:
        raise MicroficheError(f"{site.home} cannot be read ({found.problem}); check the address, or try again later")
    if registrable(found.home) != registrable(site.home):
        raise MicroficheError(f"{site.home} leads to another site; add that one: microfiche site add {found.home}")
    return found.home


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}") from error


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def list_sites(ctx: click.Context, as_json: bool) -> None:  # noqa: FBT001  click calls it
    """All sites: those that have a file, and those that are held without one."""
    config = options.configured(ctx)
    files = {site.name: site for site in load_sites(config.crawl.sites)}
    known = {row["name"]: row for row in _overview(config)} if is_begun(config) else {}
    rows = [_row(name, file=files.get(name), known=known.get(name)) for name in sorted(files | known)]
    with output.quiet_pipe():
        if as_json:
            output.print_json({"sites": rows})
        elif rows:
            columns = ("name", "home", "state", "last run", "articles")
            told = [tuple(_told(row[key]) for key in ("name", "home", "state", "last_run", "articles")) for row in rows]
            output.console().print(output.table(columns, told, numbers=("articles",)))
        else:
            click.echo(f"no site in {config.crawl.sites}, and none held; begin with: microfiche site add URL")


def _overview(config: Config) -> list[Mapping[str, Any]]:
    async def read() -> list[Mapping[str, Any]]:
        async with open_ledger(config, running=running) as ledger, ledger.transaction() as connection:
            return list(await standing.overview(connection))

    with held(config, store=False) as running:
        return asyncio.run(read())


def _row(name: str, *, file: Site | None, known: Mapping[str, Any] | None) -> dict[str, Any]:
    state = known["state"] if known else "active"
    last_run = known["last_run"] if known else None
    return {
        "name": name,
        "home": file.home if file else known["home"] if known else None,
        "state": state,
        "file": file is not None,
        "last_run": last_run.isoformat(timespec="seconds") if last_run else None,
        "articles": known["articles"] if known else 0,
    }


def _told(value: Any) -> str:
    return "never" if value is None else str(value).replace("+00:00", "Z")


@command.command()
@click.argument("site", required=False)
@click.option("--sites", type=click.Path(file_okay=False, path_type=Path), help="Folder of sites' TOML files.")
@click.option("--page", metavar="URL", help="How this page of SITE is read, field by field.")
@click.option("--json", "as_json", is_flag=True, help="With --page: one JSON document.")
@click.pass_context
def check(
    ctx: click.Context,
    site: str | None,
    sites: Path | None,
    page: str | None,
    as_json: bool,  # noqa: FBT001  click calls it
) -> int:
    """A dry run: what would be read, what would be fetched first, what not and why. Writes nothing.

    Of a site with layouts three of its newest pages are read, with them and without. With --page one page is read
    instead, and what it offers for each field is shown beside what was taken.

    SITE is a name or an address; all configured sites without it. Exits with 1 when something is wrong.
    """
    config = options.with_sites(options.configured(ctx), sites)
    if page is not None and site is not None:
        return _check_page(page, site=find_site(site, config=config), config=config, as_json=as_json)
    if page is not None or as_json:
        raise click.UsageError("say whose page: microfiche site check SITE --page URL [--json]")
    found_wrong = False
    for one in find_sites([site] if site else [], config=config):
        found = _probe(one, config, most=_SOME)
        print_found(one, found)
        print_would_fetch(found)
        looks = asyncio.run(look(one, found, user_agent=user_agent(config)))
        print_looks(looks)
        for wrong in [*wrongs(one, found), *wrong_layouts(one, looks)]:
            found_wrong = True
            click.echo(f"  wrong     {wrong}")
    return 1 if found_wrong else 0


def _check_page(url: str, *, site: Site, config: Config, as_json: bool) -> int:
    found = reading(url, site=site, user_agent=user_agent(config))
    if as_json:
        output.print_json(found.as_json())
    else:
        print_reading(found)
    return 0 if isinstance(found.found, Article) else 1


@command.command()
@click.argument("site")
@click.pass_context
def pause(ctx: click.Context, site: str) -> None:
    """Stop asking a site until it is resumed."""
    _set_state(options.configured(ctx), site, state="paused")
    click.echo(f"{site} is paused; go on with: microfiche site resume {site}")


@command.command()
@click.argument("site")
@click.pass_context
def resume(ctx: click.Context, site: str) -> None:
    """Ask a paused or removed site again."""
    _set_state(options.configured(ctx), site, state="active")
    click.echo(f"{site} is active")


@command.command()
@click.argument("site")
@click.pass_context
def remove(ctx: click.Context, site: str) -> None:
    """Stop asking a site for good; nothing that is archived is deleted."""
    config = options.configured(ctx)
    _set_state(config, site, state="removed")
    file = config.crawl.sites / f"{site}.toml"
    rest = f"; delete {file} too, if it is not to come back" if file.exists() else ""
    click.echo(f"{site} is removed, what is archived stays{rest}")


def _set_state(config: Config, name: str, *, state: State) -> None:
    """Sets the state of a site that the ledger knows, or that has a file and was never crawled."""

    async def change() -> bool:
        async with open_ledger(config, running=running) as ledger, ledger.transaction() as connection:
            if await ledger_sites.set_state(connection, name, state=state):
                return True
            if not (config.crawl.sites / f"{name}.toml").exists():
                options.refuse_unknown([name], known=_names(await ledger_sites.known(connection), config))
            site = find_site(name, config=config)
            await ledger_sites.put(connection, name=site.name, home=site.home, toml=to_toml(site))
            return await ledger_sites.set_state(connection, name, state=state)

    if not is_begun(config):
        find_site(name, config=config)
    with held(config, store=False) as running:
        asyncio.run(change())


def _names(known: Sequence[Mapping[str, Any]], config: Config) -> set[str]:
    return {row["name"] for row in known} | {file.stem for file in config.crawl.sites.glob("*.toml")}
