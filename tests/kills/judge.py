"""What must be true when all is over; each failing is a sentence.

The newspaper's access log says what was asked, the witness what was whole in the spool when a command died, the
store's committed WARC files what is kept. Nobody has to be believed: the three must agree.
"""

import asyncio
import contextlib
import json
import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urljoin

import psycopg
from psycopg.rows import dict_row

from archive import published
from archive.ledger import Ledger
from archive.ledger.revisions import Choice
from archive.verify import Audit, commit_keys, orphans, verify
from crawler.embeds.queue import AT_ONCE
from crawler.sites.settings import PAGES_AT_ONCE
from tests.kills.ground import Place
from tests.kills.plan import Blow
from tests.kills.witness import Left, Written, read
from tests.newsroom import Newsroom
from tests.newsroom.truth import Hit

UNDER_WAY = (
    PAGES_AT_ONCE + AT_ONCE + 1
)  # requests of a command at most: pages, what they need, and robots.txt beside them
_EMBEDDED = ("image/", "font/", "text/css", "text/javascript")
_MOST_SENTENCES = 5  # of one check


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the command: when it ran (seconds since 1970), its exit code, what it left in the spool.

    `first` is the number of the first request that the newspaper saw of it.
    """

    blow: Blow | None
    began: float
    ended: float
    code: int
    first: int
    left: Sequence[Left]

    @property
    def killed(self) -> bool:
        """Whether the blow fell; a command may be done before."""
        return self.code == -signal.SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong, how many requests each kill cost, how many seconds each new beginning took to commit the old."""

    wrong: tuple[str, ...]
    again: tuple[int, ...]
    recovery: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A commit and what lies in the WARC files that it names."""

    name: str
    commit: Mapping[str, Any]
    records: tuple[Written, ...]


def judge(calls: Sequence[Call], *, place: Place, paper: Newsroom) -> Verdict:
    """Looks at everything there is."""
    evidence = Evidence(calls, place=place, paper=paper)
    checks = (
        _ends_well,
        _nothing_acknowledged_is_lost,
        _nothing_is_there_twice,
        _log_and_archive_agree,
        _nothing_is_fetched_without_need,
        _every_article_is_there_once,
        _the_store_is_sound,
        _nothing_is_left,
    )
    wrong = tuple(sentence for check in checks for sentence in _shortened(list(check(evidence))))
    return Verdict(wrong=wrong, again=tuple(_again(evidence)), recovery=tuple(_recovery(evidence)))


def _shortened(sentences: list[str]) -> list[str]:
    more = len(sentences) - _MOST_SENTENCES
    return sentences if more <= 0 else [*sentences[:_MOST_SENTENCES], f"… and {more} more of this kind"]


class Evidence:
    """Calls, log, store and ledger, each read once."""

    def __init__(self, calls: Sequence[Call], *, place: Place, paper: Newsroom) -> None:
        self.calls = calls
        self.place = place
        self.paper = paper
        self.log = paper.log

    @cached_property
    def commits(self) -> tuple[Committed, ...]:
        """All commits, in the order of their keys."""
        return tuple(self._commit(key) for key in self.place.store.keys("runs/"))

    def _commit(self, key: str) -> Committed:
        store = self.place.store
        commit = json.loads(store.get(key))
        warcs = [stored["key"] for stored in commit["objects"] if stored["key"].endswith(".warc.gz")]
        records = tuple(record for warc in warcs for record in read(store.get(warc)))
        return Committed(name=f"{commit['run']}-{commit['attempt']}", commit=commit, records=records)

    @cached_property
    def records(self) -> tuple[Written, ...]:
        """Every committed record."""
        return tuple(record for committed in self.commits for record in committed.records)

    def hits(self, number: int) -> list[Hit]:
        """What the newspaper was asked by one call, also what reached it after the call was dead."""
        last = self.calls[number + 1].first if number + 1 < len(self.calls) else len(self.log)
        return self.log[self.calls[number].first : last]

    def taken(self, number: int) -> list[Written]:
        """The committed records that one call wrote."""
        began = self.calls[number].began
        last = self.calls[number + 1].began if number + 1 < len(self.calls) else float("inf")
        return [record for record in self.records if began <= record.date.timestamp() < last]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of the ledger."""
        with psycopg.connect(self.place.dsn, row_factory=dict_row) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]


