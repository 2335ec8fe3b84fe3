"""What has to hold of a spool folder after any repair, as our reader, warcio and fastwarc see it."""

import gzip
import zlib
from pathlib import Path

from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archive import cdxj
from archive.records import Record, iter_records
from archive.warc import OPEN
from tests.archive.exchanges import records


def sound(folder: Path) -> list[Record]:
    """Finds nothing wrong with any WARC file of the folder, nor with its index; returns the records but warcinfo."""
    assert not list(folder.glob(f"*{OPEN}"))
    assert not list(folder.glob(".*"))
    kept: list[Record] = []
    lines: list[str] = []
    for path in sorted(folder.glob("*.warc.gz")):
        ours = records(path)
        assert gzip.decompress(path.read_bytes())
        assert ours[0].type == "warcinfo"
        assert ours[0].field("WARC-Filename") == path.name
        assert len(ours) > 1
        assert _seen_by_others(path) == [(record.id, zlib.crc32(record.block)) for record in ours]
        whole_exchanges(ours)
        kept += ours[1:]
        with path.open("rb") as file:
            lines += [capture.line() for capture in cdxj.index(iter_records(file), filename=path.name)]
    assert [line for path in folder.glob("*.cdxj") for line in path.read_text().splitlines()] == lines
    assert len({record.id for record in kept}) == len(kept), "a record stands there twice"
    return kept


def _seen_by_others(path: Path) -> list[tuple[str, int]]:
    with path.open("rb") as file:
        fast = [
            (record.record_id, zlib.crc32(record.reader.read())) for record in ArchiveIterator(file, parse_http=False)
        ]
    with path.open("rb") as file:
        plain = [
            (record.rec_headers["WARC-Record-ID"], zlib.crc32(record.raw_stream.read()))
            for record in WarcioIterator(file, no_record_parse=True)
        ]
    assert fast == plain
    return fast


def whole_exchanges(found: list[Record]) -> None:
    """Every response has its request, every 304 its head, every request without an answer the reason."""
    companions: dict[str, list[Record]] = {record.id: [] for record in found}
    for record in found:
        companion = record.field("WARC-Concurrent-To")
        if companion is not None and record.type in {"request", "metadata"}:
            assert companion in companions, "a companion lost its record"
            companions[companion].append(record)
    for record in found:
        types = [companion.type for companion in companions[record.id]]
        if record.type in {"response", "revisit"}:
            assert types[:1] == ["request"]
        if record.type == "revisit" and not record.block:
            assert companions[record.id][1].field("Content-Type") == "application/http; msgtype=response"
        if record.type == "request" and record.field("WARC-Concurrent-To") is None:
            assert types == ["metadata"]
