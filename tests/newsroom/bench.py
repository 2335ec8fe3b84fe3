"""Many big pages for little work: what measures a crawler must not be slower than the crawler.

Each page is about 170 KB of HTML in about 60 KB of gzip. Title, address and date are its own; the rest is one of a few
bodies that are compressed once: a page's gzip member is its own beginning, compressed and flushed to a byte boundary,
then the shared rest, then the sum of both (RFC 1951, RFC 1952; sums of joined data as zlib's crc32_combine has them).
"""

import asyncio
import json
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from random import Random
from typing import TextIO

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.server import port_of, serve
from tests.newsroom.truth import Hit
from tests.newsroom.wire import Reply, Request, Step, assemble
from tests.newsroom.words import fresh

BODIES = 6
LINKS = 40
PARAGRAPHS = 150
NOISE = 90_000
GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
MAP_SIZE = 10_000
POLYNOMIAL = 0xEDB88320


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The end of a page that many pages share: its size, its sum, and itself deflated."""

    size: int
    crc: int
    deflated: bytes


class BigPaper:
    """So many big articles, a home page that links to the newest, and sitemaps that promise them all."""

    def __init__(self, *, base: str, pages: int, now: datetime) -> None:
        self.base = base
        self.paths = [f"/{now - timedelta(days=n % 20):%Y/%m/%d}/story-number-{n:06}.html" for n in range(pages)]
        rests = [_rest(number, paths=self.paths) for number in range(BODIES)]
        self._pages = {
            path: _page(base, path, number=n, rest=rests[n % BODIES], now=now) for n, path in enumerate(self.paths)
        }
        self._pages |= self._maps() | {"/": _small(self._home(), mime="text/html; charset=utf-8")}

    def respond(self, request: Request) -> tuple[Step, ...]:
        """Returns the bytes of a page; a gzip body whatever the client accepts."""
        steps = self._pages.get(request.target)
        if steps is None:
            return assemble(Reply(status=404, body=b"no such page"), request=request)
        return steps[:1] if request.method == "HEAD" else steps

    def _home(self) -> str:
        items = "".join(f'<li><a href="{path}">Story number {n}</a></li>' for n, path in enumerate(self.paths[:50]))
        return f"<!doctype html><html lang=en><title>The Valley Bench</title><h1>The Valley Bench</h1><ul>{items}</ul>"

    def _maps(self) -> dict[str, tuple[bytes, ...]]:
        space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        starts = range(0, len(self.paths), MAP_SIZE)
        maps = {f"/sitemaps/{start // MAP_SIZE}.xml": self.paths[start : start + MAP_SIZE] for start in starts}
        index = "".join(f"<sitemap><loc>{self.base}{path}</loc></sitemap>" for path in maps)
        texts = {
            path: "".join(f"<url><loc>{self.base}{p}</loc></url>\n" for p in paths) for path, paths in maps.items()
        }
        replies = {
            path: _small(f"<urlset {space}>{text}</urlset>", mime="application/xml") for path, text in texts.items()
        }
        replies["/sitemap.xml"] = _small(f"<sitemapindex {space}>{index}</sitemapindex>", mime="application/xml")
        replies["/robots.txt"] = _small(
            f"User-agent: *\nAllow: /\nSitemap: {self.base}/sitemap.xml\n", mime="text/plain"
        )
        return replies


def serve_big(*, pages: int, port: int, access_log: Path | None) -> None:
    """Serves a big paper until the process is told to stop; prints one line with its address."""
    asyncio.run(_serve(pages=pages, port=port, access_log=access_log))


@contextmanager
def big_newsroom(*, pages: int) -> Iterator["BigRoom"]:
    """Runs a big paper in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "access.jsonl"
        arguments = ("-m", "tests.newsroom", "--bench", str(pages), "--access-log", str(log))
        process = subprocess.Popen((sys.executable, *arguments), stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            yield BigRoom(url=url, access_log=log)
        finally:
            process.terminate()
            process.communicate()


@dataclass(frozen=True, slots=True, kw_only=True)
class BigRoom:
    """A running big paper: its home page, and who asked for what (headers are not kept)."""

    url: str
    access_log: Path

    @property
    def log(self) -> list[Hit]:
        """Every request so far."""
        lines = self.access_log.read_text().splitlines() if self.access_log.exists() else []
        return [_hit(line) for line in lines]


def _hit(line: str) -> Hit:
    facts = json.loads(line)
    return Hit(method=facts["method"], path=facts["path"], status=facts["status"], time=facts["time"], headers=())


async def _serve(*, pages: int, port: int, access_log: Path | None) -> None:
    papers: list[BigPaper] = []
    log: TextIO | None = access_log.open("a", encoding="utf-8") if access_log else None

    def respond(request: Request) -> tuple[Step, ...]:
        steps = papers[0].respond(request)
        if log is not None:
            status = int(steps[0][9:12]) if isinstance(steps[0], bytes) else 0
            facts = {"time": time.time(), "method": request.method, "path": request.target, "status": status}
            log.write(json.dumps(facts) + "\n")
            log.flush()
        return steps

    server = await serve(respond, port=port)
    base = f"http://127.0.0.1:{port_of(server)}"
    papers.append(BigPaper(base=base, pages=pages, now=datetime.now(UTC)))
    sys.stdout.write(f"The Valley Bench is at {base}/\n")
    sys.stdout.flush()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    server.close()


def _small(text: str, *, mime: str) -> tuple[bytes, ...]:
    body = text.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return (head, body)


def _page(base: str, path: str, *, number: int, rest: Rest, now: datetime) -> tuple[bytes, ...]:
    title = f"Story number {number} of the valley"
    day = (now - timedelta(days=number % 20)).replace(microsecond=0).isoformat()
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | The Valley Bench</title>'
        f'<link rel="canonical" href="{base}{path}"><meta property="og:title" content="{title}">'
        f'<meta property="og:type" content="article"><meta property="article:published_time" content="{day}">'
        f"</head><body><article><h1>{title}</h1><p>This is the story with the number {number}, and there is no "
        "other like it.</p>"
    ).encode()
    pressed = zlib.compressobj(1, zlib.DEFLATED, -15)
    start = pressed.compress(text) + pressed.flush(zlib.Z_FULL_FLUSH)
    end = struct.pack("<II", joined_crc(zlib.crc32(text), rest.crc, size=rest.size), len(text) + rest.size)
    length = len(GZIP_HEAD) + len(start) + len(rest.deflated) + len(end)
    head = (
        "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()
    return (head, GZIP_HEAD + start, rest.deflated, end)


def _rest(number: int, *, paths: list[str]) -> Rest:
    rng = Random(number)
    english = LANGUAGES["en"]
    used: set[str] = set()
    paragraphs = "".join(
        f"<p>{escape(' '.join(fresh(english, english.sentences, rng=rng, used=used) for _ in range(4)))}</p>\n"
        for _ in range(PARAGRAPHS)
    )
    links = "".join(f'<li><a href="{path}">{path}</a></li>' for path in rng.sample(paths, min(LINKS, len(paths))))
    noise = "".join(sha256(f"{number}/{n}".encode()).hexdigest() for n in range(NOISE // 64))
    script = f'<script type="application/json">"{noise}"</script>'
    text = f"{paragraphs}</article><ul>{links}</ul>{script}</body></html>\n".encode()
    pressed = zlib.compressobj(6, zlib.DEFLATED, -15)
    return Rest(size=len(text), crc=zlib.crc32(text), deflated=pressed.compress(text) + pressed.flush())


def joined_crc(first: int, second: int, *, size: int) -> int:
    """Returns the CRC-32 of joined data from those of its two parts; `size` is the length of the second."""
    return _times(_zeros(size), first) ^ second


@lru_cache(maxsize=64)
def _zeros(size: int) -> tuple[int, ...]:
    """Returns the matrix over GF(2) that appends `size` zero bytes to a sum."""
    power = (POLYNOMIAL, *(1 << n for n in range(31)))
    result = tuple(1 << n for n in range(32))
    bits = size * 8
    while bits:
        if bits & 1:
            result = tuple(_times(power, row) for row in result)
        power = tuple(_times(power, row) for row in power)
        bits >>= 1
    return result


def _times(matrix: tuple[int, ...], vector: int) -> int:
    total, row = 0, 0
    while vector:
        if vector & 1:
            total ^= matrix[row]
        vector >>= 1
        row += 1
    return total
