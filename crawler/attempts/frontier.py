"""The frontier of one attempt: promises go into the ledger, due URLs come out newest first, outcomes are noted.

Nothing promised vanishes: each URL ends as captured, failed, excluded or later, with a reason. Outcomes are notes in
the spool; they reach the ledger with the commit.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from psycopg.rows import DictRow

from archive import facts
from archive.ledger import urls
from archive.ledger.urls import Offer
from archive.promise import Promise, Source
from archive.urls import fetchable
from crawler.attempts.attempt import LiveAttempt
from crawler.attempts.outcomes import Outcome
from crawler.browser.program.finding import NEEDS_BROWSER
from crawler.discovery.candidates import dated, is_candidate
from crawler.sites.scope import Scope
from crawler.sites.site import Site, to_toml

MOST_TRIES = 5
_GONE = frozenset({401, 402, 403, 404, 405, 410, 451})
_OUR_OWN = frozenset({"dns-failed"})  # our name servers are away: it says nothing of the page
_NEVER_ASKED = frozenset({"robots-unreachable", "retry-after"})  # the server is in trouble, whatever the page is
_OFFERED_AT_ONCE = 1000
_JUDGED_AT_ONCE = 200  # more are judged in a thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL this attempt is to fetch, with what the ledger knows of it."""

    promise: Promise
    facts: Mapping[str, Any]
    newest: datetime | None
    promised_at: datetime
    tries: int
    captures: int
    first_captured_at: datetime | None
    captured_at: datetime | None


