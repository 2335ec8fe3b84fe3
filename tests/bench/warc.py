"""Our WARC writer beside warcio's own and fastwarc's: the same exchanges, in one process, rounds interleaved.

Each writes a response and its request a page, a gzip member a record, payload and block digests included, at the
settings it comes with: warcio zlib level 9 and sha1, fastwarc level 9 and sha1, ours isal and sha256.
"""

import io
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.exchange import Exchange
from archive.warc import WarcWriter
from tests.newsroom.languages import LANGUAGES
from tests.newsroom.words import fresh

OURS, WARCIO, FASTWARC = "microfiche", "warcio", "fastwarc"
SIZE = 170_000  # bytes of HTML a page
NOISE = 32_000  # hexadecimal digits in it: with them a page shrinks to a fifth, as 905 pages of news sites did
DISTINCT = 40
STARTED = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOST_MS = 0.8
TIMES_WARCIO = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What one contestant needed in one round: CPU seconds, and the bytes of its file."""

    cpu: float
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What each contestant needed in each round for so many pages, which have so many bytes of responses."""

    pages: int
    raw: int
    rounds: tuple[Mapping[str, Writing], ...]

    def ms(self, name: str) -> float:
        """CPU milliseconds a page, its response and its request; the median of all rounds."""
        return 1000 * median(one[name].cpu for one in self.rounds) / self.pages

    def times(self, other: str) -> float:
        """How many times as much CPU as ours another takes; the median of all rounds."""
        return median(one[other].cpu / one[OURS].cpu for one in self.rounds)

    @property
    def failed(self) -> list[str]:
        """The aims that were missed."""
        aims = {
            f"at most {MOST_MS} ms": self.ms(OURS) <= MOST_MS,
            f"{TIMES_WARCIO:.0f} times": self.holds_against_warcio,
        }
        return [aim for aim, holds in aims.items() if not holds]

    @property
    def holds_against_warcio(self) -> bool:
        """Whether ours is as many times faster than warcio's as it should be."""
        return self.times(WARCIO) >= TIMES_WARCIO

    def as_json(self) -> dict[str, Any]:
        """Returns all that was measured."""
        names = (OURS, WARCIO, FASTWARC)
        return {
            "pages": self.pages,
            "raw_bytes": self.raw,
            "ms": {name: self.ms(name) for name in names},
            "bytes": {name: self.rounds[0][name].size for name in names},
            "times": {name: self.times(name) for name in names[1:]},
            "rounds": [{name: one[name].cpu for name in names} for one in self.rounds],
            "failed": self.failed,
        }

    def table(self) -> Table:
        """Returns medians over the rounds."""
        told = f"aims missed: {', '.join(self.failed)}" if self.failed else "both aims hold"
        table = Table(
            title=f"{self.pages} pages of {self.raw / self.pages / 1000:.0f} kB, median of {len(self.rounds)} rounds",
            caption=f"a page is a response and its request, digests included; {told}",
        )
        table.add_column("")
        for column in ("CPU ms/page", "times ours", "MB", "of the bytes"):
            table.add_column(column, justify="right")
        for name in (OURS, WARCIO, FASTWARC):
            size = self.rounds[0][name].size
            times = "" if name == OURS else f"{self.times(name):.1f}"
            table.add_row(name, f"{self.ms(name):.2f}", times, f"{size / 1e6:.1f}", f"{size / self.raw:.0%}")
        return table


def compare(*, pages: int, rounds: int) -> Comparison:
    """Measures all of them `rounds` times, each round beginning with another."""
    exchanges = [exchange(number) for number in range(min(DISTINCT, pages))]
    asked = [exchanges[number % len(exchanges)] for number in range(pages)]
    names = list(WRITERS)
    measured = []
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        for number in bar.track(range(rounds), description="rounds"):
            order = names[number % len(names) :] + names[: number % len(names)]
            measured.append({name: _measure(WRITERS[name], asked) for name in order})
            told = ", ".join(f"{name} {1000 * measured[-1][name].cpu / pages:.2f}" for name in names)
            bar.console.print(f"round {number + 1}, CPU ms a page: {told}", highlight=False)
    raw = sum(len(one.response_head) + len(one.response_body) for one in asked)
    return Comparison(pages=pages, raw=raw, rounds=tuple(measured))


