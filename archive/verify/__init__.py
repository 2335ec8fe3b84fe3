"""Does the archive hold what its commits say? Every object, record, index line and article of each commit, streamed.

    commit ──► itself: its digest, its day, its objects, none of them left out
           ──► objects: there, size, sha256
           ──► WARC: gzip members, records, digests ──► the captures and revisits that really lie there
           ──► CDXJ: each line is one of these captures, and each of these has a line
           ──► revisits: each original is there, is the one that is meant, and holds the payload
           ──► articles: schema, content digest; the capture resolves by one range read to the record it names
           ──► articles derived once more: the very same lines, none missing, none too many
    ledger ──► the commits and articles objects that it remembers are there, where it can be asked

Nothing is trusted but the bytes: digests are made anew. A damaged WARC is checked up to the damage. Memory is bounded
by a record a thread, however large the archive, but for deriving again, which holds the articles of a commit.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

from archive.errors import ArchiveError
from archive.keys import AttemptName, commits_under, is_commit
from archive.store import Store
from archive.verify.audit import Audit, Derivation, Watcher
from archive.verify.committed import Checked, check
from archive.verify.findings import Finding, Kind
from archive.verify.workers import in_order

__all__ = [
    "Audit",
    "Checked",
    "Derivation",
    "Finding",
    "Kind",
    "Watcher",
    "check",
    "commit_keys",
    "missing_commits",
    "orphans",
    "verify",
]

_THREADS = 4  # each holds one record and a page cache of its table of captures


def commit_keys(store: Store, *, sites: Sequence[str] = (), since: datetime | None = None) -> Iterator[str]:
    """Lists the commits of the sites (all, when none is named) whose run ticked on the day of `since` or later."""
    earliest = _day(since)
    for site in sites or (None,):
        for key in store.keys(commits_under(site)):
            if is_commit(key) and AttemptName.parse(key).dt >= earliest:
                yield key


def missing_commits(remembered: Iterable[str], *, found: Collection[str]) -> Iterator[Finding]:
    """Names the commits that stood once, as the ledger remembers, and are not found any more."""
    for key in sorted(set(remembered).difference(found)):
        problem = "is missing, and the ledger says that it was put; nothing of its attempt is part of the archive now"
        yield Finding(key=key, kind=Kind.COMMIT_MISSING, problem=problem)


def verify(audit: Audit, keys: Iterable[str]) -> Iterator[Checked]:
    """Checks commits side by side; yields each in the order of its key. Leaving off ends it at once.

    Raises:
        StoreError: the store failed; what was yielded before stands.
    """
    yield from in_order(partial(check, audit), keys, threads=_THREADS, stop=audit.stop)


def orphans(store: Store, *, sites: Sequence[str] = (), since: datetime | None = None) -> Iterator[str]:
    """Lists WARC files that no commit stands for: an upload under way, or what a crash left behind."""
    earliest = _day(since)
    for site in sites or (None,):
        for folder, keys in groupby(store.keys("warc/" if site is None else f"warc/site={site}/"), key=_folder):
            if folder.rpartition("dt=")[2] >= earliest:
                commits = frozenset(store.keys(folder.replace("warc/", "runs/", 1) + "/"))
                yield from (key for key in keys if _commit_of(key) not in commits)


def _day(since: datetime | None) -> str:
    return since.astimezone(UTC).date().isoformat() if since else ""


def _folder(key: str) -> str:
    return key.rpartition("/")[0]


def _commit_of(key: str) -> str | None:
    _, site, _, filename = key.split("/")
    try:
        return AttemptName.of_file(filename, site=site.removeprefix("site=")).commit_key
    except ArchiveError:
        return None
