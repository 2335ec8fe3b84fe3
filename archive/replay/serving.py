"""An HTTP server on loopback that answers in threads for as long as its block lasts."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

HOST: Final = "127.0.0.1"


class Serving(ThreadingHTTPServer):
    """Serves one kind of answer; a context manager. Raises OSError where the port is taken or may not be used."""

    daemon_threads = True

    def __init__(self, answer: type[BaseHTTPRequestHandler], *, port: int = 0) -> None:
        super().__init__((HOST, port), answer)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_args: Any) -> None:
        """Says nothing: who has seen enough hangs up."""


class Answering(BaseHTTPRequestHandler):
    """Answers one connection, and keeps it; says nothing of it."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""
