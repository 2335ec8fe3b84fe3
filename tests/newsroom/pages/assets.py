"""Images, style sheets, script, font, icon."""

import re
from importlib.resources import files

from tests.newsroom.art import picture
from tests.newsroom.font import truetype
from tests.newsroom.pages.kind import PageKind, document
from tests.newsroom.paper import Paper
from tests.newsroom.wire import Reply, Request

TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "ico": "image/x-icon",
}


def image(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply:
    """Returns the picture of an article, at the width asked for."""
    form = match["form"]
    body = picture(int(match["id"]), width=min(int(match["width"]), 1600), form=form)
    return document(body, mime=TYPES[form], coding="gzip" if form == "svg" else "")


def static(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a file of the folder static/."""
    file = files("tests.newsroom").joinpath("static", match["name"])
    if not file.is_file():
        return None
    form = match["name"].rpartition(".")[2]
    return document(file.read_bytes(), mime=TYPES[form], coding="gzip" if form in ("css", "js", "svg") else "")


def icon(_paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the icon in the browser's tab."""
    return document(picture(1, width=32, form="png"), mime="image/png", coding="")


def font(_paper: Paper, _request: Request, _match: re.Match[str]) -> Reply:
    """Returns the font of the masthead's ornament."""
    return document(truetype(), mime="font/ttf", coding="")


PAGES = (
    PageKind(
        name="image",
        pattern=r"/assets/img/(?P<id>\d{1,9})-(?P<width>\d{1,4})\.(?P<form>png|jpg|svg|webp)",
        answer=image,
    ),
    PageKind(name="static", pattern=r"/assets/(?:css|js|img|fonts)/(?P<name>[a-z0-9-]+\.[a-z0-9]+)", answer=static),
    PageKind(name="font", pattern=r"/assets/fonts/ornaments\.ttf", answer=font),
    PageKind(name="icon", pattern=r"/favicon\.ico", answer=icon),
)
