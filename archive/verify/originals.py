"""What the records say to which revisits point: in any commit of the site, checked or not."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from archive.errors import ArchiveError
from archive.members import digest
from archive.originals import member_at
from archive.records import Record, read_record
from archive.store import Store
from archive.verify.places import Told

_REMEMBERED = 1 << 15  # records: a quarter of a KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Why a record cannot be read; `is_gone` when nothing is there at all."""

    problem: str
    is_gone: bool


class Sayings:
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
        return told(read_record(member_at(partial(store.get_range, key), offset=offset, size=there.size)))
    except ArchiveError as error:
        return Unreadable(problem=f"what lies at {offset} of {key} cannot be read: {error}", is_gone=False)