def exchange(number: int) -> Exchange:
    """Makes up a page that compresses as news pages do, and how it was asked for."""
    body = page(number)
    path = f"/2026/11/22/story-number-{number:06}.html"
    head = (
        "HTTP/1.1 200 OK\r\nServer: bench\r\nDate: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
        "Content-Type: text/html; charset=utf-8\r\nCache-Control: max-age=60\r\nVary: Accept-Encoding\r\n"
        f'ETag: "{number:x}"\r\nContent-Length: {len(body)}\r\n\r\n'
    )
    request = f"GET {path} HTTP/1.1\r\nHost: news.example\r\nUser-Agent: microfiche/0.1\r\nAccept: */*\r\n\r\n"
    return Exchange(
        url=f"https://news.example{path}",
        method="GET",
        started=STARTED,
        request_head=request.encode(),
        response_head=head.encode(),
        response_body=body,
        peer="192.0.2.7",
    )


def page(number: int) -> bytes:
    """Sentences, links and a script full of digits."""
    rng, english = Random(number), LANGUAGES["en"]
    noise = "".join(sha256(f"{number}/{part}".encode()).hexdigest() for part in range(NOISE // 64))
    parts = [f"<!doctype html><title>Story {number}</title><script>{noise}</script>"]
    size = len(parts[0])
    while size < SIZE:
        used: set[str] = set()
        text = escape(" ".join(fresh(english, english.sentences, rng=rng, used=used) for _ in range(4)))
        parts.append(
            f'<p class="paragraph">{text}</p>\n<a class="more" href="/news/{rng.randrange(10**6)}">{text[:40]}</a>\n'
        )
        size += len(parts[-1])
    return "".join(parts).encode()[:SIZE]


def _measure(write: Callable[[Sequence[Exchange], Path], Path], exchanges: Sequence[Exchange]) -> Writing:
    with tempfile.TemporaryDirectory() as folder:
        cpu = time.process_time()
        path = write(exchanges, Path(folder))
        cpu = time.process_time() - cpu
        _check(path, exchanges)
        return Writing(cpu=cpu, size=path.stat().st_size)


def _check(path: Path, exchanges: Sequence[Exchange]) -> None:
    """Reads back what was written: every block as it was, with both digests, whatever their form."""
    with path.open("rb") as file:
        responses = [
            (record.reader.read(), "WARC-Block-Digest" in record.headers and "WARC-Payload-Digest" in record.headers)
            for record in ArchiveIterator(file, record_types=WarcRecordType.response, parse_http=False)
        ]
    assert responses == [(one.response_head + one.response_body, True) for one in exchanges], path.name


def _ours(exchanges: Sequence[Exchange], folder: Path) -> Path:
    writer = WarcWriter(folder, prefix="bench-1", info={"software": "bench"})
    for one in exchanges:
        writer.append(one)
    (path,) = writer.seal()
    return path


def _warcio(exchanges: Sequence[Exchange], folder: Path) -> Path:
    path = folder / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for one in exchanges:
            response = writer.create_warc_record(
                one.url,
                "response",
                payload=io.BytesIO(one.response_body),
                length=len(one.response_body),
                http_headers=_parsed(one.response_head),
            )
            request = writer.create_warc_record(
                one.url, "request", payload=io.BytesIO(b""), length=0, http_headers=_parsed(one.request_head)
            )
            writer.write_request_response_pair(request, response)
    return path


def _parsed(head: bytes) -> StatusAndHeaders:
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    if first.startswith("HTTP/"):
        protocol, _, status = first.partition(" ")
        return StatusAndHeaders(status, fields, protocol=protocol)
    return StatusAndHeaders(first, fields, is_http_request=True)


def _fastwarc(exchanges: Sequence[Exchange], folder: Path) -> Path:
    path = folder / "fastwarc.warc.gz"
    with path.open("wb") as file:
        stream = GzipWriter(file)
        for one in exchanges:
            _put(
                stream, one, kind=WarcRecordType.response, word="response", block=one.response_head + one.response_body
            )
            _put(stream, one, kind=WarcRecordType.request, word="request", block=one.request_head)
        stream.close()
    return path


def _put(stream: GzipWriter, one: Exchange, *, kind: WarcRecordType, word: str, block: bytes) -> None:
    record = WarcRecord()
    record.init_headers(record_type=kind)
    record.headers["WARC-Target-URI"] = one.url
    record.headers["WARC-Date"] = "2026-11-22T12:00:00Z"
    record.headers["Content-Type"] = f"application/http; msgtype={word}"
    record.is_http = True
    record.set_bytes_content(block)
    record.parse_http()
    record.write(stream, checksum_data=True)


WRITERS: Mapping[str, Callable[[Sequence[Exchange], Path], Path]] = {
    OURS: _ours,
    WARCIO: _warcio,
    FASTWARC: _fastwarc,
}
