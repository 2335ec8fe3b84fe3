"""`microfiche verify`: does the archive hold what its commits say?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from archive.keys import commits_under
from archive.store import Store
from crawler.cli import options, output
from crawler.holdings import held, is_begun, open_store

if TYPE_CHECKING:
    from archive.verify import Checked, Finding


@click.command()
@click.option("--site", "sites", multiple=True, help="Only of this site; may be given again.")
@click.option("--since", type=options.Moment(), help="Runs of this day (UTC) and later.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def command(ctx: click.Context, sites: tuple[str, ...], since: datetime | None, as_json: bool) -> int:  # noqa: FBT001
    """Check what the archive holds: objects, records, index lines, commits, and the capture behind every article.

    Reads every byte of every commit in the span. Each finding is a line: the object, and what is wrong with it. Exits
    with 1 when there is one. Articles that are not derived yet are told, and are no finding.
    """
    from archive.verify import commit_keys, verify  # with it comes what reads articles, which loads slowly

    config = options.configured(ctx)
    report = _Report(prints=not as_json)
    with output.quiet_pipe():
        if is_begun(config):
            with held(config, ledger=False) as running:
                store = open_store(config, running=running)
                _check_sites(store, sites)
                keys = list(commit_keys(store, sites=sites, since=since))
                for checked in _drawn(verify(store, keys), total=len(keys)):
                    report.add(checked)
        if as_json:
            output.print_json(report.as_json())
        else:
            click.echo(report.told())
    return 1 if report.findings else 0


def _check_sites(store: Store, sites: Sequence[str]) -> None:
    """Refuses a name under which nothing is archived: nothing checked must not look like nothing wrong."""
    missing = [name for name in sites if next(store.keys(commits_under(name)), None) is None]
    if missing:
        known = {key.split("/")[1].removeprefix("site=") for key in store.keys(commits_under())}
        options.refuse_unknown(missing, known=known)


def _drawn(checks: Iterable["Checked"], *, total: int) -> Iterator["Checked"]:
    console = Console(stderr=True)
    columns = (TextColumn("commits"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("commits", total=total)
        for checked in checks:
            yield checked
            progress.advance(task)


class _Report:
    """Adds up what was checked; prints findings as they come, when it is to."""

    def __init__(self, *, prints: bool) -> None:
        self._prints = prints
        self.findings: list[Finding] = []
        self._not_derived: list[str] = []
        self._counts = dict.fromkeys(("commits", "objects", "bytes", "records", "captures", "articles"), 0)

    def add(self, checked: "Checked") -> None:
        """Adds one commit."""
        told = {"commits": 1, "objects": checked.objects, "bytes": checked.size, "records": checked.records}
        told |= {"captures": checked.captures, "articles": checked.articles or 0}
        for name, number in told.items():
            self._counts[name] += number
        if checked.articles is None and checked.objects:
            self._not_derived.append(checked.key)
        self.findings += checked.findings
        if self._prints:
            for finding in checked.findings:
                click.echo(f"{finding.key}: {finding.problem}")

    def as_json(self) -> dict[str, Any]:
        """The whole report."""
        findings = [asdict(finding) for finding in self.findings]
        return {**self._counts, "not_derived": self._not_derived, "findings": findings}

    def told(self) -> str:
        """The closing line."""
        counts = [decimal(number) if name == "bytes" else f"{number} {name}" for name, number in self._counts.items()]
        lines = [f"not derived yet: {key}; the next crawl does it" for key in self._not_derived]
        wrong = f"{len(self.findings)} findings" if self.findings else "nothing wrong"
        return "\n".join([*lines, f"checked {', '.join(counts)}: {wrong}"])
