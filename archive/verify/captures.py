"""WARC files and their index: every record sound, every capture in the index, every index line a capture."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import BinaryIO, cast

from archive import cdxj
from archive.cdxj import Capture
from archive.errors import ArchiveError
from archive.members import digest
from archive.records import Record, iter_records
from archive.store import Stored
from archive.streams import lines
from archive.verify.audit import Audit
from archive.verify.findings import Findings, Kind
from archive.verify.originals import told
from archive.verify.places import Places
from archive.verify.revisits import reference

_COMPARED = tuple(field.name for field in fields(Capture))


def check_warc(audit: Audit, wanted: Stored, *, places: Places, findings: Findings) -> None:
    """Reads a WARC file once: its size, its sha256, its records and their digests; collects its captures.

    Without a sha256 the object is one that its commit does not name; nothing is compared then.
    """
    filename = wanted.key.rpartition("/")[2]
    with audit.open(wanted.key) as stream:
        records = _watched(iter_records(cast("BinaryIO", stream)), wanted.key, places=places, findings=findings)
        end = 0
        try:
            for record, capture in _indexed(records, filename=filename):
                places.add(capture, told(record))
                end = capture.offset + capture.length
        except ArchiveError as error:
            places.ends[filename] = end
            findings.note(wanted.key, Kind.RECORD_DAMAGED, str(error), offset=end)
        found = stream.finish(wanted.key)
    if found.size < wanted.size:
        places.ends.setdefault(filename, end)
    compare_object(found, wanted=wanted, findings=findings)


def compare_object(found: Stored, *, wanted: Stored, findings: Findings) -> None:
    """Notes what sets an object apart from what its commit says of it."""
    if not wanted.sha256:
        return
    if found.size != wanted.size:
        kind = Kind.OBJECT_CUT if found.size < wanted.size else Kind.OBJECT_ALTERED
        findings.note(wanted.key, kind, f"has {found.size} bytes, its commit says {wanted.size}")
    elif found.sha256 != wanted.sha256:
        problem = f"has the sha256 {found.sha256}, its commit says {wanted.sha256}"
        findings.note(wanted.key, Kind.OBJECT_ALTERED, problem)


def _indexed(records: Iterable[Record], *, filename: str) -> Iterator[tuple[Record, Capture]]:
    """The records that belong into the index, each with its capture."""
    waiting: list[Record] = []

    def seen() -> Iterator[Record]:
        for record in records:
            if cdxj.is_indexed(record):
                waiting.append(record)
            yield record

    for capture in cdxj.index(seen(), filename=filename):
        yield waiting.pop(0), capture


def _watched(records: Iterable[Record], key: str, *, places: Places, findings: Findings) -> Iterator[Record]:
    for record in records:
        places.records += 1
        if record.type == "revisit":
            places.refer(reference(record, filename=key.rpartition("/")[2]))
        for problem in record_problems(record):
            name = record.uri or record.type
            findings.note(
                key,
                Kind.RECORD_DIGEST,
                f"the record at {record.offset} ({name}) {problem}",
                offset=record.offset,
                url=record.uri or None,
            )
        yield record


def record_problems(record: Record) -> Iterator[str]:
    """What is wrong with one record in itself: its digests are made anew."""
    block = record.field("WARC-Block-Digest")
    if block is not None and digest(record.block) != block:
        yield f"has a block of {digest(record.block)}, it says {block}"
    if record.digest is None:
        if record.type in ("response", "resource", "revisit"):
            yield "has no payload digest"
    elif record.type != "revisit" and digest(record.payload) != record.digest:
        # A revisit's digest is of the payload that it refers to, and leaves out.
        yield f"has a payload of {digest(record.payload)}, it says {record.digest}"


def check_index(audit: Audit, wanted: Stored, *, places: Places, findings: Findings) -> None:
    """Reads the index: its size and sha256, its order, each line against what lies in the WARC files, none missing."""
    with audit.open(wanted.key) as stream:
        before = b""
        whole = True
        try:
            for number, line in enumerate(lines(stream), start=1):
                if line < before:
                    problem = f"line {number} is out of order; replay tools would miss captures"
                    findings.note(wanted.key, Kind.INDEX_ORDER, problem, line=number)
                before = line
                _check_line(line, number, key=wanted.key, places=places, findings=findings)
        except ArchiveError as error:
            whole = False
            findings.note(wanted.key, Kind.INDEX_DAMAGED, str(error))
        compare_object(stream.finish(wanted.key), wanted=wanted, findings=findings)
    if whole:
        _check_omitted(wanted.key, places=places, findings=findings)


def _check_omitted(key: str, *, places: Places, findings: Findings) -> None:
    for capture in places.unnamed():
        problem = f"has no line for {capture.url} at {capture.offset} of {capture.filename}"
        findings.note(key, Kind.INDEX_OMITS, problem, offset=capture.offset, url=capture.url)


def _check_line(line: bytes, number: int, *, key: str, places: Places, findings: Findings) -> None:
    try:
        told = Capture.parse(line.decode())
    except (ArchiveError, UnicodeDecodeError):
        findings.note(key, Kind.INDEX_DAMAGED, f"line {number} is no CDXJ line: {line[:80]!r}", line=number)
        return
    found = places.name(told.filename, told.offset)
    if found is not None:
        problem, kind = compare(told, found=found), Kind.INDEX_DISAGREES
    elif places.is_unreadable(told.filename, told.offset):
        return
    else:
        place = f"{told.offset} of {told.filename}"
        problem, kind = f"says that {told.url} lies at {place}, where no capture begins", Kind.INDEX_PLACE
    if problem:
        findings.note(key, kind, f"line {number} {problem}", line=number, offset=told.offset, url=told.url)


def compare(told: Capture, *, found: Capture) -> str | None:
    """What an index line says otherwise than the record it names; None for nothing."""
    for name in _COMPARED:
        if getattr(told, name) != getattr(found, name):
            return f"gives {told.url} the {name} {getattr(told, name)}, the record says {getattr(found, name)}"
    return None
