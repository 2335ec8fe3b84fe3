"""Does the archive hold what its commits say? Every object, record, index line and article of each commit, streamed.

    commit ──► objects: there, size, sha256
           ──► WARC: gzip members, records, digests ──► the captures that really lie there
           ──► CDXJ: each line is one of these captures, and each of these has a line
           ──► articles: schema, content digest; the capture resolves by one range read to the record it names

Nothing is trusted but the bytes: digests are made anew. A damaged WARC is checked up to the damage.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.commit import Commit, load
from archive.errors import ArchiveError
from archive.keys import AttemptName, commits_under, is_commit
from archive.store import Store
from archive.verify.articles import check_articles
from archive.verify.captures import Captures, check_index, check_warc
from archive.verify.findings import Finding, Findings

__all__ = ["Checked", "Finding", "check", "commit_keys", "verify"]

_THREADS = 4  # each holds one record and the places of one commit's captures


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One commit: what was gone through, and what was found. `articles` is None when they are not derived yet."""

    key: str
    objects: int = 0
    size: int = 0
    records: int = 0
    captures: int = 0
    articles: int | None = None
    findings: tuple[Finding, ...] = ()


def commit_keys(store: Store, *, sites: Sequence[str] = (), since: datetime | None = None) -> Iterator[str]:
    """Lists the commits of the sites (all, when none is named) whose run ticked on the day of `since` or later."""
    earliest = since.astimezone(UTC).date().isoformat() if since else ""
    for site in sites or (None,):
        for key in store.keys(commits_under(site)):
            if is_commit(key) and AttemptName.parse(key).dt >= earliest:
                yield key


def verify(store: Store, keys: Iterable[str]) -> Iterator[Checked]:
    """Checks commits side by side; yields each in the order of its key.

    Raises:
        StoreError: the store failed; what was yielded before stands.
    """
    stop = threading.Event()
    pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="verify")
    waiting: deque[Future[Checked]] = deque()
    try:
        for key in keys:
            waiting.append(pool.submit(check, store, key, stop=stop))
            if len(waiting) > 2 * _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def check(store: Store, key: str, *, stop: threading.Event | None = None) -> Checked:
    """Checks one commit and all that it names."""
    stop = stop or threading.Event()
    findings = Findings()
    try:
        commit = load(store.get(key), key=key)
    except ArchiveError as error:
        return Checked(key=key, findings=(Finding(key=key, problem=str(error)),))
    captures = Captures()
    _check_commit(commit, findings=findings)
    sizes = _sizes(store, commit, findings=findings)
    for stored in commit.objects:
        if stored.key in sizes and _is_warc_of(commit.name, stored.key):
            check_warc(store, stored, captures=captures, findings=findings, stop=stop)
        elif stored.key not in sizes:
            captures.readable[stored.key.rpartition("/")[2]] = 0
    for stored in commit.objects:
        if stored.key in sizes and stored.key == commit.name.cdxj_key:
            check_index(store, stored, captures=captures, findings=findings, stop=stop)
    articles = check_articles(store, commit, sizes=sizes, findings=findings, stop=stop)
    return Checked(
        key=key,
        objects=len(sizes),
        size=sum(sizes.values()),
        records=captures.records,
        captures=len(captures.found),
        articles=articles,
        findings=tuple(findings),
    )


def _check_commit(commit: Commit, *, findings: Findings) -> None:
    """What a commit says of itself: its day, and objects that are its own."""
    name = commit.name
    if commit.tick.astimezone(UTC).date().isoformat() != name.dt:
        findings.note(name.commit_key, f"lies on {name.dt}, its run ticked at {commit.tick.isoformat()}")
    keys = [stored.key for stored in commit.objects]
    for key in keys:
        if key != name.cdxj_key and not _is_warc_of(name, key):
            findings.note(name.commit_key, f"names {key}, which is no object of this attempt")
    if name.cdxj_key not in keys:
        findings.note(name.commit_key, "names no index")


def _is_warc_of(name: AttemptName, key: str) -> bool:
    with contextlib.suppress(ArchiveError):
        return key == name.warc_key_of(key.rpartition("/")[2])
    return False


def _sizes(store: Store, commit: Commit, *, findings: Findings) -> dict[str, int]:
    """The objects that are there, with the sizes that they have."""
    sizes = {}
    for stored in commit.objects:
        there = store.head(stored.key)
        if there is None:
            findings.note(stored.key, "is missing")
        else:
            sizes[stored.key] = there.size
    return sizes
