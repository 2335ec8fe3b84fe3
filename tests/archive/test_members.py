"""Records laid out, beside what the field's own writer makes of them."""

import io
import zlib
from dataclasses import replace

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from archive import members
from archive.exchange import Exchange
from tests.archive.exchanges import exchange

INFO = "<urn:uuid:00000000-0000-4000-8000-000000000001>"


@pytest.mark.parametrize(
    "odd",
    [
        exchange(),
        exchange(head=b"HTTP/1.1 204 No Content\r\nX-Name:  caf\xe9 \r\n\r\n", body=b""),
        exchange(head=b"HTTP/1.1 200 OK\nServer: bare line feeds\n\n", body=b"\r\n\r\n"),
        replace(exchange(), response_head=b"", response_body=b"", truncated="disconnect"),
    ],
    ids=["plain", "no-body", "line-feeds", "no-answer"],
)
def test_a_record_is_laid_out_as_warcio_lays_it_out(odd: Exchange) -> None:
    """Read and written again by warcio, each record has the very same bytes."""
    for draft in members.exchange_drafts(odd, warcinfo_id=INFO):
        record = zlib.decompress(members.member(draft), 31)
        again = io.BytesIO()
        read = next(ArchiveIterator(io.BytesIO(record), no_record_parse=True))
        WARCWriter(again, gzip=False, warc_version="WARC/1.1").write_record(read)
        assert again.getvalue() == record
