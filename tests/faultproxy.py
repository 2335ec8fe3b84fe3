"""A proxy between us and a real S3 that plays what goes wrong there: on the way, at the store, or behind its back.

with faultproxy(running) as proxy:
    proxy.plays(r"PUT runs/", conflict, conflict)     the next two such requests; the third passes
    proxy.plays_on(r"", hang)                          all, until `heal`
"""

import contextlib
import http.client
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from archive.embedded import Services
from tests.archive.conftest import client_of
from tests.archive.relay import PER_HOP, Answer
from tests.ports import closed_port


@dataclass(frozen=True)
class Seen:
    """One request as it went by: "<method> <key>", the name of the fault that was played, if any, and when it was."""

    at: float
    what: str
    fault: str | None


@dataclass
class Rule:
    pattern: re.Pattern[str]
    faults: list["Fault"]
    for_ever: bool


class Proxy:
    """Stands before the S3 of `running`; `endpoint` stays the same whether it listens or refuses."""

    def __init__(self, running: Services, *, port: int) -> None:
        self.running = running
        self.client = client_of(running)
        self.seen: list[Seen] = []
        self.healed = threading.Event()
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self.port = port
        self._server = _Server(("127.0.0.1", self.port), self)
        self._thread = self._listen()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def plays(self, pattern: str, *faults: "Fault") -> None:
        """Plays faults one after the other on the next requests whose "<method> <key>" the pattern finds."""
        with self._lock:
            self._rules.append(Rule(re.compile(pattern), list(faults), for_ever=False))

    def plays_on(self, pattern: str, fault: "Fault") -> None:
        """Plays a fault on all such requests until `heal`."""
        with self._lock:
            self.healed.clear()
            self._rules.append(Rule(re.compile(pattern), [fault], for_ever=True))

    def refuse(self) -> None:
        """Refuses connections until `heal`."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def heal(self) -> float:
        """Ends all faults; returns the moment."""
        with self._lock:
            self._rules.clear()
        self.healed.set()
        if self._server.fileno() < 0:
            self._server = _Server(("127.0.0.1", self.port), self)
            self._thread = self._listen()
        return time.monotonic()

    def fault_for(self, what: str) -> "Fault | None":
        with self._lock:
            for rule in self._rules:
                if rule.faults and rule.pattern.search(what):
                    return rule.faults[0] if rule.for_ever else rule.faults.pop(0)
        return None

    def played(self, pattern: str = "") -> list[Seen]:
        """The requests on which a fault was played."""
        return [one for one in list(self.seen) if one.fault and re.search(pattern, one.what)]

    def _listen(self) -> threading.Thread:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        return thread


class _Server(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(address, Turn)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """What a client that left makes of a connection is nobody's news."""


