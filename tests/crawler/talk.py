"""Servers of a few lines, and crawls of them in a process of their own."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Answer = tuple[int, Mapping[str, str], bytes]
Answers = Callable[[str, int], Answer]


@dataclass
class Server:
    """Serves `answer(path, how often that path was asked before)` on 127.0.0.1, and notes when what was asked."""

    answer: Answers
    hits: list[tuple[float, str]] = field(default_factory=list)

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_GET(self) -> None:
                with outer.lock:
                    before = sum(path == self.path for _, path in outer.hits)
                    outer.hits.append((time.monotonic(), self.path))
                status, headers, body = outer.answer(self.path, before)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/") -> str:
        """Spell a URL of this server."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def asked(self, path: str) -> list[float]:
        """Tell when a path was asked for, in seconds."""
        return [when for when, asked in self.hits if asked == path]


def crawl(*urls: str, policies: Sequence[str] = (), times: Sequence[float] = (), **settings: Any) -> dict[str, Any]:
    """Crawl URLs with Scrapy and our middlewares; see `tests.crawler.conversation` for what comes back."""
    task = json.dumps({"urls": urls, "policies": policies, "times": times, "settings": settings})
    done = subprocess.run(
        [sys.executable, "-m", "tests.crawler.conversation"], input=task, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result
