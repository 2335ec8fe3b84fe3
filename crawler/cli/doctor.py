"""`microfiche doctor`: what is installed, configured and reachable; what to do where not."""

import asyncio
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import click
from rich.filesize import decimal
from rich.markup import escape

from archive.embedded import Services
from archive.errors import MicroficheError
from archive.ledger import Ledger, attempts, queue, rows, standing
from archive.spool import Spool
from crawler.browser.program.finding import NEEDS_BROWSER, executable_of, problem_of
from crawler.cli import options, output
from crawler.config import FILE, Config
from crawler.holdings import held, open_ledger, open_store, store_address
from crawler.sites.site import load_site
from crawler.spooled import look_into
from crawler.standing import told_waiting, waiting

_LITTLE = 5 * 10**9  # bytes: room for a few runs with their images
_NONE = 500 * 10**6
_STYLES = {"ok": "green", "warn": "yellow", "fail": "red"}

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: its state, what was seen, and what to do about it (empty where all is well)."""

    name: str
    state: State
    told: str
    advice: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:  # noqa: FBT001  click calls it
    """What is installed, configured and reachable; what to do where not.

    Starts the embedded services when nothing else is configured, and puts a small object into the store and deletes it
    again. Exits with 1 when something fails; warnings are no failure.
    """
    checks = list(_examine(ctx))
    with output.quiet_pipe():
        if as_json:
            output.print_json({"checks": [asdict(check) for check in checks]})
        else:
            _print(checks)
    return 1 if any(check.state == "fail" for check in checks) else 0


def _print(checks: list[Check]) -> None:
    told = [
        (
            f"[{_STYLES[check.state]}]{check.state}[/]",
            check.name,
            escape(f"{check.told}; {check.advice}" if check.advice else check.told),
        )
        for check in checks
    ]
    output.console().print(output.table(("", "what", ""), told))


def _examine(ctx: click.Context) -> Iterator[Check]:
    yield _python()
    try:
        config = options.configured(ctx)
    except MicroficheError as error:
        yield Check(name="configuration", state="fail", told=str(error))
        return
    yield _configuration(ctx, config)
    yield _contact(config)
    yield from _sites(config)
    yield _chromium(config)
    folder = _data_folder(config)
    yield folder
    if folder.state != "fail":
        yield from _services(config)


def _python() -> Check:
    told = f"{sys.version.split()[0]} at {sys.executable}"
    return Check(name="Python", state="ok", told=told)


def _configuration(ctx: click.Context, config: Config) -> Check:
    named = ctx.find_root().obj["config"]
    file = Path(named or FILE)
    told = f"{file.absolute()}" if file.exists() else "no microfiche.toml here, so everything is as it comes"
    return Check(name="configuration", state="ok", told=f"{told}; data in {config.data_dir.absolute()}")


def _contact(config: Config) -> Check:
    if config.crawl.contact:
        return Check(name="contact", state="ok", told=config.crawl.contact)
    advice = 'set [crawl] contact = "mailto:you@example.org", so that sites can write before they block'
    return Check(name="contact", state="warn", told="none in the User-Agent", advice=advice)


def _sites(config: Config) -> Iterator[Check]:
    files = sorted(config.crawl.sites.glob("*.toml"))
    wrong = 0
    for file in files:
        try:
            load_site(file)
        except MicroficheError as error:
            wrong += 1
            yield Check(name="sites", state="fail", told=str(error))
    if not files:
        told = f"none in {config.crawl.sites}"
        yield Check(name="sites", state="warn", told=told, advice="write one with: microfiche site add URL")
    elif not wrong:
        yield Check(name="sites", state="ok", told=f"{len(files)} in {config.crawl.sites}")


def _chromium(config: Config) -> Check:
    if problem := problem_of(config.browser):
        told, _, advice = problem.partition("; ")
        return Check(name="Chromium", state="warn", told=f"{told}, so pages that need scripts wait", advice=advice)
    return Check(name="Chromium", state="ok", told=str(executable_of(config.browser)))


def _data_folder(config: Config) -> Check:
    folder = config.data_dir.absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".doctor-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        advice = "make it yours or set another data_dir"
        return Check(name="data folder", state="fail", told=f"{folder}: {error.strerror}", advice=advice)
    free = Spool(folder / "spool").free_bytes()
    told = f"{folder}, {decimal(free)} free"
    state: State = "fail" if free < _NONE else "warn" if free < _LITTLE else "ok"
    return Check(name="data folder", state=state, told=told, advice="" if state == "ok" else "make room on that disk")


def _services(config: Config) -> Iterator[Check]:
    with contextlib.ExitStack() as stack:
        try:
            running = stack.enter_context(held(config))
        except MicroficheError as error:
            yield Check(name="services", state="fail", told=str(error))
            yield from _spool(config)
            return
        yield _store(config, running=running)
        yield from asyncio.run(_ledger(config, running=running))
    yield from _spool(config)


def _store(config: Config, *, running: Services) -> Check:
    where = "embedded, " if config.store.url is None else ""
    address = store_address(config, running=running)
    try:
        open_store(config, running=running).probe()
    except MicroficheError as error:
        return Check(name="store", state="fail", told=str(error))
    return Check(name="store", state="ok", told=f"{where}{address}; never overwrites what it is asked to keep")


async def _ledger(config: Config, *, running: Services) -> list[Check]:
    try:
        async with open_ledger(config, running=running) as ledger:
            return [await _migrated(ledger, config), *await _attempts(ledger), *await _waiting(ledger)]
    except MicroficheError as error:
        return [Check(name="ledger", state="fail", told=str(error))]


async def _migrated(ledger: Ledger, config: Config) -> Check:
    async with ledger.transaction() as connection:
        newest = await rows(connection, "SELECT max(name) AS name FROM migrations WHERE name ~ '^[0-9]'")
        version = await rows(connection, "SHOW server_version")
    where = "embedded" if config.database.dsn is None else "configured"
    told = f"{where}, Postgres {version[0]['server_version'].split()[0]}, migrated to {newest[0]['name']}"
    return Check(name="ledger", state="ok", told=told)


async def _attempts(ledger: Ledger) -> list[Check]:
    async with ledger.transaction() as connection:
        found = await attempts.unfinished(connection)
        tries = await queue.next_tries(connection)
    lines = [told_waiting(waiting(row, tries=tries)) for row in found]
    return [Check(name="attempts", state="warn", told=told) for told in lines] or [
        Check(name="attempts", state="ok", told="none waits to be shipped or derived")
    ]


async def _waiting(ledger: Ledger) -> list[Check]:
    """Pages that wait for a browser, by site."""
    async with ledger.transaction() as connection:
        found = [row for row in await standing.tally(connection) if row["reason"] == NEEDS_BROWSER]
    sites: Counter[str] = Counter()
    for row in found:
        sites[row["site"]] += row["number"]
    told = ", ".join(f"{number} of {site}" for site, number in sorted(sites.items()))
    advice = "once there is one, the next crawl fetches them"
    return [Check(name="pages", state="warn", told=f"wait for a browser: {told}", advice=advice)] if told else []


def _spool(config: Config) -> Iterator[Check]:
    """How full it is, folders that nobody holds (their crawl is over or dead), and those that nobody can read."""
    lying = look_into(config)
    for told in lying.damaged:
        yield Check(name="spool", state="fail", told=told)
    if lying.full:
        advice = "the next crawl ships what waits and begins no run before; make room or change [spool]"
        yield Check(name="spool", state="fail", told=lying.full, advice=advice)
        return
    told = f"{decimal(lying.bytes)} of at most {decimal(lying.max_size)}"
    if orphaned := _orphaned(config):
        told = f"{told}; not shipped: {', '.join(orphaned)}"
        yield Check(name="spool", state="warn", told=told, advice="the next crawl ships them")
    elif not lying.damaged:
        yield Check(name="spool", state="ok", told=f"{told}; nothing left lying")


def _orphaned(config: Config) -> list[str]:
    orphaned = []
    for folder in Spool(config.data_dir / "spool").orphans():
        with folder:
            orphaned.append(folder.name)
    return orphaned