class Turn(BaseHTTPRequestHandler):
    """One request, and what can be done with it."""

    protocol_version = "HTTP/1.1"
    server: _Server
    body: bytes = b""

    @property
    def proxy(self) -> Proxy:
        return self.server.proxy

    @property
    def key(self) -> str:
        """The object's key, or the query where the bucket itself is asked."""
        parts = urlsplit(self.path)
        return unquote(parts.path).removeprefix(f"/{self.proxy.running.bucket}").lstrip("/") or f"?{parts.query}"

    def handle_any(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        what = f"{self.command} {self.key}"
        fault = self.proxy.fault_for(what)
        self.proxy.seen.append(Seen(time.monotonic(), what, fault and getattr(fault, "__name__", "fault")))
        try:
            fault(self) if fault else self.send(self.forward())
        except (http.client.HTTPException, OSError):  # the store or the client went away
            self.close_connection = True

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = handle_any  # noqa: N815  # the names http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in http.server
        pass

    def forward(self) -> Answer:
        """Asks the store."""
        connection = http.client.HTTPConnection(urlsplit(self.proxy.running.endpoint or "").netloc, timeout=20)
        with contextlib.closing(connection):
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in {"expect", "connection"}:
                    connection.putheader(name, value)
            connection.endheaders(self.body)
            response = connection.getresponse()
            kept = [(name, value) for name, value in response.getheaders() if name.lower() not in PER_HOP]
            length = int(response.headers["Content-Length"]) if self.command == "HEAD" else None
            return Answer(response.status, kept, response.read(), length)

    def send(self, answer: Answer, *, dripping: int = 0) -> None:
        """Answers; so many bytes drip, ten a second."""
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        length = len(answer.body) if answer.length is None else answer.length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.close_connection = self.command != "HEAD" and length != len(answer.body)
        if self.command != "HEAD":
            for at in range(min(dripping, len(answer.body))):
                time.sleep(0.1)
                self.wfile.write(answer.body[at : at + 1])
            self.wfile.write(answer.body[dripping:])

    def reset(self) -> None:
        """Breaks the connection off hard (RST)."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.drop()

    def drop(self) -> None:
        """Closes the connection without an answer."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RD)

    def put(self, key: str, body: bytes) -> None:
        """Puts something into the store behind everybody's back."""
        self.proxy.client.put_object(Bucket=self.proxy.running.bucket, Key=key, Body=body)

    def remove(self, key: str) -> None:
        """Loses an object behind everybody's back."""
        self.proxy.client.delete_object(Bucket=self.proxy.running.bucket, Key=key)

    def uploaded(self, part: str) -> str:
        """The key of an object of the same site that was put before; `part` is in it."""
        site = next(piece for piece in self.key.split("/") if piece.startswith("site="))
        puts = [one.what.removeprefix("PUT ") for one in self.proxy.seen if one.what.startswith("PUT ")]
        return next(key for key in puts if part in key and f"/{site}/" in key)


Fault = Callable[[Turn], None]
TAKEN = Answer(200, [("ETag", '"d41d8cd98f00b204e9800998ecf8427e"')], b"")


def _refusal(status: int, code: str, headers: tuple[tuple[str, str], ...] = ()) -> Fault:
    def fault(turn: Turn) -> None:
        text = "" if turn.command == "HEAD" else f"<Error><Code>{code}</Code><Message>played</Message></Error>"
        turn.send(Answer(status, list(headers), text.encode()))

    fault.__name__ = code
    return fault


internal_error = _refusal(500, "InternalError")
slow_down = _refusal(503, "SlowDown")
forbidden = _refusal(403, "AccessDenied")
conflict = _refusal(409, "ConditionalRequestConflict")
moved = _refusal(301, "PermanentRedirect", (("Location", "http://127.0.0.1:1/"),))
elsewhere = _refusal(307, "TemporaryRedirect", (("Location", "http://127.0.0.1:1/"),))


def passes(turn: Turn) -> None:
    """No fault: to let one by before the next."""
    turn.send(turn.forward())


def resets(turn: Turn) -> None:
    turn.reset()


def hangs(turn: Turn) -> None:
    """Says nothing until all is healed, and then it is too late."""
    turn.proxy.healed.wait(600)
    turn.drop()


def drips(turn: Turn) -> None:
    """Gives the answer a byte at a time for three seconds."""
    turn.send(turn.forward(), dripping=30)


def dawdles(turn: Turn) -> None:
    """Is slow to begin, and then sends as ever."""
    time.sleep(1.0)
    turn.send(turn.forward())


def loses_the_answer(turn: Turn) -> None:
    """What was asked is done, and nobody hears of it."""
    turn.forward()
    turn.drop()


def alters_on_the_way_in(turn: Turn) -> None:
    """The store takes other bytes than were sent, and says 200."""
    turn.put(turn.key, _altered(turn.body))
    turn.send(TAKEN)


def alters_on_the_way_out(turn: Turn) -> None:
    answer = turn.forward()
    turn.send(Answer(answer.status, answer.headers, _altered(answer.body), answer.length))


def cuts(turn: Turn) -> None:
    """Breaks off in the middle of the answer."""
    answer = turn.forward()
    turn.send(Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2], length=len(answer.body)))


def takes_and_loses(turn: Turn) -> None:
    """Says 200 and keeps nothing."""
    turn.send(TAKEN)


def loses_a_warc_later(turn: Turn) -> None:
    """Takes this, and loses what it gave back in good order before."""
    turn.send(turn.forward())
    turn.remove(turn.uploaded(".warc.gz"))


def alters_the_index_later(turn: Turn) -> None:
    answer = turn.forward()
    key = turn.uploaded(".cdxj.gz")
    whole = turn.proxy.client.get_object(Bucket=turn.proxy.running.bucket, Key=key)["Body"].read()
    turn.put(key, _altered(whole))
    turn.send(answer)


def loses_this_first(turn: Turn) -> None:
    """The very object that is asked for is lost before it is looked for."""
    turn.remove(turn.key)
    turn.send(turn.forward())


def leaves_parts(turn: Turn) -> None:
    """An upload in parts of the same key began once, and its process died."""
    turn.proxy.client.create_multipart_upload(Bucket=turn.proxy.running.bucket, Key=turn.key)
    turn.send(turn.forward())


def _altered(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]


@contextlib.contextmanager
def faultproxy(running: Services) -> Iterator[Proxy]:
    """A proxy for the length of the block."""
    with closed_port() as port:
        proxy = Proxy(running, port=port)
        try:
            yield proxy
        finally:
            proxy.heal()
            proxy.refuse()
