"""Requests that ask whether a page changed: with whose validators, and what an answer 304 comes to."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace, TracebackType
from typing import Any, Self

import pytest
from scrapy import Request
from scrapy.http import Response

from archive.derive import load
from archive.embedded import services
from archive.errors import StoreError
from archive.ledger.resources import Resource
from archive.original import Original
from archive.records import Record, iter_records
from crawler.fetch.conditional import ConditionalMiddleware, conditions, may_ask
from tests.archive.conftest import open_store
from tests.machine import Machine

SEEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = "The council met on Monday evening and voted to keep the old bridge open for another year. " * 5


def resource(**changes: Any) -> Resource:
    original = Original(uri="", date=SEEN, record_id="<x>", digest="sha256:a", filename="x", offset=0)
    known: dict[str, Any] = {"url": "https://a.example/", "status": 200, "mime": "text/html", "digest": "sha256:a"}
    known |= {"captured_at": SEEN, "etag": '"1"', "last_modified": None, "fresh_until": SEEN, "original": original}
    return Resource(**{**known, **changes})


@pytest.mark.parametrize(
    ("meta", "allowed"),
    [
        ({}, False),
        ({"conditional": None}, False),
        ({"conditional": True}, True),
        ({"embed": True}, True),
        ({"conditional": SEEN}, True),
        ({"conditional": SEEN + timedelta(seconds=1)}, True),
        ({"conditional": SEEN - timedelta(microseconds=1)}, False),
    ],
)
def test_only_what_was_read_to_its_end_may_be_asked_about(meta: dict[str, object], *, allowed: bool) -> None:
    """What is read for its links must have been read no earlier than it was captured."""
    assert may_ask(resource(), meta=meta) is allowed
    assert may_ask(resource(original=None), meta=meta) is False


def test_both_validators_are_sent_as_the_server_wrote_them() -> None:
    """And nothing where there is none."""
    assert conditions(resource(etag='W/"ä"', last_modified="Sunday")) == {
        "If-None-Match": 'W/"ä"',
        "If-Modified-Since": "Sunday",
    }
    assert conditions(resource(etag=None)) == {}


class Away:
    """A store that cannot be reached."""

    def head(self, key: str) -> None:
        raise StoreError(f"{key} is out of reach")


async def test_without_the_store_a_page_of_links_is_asked_for_whole() -> None:
    """Its 304 leads nowhere: it is asked for anew, and those behind it are asked for whole at once."""
    known = resource(
        original=Original(
            uri="",
            date=SEEN,
            record_id="<x>",
            digest="sha256:a",
            filename="20261122105500k3v9qa-1-00000.warc.gz",
            offset=0,
        )
    )
    middleware = ConditionalMiddleware(crawling(known, store=Away()))
    meta = {"conditional": SEEN, "needs_body": True, "capture": SimpleNamespace(mime="warc/revisit")}
    request = Request("https://a.example/", meta=dict(meta))
    assert await middleware.process_request(request) is None
    assert request.headers["If-None-Match"] == b'"1"'
    again = await middleware.process_response(request, Response(request.url, status=304))
    assert isinstance(again, Request)
    for asked in (again, Request("https://a.example/news/", meta=dict(meta))):
        assert await middleware.process_request(asked) is None
        assert "If-None-Match" not in asked.headers
    feed = Request("https://a.example/feed", meta={"conditional": SEEN})
    await middleware.process_request(feed)
    assert feed.headers["If-None-Match"] == b'"1"'


@pytest.mark.parametrize("meta", [{"conditional": True}, {"embed": True}, {"conditional": True, "needs_body": True}])
async def test_a_304_that_refers_to_nothing_is_asked_for_whole_once(meta: dict[str, object]) -> None:
    """Such as one that was cut, or came while the ledger was away: kept as it is, and of no use."""
    middleware = ConditionalMiddleware(crawling(resource(), store=Away()))
    request = Request("https://a.example/", meta={**meta, "capture": SimpleNamespace(mime="text/html")})
    await middleware.process_request(request)
    again = await middleware.process_response(request, Response(request.url, status=304))
    assert isinstance(again, Request)
    await middleware.process_request(again)
    assert "If-None-Match" not in again.headers
    unasked = Response(request.url, status=304)
    assert await middleware.process_response(again, unasked) is unasked


def crawling(known: Resource, *, store: Any) -> Any:
    """A crawler whose attempt knows one resource, whatever it is asked about."""

    async def resource_of(_: str) -> Resource:
        return known

    live = SimpleNamespace(
        known=SimpleNamespace(resource=resource_of),
        line=SimpleNamespace(store=store),
        site=SimpleNamespace(name="courier"),
    )
    return SimpleNamespace(spider=SimpleNamespace(live=live), stats=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its path and the validators in it."""

    path: str
    etag: str | None
    since: str | None


