"""What lies in WARC files and notes, read without the project's own reader: zlib, and the lines of a WARC head.

A record is whole when its gzip member is; what follows the first member that is not, nobody can read.
"""

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

_FIELD = re.compile(rb"^([A-Za-z-]+):[ \t]*(.*?)\r$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One whole record: its id, its type, the record it accompanies, and a digest of all its bytes.

    `target` is what a request record's first line asks for; `status`, `mime` and `location` are those of an answer.
    """

    id: str
    type: str
    digest: str
    date: datetime
    uri: str
    companion: str
    target: str | None
    status: int | None
    mime: str
    location: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What one attempt's folder held when its process was dead: its records file by file, its notes."""

    name: str
    files: tuple[tuple[Written, ...], ...]
    notes: tuple[Mapping[str, Any], ...]

    @property
    def acknowledged(self) -> tuple[Written, ...]:
        """The records that had been taken: what `append` writes in one piece is either all there or was never told."""
        return tuple(record for file in self.files for record in _acknowledged(file))

    @property
    def decided(self) -> dict[str, str]:
        """The last outcome noted of each URL."""
        return {note["url"]: note["outcome"] for note in self.notes if note["note"] == "url"}


def left_in(spool: Path) -> tuple[Left, ...]:
    """Reads every folder of a spool, also those that were about to go."""
    if not spool.exists():
        return ()
    return tuple(_left(folder) for folder in sorted(spool.iterdir()) if (folder / "attempt.json").exists())


def _left(folder: Path) -> Left:
    files = sorted([*folder.glob("*.warc.gz"), *folder.glob("*.warc.gz.open")])
    notes = folder / "outcomes.jsonl"
    lines = notes.read_bytes().split(b"\n")[:-1] if notes.exists() else []
    return Left(
        name=folder.name.removeprefix(".removing-"),
        files=tuple(tuple(read(path.read_bytes())) for path in files),
        notes=tuple(json.loads(line.partition(b"\t")[0]) for line in lines),  # behind the tab stands a checksum
    )


def _acknowledged(file: tuple[Written, ...]) -> Iterable[Written]:
    """A file's records without a last one whose companion was cut off, and without a warcinfo record alone."""
    last = file[-1] if file else None
    waits = last and (last.type in {"response", "revisit"} or (last.type == "request" and not last.companion))
    kept = file[:-1] if waits else file
    return () if all(record.type == "warcinfo" for record in kept) else kept


def read(data: bytes) -> Iterator[Written]:
    """Yields the whole records of a .warc.gz."""
    while data:
        member = zlib.decompressobj(31)
        try:
            content = member.decompress(data)
        except zlib.error:
            return
        if not member.eof:
            return
        data = member.unused_data
        yield _written(content)


def _written(content: bytes) -> Written:
    head, _, rest = content.partition(b"\r\n\r\n")
    fields = {name.decode().lower(): value.decode() for name, value in _FIELD.findall(head + b"\r\n")}
    kind = fields["warc-type"]
    is_http = fields.get("content-type", "").startswith("application/http") and kind in {"response", "revisit"}
    return Written(
        id=fields["warc-record-id"],
        type=kind,
        digest=sha256(content).hexdigest(),
        date=datetime.fromisoformat(fields["warc-date"]),
        uri=fields.get("warc-target-uri", ""),
        companion=fields.get("warc-concurrent-to", ""),
        target=rest.split(b" ", 2)[1].decode("latin-1") if kind == "request" else None,
        status=_status(rest) if is_http else None,
        mime=(_field(rest, name=b"content-type") or "").partition(";")[0] if is_http else "",
        location=_field(rest, name=b"location") if is_http else None,
    )


def _status(block: bytes) -> int | None:
    found = re.match(rb"HTTP/\d(?:\.\d)? (\d{3})", block)
    return int(found[1]) if found else None


def _field(block: bytes, *, name: bytes) -> str | None:
    head = block.partition(b"\r\n\r\n")[0]
    found = re.search(rb"^" + name + rb":[ \t]*(.*?)\r?$", head, re.MULTILINE | re.IGNORECASE)
    return found[1].decode("latin-1") if found else None
