"""WARC files written: exchanges, resources and metadata, appended, rolled, sealed; with index and journal as it goes.

A file is called `<prefix>-<serial>.warc.gz.open` while records are appended and loses `.open` when it is sealed. A
record and its companions (response and request; request and the note why nothing came back) are one write: announced
in `<prefix>.journal`, appended, then told in `<prefix>.cdxj`. A write that fails at any of the three is taken back in
all of them, so nothing is ever appended behind a torn record, which every reader would lose.

When `append` has returned, the exchange is safe from the death of this process; after `sync` or `seal`, or when its
file was full and the next one begun, it is safe from the loss of power.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from archive import cdxj, http1, journal, members
from archive.cdxj import Capture
from archive.errors import ArchiveError
from archive.exchange import Exchange
from archive.files import AppendFile, all_or_none, remove_file, rename, sync_path
from archive.journal import Span
from archive.members import Draft, member
from archive.original import Original
from archive.points import reached
from archive.records import LARGEST, Record, iter_records, read_record

__all__ = ["OPEN", "Record", "WarcWriter", "iter_records", "read_record", "seal_file", "warc_name"]

OPEN: Final = ".open"
_OVERHEAD = 16384  # WARC headers, a warcinfo record, gzip framing: a generous bound
_ABOUT_WARC: Mapping[str, str] = MappingProxyType(
    {
        "software": "microfiche",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    }
)


class WarcWriter:
    """Writes one attempt's WARC files and their index into a folder.

    `prefix` begins every file's name; `info` goes into each file's warcinfo record. A file is rolled before it would
    pass `max_size` bytes; an exchange's records always stay in one file. The first file is made with the first record.
    Raises `ArchiveError` when the folder holds files of this prefix: what a crash left is repaired, never continued.
    """

    def __init__(self, folder: Path, *, prefix: str, info: Mapping[str, str], max_size: int = 10**9) -> None:
        if any(folder.glob(f"{prefix}-*.warc.gz*")):
            raise ArchiveError(f"{folder} holds WARC files of {prefix} already; repair it and begin a new attempt")
        self._folder = folder
        self._prefix = prefix
        self._info = {**_ABOUT_WARC, **info}
        self._max_size = max_size
        self._file: AppendFile | None = None
        self._warcinfo_id = ""
        self._full: list[Path] = []
        self._full_size = 0
        self._records = 0
        self._closing = self._finished = False
        self._index = AppendFile(folder / f"{prefix}.cdxj")
        self._journal = AppendFile(folder / f"{prefix}{journal.SUFFIX}")
        self._new_names = True

    @property
    def size(self) -> int:
        """Bytes written to WARC files so far."""
        return self._full_size + (self._file.size if self._file else 0)

    @property
    def records(self) -> int:
        """Records written so far, warcinfo records included."""
        return self._records

    @property
    def index(self) -> Path:
        """The CDXJ file."""
        return self._index.path

    def append(self, exchange: Exchange, *, original: Original | None = None) -> Capture | None:
        """Writes an exchange: its response (a revisit where an `original` holds its payload), then its request.

        Returns None when no status line came back: then the request is kept, and a metadata record that says why.
        """
        size = len(exchange.response_head) + len(exchange.response_body) + len(exchange.request_body)
        file = self._file_for(size, date=exchange.started)
        drafts = members.exchange_drafts(exchange, warcinfo_id=self._warcinfo_id, original=original)
        if not exchange.answered:
            self._write(drafts, file=file)
            return None
        return self._write_indexed(drafts, file=file, method=_method(exchange))

    def append_resource(self, uri: str, *, content_type: str, payload: bytes, date: datetime) -> Capture:
        """Writes a resource record: something that no server sent as it stands here."""
        file = self._file_for(len(payload), date=date)
        draft = self._document("resource", uri=uri, content_type=content_type, payload=payload, date=date)
        return self._write_indexed([draft], file=file, method=("GET", ""))

    def append_metadata(
        self, uri: str, *, content_type: str, payload: bytes, date: datetime, concurrent_to: str | None = None
    ) -> None:
        """Writes a metadata record; it has no line in the index."""
        file = self._file_for(len(payload), date=date)
        fields = (("WARC-Concurrent-To", concurrent_to),) if concurrent_to else ()
        draft = self._document("metadata", uri=uri, content_type=content_type, payload=payload, date=date)
        self._write([replace(draft, fields=(*draft.fields, *fields))], file=file)

    def sync(self) -> None:
        """Returns when everything appended so far would survive the loss of power.

        It costs an fsync for each of three files where something was appended since the last time, else nothing:
        call it every few seconds, from the thread that appends. Raises `OSError` when the disk fails; then nothing
        more can be appended.
        """
        for file in (self._file, self._index, self._journal):
            if file is not None:
                file.sync()
        if self._new_names:
            sync_path(self._folder)
            self._new_names = False

    def seal(self) -> tuple[Path, ...]:
        """Finishes all files and returns the WARC files in order; nothing can be appended any more.

        Bytes, index and journal are on the disk before the first file loses its `.open`. It may take seconds (fsync):
        from a loop, call it in a thread. When it raises `OSError`, it may be called again, or the folder repaired.
        """
        self._closing = True
        self._close_file()
        if not self._finished:
            self._finish()
        self._full = [seal_file(path) if path.name.endswith(OPEN) else path for path in self._full]
        return tuple(self._full)

    def _finish(self) -> None:
        """Has the journal tell of the index, which is complete now. On a full disk it goes without."""
        self.sync()
        with contextlib.suppress(OSError):
            self._journal.append(journal.span_of(self.index, name=self.index.name).line())
        self._journal.sync()
        self._index.close()
        self._journal.close()
        self._finished = True

    def _document(self, kind: str, *, uri: str, content_type: str, payload: bytes, date: datetime) -> Draft:
        return Draft(
            type=kind,
            id=members.new_id(),
            date=date,
            uri=members.warc_uri(uri),
            content_type=members.header_text(content_type),
            body=payload,
            fields=(("WARC-Warcinfo-ID", self._warcinfo_id),),
        )

    def _write(self, drafts: Sequence[Draft], *, file: AppendFile) -> None:
        with all_or_none(self._journal, file):
            self._append([member(draft) for draft in drafts], file=file)
        self._records += len(drafts)

    def _write_indexed(self, drafts: Sequence[Draft], *, file: AppendFile, method: tuple[str, str]) -> Capture:
        """Writes records of which the first is a capture, then its index line; both or none."""
        made = [member(draft) for draft in drafts]
        capture = _capture(drafts[0], method=method, file=file, length=len(made[0]))
        with all_or_none(self._journal, file, self._index):
            self._append(made, file=file)
            self._index.append(f"{capture.line()}\n".encode())
            reached("record-indexed")
        self._records += len(drafts)
        return capture

    def _append(self, made: Sequence[bytes], *, file: AppendFile) -> None:
        """Announces a write in the journal, then writes."""
        data = b"".join(made)
        checksum = journal.checksum(data)
        name = file.path.name.removesuffix(OPEN)
        span = Span(name=name, offset=file.size, length=len(data), records=len(made), checksum=checksum)
        self._journal.append(span.line())
        reached("write-announced")
        file.append(data)
        reached("record-written")

    def _file_for(self, size: int, *, date: datetime) -> AppendFile:
        """Returns the file that takes this many bytes more, its warcinfo record written."""
        if self._closing:
            raise ArchiveError(f"the WARC files of {self._prefix} are sealed; begin a new attempt")
        if size + _OVERHEAD > LARGEST:
            raise ArchiveError(f"a record of {size} bytes is too large; {LARGEST - _OVERHEAD} are the most")
        if self._file is not None and self._file.size + size + size // 256 + _OVERHEAD > self._max_size:
            self._close_file()
        if self._file is None:
            self._file = self._begin_file(date=date)
        return self._file

    def _begin_file(self, *, date: datetime) -> AppendFile:
        name = warc_name(self._prefix, len(self._full))
        info_id = members.new_id()
        info = members.warcinfo(self._info, record_id=info_id, filename=name, date=date)
        file = AppendFile(self._folder / f"{name}{OPEN}")
        try:
            file.cut(0)  # what an earlier try could not take back
            self._write([info], file=file)
        except BaseException:
            file.close()
            with contextlib.suppress(OSError):
                remove_file(file.path)
            raise
        self._warcinfo_id = info_id
        self._new_names = True
        return file

    def _close_file(self) -> None:
        """Ends the file in use, its bytes and its name safe on the disk."""
        if self._file is not None:
            self.sync()
            self._file.close()
            self._full.append(self._file.path)
            self._full_size += self._file.size
            self._file = None


def _method(exchange: Exchange) -> tuple[str, str]:
    if exchange.method in {"GET", "HEAD"}:
        return exchange.method, ""
    return cdxj.method_key(http1.parse_head(exchange.request_head), exchange.request_body)


def _capture(draft: Draft, *, method: tuple[str, str], file: AppendFile, length: int) -> Capture:
    lookup = cdxj.lookup_url(draft.uri, method=method[0], query=method[1])
    return Capture(
        urlkey=cdxj.urlkey(lookup),
        timestamp=cdxj.timestamp(draft.date),
        url=draft.uri,
        mime=_mime(draft),
        status=draft.http.status if draft.http else None,
        digest=draft.payload_digest or members.digest(draft.body),
        filename=file.path.name.removesuffix(OPEN),
        offset=file.size,
        length=length,
        method=method[0],
        request_body=method[1],
        record_id=draft.id,
    )


def _mime(draft: Draft) -> str:
    if draft.type == "revisit":
        return "warc/revisit"
    return cdxj.mime(draft.http.first("content-type") if draft.http else draft.content_type)


def warc_name(prefix: str, serial: int) -> str:
    """Returns the name of a sealed WARC file."""
    return f"{prefix}-{serial:05d}.warc.gz"


def seal_file(path: Path) -> Path:
    """Takes `.open` off a finished file's name, its bytes and then its name safe on the disk; returns the new path."""
    sync_path(path)
    final = path.with_name(path.name.removesuffix(OPEN))
    rename(path, to=final)
    reached("file-sealed")
    return final
