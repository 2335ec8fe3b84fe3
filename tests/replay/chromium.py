"""A headless Chromium that can reach the servers it is given, and nothing else; what it tries is noted."""

import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, sync_playwright

from tests.machine import ROOT

WIDTH, HEIGHT = 1280, 800
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
_CHROMIUMS_OWN = (  # asked by the browser itself, by no page of ours
    "clients2.google.com",
    "update.googleapis.com",
    "accounts.google.com",
    "content-autofill.googleapis.com",
)
_REFUSAL = b"HTTP/1.1 502 No way out\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Walled:
    """The browser's one context, and the request lines of what it asked of anyone else."""

    context: BrowserContext
    escaped: list[str] = field(default_factory=list)


@contextmanager
def walled(*reachable: str) -> Iterator[Walled]:
    """Starts Chromium; all it asks of others than the `reachable` origins goes to a proxy that notes and refuses it.

    The wall is the browser's own proxy setting, so it holds for service workers, prefetches and favicons too, and
    names are not resolved at all.
    """
    executable = subprocess.run([ROOT / "scripts" / "browser"], check=True, capture_output=True, text=True).stdout
    hosts = [urlsplit(origin).netloc for origin in reachable]
    escaped: list[str] = []
    with _refusing(escaped) as proxy, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable.strip(),
            args=[*_FLAGS, *_wall(proxy, hosts)],
        )
        try:
            context = browser.new_context(
                viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce", locale="en-GB"
            )
            context.set_default_timeout(60_000)
            context.on("request", lambda request: _note(request.url, reachable=hosts, escaped=escaped))
            yield Walled(context, escaped)
        finally:
            browser.close()


def _host(line: str) -> str | None:
    """The host that a request line to a proxy names: "CONNECT host:port ..." or "GET http://host/ ..."."""
    target = line.split(" ")[1] if " " in line else line
    return urlsplit(target if "://" in target else f"//{target}").hostname


def _wall(proxy: str, hosts: list[str]) -> list[str]:
    return [
        f"--proxy-server={proxy}",
        f"--proxy-bypass-list={';'.join(['<-loopback>', *hosts])}",  # without the first, loopback needs no proxy
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]


def _note(url: str, *, reachable: list[str], escaped: list[str]) -> None:
    """Notes what a page asks of others, even where it would come to nothing before it reached the proxy."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc not in reachable:
        escaped.append(url)


@contextmanager
def _refusing(asked: list[str]) -> Iterator[str]:
    """A proxy that refuses everything and notes each request line; yields its address."""

    class Refusal(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self) -> None:
            line = self.rfile.readline(65536).decode("latin-1").strip()
            if line and _host(line) not in _CHROMIUMS_OWN:
                asked.append(line)
            self.wfile.write(_REFUSAL)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refusal) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
