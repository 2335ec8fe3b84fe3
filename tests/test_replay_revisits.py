"""Every form of revisit record we write, replayed by pywb and by ReplayWeb.page, in a browser."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from playwright.sync_api import Frame

from archive.cdxj import Capture
from archive.exchange import Exchange
from archive.original import Original, can_hold, coding_of
from archive.warc import WarcWriter, read_record
from tests import pywb
from tests.archive.exchanges import STARTED, exchange
from tests.replay import webpage
from tests.replay.chromium import walled
from tests.replay.wacz import write_wacz

LATER = STARTED + timedelta(days=1)
HTML = "text/html; charset=utf-8"
FERRY = ("<title>Ferry</title><p>" + "Die Fähre fährt. " * 20).encode()
SAME_URL, OTHER_URL, OTHER_FILE = "same URL", "other URL", "other file"
FETCH = """async ({address, method, body}) => {
    try {
        const answer = await fetch(address, {method, body});
        return {status: answer.status, type: answer.headers.get("content-type"), text: await answer.text()};
    } catch { return null; }  // what the browser cannot read
}"""
Ask = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answers: its status, its further fields, and a text to be encoded."""

    status: str = "200 OK"
    type: str = HTML
    fields: str = ""
    encode: Callable[[bytes], bytes] = bytes
    chunked: bool = False

    def exchange(self, url: str, *, text: bytes, **changes: Any) -> Exchange:
        body = self.encode(text)
        length = "Transfer-Encoding: chunked" if self.chunked else f"Content-Length: {len(body)}"
        head = f"HTTP/1.1 {self.status}\r\nContent-Type: {self.type}\r\n{length}\r\n{self.fields}\r\n"
        return exchange(url, head=head.encode(), body=in_chunks(body) if self.chunked else body, **changes)


def in_chunks(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:])) + b"0\r\n\r\n"


