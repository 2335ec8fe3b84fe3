"""What lies where in the WARC files of one commit: kept in a table that goes to the disk when it grows."""

import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Self

from archive.cdxj import Capture

_TABLES = """
CREATE TABLE captures (filename TEXT, offset INTEGER, line TEXT, type TEXT, id TEXT, uri TEXT, date TEXT, digest TEXT,
    named INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (filename, offset)) WITHOUT ROWID;
CREATE TABLE revisits (filename TEXT, offset INTEGER, url TEXT, digest TEXT, to_filename TEXT, to_offset INTEGER,
    to_uri TEXT, to_date TEXT, to_id TEXT);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a record says of itself, and what its payload really makes.

    `date` is the WARC-Date as written, `made` the payload digest made anew; they are equal to the record's own claims
    where the record is sound.
    """

    type: str
    id: str
    uri: str
    date: str
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A revisit and where it points. `to_filename` and `to_offset` are None where the record does not say."""

    filename: str
    offset: int
    url: str
    digest: str
    to_filename: str | None
    to_offset: int | None
    to_uri: str
    to_date: str
    to_id: str


class Places:
    """The captures of one commit by file name and offset, and its revisits; a context manager, for one thread.

    It is a temporary table of SQLite, which takes a few MB of memory however many captures there are. `ends` is how far
    each damaged file could be read: what lies behind is not judged a second time.
    """

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES} BEGIN;")
        self.ends: dict[str, int] = {}
        self.records = 0
        self.captures = 0
        self.revisits = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._table.close()

    def add(self, capture: Capture, told: Told) -> None:
        """Adds a capture that was read from a WARC file."""
        row = (capture.filename, capture.offset, capture.line(), told.type, told.id, told.uri, told.date, told.made)
        self._table.execute("INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)", row)
        self.captures += 1

    def refer(self, reference: Reference) -> None:
        """Adds a revisit."""
        self._table.execute("INSERT INTO revisits VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", astuple(reference))
        self.revisits += 1

    def name(self, filename: str, offset: int) -> Capture | None:
        """Notes that an index line names this place; returns the capture that lies there."""
        place = (filename, offset)
        found = self._table.execute("SELECT line FROM captures WHERE filename = ? AND offset = ?", place).fetchone()
        if found is None:
            return None
        self._table.execute("UPDATE captures SET named = 1 WHERE filename = ? AND offset = ?", place)
        return Capture.parse(found[0])

    def unnamed(self) -> Iterator[Capture]:
        """The captures that no index line named."""
        for (line,) in self._table.execute("SELECT line FROM captures WHERE NOT named"):
            yield Capture.parse(line)

    def told(self, filename: str, offset: int) -> Told | None:
        """What the record at a place says; None where no capture begins."""
        chosen = "SELECT type, id, uri, date, digest FROM captures WHERE filename = ? AND offset = ?"
        found = self._table.execute(chosen, (filename, offset)).fetchone()
        if found is None:
            return None
        return Told(type=found[0], id=found[1], uri=found[2], date=found[3], made=found[4])

    def references(self) -> Iterator[Reference]:
        """The revisits, those to one original behind each other."""
        columns = "filename, offset, url, digest, to_filename, to_offset, to_uri, to_date, to_id"
        for row in self._table.execute(f"SELECT {columns} FROM revisits ORDER BY to_filename, to_offset"):  # noqa: S608
            yield Reference(**dict(zip(columns.split(", "), row, strict=True)))

    def is_unreadable(self, filename: str, offset: int) -> bool:
        """Whether a place lies behind the damage of its file."""
        end = self.ends.get(filename)
        return end is not None and offset >= end
