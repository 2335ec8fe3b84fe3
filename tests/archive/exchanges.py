"""Exchanges for tests, as small or as odd as a test wants them."""

from datetime import UTC, datetime
from pathlib import Path

from archive.exchange import Exchange
from archive.warc import Record, WarcWriter, iter_records

STARTED = datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
REQUEST = b"GET /ferry HTTP/1.1\r\nHost: news.example\r\nUser-Agent: microfiche\r\nCookie: seen=1\r\n\r\n"


def exchange(
    url: str = "http://news.example/ferry",
    *,
    head: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\n",
    body: bytes = b"hello",
    **changes,
) -> Exchange:
    facts = {"method": "GET", "started": STARTED, "request_head": REQUEST, "peer": "192.0.2.7", **changes}
    return Exchange(url=url, response_head=head, response_body=body, **facts)


def write(folder: Path, *exchanges: Exchange) -> Path:
    """Writes the exchanges into one sealed WARC file."""
    writer = WarcWriter(folder, prefix="run-1", info={"software": "microfiche/test"})
    for each in exchanges:
        writer.append(each)
    (path,) = writer.seal()
    return path


def records(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return list(iter_records(file))
