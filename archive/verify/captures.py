"""WARC files and their index: every record sound, every capture in the index, every index line a capture."""

import math
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from archive import cdxj
from archive.cdxj import Capture
from archive.errors import ArchiveError
from archive.members import digest
from archive.records import Record, iter_records
from archive.store import Store, Stored
from archive.streams import differences, hashed, lines
from archive.verify.findings import Findings

_COMPARED = ("url", "digest", "length", "timestamp", "status")


@dataclass(slots=True)
class Captures:
    """The captures that lie in the WARC files of a commit, by file name and offset.

    `readable` is how far each damaged file could be read; what lies behind is not judged a second time.
    """

    found: dict[tuple[str, int], Capture] = field(default_factory=dict)
    readable: dict[str, int] = field(default_factory=dict)
    records: int = 0

    def is_unreadable(self, filename: str, offset: int) -> bool:
        """Whether a place lies behind the damage of its file."""
        return offset >= self.readable.get(filename, math.inf)


def check_warc(store: Store, wanted: Stored, *, captures: Captures, findings: Findings, stop: threading.Event) -> None:
    """Reads a WARC file once: its size, its sha256, its records and their digests; collects its captures."""
    filename = wanted.key.rpartition("/")[2]
    with hashed(store, wanted.key, stop=stop) as stream:
        records = _counted(iter_records(cast("BinaryIO", stream)), wanted.key, captures=captures, findings=findings)
        end = 0
        try:
            for capture in cdxj.index(records, filename=filename):
                captures.found[filename, capture.offset] = capture
                end = capture.offset + capture.length
        except ArchiveError as error:
            captures.readable[filename] = end
            findings.note(wanted.key, str(error))
        problem = differences(stream.finish(wanted.key), wanted=wanted)
    if problem:
        findings.note(wanted.key, problem)


def _counted(records: Iterable[Record], key: str, *, captures: Captures, findings: Findings) -> Iterator[Record]:
    for record in records:
        captures.records += 1
        for problem in record_problems(record):
            findings.note(key, f"the record at {record.offset} ({record.uri or record.type}) {problem}")
        yield record


def record_problems(record: Record) -> Iterator[str]:
    """What is wrong with one record in itself: its digests are made anew."""
    block = record.field("WARC-Block-Digest")
    if block is not None and digest(record.block) != block:
        yield f"has a block of {digest(record.block)}, it says {block}"
    if record.digest is None:
        if record.type in ("response", "resource"):
            yield "has no payload digest"
    elif record.type != "revisit" and digest(record.payload) != record.digest:
        # A revisit's digest is of the payload that it refers to, and leaves out.
        yield f"has a payload of {digest(record.payload)}, it says {record.digest}"


def check_index(store: Store, wanted: Stored, *, captures: Captures, findings: Findings, stop: threading.Event) -> None:
    """Reads the index: its size and sha256, its order, each line against what lies in the WARC files, none missing."""
    unnamed = dict(captures.found)
    with hashed(store, wanted.key, stop=stop) as stream:
        before = b""
        try:
            for number, line in enumerate(lines(stream), start=1):
                if line < before:
                    findings.note(wanted.key, f"line {number} is out of order; replay tools would miss captures")
                before = line
                problem = _line_problem(line, captures=captures, unnamed=unnamed)
                if problem:
                    findings.note(wanted.key, f"line {number} {problem}")
        except ArchiveError as error:
            findings.note(wanted.key, str(error))
            unnamed.clear()
        problem = differences(stream.finish(wanted.key), wanted=wanted)
    if problem:
        findings.note(wanted.key, problem)
    for capture in unnamed.values():
        findings.note(wanted.key, f"has no line for {capture.url} at {capture.offset} of {capture.filename}")


def _line_problem(line: bytes, *, captures: Captures, unnamed: dict[tuple[str, int], Capture]) -> str | None:
    try:
        told = Capture.parse(line.decode())
    except (ArchiveError, UnicodeDecodeError):
        return f"is no CDXJ line: {line[:80]!r}"
    place = told.filename, told.offset
    found = captures.found.get(place)
    unnamed.pop(place, None)
    if found is None:
        if captures.is_unreadable(*place):
            return None
        return f"says that {told.url} lies at {told.offset} of {told.filename}, where no capture begins"
    return compare(told, found=found)


def compare(told: Capture, *, found: Capture) -> str | None:
    """What an index line says otherwise than the record it names; None for nothing."""
    for name in _COMPARED:
        if getattr(told, name) != getattr(found, name):
            return f"gives {told.url} the {name} {getattr(told, name)}, the record says {getattr(found, name)}"
    return None
