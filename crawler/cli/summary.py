"""The closing summary of a crawl: what was promised, what came of it, and where it lies."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape

from archive.ledger.attempts import attempt_of
from crawler.fetch.conditional import AT_HAND


def summarise(console: Console, row: Mapping[str, Any], *, where: str) -> None:
    """Prints one attempt's summary from its ledger row; `where` is the store's address."""
    if row["state"] == "sealed":
        told = f"captured, and waits in the spool for the next command: {row['problem'] or 'not shipped yet'}"
        console.print(f"\n[bold]{row['site']}[/bold]  {escape(told)}", highlight=False, soft_wrap=True)
        return
    counts = row["counts"]
    derived = row["derived"] or {}
    lines = [
        ("promised", _promised(counts)),
        ("captured", _captured(counts)),
        ("articles", _articles(row, derived)),
        ("failed", _by_reason(counts, "failed")),
        ("excluded", _by_reason(counts, "excluded")),
        ("left", _left(counts)),
        ("unread", _unread(counts)),
        ("embeds", _embeds(counts)),
        ("browser", _browser(counts)),
        ("fetched", f"{counts.get('exchanges', 0)} exchanges, {decimal(int(counts.get('bytes', 0)))}"),
        ("saved", _saved(counts)),
        ("repaired", _repaired(counts)),
        ("lies in", f"{where}/{attempt_of(row).objects.commit_key}"),
    ]
    ended = "" if row["ended"] in ("finished", None) else f"  ({_ENDS.get(row['ended'], row['ended'])})"
    console.print(f"\n[bold]{row['site']}[/bold]{ended}", highlight=False)
    for name, told in lines:
        if told:
            console.print(f"  {name:<9} {told}", highlight=False, markup=False, soft_wrap=True)


_ENDS = {
    "max-pages": "ended at the cap on pages",
    "max-minutes": "ended at the cap on minutes",
    "max-bytes": "ended at the cap on bytes",
    "budget": "ended when its time was used up",
    "interrupted": "interrupted; the next crawl goes on",
    "lease-lost": "cut short: the lease was lost",
    "ledger-lost": "cut short: Postgres went away",
    "errors": "with errors; the log in the data folder tells them, and the next crawl reads again what failed",
    "spool-failed": "cut short: the spool cannot be written",
    "spool-full": "cut short: the spool is full; the next crawl goes on",
    "crashed": "repaired after a crash",
}


_EMBEDS = {"fetched": "fetched", "known": "kept before and still fresh", "due": "for the next run"}


_REPAIRS = {
    "cut_bytes": "bytes of torn or damaged records cut off",
    "moved": "records saved from behind them",
    "dropped_notes": "outcomes without their record asked again",
}


def _promised(counts: Mapping[str, Any]) -> str:
    promised = counts.get("promised") or {}
    return _number(promised.get("new", 0), "new URL") if promised else ""


def _embeds(counts: Mapping[str, Any]) -> str:
    """What came of the images, styles and the like that the pages need."""
    embeds = counts.get("embeds") or {}
    told = [f"{embeds[name]} {word}" for name, word in _EMBEDS.items() if embeds.get(name)]
    failed = _by_reason(embeds, "failed")
    return ", ".join([*told, f"failed {failed}"] if failed else told)


def _browser(counts: Mapping[str, Any]) -> str:
    """How many pages a browser rendered, at which cost, and what was done about their banners."""
    rendered, consent = counts.get("rendered") or {}, counts.get("consent") or {}
    told = []
    if pages := rendered.get("pages", 0):
        seconds = rendered.get("milliseconds", 0) / 1000
        told.append(f"{_number(pages, 'page')} rendered, {seconds / pages:.1f} s each")
    banners = {outcome: number for outcome, number in consent.items() if outcome != "none"}
    if banners:
        told.append(f"consent banners {_listed(banners)}")
    if waiting := rendered.get("waiting"):
        told.append(f"{_number(waiting, 'page')} without a browser, tried again with one: microfiche doctor says how")
    return "; ".join(told)


def _saved(counts: Mapping[str, Any]) -> str:
    """What was seen again and not stored again."""
    revisits = int(counts.get("revisits", 0))
    if not revisits:
        return ""
    return f"{revisits} unchanged ({counts['not_modified']} by 304), {decimal(int(counts['saved']))} not stored again"


def _repaired(counts: Mapping[str, Any]) -> str:
    """What a repair after a crash found damaged."""
    told = counts.get("repaired") or {}
    return ", ".join(f"{told[name]} {word}" for name, word in _REPAIRS.items() if told.get(name))


def _captured(counts: Mapping[str, Any]) -> str:
    reasons = counts.get("captured") or {}
    told = _number(sum(reasons.values()), "page")
    return f"{told}; {reasons[AT_HAND]} led to another of them" if reasons.get(AT_HAND) else told


def _articles(row: Mapping[str, Any], derived: Mapping[str, Any]) -> str:
    if row["state"] != "derived":
        return f"not derived yet{': ' + row['problem'] if row['problem'] else ''}"
    left_out = derived.get("left_out") or {}
    told = str(derived.get("articles", 0))
    return f"{told}; no article: {_listed(left_out)}" if left_out else told


def _by_reason(counts: Mapping[str, Any], outcome: str) -> str:
    reasons = counts.get(outcome) or {}
    return f"{sum(reasons.values())}: {_listed(reasons)}" if reasons else ""


def _unread(counts: Mapping[str, Any]) -> str:
    """Feeds, sitemaps and sections that were named and could not be read: what they promise is not known."""
    unread = counts.get("unread") or {}
    return f"{sum(unread.values())} of the feeds, sitemaps and sections: {_listed(unread)}" if unread else ""


def _left(counts: Mapping[str, Any]) -> str:
    left = counts.get("left") or {}
    told = []
    if left.get("backfill"):
        told.append(f'{left["backfill"]} older than the backfill (backfill = "all" takes them)')
    if left.get("budget"):
        told.append(f"{left['budget']} for the next run")
    return ", ".join(told)


def _listed(reasons: Mapping[str, int]) -> str:
    return ", ".join(
        f"{number} {reason or 'unknown'}" for reason, number in sorted(reasons.items(), key=lambda r: -r[1])
    )


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
