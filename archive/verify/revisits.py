"""Revisits: each points to a record that is there, is the one it means, and holds the payload it leaves out."""

import contextlib
import re
from collections.abc import Iterator
from datetime import date, timedelta

from archive.cdxj import Capture
from archive.errors import ArchiveError
from archive.keys import AttemptName, commits_under, is_commit, warc_key
from archive.records import Record
from archive.streams import lines
from archive.verify.audit import Audit
from archive.verify.findings import Findings, Kind
from archive.verify.originals import Unreadable
from archive.verify.places import Places, Reference, Told

_HOLDING = frozenset({"response", "resource"})


def reference(record: Record, *, filename: str) -> Reference:
    """Where a revisit record points."""
    offset = record.field("WARC-Refers-To-File-Offset") or ""
    return Reference(
        filename=filename,
        offset=record.offset,
        url=record.uri,
        digest=record.digest or "",
        to_filename=record.field("WARC-Refers-To-Filename"),
        to_offset=int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 19 else None,
        to_uri=record.field("WARC-Refers-To-Target-URI") or "",
        to_date=record.field("WARC-Refers-To-Date") or "",
        to_id=record.field("WARC-Refers-To") or "",
    )


def check_revisits(audit: Audit, name: AttemptName, *, places: Places, findings: Findings) -> None:
    """Looks up the original of each revisit of a commit: in its own files, or in any other commit of the site."""
    for revisit in places.references():
        audit.go_on()
        wrong = _problem(audit, name, revisit, places=places)
        if wrong is not None:
            kind, problem = wrong
            told = f"the revisit of {revisit.url} at {revisit.offset} {problem}"
            key = name.warc_key_of(revisit.filename)
            findings.note(key, kind, told, offset=revisit.offset, url=revisit.url)


def _problem(audit: Audit, name: AttemptName, revisit: Reference, *, places: Places) -> tuple[Kind, str] | None:
    place = _place(audit, name, revisit)
    if place is None:
        return Kind.REVISIT_ORIGINAL_GONE, f"refers to {revisit.to_uri} of {revisit.to_date}, which nothing holds"
    key, offset = place
    found = _original(audit, key, offset, places=places)
    if isinstance(found, Unreadable):
        kind = Kind.REVISIT_ORIGINAL_GONE if found.is_gone else Kind.REVISIT_ORIGINAL_DAMAGED
        return kind, f"has no original: {found.problem}"
    for problem in _differences(revisit, found):
        return Kind.REVISIT_ORIGINAL_DIFFERS, f"refers to {offset} of {key}, {problem}"
    return None


def _original(audit: Audit, key: str, offset: int, *, places: Places) -> Told | Unreadable:
    """What the original says: from this commit's files, which have been read, or read where it lies."""
    own = places.told(key.rpartition("/")[2], offset)
    return own or audit.originals.get(audit.store, key, offset)


def _differences(revisit: Reference, found: Told) -> Iterator[str]:
    """How a record is not the one that a revisit means."""
    if found.type not in _HOLDING:
        yield f"where a record of type {found.type} lies"
    if revisit.to_id and found.id != revisit.to_id:
        yield f"where record {found.id} lies, not {revisit.to_id}"
    if revisit.to_uri and found.uri != revisit.to_uri:
        yield f"where {found.uri} lies, not {revisit.to_uri}"
    if revisit.to_date and found.date != revisit.to_date:
        yield f"which was captured at {found.date}, not {revisit.to_date}"
    if found.made != revisit.digest:
        yield f"whose payload is {found.made}, not {revisit.digest}"


def _place(audit: Audit, name: AttemptName, revisit: Reference) -> tuple[str, int] | None:
    """Key and offset of the original: as the revisit says, else found in the site's indexes by URL and date."""
    if revisit.to_filename is not None and revisit.to_offset is not None:
        key = key_of(name.site, revisit.to_filename)
        return (key, revisit.to_offset) if key else None
    return _searched(audit, name, revisit)


def key_of(site: str, filename: str) -> str | None:
    """The key of a WARC file by its name alone; None for a name that is none of ours."""
    with contextlib.suppress(ArchiveError):
        return warc_key(site, filename)
    return None


def _searched(audit: Audit, name: AttemptName, revisit: Reference) -> tuple[str, int] | None:
    """Looks through the indexes of the day and of the day before: a run may pass midnight."""
    wanted = re.sub(r"\D", "", revisit.to_date)[:14]
    if len(wanted) < 14:
        return None
    for commit in _around(audit, name.site, wanted):
        for line in _index_lines(audit, commit):
            capture = _parsed(line)
            if capture and (capture.url, capture.timestamp) == (revisit.to_uri, wanted) and not _is_revisit(capture):
                return commit.warc_key_of(capture.filename), capture.offset
    return None


def _around(audit: Audit, site: str, timestamp: str) -> Iterator[AttemptName]:
    for key in audit.store.keys(commits_under(site)):
        if is_commit(key):
            commit = AttemptName.parse(key)
            if commit.run[:14] <= timestamp and _day(timestamp) - _day(commit.run) <= timedelta(days=1):
                yield commit


def _day(digits: str) -> date:
    return date.fromisoformat(digits[:8])


def _index_lines(audit: Audit, commit: AttemptName) -> Iterator[bytes]:
    if audit.store.head(commit.cdxj_key) is None:
        return
    with audit.open(commit.cdxj_key) as stream:
        try:
            yield from lines(stream)
        except ArchiveError:
            return  # a finding of its own commit


def _parsed(line: bytes) -> Capture | None:
    try:
        return Capture.parse(line.decode())
    except (ArchiveError, UnicodeDecodeError):
        return None


def _is_revisit(capture: Capture) -> bool:
    return capture.mime == "warc/revisit"
