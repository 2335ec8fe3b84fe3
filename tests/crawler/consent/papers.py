"""Pages with consent banners, put together from parts: what they say, how they stand, how their buttons are made.

Every choice a visitor makes is noted in `window.choices` and in a cookie, so that a test sees what was really pressed.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

STORY: Final = (
    "<p>"
    + "</p><p>".join(
        f"The council of the valley met on day {day} and talked about the bridge, the mill and the price of bread. " * 4
        for day in range(40)
    )
    + "</p>"
)

SCRIPT: Final = """<script>
window.choices = [];
function choose(what) {
  window.choices.push(what);
  const before = decodeURIComponent((document.cookie.match(/choices=([^;]*)/) || [])[1] || "");
  document.cookie = "choices=" + encodeURIComponent(`${before} ${what}`.trim());
  if (what !== "settings" && what !== "tick") end(what);
}
function end(what) {
  document.querySelectorAll("[data-wall]").forEach((one) => one.remove());
  document.documentElement.style.overflow = document.body.style.overflow = "";
}
</script>"""


def page(banner: str, *, head: str = "", body: str = "", lang: str = "en", story: str = STORY) -> str:
    """Returns an article with a banner."""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>The bridge</title>{SCRIPT}{head}</head>'
        f'<body {body}><header><a href="/">The Valley Courier</a></header><main><article><h1>The bridge</h1>{story}'
        f"</article></main>{banner}<footer><a href='/privacy'>Privacy policy</a> <a href='/cookies'>Cookie policy</a>"
        "</footer></body></html>"
    )


def bar(
    text: str,
    buttons: Mapping[str, str],
    *,
    style: str = "position:fixed;bottom:0;left:0;right:0",
    attributes: str = "",
) -> str:
    """Returns a bar; `buttons` are labels by the choice that each one notes."""
    made = " ".join(button(label, choice) for choice, label in buttons.items())
    return (
        f'<div data-wall style="{style};background:#fff;padding:1em;z-index:99" {attributes}><p>{text}</p>{made}</div>'
    )


def button(label: str, choice: str, *, form: str = "button") -> str:
    """Returns a button as a <button>, a <div onclick>, an <a href="#"> or an <input>."""
    forms = {
        "button": f"<button onclick=\"choose('{choice}')\">{label}</button>",
        "div": f"<div onclick=\"choose('{choice}')\">{label}</div>",
        "span": f"<span style='cursor:pointer' data-choice='{choice}'>{label}</span>",
        "link": f'<a href="#" onclick="choose(\'{choice}\'); return false">{label}</a>',
        "input": f'<input type=button value="{label}" onclick="choose(\'{choice}\')">',
    }
    return forms[form]


@dataclass(slots=True)
class Paper:
    """A server of these pages; other paths may be added while it runs."""

    address: str
    pages: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, name: str, html: str) -> str:
        """Serves a page; returns its URL."""
        self.pages[f"/{name}"] = html
        return f"{self.address}/{name}"


@contextmanager
def serving() -> Iterator[Paper]:
    """Serves pages on a free port of loopback."""
    paper = Paper("")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            paper.asked.append(self.path)
            found = paper.pages.get(path)
            content = (found or "not here").encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    paper.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield paper
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
