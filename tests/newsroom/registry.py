"""The one list of page kinds, in the order in which they are asked. A new kind is added to a module's PAGES."""

import re

from tests.newsroom.faults import failure
from tests.newsroom.pages import articles, assets, extras, feeds, lists, oddities, scripted, sitemaps, traps, walls
from tests.newsroom.paper import Paper
from tests.newsroom.wire import Reply, Request

PAGES = (
    *sitemaps.PAGES,
    *walls.PAGES,
    *oddities.PAGES,
    *scripted.PAGES,
    *feeds.PAGES,
    *assets.PAGES,
    *extras.PAGES,
    *traps.PAGES,
    *articles.PAGES,
    *lists.PAGES,
)
_COMPILED = tuple((re.compile(kind.pattern), kind) for kind in PAGES)


def answer(paper: Paper, request: Request) -> Reply:
    """Returns the reply of the first rule or page kind that has one; 404 where none has."""
    due = paper.faults.answer(request) or paper.broken_promise(request.path)
    if due is not None:
        return due
    reads = request.method in ("GET", "HEAD")
    if not reads and request.method not in ("POST", "OPTIONS"):
        return failure(405)
    for pattern, kind in _COMPILED:
        match = pattern.fullmatch(request.path) if reads or kind.posts else None
        reply = match and kind.answer(paper, request, match)
        if reply:
            return reply
    return failure(404 if reads else 405)
