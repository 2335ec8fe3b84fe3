"""The records to which revisits point, read where they say: in any commit of the site, checked or not."""

import io
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from archive.errors import ArchiveError
from archive.members import digest
from archive.records import Record, iter_records
from archive.store import Store
from archive.verify.places import Told

_FIRST_READ = 1 << 16  # most records are smaller
_MOST_READ = 1 << 23
_REMEMBERED = 1 << 15  # records: a quarter of a KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Why a record cannot be read; `is_gone` when nothing is there at all."""

    problem: str
    is_gone: bool


class Originals:
    """Reads records by key and offset alone, and remembers what the latest of them said; safe to use from threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: OrderedDict[tuple[str, int], Told | Unreadable] = OrderedDict()

    def get(self, store: Store, key: str, offset: int) -> Told | Unreadable:
        """What the record at a place says and makes, or why it cannot be read."""
        place = key, offset
        with self._lock:
            known = self._read.get(place)
        if known is not None:
            return known
        found = _read(store, key, offset)
        with self._lock:
            self._read[place] = found
            while len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        return found


def told(record: Record) -> Told:
    """What a record says of itself, its payload digest made anew."""
    return Told(
        type=record.type,
        id=record.id,
        uri=record.uri,
        date=record.field("WARC-Date") or "",
        made=digest(record.payload),
    )


def _read(store: Store, key: str, offset: int) -> Told | Unreadable:
    there = store.head(key)
    if there is None:
        return Unreadable(problem=f"{key} is missing", is_gone=True)
    if offset >= there.size:
        return Unreadable(problem=f"{key} has {there.size} bytes", is_gone=True)
    try:
        return told(next(_records_from(store, key, offset, size=there.size)))
    except ArchiveError as error:
        return Unreadable(problem=f"what lies at {offset} of {key} cannot be read: {error}", is_gone=False)


def _records_from(store: Store, key: str, offset: int, *, size: int) -> Iterator[Record]:
    return iter_records(cast("BinaryIO", _Ahead(store, key, offset=offset, size=size)))


class _Ahead(io.RawIOBase):
    """An object from an offset on, asked for piece by piece, each larger than the one before."""

    def __init__(self, store: Store, key: str, *, offset: int, size: int) -> None:
        self._store = store
        self._key = key
        self._at = offset
        self._size = size
        self._next = _FIRST_READ
        self._piece = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if not self._piece:
            length = min(self._next, self._size - self._at)
            self._piece = self._store.get_range(self._key, self._at, length)
            self._at += length
            self._next = min(2 * self._next, _MOST_READ)
        view = memoryview(buffer)
        number = min(len(view), len(self._piece))
        view[:number] = self._piece[:number]
        self._piece = self._piece[number:]
        return number