class Frontier:
    """What is promised, due and decided for one attempt at one site.

    `reader` tells who judges promises here: another software or TOML may judge them otherwise.
    """

    def __init__(self, live: LiveAttempt, scope: Scope) -> None:
        self._live = live
        self._scope = scope
        self.reader = _digest(live.line.software, to_toml(live.site))
        self.promised = 0
        self.new = 0
        self._open: dict[str, Target] = {}  # taken and not decided
        self.waiting: int | None = None  # due URLs not handed out yet, as of the last look

    async def offer(self, promises: Sequence[Promise], *, current: bool = False) -> int:
        """Enters promises; returns how many URLs nobody had promised before.

        `current` ones are wanted whatever their age: a feed shows them today.
        """
        if len(promises) > _JUDGED_AT_ONCE:  # a sitemap of 50,000 URLs takes seconds
            offers = await asyncio.to_thread(self._offers, promises, current=current)
        else:
            offers = self._offers(promises, current=current)
        new = 0
        for start in range(0, len(offers), _OFFERED_AT_ONCE):
            async with self._live.line.ledger.transaction() as connection:
                new += await urls.offer(
                    connection,
                    offers[start : start + _OFFERED_AT_ONCE],
                    site=self._live.site.name,
                    run=self._live.attempt.run,
                    now=self._live.line.now(),
                )
        self.promised += len(offers)
        self.new += new
        return new

    def _offers(self, promises: Sequence[Promise], *, current: bool) -> list[Offer]:
        return [offer for promise in promises if (offer := self._offer(promise, current=current))]

    def _offer(self, promise: Promise, *, current: bool) -> Offer | None:
        """Judges a promise. A mere link that is no candidate was not promised by anyone, and is no offer."""
        try:
            promise = replace(promise, url=fetchable(promise.url))
            key = urls.digest(promise.url)
        except ValueError:
            return None
        verdict = self._scope.judge(promise.url, promised=promise.source)
        if verdict.allowed:
            verdict = is_candidate(promise, site=self._live.site)
        if not verdict.allowed and promise.source in (Source.SECTION, Source.LINK):
            return None
        return Offer(
            url=promise.url,
            source=promise.source,
            facts=_facts(promise) | ({"current": True} if current else {}),
            newest=dated(promise),
            modified=promise.modified,
            excluded=verdict.reason,
            key=key,
        )

    async def take(self, most: int) -> list[Target]:
        """Hands out due URLs, newest first, after their promises are in the WARC for the derivation to find."""
        now = self._live.line.now()
        async with self._live.line.ledger.transaction() as connection:
            rows = await urls.take(
                connection,
                site=self._live.site.name,
                attempt=self._live.attempt.name,
                now=now,
                since=self._live.site.horizon(now),
                most=most,
                without=self._without,
            )
            self.waiting = await urls.waiting(
                connection,
                site=self._live.site.name,
                attempt=self._live.attempt.name,
                now=now,
                since=self._live.site.horizon(now),
                without=self._without,
            )
        targets = [_target(row) for row in rows]
        targets.sort(key=lambda target: (target.newest is not None, target.newest or now), reverse=True)
        self._open |= {target.promise.url: target for target in targets}
        if targets:
            await self._live.recording.promises([target.promise for target in targets], date=now)
            await self._live.known.prefetch(target.promise.url for target in targets)
        return targets

    async def decide(self, target: Target, outcome: Outcome) -> None:
        """Notes what came of a URL."""
        now = self._live.line.now()
        note = {
            "note": "url",
            **_told(target),
            "outcome": outcome.word,
            "reason": outcome.reason,
            "status": outcome.status,
            "final_url": outcome.final_url,
            "at": now.isoformat(),
            **_counts(target, outcome=outcome, now=now, site=self._live.site),
        }
        await self._live.recording.notes([note])
        self._open.pop(target.promise.url, None)

    def document(
        self, url: str, *, kind: str, outcome: str, reason: str | None, modified: datetime | None
    ) -> Mapping[str, Any]:
        """Describes a feed, sitemap or section page that was read; noted when the attempt ends well."""
        return {
            "note": "document",
            "url": url,
            "kind": kind,
            "outcome": outcome,
            "reason": reason,
            "modified": modified.isoformat() if modified else None,
            "at": self._live.line.now().isoformat(),
            "reader": self.reader,
        }

    @property
    def _without(self) -> str | None:
        """The reason for which URLs wait that this machine cannot fetch."""
        return NEEDS_BROWSER if self._live.line.browser.problem else None

    async def tell_sections(self, found: Sequence[str]) -> None:
        """Leaves word in the WARC that these pages are read as lists of articles."""
        if found:
            await self._live.recording.sections(found, date=self._live.line.now())

    async def known_documents(self) -> list[DictRow]:
        """What earlier runs read."""
        async with self._live.line.ledger.transaction() as connection:
            return await urls.documents(connection, site=self._live.site.name)

    async def close(self, documents: Iterable[Mapping[str, Any]], *, ended: str, counts: Mapping[str, Any]) -> None:
        """Gives what is left its reason, notes what this run first heard of, and writes the end."""
        now = self._live.line.now()
        asked = {"site": self._live.site.name, "attempt": self._live.attempt.name}
        notes: list[Mapping[str, Any]] = [_not_reached(target, now=now) for target in self._open.values()]
        async with self._live.line.ledger.transaction() as connection:
            left = await urls.postpone(
                connection, **asked, now=now, since=self._live.site.horizon(now), without=self._without
            )
        async with self._live.line.ledger.transaction() as connection:
            undecided = urls.undecided(connection, **asked, now=now)
            notes.extend([_left(row, now=now) async for row in undecided])
        left["budget"] += len(self._open)
        left_counts = {"left": dict(left), "promised": {"seen": self.promised, "new": self.new}}
        await self._live.recording.notes([*notes, *documents])
        await self.end(ended=ended, counts={**counts, **left_counts})

    async def end(self, *, ended: str, counts: Mapping[str, Any]) -> None:
        """Writes the end alone."""
        now = self._live.line.now()
        note = {"note": "end", "at": now.isoformat(), "ended": ended, "counts": dict(counts)}
        await self._live.recording.notes([note])