def gzipped(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


PLAIN = Answer()
CHUNKED = Answer(chunked=True)
GZIP = Answer(fields="Content-Encoding: gzip\r\n", encode=gzipped)
GZIP_CHUNKED = replace(GZIP, chunked=True)
GZIP_UNTOLD = Answer(encode=gzipped)  # the bytes of GZIP, without the field that says so
BROTLI = Answer(fields="Content-Encoding: br\r\n", encode=brotli.compress)
BROTLI_CHUNKED = replace(BROTLI, chunked=True)
MISSING = Answer(status="404 Not Found")
STYLE = Answer(type="text/css")
UNCHANGED = Answer(status="304 Not Modified", fields='ETag: "1"\r\n', encode=lambda _text: b"")

# What was answered first, what later with the same payload (or 304), and what a reader of the later capture must see.
FORMS = {
    "identical": (PLAIN, PLAIN, (200, HTML)),
    "identical, chunked": (CHUNKED, CHUNKED, (200, HTML)),
    "identical, gzip": (GZIP, GZIP, (200, HTML)),
    "identical, gzip, chunked": (GZIP_CHUNKED, GZIP_CHUNKED, (200, HTML)),
    "identical, br": (BROTLI, BROTLI, (200, HTML)),
    "identical, br, chunked": (BROTLI_CHUNKED, BROTLI_CHUNKED, (200, HTML)),
    "identical, both 404": (MISSING, MISSING, (404, HTML)),
    "unchanged": (PLAIN, UNCHANGED, (200, HTML)),
    "unchanged, chunked": (CHUNKED, UNCHANGED, (200, HTML)),
    "unchanged, gzip": (GZIP, UNCHANGED, (200, HTML)),
    "unchanged, gzip, chunked": (GZIP_CHUNKED, UNCHANGED, (200, HTML)),
    "unchanged, br": (BROTLI, UNCHANGED, (200, HTML)),
    "unchanged, br, chunked": (BROTLI_CHUNKED, UNCHANGED, (200, HTML)),
    "unchanged, style": (STYLE, UNCHANGED, (200, "text/css")),
}
# The same payload, read otherwise: what dedup must not take for the same, and the tools that show why.
INDEXED, BARE = ("pywb", "ReplayWeb.page, WACZ"), ("ReplayWeb.page, WARC",)
FORBIDDEN = {
    "chunked, then not": (CHUNKED, PLAIN, INDEXED),
    "gzip, chunked, then not": (GZIP_CHUNKED, GZIP, INDEXED),
    "gzip, then untold": (GZIP, GZIP_UNTOLD, INDEXED),
    "found, then missing": (PLAIN, MISSING, BARE),
    "missing, then found": (MISSING, PLAIN, BARE),
    "style, then page": (STYLE, PLAIN, BARE),
    "missing, then unchanged": (MISSING, UNCHANGED, ("pywb",)),
}


def url_of(place: str, name: str) -> str:
    return f"http://news.example/{place} {name}".replace(" ", "-").replace(",", "")


def text_of(place: str, name: str) -> bytes:
    """Each form's own text: ReplayWeb.page caches payloads by digest, and would hide what it cannot find."""
    return FERRY + f"{place}, {name}".encode()


def original(capture: Capture, *, folder: Path, date: datetime = STARTED) -> Original:
    with next(folder.glob(f"{capture.filename}*")).open("rb") as file:
        file.seek(capture.offset)
        record = read_record(file.read(capture.length))
    return Original(
        uri=record.uri,
        date=date,
        record_id=record.id,
        digest=capture.digest,
        filename=capture.filename,
        offset=capture.offset,
    )


def write_forms(folder: Path) -> None:
    """Two WARC files: originals and revisits in the first, revisits of its originals alone in the second."""
    first = WarcWriter(folder, prefix="run-1", info={})
    second = WarcWriter(folder, prefix="run-2", info={})
    second.append(PLAIN.exchange("http://news.example/", text=FERRY))
    for place, writer in ((SAME_URL, first), (OTHER_URL, first), (OTHER_FILE, second)):
        for name, (before, after, *_) in (FORMS | FORBIDDEN).items():
            url, text = url_of(place, name), text_of(place, name)
            capture = first.append(before.exchange(url + "/first" * (place == OTHER_URL), text=text))
            assert capture is not None
            writer.append(after.exchange(url, text=text, started=LATER), original=original(capture, folder=folder))
    for name, (before, *_) in FORMS.items():
        first.append(before.exchange(url_of("whole", name), text=text_of("whole", name), started=LATER))
    moved = Answer(status="301 Moved Permanently", fields="Location: /whole-identical\r\n")
    capture = first.append(moved.exchange("http://news.example/moved", text=b"moved", started=LATER))
    assert capture is not None
    elsewhere = replace(moved, fields="Location: /whole-unchanged\r\n")
    first.append(
        elsewhere.exchange("http://news.example/moved-elsewhere", text=b"moved", started=LATER),
        original=original(capture, folder=folder, date=LATER),
    )
    asked = {"method": "POST", "request_body": b"q=ferry", "started": LATER}
    head = b"POST /search HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\n"
    first.append(PLAIN.exchange("http://news.example/search", text=b"found", request_head=head, **asked))
    first.seal()
    second.seal()


TOOLS = (*INDEXED, *BARE)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Ask]]:
    """Each tool's name with what a script in a browser gets from it: ReplayWeb.page with all files and with one."""
    folder = tmp_path_factory.mktemp("revisits")
    write_forms(folder)
    wacz = write_wacz(folder / "forms.wacz", folder=folder, pages=["http://news.example/"])
    with ExitStack() as stack:
        packed = stack.enter_context(webpage.serving(wacz))
        bare = stack.enter_context(webpage.serving(folder / "run-1-00000.warc.gz"))
        collection = stack.enter_context(pywb.serving(folder))
        origins = [address.rpartition("/")[0] for address in (packed, bare, collection)]
        browser = stack.enter_context(walled(*origins))
        home = browser.context.new_page()
        home.goto(origins[2])
        frames = {
            "pywb": (home.main_frame, collection + "/"),
            "ReplayWeb.page, WACZ": webpage.app_of(
                webpage.shown(browser.context, archive=packed, url="http://news.example/")
            ),
            "ReplayWeb.page, WARC": webpage.app_of(
                webpage.shown(browser.context, archive=bare, url=url_of("whole", "identical"))
            ),
        }
        yield {tool: asking(frame, prefix=prefix) for tool, (frame, prefix) in frames.items()}
        assert browser.escaped == []


