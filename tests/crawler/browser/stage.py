"""A small web site for pages that are written in the test that needs them; everything asked of it is noted."""

import contextlib
import http.server
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from archive.cdxj import Capture
from archive.exchange import Exchange
from crawler.browser.pages.rendering import Asked
from crawler.browser.program.chromium import Chromium
from crawler.config import BrowserConfig
from crawler.fetch.addresses import Place

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)
Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


class Stage:
    """The site: `put` a page, see in `asked` which paths were asked for, in order."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.other = f"http://localhost:{port}"  # another origin, the same server
        self.asked: list[str] = []
        self.over = threading.Event()  # set when the site closes: ends what never ends
        self._answers: dict[str, Answer] = {}

    def put(
        self, path: str, body: str | bytes | Answer, *, kind: str = "text/html; charset=utf-8", **fields: str
    ) -> str:
        """Serves a page, or calls a function with each request; returns the page's URL."""
        if callable(body):
            self._answers[path] = body
        else:
            data = body.encode() if isinstance(body, str) else body
            self._answers[path] = lambda request: answer(request, data, kind=kind, **fields)
        return self.url + path

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        path = request.path.partition("?")[0]
        found = self._answers.get(path) or self._answers.get(path.rpartition("/")[0] + "/*")
        if found is None:
            answer(request, b"nothing here", status=404, kind="text/plain")
        else:
            found(request)

    def count(self, path: str) -> int:
        return sum(1 for one in self.asked if one.partition("?")[0] == path)


def answer(
    request: http.server.BaseHTTPRequestHandler,
    body: bytes,
    *,
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    **fields: str,
) -> None:
    """Sends a whole answer; fields are named with underscores."""
    request.send_response(status)
    for name, value in {"content_type": kind, "content_length": str(len(body)), **fields}.items():
        request.send_header(name.replace("_", "-").title(), value)
    request.end_headers()
    request.wfile.write(body)


def endless(stage: Stage, piece: bytes, *, kind: str) -> Answer:
    """Sends pieces for ever, or rather until the site closes or nobody listens."""

    def drip(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", kind)
        request.end_headers()
        try:
            while not stage.over.is_set():
                request.wfile.write(piece)
                request.wfile.flush()
                stage.over.wait(0.05)
        except OSError:
            pass

    return drip


@contextmanager
def staged() -> Iterator[Stage]:
    """Runs a site."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            stage.answer(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            stage.answer(self)

        def handle(self) -> None:
            with contextlib.suppress(OSError):  # the browser went away
                super().handle()

        def log_message(self, *told: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        stage = Stage(server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield stage
        finally:
            stage.over.set()
            server.shutdown()


@asynccontextmanager
async def browsing(**config: Any) -> AsyncIterator[Chromium]:
    """Has a browser, ended at the end."""
    chromium = Chromium(BrowserConfig(**config))
    try:
        yield chromium
    finally:
        await chromium.close()


@dataclass
class Kept:
    """Takes exchanges as a recording would."""

    exchanges: list[tuple[Exchange, bool]] = field(default_factory=list)

    async def __call__(self, exchange: Exchange, *, is_page: bool) -> Capture | None:
        self.exchanges.append((exchange, is_page))
        return None

    @property
    def urls(self) -> list[str]:
        return [exchange.url for exchange, _ in self.exchanges]


async def anything(url: str, *, is_navigation: bool) -> str | None:
    return None


def asking(url: str, *, keep: Kept | None = None, site_key: str = "site", budget: float = 60, **more: Any) -> Asked:
    """Asks for a page of the stage."""
    place = Place.of_url(url)
    assert place is not None
    allowed = frozenset({place, Place(host="localhost", port=place.port), Place(host="127.0.0.1", port=place.port)})
    settings = {
        "keep": keep or Kept(),
        "may_ask": anything,
        "allowed": allowed,
        "user_agent": "microfiche/test",
        **more,
    }
    return Asked(url=url, site_key=site_key, budget=budget, **settings)
