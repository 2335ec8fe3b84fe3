"""One commit: what it says of itself, and everything that it names."""

import contextlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC

from archive import derive
from archive.commit import Altered, Commit, load
from archive.errors import ArchiveError
from archive.keys import DERIVED_BY, AttemptName
from archive.store import Stored
from archive.verify.articles import Line, read_articles
from archive.verify.audit import Audit
from archive.verify.captures import check_index, check_warc
from archive.verify.derivation import Again, by_whom
from archive.verify.findings import Finding, Findings, Kind
from archive.verify.places import Places
from archive.verify.revisits import check_revisits


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One commit: what was gone through, and what was found.

    `articles` is None when they are not derived yet. `derived` is how many of them were derived again, None when none
    was to be; `unchecked` says why, where that is not because nobody asked for it.
    """

    key: str
    objects: int = 0
    size: int = 0
    records: int = 0
    captures: int = 0
    revisits: int = 0
    articles: int | None = None
    derived: int | None = None
    unchecked: str | None = None
    findings: tuple[Finding, ...] = ()


def check(audit: Audit, key: str) -> Checked:
    """Checks one commit and all that it names.

    Raises:
        StoreError: the store failed.
        Stopped: the verification was called off.
    """
    audit.go_on()
    findings = Findings()
    try:
        commit = load(audit.store.get(key), key=key)
    except Altered:
        problem = "does not make the digest at its end; what it names was not checked"
        return Checked(key=key, findings=(Finding(key=key, kind=Kind.COMMIT_ALTERED, problem=problem),))
    except ArchiveError as error:
        return Checked(key=key, findings=(Finding(key=key, kind=Kind.COMMIT_UNREADABLE, problem=str(error)),))
    audit.watcher.expects(sum(stored.size for stored in commit.objects))
    with Places() as places:
        return _check(audit, commit, places=places, findings=findings)


def _check(audit: Audit, commit: Commit, *, places: Places, findings: Findings) -> Checked:
    name = commit.name
    _check_day(commit, findings=findings)
    there = _objects(audit, commit, findings=findings)
    places.ends.update({_filename(stored.key): 0 for stored in commit.objects if stored.key not in there})
    for stored in there.values():
        if stored.key != name.cdxj_key:
            check_warc(audit, stored, places=places, findings=findings)
    if name.cdxj_key in there:
        check_index(audit, there[name.cdxj_key], places=places, findings=findings)
    check_revisits(audit, name, places=places, findings=findings)
    is_sound = not any(findings.number(stored.key) for stored in commit.objects)
    articles, derived, unchecked = _check_articles(audit, commit, is_sound=is_sound, findings=findings)
    return Checked(
        key=name.commit_key,
        objects=len(there),
        size=sum(stored.size for stored in there.values()),
        records=places.records,
        captures=places.captures,
        revisits=places.revisits,
        articles=articles,
        derived=derived,
        unchecked=unchecked,
        findings=tuple(findings),
    )


def _check_day(commit: Commit, *, findings: Findings) -> None:
    name = commit.name
    if commit.tick.astimezone(UTC).date().isoformat() != name.dt:
        problem = f"lies on {name.dt}, its run ticked at {commit.tick.isoformat()}"
        findings.note(name.commit_key, Kind.COMMIT_WRONG, problem)


def _objects(audit: Audit, commit: Commit, *, findings: Findings) -> dict[str, Stored]:
    """The attempt's objects that are there: those that its commit names, and those that it should have named."""
    name = commit.name
    named = {stored.key: stored for stored in commit.objects}
    there = {}
    for key, stored in named.items():
        if key != name.cdxj_key and not _is_warc_of(name, key):
            problem = f"names {key}, which is no object of this attempt"
            findings.note(name.commit_key, Kind.COMMIT_WRONG, problem)
        elif audit.store.head(key) is None:
            findings.note(key, Kind.OBJECT_MISSING, "is missing, and its commit names it")
        else:
            there[key] = stored
    for key in _omitted(audit, name, named=named):
        findings.note(name.commit_key, Kind.COMMIT_OMITS, f"does not name {key}, which belongs to its attempt")
        found = audit.store.head(key)
        if found is not None:
            there[key] = found
    return dict(sorted(there.items()))


def _filename(key: str) -> str:
    return key.rpartition("/")[2]


def _omitted(audit: Audit, name: AttemptName, *, named: Collection[str]) -> Iterator[str]:
    """The index, if it is not named, and the WARC files of the attempt that lie in the store unnamed."""
    if name.cdxj_key not in named:
        yield name.cdxj_key
    for key in audit.store.keys(name.warc_key(0).removesuffix("00000.warc.gz")):
        if key not in named and _is_warc_of(name, key):
            yield key


def _is_warc_of(name: AttemptName, key: str) -> bool:
    with contextlib.suppress(ArchiveError):
        return key == name.warc_key_of(key.rpartition("/")[2])
    return False


def _check_articles(
    audit: Audit, commit: Commit, *, is_sound: bool, findings: Findings
) -> tuple[int | None, int | None, str | None]:
    """Checks the articles of a commit; how many there are, how many were derived again, why the others were not."""
    key = commit.name.articles_key
    metadata = audit.store.metadata(key)
    if metadata is None and commit.name.name in audit.derived:
        findings.note(key, Kind.ARTICLES_MISSING, "is missing, and the ledger says that it was written; run rebuild")
        return 0, None, None
    if metadata is None:
        return None, None, None
    lines = read_articles(audit, commit.name, findings=findings)
    number = 0
    try:
        first = next(lines, None)
        extractor = by_whom(first.article) if first and first.article else metadata.get(DERIVED_BY, derive.EXTRACTOR)
        again, unchecked = _derived_again(audit, commit, extractor=extractor, is_sound=is_sound)
        for line in _with(first, lines):
            number = line.number
            _check_extractor(line, first=first, key=key, findings=findings)
            if again is not None:
                again.compare(line, findings=findings)
    except ArchiveError as error:
        findings.note(key, Kind.ARTICLES_DAMAGED, str(error))
        return number, None, "its articles are damaged" if audit.derivation else None
    if again is not None:
        again.finish(findings=findings)
    return number, again.number if again else None, unchecked


def _with(first: Line | None, rest: Iterator[Line]) -> Iterator[Line]:
    if first is not None:
        yield first
        yield from rest


def _derived_again(audit: Audit, commit: Commit, *, extractor: str, is_sound: bool) -> tuple[Again | None, str | None]:
    """The lines that the derivation gives, or why it was not asked."""
    if audit.derivation is None:
        return None, None
    if extractor != derive.EXTRACTOR:
        return None, f"derived by {extractor}"
    if not is_sound:
        return None, "its WARC files or its index are damaged"
    try:
        return Again(audit, commit), None
    except ArchiveError as error:
        return None, f"cannot be derived again: {error}"


def _check_extractor(line: Line, *, first: Line | None, key: str, findings: Findings) -> None:
    """One derivation writes an object: all its lines must be of one extractor."""
    if first is None or first.article is None or line.article is None:
        return
    wanted, found = by_whom(first.article), by_whom(line.article)
    if found != wanted:
        problem = f"line {line.number} is derived by {found}, the first line by {wanted}"
        findings.note(key, Kind.ARTICLE_INVALID, problem, line=line.number, url=line.article["url"])
