"""WARC objects handed to pywb by ranges: a server on loopback that answers who knows its key."""

import re
import secrets
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import unquote

from archive.errors import ArchiveError, StoreError
from archive.keys import AttemptName
from archive.store import Store

_RANGE: Final = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
_MOST: Final = 256 << 20  # bytes of one record


class Shelf:
    """Serves ranges of committed WARC objects; a context manager. `address` ends with a slash, a key follows it."""

    def __init__(self, store: Store) -> None:
        self._secret = secrets.token_urlsafe(24)
        self._server = _Server(store, prefix=f"/{self._secret}/")

    @property
    def address(self) -> str:
        """Where the objects are: this and an object's key."""
        return f"http://127.0.0.1:{self._server.server_port}/{self._secret}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, store: Store, *, prefix: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.store = store
        self.prefix = prefix


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        """Answers a range of an object."""
        status, body = self._found()
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(body)

    def _found(self) -> tuple[int, bytes]:
        if not self.path.startswith(self.server.prefix):
            return 404, b""
        key = unquote(self.path[len(self.server.prefix) :])
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if not _is_warc(key) or asked is None:
            return 400, b""
        first, last = int(asked[1]), int(asked[2])
        if not 0 <= last - first < _MOST:
            return 416, b""
        try:
            return 206, self.server.store.get_range(key, first, last - first + 1)
        except StoreError:
            return 502, b""
        except ArchiveError:
            return 404, b""

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


def _is_warc(key: str) -> bool:
    site = key.partition("site=")[2].partition("/")[0]
    try:
        return key == AttemptName.of_file(key.rpartition("/")[2], site=site).warc_key_of(key.rpartition("/")[2])
    except ArchiveError:
        return False
