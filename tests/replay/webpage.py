"""ReplayWeb.page, its own ui.js and sw.js served on loopback, with an archive to show."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import BrowserContext, Frame

from tests.machine import ROOT

_COLLECTION: Final = "kept"
_COLLECTION_OF = re.compile(rf".*?/w/{_COLLECTION}/(?::[0-9a-f]+/)?")  # the part of a WACZ stands in between
_RANGE = re.compile(r"bytes=(\d*)-(\d*)\Z")
_TYPES = {".js": "text/javascript"}
_HOST = b"""<!doctype html><meta charset="utf-8"><title>Replay</title>
<style>body { margin: 0 } replay-web-page { display: block; width: 100vw; height: 100vh }</style>
<script src="/ui.js"></script>"""
_OPEN = """attributes => {
    const replay = document.createElement("replay-web-page");
    for (const [name, value] of Object.entries(attributes)) replay.setAttribute(name, value);
    document.body.append(replay);
}"""


@contextmanager
def serving(archive: Path) -> Iterator[str]:
    """Serves ReplayWeb.page and one archive file (WARC or WACZ), whole or in ranges; yields the file's address."""
    found = subprocess.run([ROOT / "scripts" / "replaywebpage"], check=True, capture_output=True, text=True).stdout
    program = Path(found.strip())
    files = {
        "/": _HOST,
        "/ui.js": program / "ui.js",
        "/replay/": program / "index.html",
        "/replay/ui.js": program / "ui.js",
        "/replay/sw.js": program / "sw.js",
        f"/{archive.name}": archive,
    }
    with _Server(files) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/{archive.name}"
        finally:
            server.shutdown()


def shown(context: BrowserContext, *, archive: str, url: str, timestamp: str = "") -> Frame:
    """Opens a page of the archive in ReplayWeb.page, without its bars; returns the frame that holds the page."""
    page = context.new_page()
    page.goto(archive.rpartition("/")[0] + "/")
    attributes = {"source": archive, "url": url, "ts": timestamp, "coll": _COLLECTION, "embed": "replayonly"}
    page.evaluate(_OPEN, attributes)
    inner = page.frame_locator("replay-web-page iframe").frame_locator("iframe")
    body = inner.locator("body").element_handle()
    frame = body.owner_frame()
    assert frame is not None
    return frame


def app_of(frame: Frame) -> tuple[Frame, str]:
    """The frame around one that `shown` returned, and the address under which it gets captures by timestamp."""
    collection = _COLLECTION_OF.match(frame.url)
    assert frame.parent_frame is not None
    assert collection is not None
    return frame.parent_frame, collection[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, files: dict[str, Path | bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files = files


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.partition("?")[0]
        held = self.server.files.get(path)
        if held is None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        content = held if isinstance(held, bytes) else held.read_bytes()
        first, last = self._range(len(content))
        self.send_response(206 if "Range" in self.headers else 200)
        self.send_header(
            "Content-Type", _TYPES.get(path[-3:], "text/html" if path.endswith("/") else "application/zip")
        )
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(last - first + 1))
        if "Range" in self.headers:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.end_headers()
        if with_body:
            self.wfile.write(content[first : last + 1])

    def _range(self, size: int) -> tuple[int, int]:
        asked = _RANGE.match(self.headers.get("Range", ""))
        if asked is None:
            return 0, size - 1
        if not asked[1]:
            return max(size - int(asked[2]), 0), size - 1
        return int(asked[1]), min(int(asked[2] or size - 1), size - 1)

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""