def asking(frame: Frame, *, prefix: str) -> Ask:
    def ask(url: str, *, modifier: str = "id_", method: str = "GET", body: str | None = None) -> Any:
        address = f"{prefix}{LATER:%Y%m%d%H%M%S}{modifier}/{url}"
        return frame.evaluate(FETCH, {"address": address, "method": method, "body": body})

    return ask


@pytest.mark.parametrize("tool", TOOLS)
def test_whole_responses_replay(tool: str, tools: dict[str, Ask]) -> None:
    """What is no revisit is shown decoded, whatever its codings; this is what revisits are held against."""
    seen = {name: tools[tool](url_of("whole", name)) for name in FORMS}
    assert seen == {
        name: {
            "status": int(before.status[:3]),
            "type": before.type,
            "text": text_of("whole", name).decode(),
        }
        for name, (before, *_) in FORMS.items()
    }


@pytest.mark.parametrize(
    ("tool", "place"),
    [
        (tool, place)
        for tool in TOOLS
        for place in (SAME_URL, OTHER_URL, OTHER_FILE)
        if (tool, place) != (*BARE, OTHER_FILE)
    ],
)
def test_revisits_replay(tool: str, place: str, tools: dict[str, Ask]) -> None:
    """A revisit shows its original's text; under its own status and type, or (a 304) under its original's."""
    seen = {name: tools[tool](url_of(place, name)) for name in FORMS}
    assert seen == {
        name: {"status": status, "type": kind, "text": text_of(place, name).decode()}
        for name, (_, _, (status, kind)) in FORMS.items()
    }


@pytest.mark.parametrize(("tool", "name"), [(tool, name) for name, (*_, shows) in FORBIDDEN.items() for tool in shows])
def test_the_same_bytes_read_otherwise_would_not_replay(tool: str, name: str, tools: dict[str, Ask]) -> None:
    """A revisit of an original with other codings, status or type is shown wrongly, or not at all."""
    _, after, _ = FORBIDDEN[name]
    right = {"status": 200 if after is UNCHANGED else int(after.status[:3]), "type": after.type}
    seen = tools[tool](url_of(SAME_URL, name))
    assert seen != {**right, "text": text_of(SAME_URL, name).decode()}


def test_dedup_takes_for_the_same_what_replays() -> None:
    """By `coding_of`, each form that replays is of one kind with its original, and none of the others is."""
    kinds = {
        name: [coding_of(one.exchange("http://news.example/", text=FERRY).head) for one in pair]
        for name, (*pair, _) in (FORMS | FORBIDDEN).items()
    }
    assert [name for name in FORMS if FORMS[name][1] is not UNCHANGED and len(set(kinds[name])) > 1] == []
    assert [name for name in FORBIDDEN if len(set(kinds[name])) == 1] == []


@pytest.mark.parametrize("tool", TOOLS)
def test_redirects_replay(tool: str, tools: dict[str, Ask]) -> None:
    """A redirect leads to the capture of its target."""
    answer = tools[tool]("http://news.example/moved", modifier="mp_")
    assert (answer["status"], text_of("whole", "identical").decode() in answer["text"]) == (200, True)


@pytest.mark.parametrize("tool", BARE)
def test_a_redirect_as_a_revisit_could_lead_astray(tool: str, tools: dict[str, Ask]) -> None:
    """A redirect is never deduplicated: shown with the head of one that has the same body, it leads elsewhere."""
    answer = tools[tool]("http://news.example/moved-elsewhere", modifier="mp_")
    assert text_of("whole", "identical").decode() in answer["text"]
    head = Answer(status="301 Moved Permanently").exchange("http://news.example/moved", text=b"moved").head
    assert not can_hold(head, method="GET", truncated=None)


@pytest.mark.parametrize("tool", TOOLS)
def test_answers_to_posts_replay(tool: str, tools: dict[str, Ask]) -> None:
    """What a POST brought comes back for the same POST."""
    answer = tools[tool]("http://news.example/search", method="POST", body="q=ferry")
    assert answer == {"status": 200, "type": HTML, "text": "found"}
