"""What can be replayed: one sorted index of all committed captures, and a catalogue of articles; both grow by commits.

The index is a CDXJ file whose lines name WARC files by their keys in the store. It is replaced as a whole, so who reads
it sees one state; the catalogue is a table of SQLite.
"""

import gzip
import heapq
import json
import os
import re
import sqlite3
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from archive.cdxj import Capture, timestamp, urlkey
from archive.errors import ArchiveError
from archive.keys import AttemptName, commits_under, is_commit, warc_key
from archive.records import read_record, warc_date
from archive.rendered import PAGEINFO
from archive.store import Store

_AT_ONCE: Final = 8  # indexes read side by side
_MERGED_AT_ONCE: Final = 100  # files open while they are merged
_FILENAME: Final = re.compile(rb'"filename": "([^"/]+)"')
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS articles (site TEXT, url TEXT, title TEXT, date TEXT, timestamp TEXT, consent TEXT);
CREATE INDEX IF NOT EXISTS by_date ON articles (date);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A captured article: where it is replayed, by URL and 14 digits, and what came of its consent banner."""

    site: str
    url: str
    title: str
    date: str
    timestamp: str
    consent: str | None


class Holdings:
    """What a store holds of some sites (all, where none is named), as far as it was read; safe to use from threads.

    `folder` takes the index and the catalogue.
    """

    def __init__(self, store: Store, folder: Path, *, sites: Sequence[str] = ()) -> None:
        self._store = store
        self._folder = folder
        self._sites = sites
        self._indexed: set[AttemptName] = set()
        self._listed: set[AttemptName] = set()
        self._lock = threading.Lock()
        self.index = folder / "index.cdxj"
        self.index.touch()
        self._catalogue = folder / "catalogue.sqlite"
        with closing(self._connect()) as connection:
            connection.executescript(_TABLE)

    def commits(self) -> list[AttemptName]:
        """The commits that stand in the store and are not in the index yet."""
        keys = (key for site in self._sites or (None,) for key in self._store.keys(commits_under(site)))
        return sorted({AttemptName.parse(key) for key in keys if is_commit(key)} - self._indexed)

    def take(self, names: Sequence[AttemptName], *, passed: Callable[[], None] = lambda: None) -> list[str]:
        """Takes commits into the index; `passed` is called after each. Returns what is wrong with those left out.

        Raises:
            StoreError: the store failed; what was taken before stays.
        """
        problems: list[str] = []
        with self._lock, tempfile.TemporaryDirectory(dir=self._folder) as scratch:
            parts = []
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for name, part in zip(names, pool.map(lambda one: self._fetch(one, Path(scratch)), names), strict=True):
                    if isinstance(part, Path):
                        parts.append(part)
                    else:
                        problems.append(part)
                    self._indexed.add(name)
                    passed()
            if parts:
                merged = _merged([self.index, *parts], folder=Path(scratch))
                merged.replace(self.index)
        return problems

    def _fetch(self, name: AttemptName, folder: Path) -> Path | str:
        """Writes the lines of a commit's index into a file, or tells why not."""
        try:
            lines = gzip.decompress(self._store.get(name.cdxj_key)).splitlines(keepends=True)
            keyed = sorted({_keyed(line, site=name.site) for line in lines})
        except (ArchiveError, gzip.BadGzipFile, EOFError, zlib.error) as error:
            return f"{name.cdxj_key} cannot be read ({error}); run verify"
        part = folder / f"{name.site}-{name.name}.cdxj"
        part.write_bytes(b"".join(keyed))
        return part

    def captures(self, url: str) -> Iterator[Capture]:
        """Yields the captures of a URL, the earliest first; `filename` is a key of the store."""
        key = f"{urlkey(url)} ".encode()
        with self.index.open("rb") as file:
            _seek(file, key)
            for line in file:
                if not line.startswith(key):
                    return
                capture = Capture.parse(line.decode())
                if capture.url == url:
                    yield capture

    def state(self, url: str, *, at: str) -> dict[str, Any] | None:
        """What the browser kept when it captured a page next to a moment (14 digits); None where no browser did."""
        found = sorted(self.captures(f"{PAGEINFO}{url}"), key=lambda one: abs(int(one.timestamp) - int(at)))
        for capture in found:
            info = self._read(capture)
            if info.get("rendered") is True:
                storage = info.get("storage")
                return {"storage": storage if isinstance(storage, dict) else {}, "consent": info.get("consent")}
        return None

    def _read(self, capture: Capture) -> dict[str, Any]:
        data = self._store.get_range(capture.filename, capture.offset, capture.length)
        try:
            info = json.loads(read_record(data).payload)
        except (ArchiveError, ValueError, RecursionError):
            return {}
        return info if isinstance(info, dict) else {}

    def list_articles(self) -> None:
        """Takes the articles of indexed commits into the catalogue, the latest first; one that has none yet waits."""
        for name in sorted(self._indexed - self._listed, key=lambda one: one.run, reverse=True):
            if self._store.head(name.articles_key) is None:
                continue
            with closing(self._connect()) as connection, connection:
                connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?)", self._rows(name))
            self._listed.add(name)

    def _rows(self, name: AttemptName) -> list[tuple[str | None, ...]]:
        try:
            lines = gzip.decompress(self._store.get(name.articles_key)).splitlines()
            return [_row(json.loads(line)) for line in lines]
        except (gzip.BadGzipFile, EOFError, zlib.error, ValueError, KeyError, TypeError, ArchiveError):
            return []  # verify tells of it; the pages can be replayed by their URLs

    def sites(self) -> list[tuple[str, int, str]]:
        """The sites with their number of article captures and the last one's date."""
        asked = "SELECT site, count(*), max(date) FROM articles GROUP BY site ORDER BY site"
        return [(str(site), int(number), str(last)) for site, number, last in self._select(asked)]

    def search(self, words: str = "", *, site: str | None = None, most: int = 100, skip: int = 0) -> list[Listed]:
        """The captured articles that hold each of the words in title or URL, the latest first."""
        wanted = words.split()[:10]
        conditions = ["(title LIKE ? ESCAPE '\\' OR url LIKE ? ESCAPE '\\')"] * len(wanted) + ["site = ?"] * bool(site)
        values = [pattern for word in wanted for pattern in [_like(word)] * 2] + ([site] if site else [])
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        asked = f"SELECT * FROM articles {where} ORDER BY date DESC LIMIT ? OFFSET ?"  # noqa: S608  # conditions of ours
        columns = ("site", "url", "title", "date", "timestamp", "consent")
        return [Listed(**dict(zip(columns, row, strict=True))) for row in self._select(asked, *values, most, skip)]

    def _select(self, asked: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(self._connect()) as connection:
            return connection.execute(asked, values).fetchall()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._catalogue, timeout=30)
        connection.execute("PRAGMA synchronous = OFF")
        return connection