def _ends_well(evidence: Evidence) -> Iterator[str]:
    """A command is killed or done; never anything else."""
    for number, call in enumerate(evidence.calls):
        if call.code not in ((0, -signal.SIGKILL) if call.blow else (0,)):
            yield f"call {number} ended with {call.code}"


def _nothing_acknowledged_is_lost(evidence: Evidence) -> Iterator[str]:
    """Every record and every outcome that was whole in the spool when a command died is committed, byte for byte."""
    digests = {record.id: record.digest for record in evidence.records}
    outcomes = {committed.name: committed.commit["outcomes"] for committed in evidence.commits}
    for number, call in enumerate(evidence.calls):
        for left in call.left:
            for record in left.acknowledged:
                if digests.get(record.id) != record.digest:
                    how = "altered" if record.id in digests else "lost"
                    yield f"after call {number}, {left.name} held {record.type} {record.id} of {record.uri}: {how}"
            if not left.acknowledged:
                continue
            told = {outcome["url"]: outcome["outcome"] for outcome in outcomes.get(left.name, ())}
            for url, outcome in left.decided.items():
                if told.get(url) != outcome:
                    yield f"after call {number}, {left.name} had noted {url} as {outcome}, its commit: {told.get(url)}"


def _nothing_is_there_twice(evidence: Evidence) -> Iterator[str]:
    for record, times in Counter(record.id for record in evidence.records).items():
        if times > 1:
            yield f"record {record} is committed {times} times"


def _log_and_archive_agree(evidence: Evidence) -> Iterator[str]:
    """Each request in the log is a request record; what is missing was under way when a command died."""
    for number, call in enumerate(evidence.calls):
        asked = Counter(hit.path for hit in evidence.hits(number))
        kept = Counter(record.target for record in evidence.taken(number) if record.type == "request")
        for path, times in (kept - asked).items():
            yield f"call {number}: {times} more records than requests of {path}"
        missing = asked - kept
        if not call.killed and missing:
            yield f"call {number} was not killed, and of its requests these are not committed: {dict(missing)}"
        if missing.total() > UNDER_WAY:
            yield f"call {number}: {missing.total()} requests are not committed: {dict(missing)}"


def _again(evidence: Evidence) -> Iterator[int]:
    """How many requests each kill cost: those that were under way."""
    for number, call in enumerate(evidence.calls):
        if call.killed:
            kept = sum(record.type == "request" for record in evidence.taken(number))
            yield len(evidence.hits(number)) - kept


def _nothing_is_fetched_without_need(evidence: Evidence) -> Iterator[str]:
    """What is settled is not asked again; in one call nothing is asked twice, but where a redirect leads."""
    settled = _settled(evidence)
    for number, call in enumerate(evidence.calls):
        led = _redirects(evidence.taken(number))
        fetched = Counter(evidence.paper.url.rstrip("/") + hit.path for hit in evidence.hits(number) if _came(hit))
        for url, times in fetched.items():
            due = 0 if settled.get(url, float("inf")) < call.began else 1
            if times > due + led[url]:
                yield f"call {number} fetched {url} {times} times; due {due}, by redirects {led[url]}"


def _settled(evidence: Evidence) -> dict[str, float]:
    """Since when an article's outcome stands, and since when what pages need is held: asked for once, while fresh."""
    articles = {one.url for one in evidence.paper.truth}
    settled: dict[str, float] = {}
    for committed in evidence.commits:
        for outcome in committed.commit["outcomes"]:
            if outcome["outcome"] == "captured" and not outcome.get("left") and outcome["url"] in articles:
                _note(settled, outcome["url"], at=datetime.fromisoformat(outcome["at"]).timestamp())
        for record in committed.records:
            if record.status == 200 and record.mime.startswith(_EMBEDDED):
                _note(settled, record.uri, at=record.date.timestamp())
    return settled


