"""Pages at which a browser may come to grief, and the answers they are made of."""

import json
import re
import struct
from collections.abc import Callable
from html import escape
from importlib.resources import files
from urllib.parse import parse_qs

from tests.newsroom.art import picture
from tests.newsroom.faults import failure
from tests.newsroom.oddities import ODDITIES, Oddity
from tests.newsroom.pages.kind import PageKind, redirect
from tests.newsroom.pages.walls import paragraphs
from tests.newsroom.paper import Paper
from tests.newsroom.walls.reading import DAY
from tests.newsroom.wire import RESET, Pairs, Reply, Request, Step, assemble

HTML, JSON, JS = "text/html; charset=utf-8", "application/json", "text/javascript"
FRESH = ("Cache-Control", "no-store")
OPEN: Pairs = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Headers", "content-type, x-desk"),
    ("Access-Control-Allow-Methods", "GET, POST"),
)
POLICY = ("Content-Security-Policy", "default-src 'self'; script-src 'self'; require-trusted-types-for 'script'")
FRAMES = {
    "outer": '<p>The weather, from elsewhere.</p><img src="/assets/img/71-64.png" alt="">'
    '<iframe src="%BASE%/odd/frame/inner.html" title="inner"></iframe><script>fetch("/odd/api/poll?frame");</script>',
    "inner": '<p>The inner frame.</p><img src="/assets/img/72-64.png" alt="">'
    '<iframe src="%OTHER%/odd/frame/leaf.html"></iframe>',
    "leaf": '<p>The innermost frame.</p><img src="/assets/img/73-64.png" alt="">',
}
LONG = 2000  # so many half seconds an endless answer lasts; nobody waits for its end


