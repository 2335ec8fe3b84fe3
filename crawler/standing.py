"""How the archive stands, a site and a day: folded from counts of the ledger, pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from archive.health import Fault, Health, faults, together

QUIET_DAYS = 3
QUIET_GAPS = 3
_LATER = frozenset({"later", "due"})
_STAGES = {
    "crawling": "is crawling, or its command was killed,",
    "sealed": "waits to be shipped",
    "committed": "waits to be derived",
    "derived": "is done, but for its copy in the spool, which waits to be proved needless",
}
_TASKS = {"sealed": "ship", "committed": "derive", "derived": "ship"}
_SINCE = {"crawling": "started_at", "sealed": "ended_at", "committed": "committed_at", "derived": "derived_at"}


@dataclass(slots=True, kw_only=True)
class Day:
    """The URLs promised on one day (UTC) and what has come of them until now, by reason; `revised` are articles.

    `consent` counts the pages that a browser rendered in that day's runs, by what was done about their banner;
    `extraction` is how the pages of that day's runs read.
    """

    day: date
    promised: int = 0
    captured: int = 0
    revised: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    later: dict[str, int] = field(default_factory=dict)
    consent: dict[str, int] = field(default_factory=dict)
    extraction: Health | None = None

    def count(self, outcome: str, *, reason: str | None, number: int) -> None:
        """Counts URLs with one outcome and reason."""
        self.promised += number
        if outcome == "captured":
            self.captured += number
            return
        by_reason = self.later if outcome in _LATER else self.failed if outcome == "failed" else self.excluded
        told = reason or ("due" if outcome in _LATER else "unknown")
        by_reason[told] = by_reason.get(told, 0) + number


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One site; its days newest first. `quiet_since` is the newest promise of a site that fell silent, else None.

    `broken` tells what of the newest run reads worse than the site's runs used to.
    """

    site: str
    home: str
    state: str
    articles: int
    last_run: datetime | None
    quiet_since: datetime | None
    days: tuple[Day, ...]
    broken: tuple[Fault, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The site as `status --json` tells it."""
        told = asdict(replace(self, days=()))
        told["last_run"] = self.last_run and self.last_run.isoformat()
        told["quiet_since"] = self.quiet_since and self.quiet_since.isoformat()
        told["days"] = [_day(day) for day in self.days]
        told["broken"] = [asdict(fault) for fault in self.broken]
        return told


def _day(day: Day) -> dict[str, Any]:
    told = asdict(replace(day, extraction=None))
    return {**told, "day": day.day.isoformat(), "extraction": day.extraction and day.extraction.as_json()}


def stand(
    overview: Iterable[Mapping[str, Any]],
    *,
    tally: Iterable[Mapping[str, Any]],
    revised: Iterable[Mapping[str, Any]],
    rendered: Iterable[Mapping[str, Any]] = (),
    pulse: Iterable[Mapping[str, Any]],
    read: Iterable[tuple[str, datetime, Health]] = (),
) -> list[Standing]:
    """Folds the ledger's counts (`archive.ledger.standing`) into one standing a site.

    `read` tells how the pages of each run read: its site, its tick, its health; in the order of the ticks.
    """
    days: dict[str, dict[date, Day]] = {}
    for row in tally:
        day = days.setdefault(row["site"], {}).setdefault(row["day"], Day(day=row["day"]))
        day.count(row["outcome"], reason=row["reason"], number=row["number"])
    for row in revised:
        days.setdefault(row["site"], {}).setdefault(row["day"], Day(day=row["day"])).revised = row["number"]
    for row in rendered:
        met = days.setdefault(row["site"], {}).setdefault(row["day"], Day(day=row["day"])).consent
        met[row["outcome"]] = int(row["number"])
    runs: dict[str, list[Health]] = {}
    for site, tick, health in read:
        day = days.setdefault(site, {}).setdefault(_utc(tick), Day(day=_utc(tick)))
        day.extraction = together([day.extraction, health] if day.extraction else [health])
        runs.setdefault(site, []).append(health)
    pulses = {row["site"]: row for row in pulse}
    return [
        _standing(
            row, days=days.get(row["name"], {}), pulse=pulses.get(row["name"]), broken=faults(runs.get(row["name"], []))
        )
        for row in overview
    ]


def _utc(tick: datetime) -> date:
    return tick.astimezone(UTC).date()


def _standing(
    row: Mapping[str, Any], *, days: Mapping[date, Day], pulse: Mapping[str, Any] | None, broken: Sequence[Fault]
) -> Standing:
    silent = pulse is not None and is_quiet(newest=pulse["newest"], gap=pulse["gap"], last_run=row["last_run"])
    return Standing(
        site=row["name"],
        home=row["home"],
        state=row["state"],
        articles=row["articles"],
        last_run=row["last_run"],
        quiet_since=pulse["newest"] if pulse and silent else None,
        days=tuple(days[day] for day in sorted(days, reverse=True)),
        broken=tuple(broken),
    )


def is_quiet(*, newest: datetime, gap: timedelta | None, last_run: datetime | None) -> bool:
    """Whether a site has fallen silent, as its last run found it.

    It has when its newest promise was older by then than three days, and than three times the median gap between its
    latest hundred promises: a daily paper is quiet after three days, a monthly one after three months.
    """
    if last_run is None:
        return False
    return last_run - newest > max(timedelta(days=QUIET_DAYS), QUIET_GAPS * (gap or timedelta()))


def waiting(row: Mapping[str, Any], *, tries: Mapping[str, datetime | None]) -> dict[str, Any]:
    """An attempt that is not done, from its ledger row: what it waits for, where, since when, and what went wrong last.

    `tries` says when its jobs are due (`archive.ledger.queue`); `next_try` is None where that is as soon as one runs.
    """
    name = f"{row['run']}-{row['number']}"
    task = _TASKS.get(row["state"])
    due = tries.get(f"{task}:{name}")
    return {
        "site": row["site"],
        "attempt": name,
        "state": row["state"],
        "machine": row["machine"],
        "since": (row[_SINCE[row["state"]]] or row["started_at"]).isoformat(),
        "problem": row["problem"],
        "next_try": due and due.isoformat(),
    }


def told_waiting(told: Mapping[str, Any]) -> str:
    """The same as one line for a person."""
    line = f"{told['site']}: attempt {told['attempt']} {_STAGES[told['state']]}"
    if told["state"] == "sealed":
        line += f" from machine {told['machine']}"
    line += f" since {_minute(told['since'])}"
    if told["problem"]:
        line += f": {told['problem']}"
    if told["state"] == "crawling":
        return line
    due = f", or by one that runs at {_minute(told['next_try'])}" if told["next_try"] else ""
    return f"{line}; tried again by the next crawl{due}"


def _minute(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
