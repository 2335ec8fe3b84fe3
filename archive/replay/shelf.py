"""WARC objects handed to pywb by ranges: a server on loopback that answers who knows its key."""

import re
import secrets
from contextlib import suppress
from typing import Final
from urllib.parse import unquote

from archive.errors import ArchiveError, StoreError
from archive.keys import AttemptName
from archive.replay.serving import HOST, Answering, Serving
from archive.store import Store

_RANGE: Final = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
_MOST: Final = 256 << 20  # bytes of one record


class Shelf(Serving):
    """Serves ranges of committed WARC objects; a context manager. `address` ends with a slash, a key follows it."""

    def __init__(self, store: Store) -> None:
        super().__init__(_Answer)
        self.store = store
        self.prefix = f"/{secrets.token_urlsafe(24)}/"

    @property
    def address(self) -> str:
        """Where the objects are: this and an object's key."""
        return f"http://{HOST}:{self.server_port}{self.prefix}"


class _Answer(Answering):
    timeout = 60
    server: Shelf

    def do_GET(self) -> None:  # noqa: N802  # a name that http.server calls
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


def _is_warc(key: str) -> bool:
    site = key.partition("site=")[2].partition("/")[0]
    try:
        return key == AttemptName.of_file(key.rpartition("/")[2], site=site).warc_key_of(key.rpartition("/")[2])
    except ArchiveError:
        return False