@dataclass
class Server:
    """A site of a few odd pages, which behaves otherwise in its second run."""

    hits: list[Asked] = field(default_factory=list)
    is_second: bool = False

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = Asked(
                    path=self.path, etag=self.headers["If-None-Match"], since=self.headers["If-Modified-Since"]
                )
                before = sum(hit.path == asked.path for hit in outer.hits)
                outer.hits.append(asked)
                status, fields, body = outer.answer(asked, before=before)
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, asked: Asked, *, before: int) -> tuple[int, dict[str, str], bytes]:
        """Status, header fields and body."""
        if asked.path == "/":
            links = "".join(f'<a href="/a/{name}">{name}</a>' for name in PAGES)
            return 200, {"Content-Type": "text/html"}, f"<html><body>{links}</body></html>".encode()
        name = asked.path.removeprefix("/a/")
        if name == "long/2":
            told = f"The second page {'was written anew' if self.is_second else 'is as it was'}, says the council."
            return 200, {"Content-Type": "text/html"}, f"<h1>long-1</h1><p>{told} {WORDS}</p>".encode()
        if not asked.path.startswith("/a/") or name not in PAGES:
            return 404, {}, b""
        if name == "moves" and self.is_second:
            return 302, {"Location": "/a/target"}, b""
        if name == "busy" and self.is_second and before == 1:
            return 500, {}, b""
        if name == "never":
            return (304, {}, b"") if self.is_second else (200, {"Content-Type": "text/html"}, WORDS.encode())
        etag = f'"{name}-{2 if name == "changes" and self.is_second else 1}"'
        fields = {"Content-Type": "text/html", "ETag": etag, "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
        if asked.etag == etag:
            return 304, fields, b""
        text = f"<html><head><title>{etag[1:-1]}</title></head><body><h1>{etag[1:-1]}</h1><p>{WORDS}</p>"
        text += '<a href="/a/long/2">2</a></body></html>' if name == "long" else "</body></html>"
        return 200, fields, text.encode()


PAGES = ("same", "changes", "moves", "target", "busy", "never", "long")


@dataclass(frozen=True)
class Second:
    """What a second run asked, what came of it, and what it wrote."""

    hits: list[Asked]
    commit: dict[str, Any]
    records: list[Record]
    lines: list[dict[str, Any]]
    url: str

    def asked(self, name: str) -> list[Asked]:
        return [hit for hit in self.hits if hit.path == f"/a/{name}"]

    def outcome(self, name: str) -> tuple[str, str | None, int | None]:
        (found,) = [one for one in self.commit["outcomes"] if one["url"].endswith(f"/a/{name}")]
        return found["outcome"], found["reason"], found["status"]

    def of(self, name: str) -> list[str]:
        """The types of the records of a page, but for the requests."""
        uri = f"{self.url}/a/{name}"
        return [one.type for one in self.records if one.uri == uri and one.type != "request"]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Second]:
    machine = Machine(tmp_path_factory.mktemp("conditional"))
    with Server() as server, machine.served():
        machine.site("odd", f"{server.url}/", article="^/a/", revisit=["1s", "3650d"], embeds=False)
        machine.crawl("odd")
        server.is_second = True
        before = len(server.hits)
        machine.crawl("odd")
        with services(machine.folder / "microfiche-data", postgres=False) as running:
            store = open_store(running, prefix="")
            commit = json.loads(store.get(list(store.keys("runs/"))[-1]))
            key = next(one["key"] for one in commit["objects"] if one["key"].startswith("warc/"))
            with store.open(key) as stream:
                records = list(iter_records(stream))
            lines = list(load(store.get(list(store.keys("articles/"))[-1])))
        yield Second(hits=server.hits[before:], commit=commit, records=records, lines=lines, url=server.url)


SINCE = "Sat, 21 Nov 2026 10:00:00 GMT"


def test_a_page_that_did_not_change_is_captured_by_its_304(second: Second) -> None:
    """Asked with both validators; a revisit and the head of the 304 are kept."""
    assert second.asked("same") == [Asked(path="/a/same", etag='"same-1"', since=SINCE)]
    assert second.outcome("same") == ("captured", None, 304)
    assert second.of("same") == ["revisit", "metadata"]


def test_a_page_that_changed_is_captured_whole(second: Second) -> None:
    """Asked with the validators of its last capture."""
    assert second.asked("changes") == [Asked(path="/a/changes", etag='"changes-1"', since=SINCE)]
    assert second.outcome("changes") == ("captured", None, 200)
    assert second.of("changes") == ["response"]


def test_a_redirect_takes_no_validators_along(second: Second) -> None:
    """Its target is asked with its own, or not at all when this attempt has it already."""
    assert second.asked("moves") == [Asked(path="/a/moves", etag='"moves-1"', since=SINCE)]
    assert {hit.etag for hit in second.asked("target")} == {'"target-1"'}
    assert second.outcome("moves")[0] == "captured"
    assert second.outcome("target") == ("captured", None, 304)


def test_a_request_that_is_tried_again_keeps_its_validators(second: Second) -> None:
    """The second answer is a 304."""
    assert [hit.etag for hit in second.asked("busy")] == ['"busy-1"', '"busy-1"']
    assert second.outcome("busy") == ("captured", None, 304)
    assert second.of("busy") == ["response", "revisit", "metadata"]


def test_a_304_that_nobody_asked_for_is_a_plain_answer(second: Second) -> None:
    """Stored as the server sent it, and a failure: nobody knows of what it speaks."""
    assert {hit.etag for hit in second.asked("never")} == {None}
    assert second.outcome("never") == ("failed", "http-304", 304)
    assert set(second.of("never")) == {"response"}


def test_an_article_whose_first_page_did_not_change_is_whole(second: Second) -> None:
    """Its further pages are asked for as before, and become one article with it: here the second one changed."""
    assert second.outcome("long") == ("captured", None, 304)
    assert {hit.path for hit in second.asked("long/2")} == {"/a/long/2"}
    (line,) = [line for line in second.lines if line["url"] == f"{second.url}/a/long"]
    assert len(line["parts"]) == 1
    assert WORDS.strip() in line["text"]
    assert "The second page was written anew, says the council." in line["text"]


def test_the_counts_tell_it(second: Second) -> None:
    """Same, busy, long and target did not change, nor did the home page, which has no validators."""
    counts = second.commit["counts"]
    assert counts["not_modified"] == 4 + len(second.asked("target")) - 1
    assert counts["revisits"] > counts["not_modified"]
    assert counts["saved"] > 3 * len(WORDS)
