"""The one address of a replay: the list of what is held, what goes into each page, and pywb behind it."""

import http.client
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from archive.articles.markup import platforms
from archive.errors import ConfigError, MicroficheError
from archive.replay.holdings import Holdings, Listed
from archive.replay.pywb import COLLECTION, Pywb
from archive.replay.serving import HOST, Answering, Serving

_OURS: Final = "/static/microfiche/"
SCRIPTS: Final = [f"{_OURS.removeprefix('/static/')}replay.js"]
_PAGE: Final = re.compile(rf"/{COLLECTION}/(\d{{4,14}})?[a-z]+_/(https?://.+)")  # where a replayed page lies
_NOW: Final = "99991231235959"
_A_PAGE: Final = 100  # articles
_CHUNK: Final = 1 << 16
_HOP_BY_HOP: Final = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "server", "date"}
)
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "td{padding:.2rem 1rem .2rem 0;vertical-align:top}td:first-child{white-space:nowrap;color:#555}"
    "input[type=search]{width:24rem;font:inherit}.url{color:#666;font-size:.85em;word-break:break-all}"
    "nav a{margin-right:1rem}"
)


class Front(Serving):
    """Serves a replay at http://127.0.0.1:<port>/; a context manager. Until `pywb` is entered it has no pages.

    Raises:
        ConfigError: the port is taken or may not be used.
    """

    def __init__(self, holdings: Holdings, *, pywb: Pywb, port: int) -> None:
        try:
            super().__init__(_Answer, port=port)
        except OSError as error:
            raise ConfigError(f"port {port} cannot be used ({error.strerror}); name another one with --port") from error
        self.holdings = holdings
        self.pywb = pywb
        self.hosts = frozenset({f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"})

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.server_port}/"


class _Answer(Answering):
    timeout = 120
    server: Front

    def do_GET(self) -> None:  # noqa: N802  # a name that http.server calls
        """Answers a page of our own, or hands the request on."""
        path = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(path.query).items()}
        if self.headers.get("Host") not in self.server.hosts:  # a name that somebody else's server gave this address
            self._send(403, "text/plain", b"This replay answers on 127.0.0.1 only.\n")
        elif path.path == "/":
            self._send(200, "text/html; charset=utf-8", _list(self.server.holdings, asked).encode())
        elif path.path == f"{_OURS}replay.js":
            self._send(200, "text/javascript; charset=utf-8", _script() % self._state())
        else:
            self._hand_on()

    do_HEAD = do_POST = do_PUT = do_OPTIONS = do_DELETE = do_PATCH = do_GET  # noqa: N815  # names that http.server calls

    def _state(self) -> bytes:
        """What is known of the page that asks, as JSON: told by the address that it asks from."""
        found = _PAGE.fullmatch(urlsplit(self.headers.get("Referer", "")).path)
        if found is None:
            return b"null"
        query = urlsplit(self.headers["Referer"]).query
        url = f"{found[2]}?{query}" if query else found[2]
        try:
            return json.dumps(self.server.holdings.state(url, at=(found[1] or _NOW).ljust(14, "0"))).encode()
        except MicroficheError:
            return b"null"

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _hand_on(self) -> None:
        """Asks pywb the same, and answers what it answers."""
        connection = http.client.HTTPConnection(HOST, self.server.pywb.port, timeout=120)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in _HOP_BY_HOP:
                    connection.putheader(name, value)
            length = self.headers.get("Content-Length", "0")
            connection.endheaders(self.rfile.read(int(length) if length.isdigit() else 0) or None)
            self._pass_back(connection.getresponse())
        except (OSError, http.client.HTTPException):
            with suppress(OSError):
                self._send(502, "text/plain", b"pywb does not answer.\n")
            self.close_connection = True
        finally:
            connection.close()

    def _pass_back(self, answer: http.client.HTTPResponse) -> None:
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        is_measured = answer.getheader("Content-Length") is not None or answer.status in {204, 304}
        if not is_measured:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while self.command != "HEAD" and (chunk := answer.read(_CHUNK)):
            self.wfile.write(chunk)


@cache
def _script() -> bytes:
    """What is put into each page: the script, and the names of known containers."""
    script = files("archive.replay").joinpath("replay.js").read_text("utf-8")
    names = [_selector(name) for name in sorted(platforms.names())]
    return (
        script.replace("%", "%%")
        .replace("/* NAMES */ []", json.dumps(names))
        .replace("/* STATE */ null", "%b")
        .encode()
    )


def _selector(name: str) -> str:
    return f"{name}:not(html, body, main, article)"


def _list(holdings: Holdings, asked: dict[str, str]) -> str:
    """The page at /: a search, the sites, and articles, the latest first."""
    words, site = asked.get("q", ""), asked.get("site")
    skip = int(asked["skip"]) if asked.get("skip", "").isdecimal() and len(asked["skip"]) < 9 else 0
    found = holdings.search(words, site=site, most=_A_PAGE + 1, skip=skip)
    parts = [*_head(holdings, words=words, site=site), "<table>", *map(_told, found[:_A_PAGE]), "</table>"]
    if not found:
        parts.append(
            "<p>No article is listed here. A page that is none can be replayed by its address all the same.</p>"
        )
    if len(found) > _A_PAGE:
        more = urlencode({"q": words, "skip": skip + _A_PAGE} | ({"site": site} if site else {}))
        parts.append(f'<p><a href="/?{escape(more)}">Older ones</a></p>')
    return "\n".join(parts)


def _head(holdings: Holdings, *, words: str, site: str | None) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><meta charset="utf-8"><title>Replay</title>'
    yield f"<style>{_STYLE}</style><h1>Replay</h1>"
    kept = f'<input type="hidden" name="site" value="{escape(site)}">' if site else ""
    about = "Words of a title, or an address"
    yield f'<form><input type="search" name="q" value="{escape(words)}" placeholder="{about}" autofocus>'
    yield f'{kept} <button>Search</button></form><nav><p><a href="/">All sites</a>'
    yield from (
        f'<a href="/?{escape(urlencode({"site": name}))}">{escape(name)}</a> ({number}, until {escape(last[:10])}) '
        for name, number, last in holdings.sites()
    )
    yield "</p></nav>"
    if words.startswith(("http://", "https://")):
        yield f'<p><a href="/{COLLECTION}/*/{escape(words)}">All captures of {escape(words)}</a></p>'


def _told(one: Listed) -> str:
    place = f"/{COLLECTION}/{one.timestamp}/{one.url}"
    when = escape(one.date[:16].replace("T", " "))
    consent = f" · consent: {escape(one.consent)}" if one.consent not in (None, "none") else ""
    return (
        f'<tr><td>{when}</td><td><a href="{escape(place)}">{escape(one.title)}</a>'
        f'<div class="url">{escape(one.site)} · {escape(one.url)}{consent}</div></td></tr>'
    )
