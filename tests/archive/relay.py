"""A relay in front of a real S3 that does what networks do: lose answers, answer in the store's stead, alter bytes."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    length: int | None = None  # what Content-Length claims, where that is not the body's


@dataclass
class Relay:
    """Says what became of requests: `before` may answer for the store, `after` may alter the answer; None loses it."""

    target: str
    endpoint: str = ""
    seen: list[str] = field(default_factory=list)
    before: Callable[[str, int], Answer | None] = lambda _method, _nth: None
    after: Callable[[str, int, Answer], Answer | None] = lambda _method, _nth, answer: answer

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        self.seen.append(method)
        nth = self.seen.count(method)
        own = self.before(method, nth)
        if own is not None:
            return own
        return self.after(method, nth, self._ask(method, path, headers, body))

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.target).netloc, timeout=20)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            if name.lower() not in {"expect", "connection"}:
                connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        kept = [(name, value) for name, value in response.getheaders() if name.lower() not in PER_HOP]
        length = int(response.headers["Content-Length"]) if method == "HEAD" else None
        answer = Answer(response.status, kept, response.read(), length)
        connection.close()
        return answer


PER_HOP = {"transfer-encoding", "connection", "content-length", "date", "server"}


@contextmanager
def relay(target: str) -> Iterator[Relay]:
    """Relays to the S3 at `target` from another port."""
    it = Relay(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                answer = it.answer(self.command, self.path, dict(self.headers.items()), body)
            except (http.client.HTTPException, OSError):  # the store itself went away: as good as lost
                answer = None
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            length = len(answer.body) if answer.length is None else answer.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            self.close_connection = length != len(answer.body)
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any  # noqa: N815  # the names http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in http.server
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