def odd(paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns an odd page; the one that is redirected is reached over three hops, the last of them by script."""
    found = ODDITIES.get(match["name"])
    if found is None:
        return None
    hop = request.query.get("hop", "0")
    if found.name == "redirected" and hop != "3":
        return _hop(found, int(hop) if hop.isdigit() else 0)
    text = files("tests.newsroom").joinpath("oddities", "pages", f"{found.name}.html").read_text(encoding="utf-8")
    extra = (POLICY,) if found.name == "strict-policy" else ()
    return say(_filled(text, found, paper=paper), mime=HTML, extra=extra)


def script(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a script of the odd pages."""
    file = files("tests.newsroom").joinpath("oddities", "scripts", match["file"])
    extra = (("Service-Worker-Allowed", "/odd/"),) if match["file"] == "service-worker.js" else ()
    return say(file.read_text(encoding="utf-8"), mime=JS, extra=extra) if file.is_file() else None


def frame(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns what stands in a frame."""
    text = FRAMES.get(match["name"], "").replace("%OTHER%", paper.other).replace("%BASE%", paper.base)
    return say(f'<!doctype html><meta charset="utf-8"><title>Frame</title>{text}', mime=HTML) if text else None


def story(_paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns an odd page's article as JSON."""
    found = ODDITIES.get(match["name"])
    return slowly(say(_told(found), mime=JSON, extra=OPEN), request=request) if found else None


def query(_paper: Paper, request: Request, _match: re.Match[str]) -> Reply | None:
    """Answers a posted question, in JSON or as a form, for an article or a part of one."""
    if request.method == "OPTIONS":
        return Reply(status=204, headers=OPEN)
    try:
        asked = json.loads(request.body)
    except ValueError:
        asked = {name: values[-1] for name, values in parse_qs(request.body.decode("latin-1")).items()}
    found = ODDITIES.get(str(asked.get("name")))
    return say(_told(found, part=str(asked.get("part", ""))), mime=JSON, extra=(*OPEN, FRESH)) if found else None


def posted(_paper: Paper, request: Request, _match: re.Match[str]) -> Reply | None:
    """Thanks for what was posted."""
    if request.method != "POST":
        return None
    text = escape(request.body.decode("utf-8", "replace"))
    return say(f'<!doctype html><meta charset="utf-8"><title>Thanks</title><p>We got: {text}</p>', mime=HTML)


def special(_paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns one of the answers that servers should not give."""
    answer = SPECIAL.get(match["name"])
    return answer(request) if answer else None


def hop(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply:
    """Redirects so many times, then to a picture."""
    left = int(match["left"])
    return redirect(f"/odd/api/hop/{left - 1}" if left else "/assets/img/69-64.png", status=302)


def status(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply:
    """Answers with a status."""
    return Reply(status=204) if match["status"] == "204" else failure(int(match["status"]))


def say(text: str | bytes, *, mime: str, extra: Pairs = ()) -> Reply:
    """Returns an answer."""
    body = text.encode() if isinstance(text, str) else text
    return Reply(headers=(("Content-Type", mime), *extra), body=body, coding="gzip" if len(body) < 1_000_000 else "")


def slowly(reply: Reply, *, request: Request) -> Reply:
    """Returns the answer after the seconds that the query asks for."""
    seconds = request.query.get("seconds", "0")
    wait = min(float(seconds), 30.0) if re.fullmatch(r"[\d.]{1,5}", seconds) else 0.0
    return Reply(steps=(wait, *assemble(reply, request=request))) if wait else reply


def _hop(found: Oddity, hop: int) -> Reply:
    onward = f"{found.path}?hop={hop + 1}"
    if hop < 2:
        return redirect(onward, status=(301, 307)[hop])
    return say(f'<!doctype html><title>Wait</title><script>location.replace("{onward}");</script>', mime=HTML)


def _filled(text: str, found: Oddity, *, paper: Paper) -> str:
    piece = found.piece
    first, _, rest = paragraphs(piece).partition("\n")
    words = {
        "TITLE": escape(piece.title),
        "AUTHOR": escape(piece.author),
        "DATE": DAY.isoformat(),
        "ARTICLE": paragraphs(piece),
        "FIRST": first,
        "REST": rest,
        "NAME": found.name,
        "OTHER": paper.other,
    }
    return re.sub(r"%([A-Z]+)%", lambda match: words.get(match[1], match[0]), text)


def _told(found: Oddity, *, part: str = "") -> str:
    piece = found.piece
    texts = {"first": piece.paragraphs[:2], "rest": piece.paragraphs[2:]}.get(part, piece.paragraphs)
    facts = {"title": piece.title, "author": piece.author, "published": DAY.isoformat(), "paragraphs": texts}
    return json.dumps(facts, ensure_ascii=False)


def _head(mime: str, *more: str) -> bytes:
    lines = ("HTTP/1.1 200 OK", f"Content-Type: {mime}", "Cache-Control: no-store", *more, "", "")
    return "\r\n".join(lines).encode()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _endless(mime: str, *, first: bytes, then: bytes) -> Reply:
    steps: list[Step] = [_head(mime, "Transfer-Encoding: chunked") + _chunk(first)]
    for _ in range(LONG):
        steps += [0.5, _chunk(then)]
    return Reply(steps=tuple(steps))


def _events(request: Request) -> Reply:
    found = ODDITIES.get(request.query.get("name", ""), ODDITIES["event-stream"])
    first = f": hello\n\nevent: story\ndata: {_told(found)}\n\n".encode()
    return _endless("text/event-stream", first=first, then=b"data: still here\n\n")


def _wav(seconds: int) -> bytes:
    """Returns the head of a WAV file that says it lasts so long, and its first second of silence."""
    size = 8000 * seconds
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    return (
        struct.pack("<4sI4s", b"RIFF", size + 36, b"WAVE") + form + struct.pack("<4sI", b"data", size) + b"\x80" * 8000
    )


def _mjpeg(_request: Request) -> Reply:
    def frame(number: int) -> bytes:
        return b"--frame\r\nContent-Type: image/jpeg\r\n\r\n" + picture(number, width=160, form="jpg") + b"\r\n"

    return _endless("multipart/x-mixed-replace; boundary=frame", first=frame(1) + frame(2), then=frame(3) + frame(4))


def _big(request: Request) -> Reply:
    size = min(int(request.query.get("mb", "1")), 64) << 20
    line = b'{"valley": "courier", "issue": 1887, "pages": [1, 2, 3, 4]}\n'
    return say((line * (size // len(line) + 1))[:size], mime="application/octet-stream")


def _teasers(request: Request) -> Reply:
    number = int(request.query.get("page", "0")) % 100_000
    items = "".join(
        f'<article class="card"><h2><a href="/odd/xhr.html?n={number}-{i}">Teaser {number}-{i}</a></h2>'
        "<p>More of the same.</p></article>"
        for i in range(6)
    )
    return say(items, mime=HTML)


def _file(request: Request) -> Reply:
    name = f"minutes-{request.query.get('n', '0')}.csv"
    extra = (("Content-Disposition", f'attachment; filename="{name}"'), FRESH)
    return say("day,minutes\n2026-11-20,45\n", mime="text/csv", extra=extra)


def _slow(body: str | bytes, mime: str) -> Callable[[Request], Reply]:
    return lambda request: slowly(say(body, mime=mime, extra=(FRESH,)), request=request)


SPECIAL: dict[str, Callable[[Request], Reply]] = {
    "never": lambda _: Reply(steps=(3600.0,)),
    "drip.js": lambda _: _endless(JS, first=b"window.dripping = true;\n", then=b"// and on\n"),
    "stream.wav": lambda _: _endless("audio/wav", first=_wav(200_000), then=b"\x80" * 4000),
    "stream.mjpeg": _mjpeg,
    "events": _events,
    "tone.wav": lambda _: say(_wav(1), mime="audio/wav"),
    "poll": lambda request: say(request.query.get("n", "0"), mime="text/plain", extra=(FRESH,)),
    "big": _big,
    "teasers": _teasers,
    "file": _file,
    "reset": lambda _: Reply(steps=(_head("image/png", "Content-Length: 900") + b"\x89PNG", 0.05, RESET)),
    "short": lambda _: Reply(steps=(_head("image/png", "Content-Length: 900") + b"\x89PNG", "close")),
    "basic": lambda _: Reply(status=401, headers=(("WWW-Authenticate", 'Basic realm="members"'),), body=b"No."),
    "manifest.json": lambda _: say(
        '{"name": "The Valley Courier", "start_url": "/"}', mime="application/manifest+json"
    ),
    "imported.css": lambda _: say("h1 { letter-spacing: .01em }", mime="text/css"),
    "slow.css": _slow("h1 { color: #333 }", "text/css"),
    "slow.js": _slow("window.late = true;", JS),
    "slow.png": _slow(picture(5, width=64, form="png"), "image/png"),
}
PAGES = (
    PageKind(name="odd", pattern=r"/odd/(?P<name>[a-z-]+)\.html", answer=odd),
    PageKind(name="odd-script", pattern=r"/odd/scripts/(?P<file>[a-z-]+\.m?js)", answer=script),
    PageKind(name="odd-frame", pattern=r"/odd/frame/(?P<name>[a-z]+)\.html", answer=frame),
    PageKind(name="odd-story", pattern=r"/odd/api/story/(?P<name>[a-z-]+)\.json", answer=story),
    PageKind(name="odd-query", pattern=r"/odd/api/query", answer=query, posts=True),
    PageKind(name="odd-posted", pattern=r"/odd/api/posted", answer=posted, posts=True),
    PageKind(name="odd-hop", pattern=r"/odd/api/hop/(?P<left>\d)", answer=hop),
    PageKind(name="odd-status", pattern=r"/odd/api/status/(?P<status>\d{3})", answer=status),
    PageKind(name="odd-special", pattern=r"/odd/api/(?P<name>[a-z.]+)", answer=special, posts=True),
)
