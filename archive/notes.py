"""The notes of an attempt: one JSON object a line, with the checksum that tells a damaged line from a whole one.

    {"note":"url","url":"https://…","outcome":"captured",…}<tab>5d1c2d3e

Each speaks of what was written before it, and is worth nothing without that: behind a damaged line no note counts, and
a note on an answer whose record is not there does not either. Its URL stays due, and is asked again.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError
from archive.journal import checksum
from archive.members import warc_uri
from archive.urls import canonical

_CHECKED = re.compile(rb"(.*)\t([0-9a-f]{8})\n", re.DOTALL)


def dump(note: Mapping[str, Any]) -> bytes:
    """Returns the line of a note."""
    told = json.dumps(note, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"%b\t%08x\n" % (told, checksum(told))


def load(line: bytes) -> dict[str, Any] | None:
    """Reads a line; None when it is no whole note. A line without a checksum counts when it reads as JSON."""
    found = _CHECKED.fullmatch(line)
    if not line.endswith(b"\n") or (found and checksum(found[1]) != int(found[2], 16)):
        return None
    try:
        note = json.loads((found[1] if found else line).decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return None
    return note if isinstance(note, dict) else None


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yields the notes of a file; a torn last line counts as not written.

    Raises:
        ArchiveError: a line before the last one is damaged.
    """
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            note = load(line)
            if note is not None:
                yield note
            elif line.endswith(b"\n"):
                raise ArchiveError(f"{path} holds a damaged line: {line[:200]!r}; repair the folder")


def whole(data: bytes) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yields the lines before the first that is damaged or torn, each as it stands and as a note."""
    for line in data.splitlines(keepends=True):
        note = load(line)
        if note is None:
            return
        yield line, note


class Held:
    """The URLs of which records are held."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._urls = frozenset(urls)
        self._canonical: set[str] | None = None

    def supports(self, note: Mapping[str, Any]) -> bool:
        """Whether the answer that a note speaks of is among the records, or it speaks of none of this attempt."""
        if note.get("note") != "url" or note.get("left") or note.get("status") is None:
            return True
        url = warc_uri(str(note.get("final_url") or note.get("url")).partition("#")[0])
        return url in self._urls or self._knows(url)

    def _knows(self, url: str) -> bool:
        """Two writings of one URL count as the same."""
        if self._canonical is None:
            self._canonical = {_key(known) for known in self._urls}
        return _key(url) in self._canonical


def _key(url: str) -> str:
    try:
        return canonical(url)
    except ValueError:
        return url