def _keyed(line: bytes, *, site: str) -> bytes:
    """A line whose WARC file is named by its key; raises ArchiveError on a line that names none of ours."""
    found = _FILENAME.search(line)
    if found is None:
        raise ArchiveError(f"this is no CDXJ line: {line[:80]!r}")
    key = warc_key(site, found[1].decode())
    return b"%b%b%b" % (line[: found.start(1)], key.encode(), line[found.end(1) :])


def _merged(parts: Sequence[Path], *, folder: Path) -> Path:
    """Merges sorted files into one, in rounds."""
    rest = list(parts)
    number = 0
    while True:
        some, rest = rest[:_MERGED_AT_ONCE], rest[_MERGED_AT_ONCE:]
        number += 1
        merged = folder / f"merged-{number}"
        with ExitStack() as stack, merged.open("wb") as target:
            target.writelines(_once(heapq.merge(*(stack.enter_context(part.open("rb")) for part in some))))
        rest = [merged, *rest]
        if len(rest) == 1:
            return merged


def _once(lines: Iterable[bytes]) -> Iterator[bytes]:
    before = b""
    for line in lines:
        if line != before:
            yield line
        before = line


def _seek(file: Any, key: bytes) -> None:
    """Goes to the first line that is not before a key."""
    low, high = 0, file.seek(0, os.SEEK_END)
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle:
            file.readline()
        line = file.readline()
        if line and line < key:
            low = middle + 1
        else:
            high = middle
    file.seek(low)
    if low:
        file.readline()


def _row(line: dict[str, Any]) -> tuple[str | None, ...]:
    capture = line["capture"]
    moment = timestamp(warc_date(capture["date"]))
    consent = capture["consent"]
    outcome = consent["outcome"] if isinstance(consent, dict) else None
    return (line["site"], line["url"], line["title"] or line["url"], capture["date"], moment, outcome)


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
