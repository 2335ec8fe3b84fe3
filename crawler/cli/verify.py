"""`microfiche verify`: does the archive hold what its commits say?"""

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from archive.keys import AttemptName, commits_under
from archive.scratch import own_folder
from archive.store import Store
from crawler.cli import options, output
from crawler.config import Config
from crawler.holdings import held, is_begun, open_store
from crawler.remembered import Remembered, remember

if TYPE_CHECKING:
    from archive.verify import Audit, Checked, Finding, Watcher


@click.command()
@click.option("--site", "sites", multiple=True, help="Only of this site; may be given again.")
@click.option("--since", type=options.Moment(), help="Runs of this day (UTC) and later.")
@click.option("--quick", is_flag=True, help="Leave out deriving every article again, which takes 30 ms a page.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    sites: tuple[str, ...],
    since: datetime | None,
    quick: bool,  # noqa: FBT001  click calls it
    as_json: bool,  # noqa: FBT001  as above
) -> int:
    """Check what the archive holds: objects, records, index lines, commits, and the capture behind every article.

    Reads every byte of every commit in the span and derives its articles again; asks the ledger, where it can be
    reached, which commits and articles must be there. Each finding is a line: the object, the kind of finding, and what
    is wrong. Exits with 1 when there is one. What could not be checked (articles that are not derived yet, or by
    another extractor) is told, and is no finding.
    """
    config = options.configured(ctx)
    report = _Report(prints=not as_json, quick=quick)
    with output.quiet_pipe():
        if is_begun(config):
            with held(config, ledger=False) as running:
                store = open_store(config, running=running)
                _check_sites(store, sites)
                _go_through(config, store, report=report, sites=sites, since=since)
        if as_json:
            output.print_json(report.as_json())
        else:
            click.echo(report.told())
    return 1 if report.findings else 0


def _go_through(
    config: Config, store: Store, *, report: "_Report", sites: Sequence[str], since: datetime | None
) -> None:
    from archive.verify import (
        commit_keys,
        missing_commits,
        orphans,
        verify,
    )  # with it comes what reads articles, which loads slowly
    from crawler.cli.verifying import Drawing

    report.remembered = remember(config, sites=sites, since=since)  # before anything is looked for
    keys = list(commit_keys(store, sites=sites, since=since))
    report.find(missing_commits(report.remembered.commits, found=keys))
    with Drawing(commits=len(keys)) as drawing, _audit(config, store, watcher=drawing, report=report) as audit:
        for checked in verify(audit, keys):
            drawing.checked()
            report.add(checked)
        report.orphans += orphans(store, sites=sites, since=since)


@contextmanager
def _audit(config: Config, store: Store, *, watcher: "Watcher", report: "_Report") -> Iterator["Audit"]:
    """Yields what the checks work with; whatever ends the block ends the extracting processes at once."""
    from archive.pages import Extractors
    from archive.verify import Audit, Derivation

    audit = Audit(store=store, watcher=watcher, derived=report.remembered.derived)
    if report.quick:
        yield audit
        return
    scratch = config.data_dir / "scratch"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    with own_folder(scratch) as folder:
        try:
            with Extractors() as extractors:
                yield replace(audit, derivation=Derivation(extractors=extractors, scratch=folder))
        except BaseException:
            for process in multiprocessing.active_children():
                process.kill()
            raise


def _check_sites(store: Store, sites: Sequence[str]) -> None:
    """Refuses a name under which nothing is archived: nothing checked must not look like nothing wrong."""
    missing = [name for name in sites if next(store.keys(commits_under(name)), None) is None]
    if missing:
        known = {key.split("/")[1].removeprefix("site=") for key in store.keys(commits_under())}
        options.refuse_unknown(missing, known=known)


class _Report:
    """Adds up what was checked; prints findings as they come, when it is to."""

    def __init__(self, *, prints: bool, quick: bool) -> None:
        self._prints = prints
        self.quick = quick
        self.remembered = Remembered(problem="nothing is held here")
        self.findings: list[Finding] = []
        self.orphans: list[str] = []
        self._not_derived: list[str] = []
        self._unchecked: dict[str, str] = {}
        counted = ("commits", "objects", "bytes", "records", "captures", "revisits", "articles", "derived_again")
        self._counts = dict.fromkeys(counted, 0)

    def add(self, checked: "Checked") -> None:
        """Adds one commit."""
        told = {"commits": 1, "objects": checked.objects, "bytes": checked.size, "records": checked.records}
        told |= {"captures": checked.captures, "revisits": checked.revisits}
        told |= {"articles": checked.articles or 0, "derived_again": checked.derived or 0}
        for name, number in told.items():
            self._counts[name] += number
        if checked.articles is None and checked.objects:
            self._not_derived.append(checked.key)
        if checked.unchecked:
            self._unchecked[checked.key] = checked.unchecked
        self.find(checked.findings)

    def find(self, findings: "Iterable[Finding]") -> None:
        """Adds findings."""
        for finding in findings:
            self.findings.append(finding)
            if self._prints:
                click.echo(f"{finding.key}: {finding.kind}: {output.printable(finding.problem)}")

    def as_json(self) -> dict[str, Any]:
        """The whole report."""
        return {
            **self._counts,
            "quick": self.quick,
            "ledger": self.remembered.problem,
            "not_derived": self._not_derived,
            "not_derived_again": self._unchecked,
            "orphans": self.orphans,
            "findings": [asdict(finding) for finding in self.findings],
        }

    def told(self) -> str:
        """What was not checked and why, then the closing line."""
        lines = [self._told_missing(key) for key in self._not_derived]
        lines += [f"articles not derived again: {key}: {why}" for key, why in self._unchecked.items()]
        lines += [f"no commit names it yet: {key}; on its way, or left by a crash" for key in self.orphans]
        if self.quick:
            lines.append("left out (--quick): deriving the articles again")
        if self._counts["commits"] and (problem := self.remembered.problem):
            lines.append(f"without a ledger nobody can tell whether commits or articles objects are lost: {problem}")
        counts = [_number(name, number) for name, number in self._counts.items()]
        wrong = f"{len(self.findings)} findings" if self.findings else "nothing wrong"
        return "\n".join([*lines, f"checked {', '.join(counts)}: {wrong}"])

    def _told_missing(self, key: str) -> str:
        """An attempt without an articles object of which nobody knows that there was one."""
        if AttemptName.parse(key).name in self.remembered.known:
            return f"not derived yet: {key}; rebuild and the next crawl do it"
        return f"not derived yet, or lost: {key}; rebuild and the next crawl do it"


def _number(name: str, number: int) -> str:
    from rich.filesize import decimal

    if name == "bytes":
        return decimal(number)
    return f"{number} {name.replace('_', ' ')}"
