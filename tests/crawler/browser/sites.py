"""Sites of a few pages, on a server that says what it is told; what was asked of it."""

from tests.crawler.fetch.wire_server import Script, WireServer


def answer(body: str | bytes, *fields: str, kind: str = "text/html", status: str = "200 OK") -> Script:
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *fields]
    if not status.startswith(("204", "304")):
        lines.append(f"Content-Length: {len(data)}")
    return ["\r\n".join([*lines, "", ""]).encode() + data]


def site(server: WireServer, pages: dict[str, Script]) -> str:
    """Adds pages to a server; returns where it is."""
    server.scripts = {**server.scripts, **pages}
    return f"http://127.0.0.1:{server.port}"


def asked_of(server: WireServer) -> list[str]:
    return sorted(" ".join(head.decode("latin-1").split(" ", 2)[:2]) for _, head in server.requests)