def _note(settled: dict[str, float], url: str, *, at: float) -> None:
    settled[url] = min(at, settled.get(url, at))


def _came(hit: Hit) -> bool:
    return hit.method == "GET" and hit.status in (200, 304)


def _redirects(records: Sequence[Written]) -> Counter[str]:
    """Where answers led to, and how often."""
    return Counter(urljoin(record.uri, record.location) for record in records if record.location)


def _every_article_is_there_once(evidence: Evidence) -> Iterator[str]:
    """What `microfiche articles` prints is what the newspaper has, each once."""
    lines = asyncio.run(_published(evidence.place))
    found = Counter(line["canonical_url"] or line["url"] for line in lines)
    wanted = Counter(one.url for one in evidence.paper.truth)
    for url in wanted - found:
        yield f"no article of {url}"
    for url, times in (found - wanted).items():
        yield f"{times} articles too many of {url}"
    for url, times in Counter(line["id"] for line in lines).items():
        if times > 1:
            yield f"article {url} is there {times} times"


async def _published(place: Place) -> list[dict[str, Any]]:
    async with Ledger.open(place.dsn, connections=2) as ledger:
        lines = published.lines(ledger, place.store, choice=Choice())
        async with contextlib.aclosing(lines):
            return [json.loads(line) async for line in lines]


def _the_store_is_sound(evidence: Evidence) -> Iterator[str]:
    """`verify` has no finding, every commit has its articles, and nothing lies about that no commit names."""
    store = evidence.place.store
    audit = Audit(store=store, derivation=evidence.place.derivation)
    for checked in verify(audit, list(commit_keys(store))):
        yield from (f"verify: {finding}" for finding in checked.findings)
        if checked.articles is None:
            yield f"verify: {checked.key} has no articles object"
    yield from (f"verify: orphan {key}" for key in orphans(store))
    named = {stored["key"] for committed in evidence.commits for stored in committed.commit["objects"]}
    there = {*store.keys("warc/"), *store.keys("cdxj/")}
    yield from (f"no commit names {key}" for key in sorted(there - named))
    articles = len(list(store.keys("articles/")))
    if articles != len(evidence.commits):
        yield f"{articles} articles objects for {len(evidence.commits)} commits"


def _nothing_is_left(evidence: Evidence) -> Iterator[str]:
    """The spool is empty; the ledger has no attempt that is not derived, no lease, and no job but those of the dead."""
    yield from (f"the spool holds {path.name}" for path in sorted(evidence.place.spool.iterdir()))
    known = set()
    for row in evidence.rows("SELECT run, number, state, problem FROM attempts"):
        name = f"{row['run']}-{row['number']}"
        known.add(name)
        if row["state"] != "derived":
            yield f"attempt {name} is {row['state']} in the ledger ({row['problem']})"
    committed = {committed.name for committed in evidence.commits}
    if known != committed:
        yield f"attempts in the ledger {sorted(known)}, commits {sorted(committed)}"
    yield from (f"a lease of {row['run']}" for row in evidence.rows("SELECT run FROM leases"))
    for row in evidence.rows("SELECT task_name, status::text, args FROM procrastinate_jobs WHERE status = 'todo'"):
        if row["task_name"] != "microfiche:rescue":
            yield f"job {row['task_name']} {row['args']} is {row['status']}"


def _recovery(evidence: Evidence) -> Iterator[float]:
    """Seconds from each new beginning until the last of what lay in the spool was committed."""
    entered = {
        f"{row['run']}-{row['number']}": row["committed_at"].timestamp()
        for row in evidence.rows("SELECT run, number, committed_at FROM attempts WHERE committed_at IS NOT NULL")
    }
    for call, following in zip(evidence.calls, evidence.calls[1:], strict=False):
        moments = [entered[left.name] for left in call.left if left.name in entered]
        if call.killed and moments and max(moments) > following.began:
            yield max(moments) - following.began
