"""A page kind: which paths it has and what it answers. Helpers that most of them need."""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.newsroom.paper import Paper
from tests.newsroom.themes import THEMES, PageView
from tests.newsroom.wire import Reply, Request, tag

Answer = Callable[[Paper, Request, "re.Match[str]"], Reply | None]
CODINGS = ("gzip", "br", "", "deflate", "gzip", "gzip")
CHUNKS = (0, 4096, 0, 61, 0, 777)
COOKIES = (
    ("Set-Cookie", "session=c0ffee; Path=/; HttpOnly"),
    ("Set-Cookie", "edition=valley; Path=/; Max-Age=86400"),
    ("Set-Cookie", "ab=left; Path=/"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKind:
    """Answers the decoded paths (without query) that `pattern` matches from end to end; None passes to the next kind.

    `posts` says whether it takes POST as well.
    """

    name: str
    pattern: str
    answer: Answer
    posts: bool = False


def html(text: str, *, request: Request, theme: str, charset: str = "utf-8", modified: datetime | None = None) -> Reply:
    """Returns a page in its theme's manner; which coding and framing it gets is decided by its path."""
    look = THEMES[theme]
    body = text.encode(charset, "xmlcharrefreplace")
    dice = zlib.crc32(request.path.encode())
    declared = "text/html" if charset == "windows-1251" else f"text/html; charset={charset}"
    pairs = (("Server", look.server), ("Content-Type", declared), *(COOKIES if theme == "press" else ()))
    return Reply(
        headers=pairs,
        body=body,
        coding=CODINGS[dice % len(CODINGS)],
        chunk=CHUNKS[dice // 8 % len(CHUNKS)],
        style=look.style,
        etag=tag(body, weak=look.validators == "etag") if look.validators in ("both", "etag") else "",
        modified=modified if look.validators in ("both", "modified") else None,
    )


def page(view: PageView, *, request: Request, theme: str = "press") -> Reply:
    """Returns a page that is no article."""
    charset = view.section.charset if view.section else "utf-8"
    return html(THEMES[theme].page(view), request=request, theme=theme, charset=charset)


def document(body: str | bytes, *, mime: str, modified: datetime | None = None, coding: str = "gzip") -> Reply:
    """Returns a feed, sitemap or text file with validators."""
    data = body.encode() if isinstance(body, str) else body
    headers = (("Content-Type", mime), ("Cache-Control", "max-age=60"))
    return Reply(headers=headers, body=data, coding=coding, etag=tag(data), modified=modified)


def redirect(location: str, *, status: int = 301) -> Reply:
    """Returns a redirect."""
    body = b'<html><head><title>Moved</title></head><body><a href="%b">here</a></body></html>' % location.encode()
    return Reply(status=status, headers=(("Location", location), ("Content-Type", "text/html")), body=body)
