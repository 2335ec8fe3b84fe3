"""Consent walls, what they load, and the beacon that tells what was pressed."""

import re
from html import escape

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.pages.kind import PageKind, redirect
from tests.newsroom.paper import Paper
from tests.newsroom.tempting import CHAT, TEMPTING
from tests.newsroom.themes import parts
from tests.newsroom.walls import NPM_WALLS, WALLS, Wall
from tests.newsroom.walls.npm import COOKIESJSR, FOLDER
from tests.newsroom.walls.reading import DAY, Piece
from tests.newsroom.walls.wall import js
from tests.newsroom.walls.wording import DIRECTIONS
from tests.newsroom.wire import Reply, Request

HTML = "text/html; charset=utf-8"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
CORE = '<!doctype html><meta charset="utf-8"><script src="/assets/js/wall.js" data-wall="{name}"></script>'
OUTSIDE = (
    '<p class="reactions"><button type="button">Accept the challenge</button> <button type="button">Share</button> '
    '<button type="button">I agree with this article</button></p>'
)


def wall(paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a wall's page."""
    found = WALLS.get(match["name"]) or NPM_WALLS.get(match["name"])
    if found is None:
        return None
    asks = found.gate and f"choice-{found.name}=" not in request.header("cookie")
    text = found.gate if asks else page_of(found, base=paper.base)
    return plain(text.replace("%OTHER%", paper.other))


def tempting(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a page without consent and with tempting buttons."""
    found = TEMPTING.get(match["name"])
    return plain(page_of(found, base=paper.base).replace("%OTHER%", paper.other)) if found else None


def chat(_paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the chat that stands in a frame."""
    return plain(CORE.format(name="tempting-chat") + CHAT)


def body(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns the article's body for a wall that withholds it."""
    found = WALLS.get(match["name"])
    return plain(paragraphs(found.piece)) if found else None


def frame(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns what a wall has in a frame."""
    found = WALLS.get(match["name"])
    text = found.frames.get(match["frame"]) if found else None
    core = (
        f'<!doctype html><meta charset="utf-8"><script src="/assets/js/wall.js" data-wall="{match["name"]}"></script>'
    )
    return plain((core + text).replace("%OTHER%", paper.other).replace("%BASE%", paper.base)) if text else None


def published(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a file of a consent script as it was published."""
    file = (FOLDER / match["path"]).resolve()
    if not file.is_relative_to(FOLDER) or not file.is_file():
        return None
    mime = TYPES.get(file.suffix, "application/octet-stream")
    return Reply(
        headers=(("Content-Type", mime), ("Cache-Control", "max-age=600")), body=file.read_bytes(), coding="gzip"
    )


def configuration(_paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the configuration that one of the consent scripts fetches."""
    return Reply(headers=(("Content-Type", "application/json"),), body=js(COOKIESJSR).encode())


def choice(_paper: Paper, request: Request, _match: re.Match[str]) -> Reply | None:
    """Takes note of a choice: it stands in the log."""
    if not {"wall", "choice"} <= request.query.keys():
        return None
    return Reply(status=204, headers=(("Cache-Control", "no-store"), ("Access-Control-Allow-Origin", "*")))


def form(_paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Takes the form of a wall that needs no script: sets its cookie and leads back."""
    found = WALLS.get(match["name"])
    word = re.search(rb"(?:^|&)choice=([a-z]+)", request.body)
    if found is None or word is None:
        return None
    cookie = ("Set-Cookie", f"choice-{found.name}={word[1].decode()}; Path=/; Max-Age=86400")
    back = redirect(found.path, status=303)
    return Reply(status=back.status, headers=(*back.headers, cookie), body=back.body)


def policy(_paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the policy that banners link to; whoever comes here has followed a link he should not have."""
    return plain("<!doctype html><title>Cookie policy</title><h1>Cookie policy</h1><p>We bake them ourselves.</p>")


def plain(text: str) -> Reply:
    """Returns a page that is not kept by anyone."""
    return Reply(headers=(("Content-Type", HTML), ("Cache-Control", "no-cache")), body=text.encode(), coding="gzip")


def paragraphs(piece: Piece) -> str:
    """Returns an article's body."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in piece.paragraphs)


def page_of(wall: Wall, *, base: str) -> str:
    """Returns the page: an article, and the wall over it."""
    piece = wall.piece
    around = LANGUAGES.get(wall.language, LANGUAGES["en"])
    text = "" if wall.article == "withheld" else paragraphs(piece)
    hidden = ' style="display:none"' if wall.article == "hidden" else ""
    script = wall.script.replace("%MARKUP%", js(wall.markup))
    return (
        f'<!doctype html>\n<html lang="{wall.language}" dir="{DIRECTIONS.get(wall.language, "ltr")}">\n<head>'
        f'<meta charset="utf-8">\n<title>{escape(piece.title)} | The Valley Courier</title>\n'
        f'<link rel="canonical" href="{base}{wall.path}">\n<meta property="og:type" content="article">\n'
        f'<meta property="og:title" content="{escape(piece.title)}">\n'
        f"{parts.json_ld(_structured(piece, language=wall.language))}"
        f'<link rel="stylesheet" href="/assets/css/main.css">\n<style>{wall.style}</style>\n'
        f'<script src="/assets/js/wall.js" data-wall="{wall.name}"></script>{wall.head}</head>\n'
        f'<body class="theme-press">\n{parts.masthead(around)}<main><article class="post"{hidden} id="story"><h1>'
        f'{escape(piece.title)}</h1><p class="byline">{escape(piece.author)}</p>'
        f'<time datetime="{DAY.isoformat()}">{DAY:%Y-%m-%d}</time>\n<div class="entry-content" id="text">{text}</div>'
        f"{OUTSIDE}</article></main>\n{parts.footer(around)}{wall.markup if wall.static else ''}\n"
        f"<script>{script}</script>\n</body></html>\n"
    )


def _structured(piece: Piece, *, language: str) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "author": [{"@type": "Person", "name": piece.author}],
        "datePublished": DAY.isoformat(),
        "inLanguage": language,
    }


PAGES = (
    PageKind(name="wall-npm-configuration", pattern=r"/walls/npm-config/cookiesjsr\.json", answer=configuration),
    PageKind(name="wall-npm-file", pattern=r"/walls/npm-files/(?P<path>.+)", answer=published),
    PageKind(name="tempting", pattern=r"/tempting/(?P<name>[a-z-]+)\.html", answer=tempting),
    PageKind(name="tempting-chat", pattern=r"/tempting/frame/chat\.html", answer=chat),
    PageKind(name="wall-choice", pattern=r"/walls/choice", answer=choice),
    PageKind(name="wall-policy", pattern=r"/walls/policy\.html", answer=policy),
    PageKind(name="wall-body", pattern=r"/walls/body/(?P<name>[a-z0-9/-]+)\.html", answer=body),
    PageKind(name="wall-frame", pattern=r"/walls/frame/(?P<name>[a-z0-9-]+)/(?P<frame>[a-z]+)\.html", answer=frame),
    PageKind(name="wall-form", pattern=r"/walls/form/(?P<name>[a-z0-9-]+)", answer=form, posts=True),
    PageKind(name="wall", pattern=r"/walls/(?P<name>[a-z0-9/@._-]+)\.html", answer=wall),
)