def next_visit(
    revisit: Sequence[timedelta], *, first: datetime, published: datetime | None, now: datetime
) -> datetime | None:
    """When to look at an article again: offsets from its first capture; None when there is no further one.

    What was old when it was first captured is left alone until its sitemap says that it changed.
    """
    if not revisit or (published and published < first - max(revisit)):
        return None
    return next((first + offset for offset in sorted(revisit) if first + offset > now), None)


def next_try(outcome: Outcome, *, tries: int, now: datetime) -> datetime | None:
    """When to try a failed URL again: hours at first, then days; None when the answer was final or tries ran out.

    What waits for a browser is due as soon as there is one, and what failed by no fault of the site's in the next run.
    A page that could not even be asked for is tried every three days in the end, and never given up: nobody knows it.
    """
    if outcome.word == "later" or outcome.reason in _OUR_OWN:
        return now
    if outcome.word == "excluded":
        return now + timedelta(days=1) if outcome.reason == "robots-disallowed" else None
    is_asked = outcome.reason not in _NEVER_ASKED
    if (tries >= MOST_TRIES and is_asked) or outcome.status == 410 or (outcome.status in _GONE and tries >= 2):
        return None
    hours = 24 if outcome.status in _GONE else 4 ** (tries - 1)
    return now + timedelta(hours=min(hours, 72))


def _counts(target: Target, *, outcome: Outcome, now: datetime, site: Site) -> dict[str, Any]:
    captured = outcome.word == "captured"
    tries = 0 if captured else target.tries + (outcome.word != "later" and outcome.reason not in _OUR_OWN)
    first = target.first_captured_at or (now if captured else None)
    if captured and first:
        due = next_visit(site.revisit, first=first, published=target.newest, now=now)
    else:
        due = next_try(outcome, tries=tries, now=now)
    return {
        "tries": tries,
        "captures": target.captures + captured,
        "first_captured_at": first.isoformat() if first else None,
        "due": due.isoformat() if due else None,
    }


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def _facts(promise: Promise) -> dict[str, Any]:
    """What a promise says beyond its URL and source, which have columns of their own."""
    return {key: value for key, value in facts.told(promise).items() if key not in ("url", "source")}


def _told(target: Target) -> dict[str, Any]:
    return {
        "url": target.promise.url,
        "source": target.promise.source,
        "facts": target.facts,
        "newest": target.newest.isoformat() if target.newest else None,
        "modified": target.promise.modified.isoformat() if target.promise.modified else None,
        "promised_at": target.promised_at.isoformat(),
    }


def _not_reached(target: Target, *, now: datetime) -> dict[str, Any]:
    """Taken, but not asked before the run ended: still due."""
    return {
        "note": "url",
        **_told(target),
        "outcome": "later",
        "reason": "budget",
        "status": None,
        "at": now.isoformat(),
        "tries": target.tries,
        "captures": target.captures,
        "first_captured_at": target.first_captured_at.isoformat() if target.first_captured_at else None,
        "due": now.isoformat(),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _left(row: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    return {
        "note": "url",
        "url": row["url"],
        "source": row["source"],
        "facts": row["facts"],
        "newest": row["newest"].isoformat() if row["newest"] else None,
        "modified": row["modified"].isoformat() if row["modified"] else None,
        "promised_at": row["promised_at"].isoformat(),
        "outcome": "later" if row["outcome"] == "due" else row["outcome"],
        "reason": row["reason"],
        "status": row["status"],
        "at": now.isoformat(),
        "tries": row["tries"],
        "captures": row["captures"],
        "first_captured_at": _iso(row["first_captured_at"]),
        "captured_at": _iso(row["captured_at"]),
        "due": _iso(row["due_at"]),
        "left": True,
    }


def _target(row: Mapping[str, Any]) -> Target:
    return Target(
        promise=facts.promise_of({**row["facts"], "url": row["url"], "source": row["source"]}),
        facts=row["facts"],
        newest=row["newest"],
        promised_at=row["promised_at"],
        tries=row["tries"],
        captures=row["captures"],
        first_captured_at=row["first_captured_at"],
        captured_at=row["captured_at"],
    )
