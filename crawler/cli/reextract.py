"""`microfiche reextract`: the articles again, from the WARCs, with today's extractor."""

import asyncio
import multiprocessing
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from archive.changes import Changes
from archive.embedded import Services
from archive.ledger import Ledger, attempts, derivations
from archive.ledger import sites as ledger_sites
from archive.scratch import own_folder
from archive.store import Store
from archive.verify.workers import in_order
from crawler.cli import options, output
from crawler.cli.rederiving import Drawing, told
from crawler.config import Config
from crawler.holdings import held, is_begun, open_ledger, open_store

if TYPE_CHECKING:
    from archive.derive import Derived
    from archive.ledger.attempts import Attempt
    from archive.reextract import Drafted, Drafts, Means

INCOMPLETE = 3
MOST_LOST = 0.01  # of the articles; beyond it somebody should look
_AT_ONCE = 4  # attempts, so that small ones keep the extracting processes busy too


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the command line asks for."""

    sites: Sequence[str]
    since: datetime | None
    until: datetime | None
    dry_run: bool
    accept: bool


@dataclass(slots=True, kw_only=True)
class Report:
    """What was looked at and what it changes; `published` counts attempts, None as long as that is not decided."""

    extractor: str = ""
    states: Counter[str] = field(default_factory=Counter)
    changes: Changes = field(default_factory=Changes)
    problems: list[str] = field(default_factory=list)
    drafted: list["Attempt"] = field(default_factory=list)
    published: int | None = None
    held_back: str | None = None

    def add(self, attempt: "Attempt", drafted: "Drafted") -> None:
        """Adds one attempt."""
        self.states[drafted.state] += 1
        if drafted.changes is not None:
            self.changes.add(drafted.changes)
            self.drafted.append(attempt)
        if drafted.problem:
            self.problems.append(drafted.problem)

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "extractor": self.extractor,
            "attempts": dict(self.states),
            "changes": self.changes.as_json(),
            "problems": self.problems,
            "published": self.published,
            "held_back": self.held_back,
        }


@click.command()
@click.option("--site", "sites", multiple=True, help="Only of this site; may be given again.")
@click.option("--since", type=options.Moment(), help="Runs that began at or after this date.")
@click.option("--until", type=options.Moment(), help="Runs that began before this date.")
@click.option("--dry-run", is_flag=True, help="Report what would change, and publish nothing.")
@click.option("--accept", is_flag=True, help="Publish also where many articles would be lost or cut.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    sites: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    dry_run: bool,  # noqa: FBT001  click calls it
    accept: bool,  # noqa: FBT001  as above
    as_json: bool,  # noqa: FBT001  as above
) -> int:
    """Derive articles again from their WARCs with today's extractor, report what changes, and publish.

    First everything is derived beside what stands, then the report is printed, then it is published. When more than one
    article in a hundred would be lost, or lose half of its words, nothing is published without --accept (exit code 3).
    What was derived stays at hand: called again, also after a kill, the command goes on where it was. Attempts that
    today's extractor or a newer one has derived are left alone, but for those with pages at which it failed.
    """
    config = options.configured(ctx)
    asked = _Asked(sites=sites, since=since, until=until, dry_run=dry_run, accept=accept)
    report = Report()
    if is_begun(config):
        options.log_to_file(ctx, config, name="reextract")
        with held(config) as running:
            _reextract(config, asked, report=report, running=running, prints=not as_json)
    elif not as_json:
        click.echo(f"nothing to read again: there is no {config.data_dir} here, and no store is configured")
    if as_json:
        output.print_json(report.as_json())
    return INCOMPLETE if report.problems or (report.held_back and not dry_run) else 0


def _reextract(config: Config, asked: _Asked, *, report: Report, running: Services, prints: bool) -> None:
    from archive.derive import EXTRACTOR
    from archive.reextract import open_drafts

    report.extractor = EXTRACTOR
    rows = asyncio.run(_chosen(config, asked, running=running))
    store = open_store(config, running=running)
    with open_drafts(config.data_dir / "reextract") as drafts, Drawing() as drawing:
        for attempt, drafted in _drafted(config, rows, store=store, drafts=drafts, drawing=drawing):
            report.add(attempt, drafted)
        report.held_back = _why_held_back(report.changes, asked)
        if prints:
            drawing.say("\n".join(told(report)))
        if report.drafted and not asked.dry_run and not report.held_back:
            publishing = _Publishing(store=store, drafts=drafts, drawing=drawing, report=report)
            asyncio.run(publishing.run(config, running=running))
    if prints:
        click.echo(_ending(report, asked))


async def _chosen(config: Config, asked: _Asked, *, running: Services) -> list[Any]:
    async with open_ledger(config, running=running) as ledger, ledger.transaction() as connection:
        known = [row["name"] for row in await ledger_sites.known(connection)]
        options.refuse_unknown(asked.sites, known=known)
        return await attempts.committed(connection, sites=asked.sites, since=asked.since, until=asked.until)


def _drafted(
    config: Config, rows: Sequence[Any], *, store: Store, drafts: "Drafts", drawing: Drawing
) -> Iterator[tuple["Attempt", "Drafted"]]:
    """Derives the attempts, some side by side; yields each with what became of it, in their order."""
    from archive.reextract import draft

    with _means(config, store=store) as means, drawing.watching(means.extractors, attempts=len(rows)):

        def one(row: Any) -> tuple["Attempt", "Drafted"]:
            attempt = attempts.attempt_of(row)
            return attempt, draft(attempt.objects, known=row["extractor"], means=means, drafts=drafts)

        for found in in_order(one, rows, threads=_AT_ONCE, stop=threading.Event()):
            drawing.done()
            yield found


@contextmanager
def _means(config: Config, *, store: Store) -> Iterator["Means"]:
    """Yields what deriving takes; whatever ends the block ends the extracting processes at once."""
    from archive.pages import Extractors
    from archive.reextract import Means

    scratch = config.data_dir / "scratch"
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    with own_folder(scratch) as folder:
        try:
            with Extractors() as extractors:
                yield Means(store=store, extractors=extractors, scratch=folder)
        except BaseException:
            for process in multiprocessing.active_children():
                process.kill()
            raise


def _why_held_back(changes: Changes, asked: _Asked) -> str | None:
    if asked.accept or changes.share_lost <= MOST_LOST:
        return None
    return f"{changes.lost} articles would be lost and {changes.cut} lose half of their words or more"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Publishing:
    """Drafts on their way into the store and the ledger."""

    store: Store
    drafts: "Drafts"
    drawing: Drawing
    report: Report

    async def run(self, config: Config, *, running: Services) -> None:
        """Publishes what was drafted, some attempts side by side."""
        self.report.published = 0
        waiting = iter(self.report.drafted)
        async with open_ledger(config, running=running) as ledger:
            with self.drawing.publishing(len(self.report.drafted)):
                while some := list(islice(waiting, _AT_ONCE)):
                    await asyncio.gather(*(self._publish(ledger, attempt) for attempt in some))

    async def _publish(self, ledger: Ledger, attempt: "Attempt") -> None:
        """Writes the object, enters it into the ledger, and only then lets go of the draft."""
        derived = await asyncio.to_thread(self._put, attempt)
        async with ledger.transaction() as connection:
            await derivations.enter(connection, attempt, derived)
        await asyncio.to_thread(self.drafts.drop, attempt.objects)
        assert self.report.published is not None
        self.report.published += 1
        self.drawing.done()

    def _put(self, attempt: "Attempt") -> "Derived":
        from archive import derive

        return derive.put(self.drafts.get(attempt.objects), name=attempt.objects, store=self.store)


def _ending(report: Report, asked: _Asked) -> str:
    if report.held_back:
        return f"nothing published: {report.held_back}; look at them, then publish with: microfiche reextract --accept"
    if asked.dry_run and report.drafted:
        return f"nothing published: {len(report.drafted)} attempts wait; publish with: microfiche reextract"
    return f"published {report.published or 0} attempts"
