"""Articles at their canonical address, and the same articles under others: print, AMP, short links, old addresses."""

import re
from dataclasses import replace
from html import escape

from tests.newsroom.pages.kind import PageKind, html, redirect
from tests.newsroom.paper import Paper
from tests.newsroom.stories import Story
from tests.newsroom.themes import THEMES, ArticleView, parts
from tests.newsroom.wire import Reply, Request


def article(paper: Paper, request: Request, _match: re.Match[str]) -> Reply | None:
    """Returns an article's own page."""
    asked = request.query.get("id")
    path = f"{request.path}?id={asked}" if asked else request.path
    story = paper.at(path) or paper.at(request.path)
    return _reply(paper, story, request=request) if story else None


def short(paper: Paper, request: Request, _match: re.Match[str]) -> Reply | None:
    """Returns a redirect from a short link such as /?p=123."""
    story = paper.numbered(_number(request.query.get("p", "")))
    return redirect(paper.base + story.href) if story else None


def node(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a redirect from /node/123 with a relative address."""
    story = paper.numbered(_number(match["id"]))
    return redirect(f"..{story.href}", status=302) if story else None


def old(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a redirect from an old address; /older/123 goes to /old/123 first."""
    story = paper.numbered(_number(match["id"]))
    if story is None:
        return None
    return (
        redirect(f"/old/{story.id}.php", status=302) if match["age"] == "older" else redirect(paper.base + story.href)
    )


def variant(paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns the print or AMP version, which names the article as canonical."""
    story = paper.numbered(_number(match["id"]))
    if story is None:
        return None
    view = ArticleView(story=story, base=paper.base, related=())
    mark = "html amp" if match["form"] == "amp" else "html"
    text = (
        f'<!doctype html><{mark} lang="{story.language.code}" dir="{story.language.direction}"><head><meta '
        'charset="utf-8">'
        f"{parts.head_of_article(view, title=story.title)}</head><body><h1>{escape(story.title)}</h1>"
        f"{parts.byline(story)} "
        f"{parts.day(story, css='date')}<div>{parts.body(story.blocks)}</div></body></html>"
    )
    return html(text, request=request, theme="drupal", modified=story.changed)


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1


def _reply(paper: Paper, story: Story, *, request: Request) -> Reply:
    view = ArticleView(story=story, base=paper.base, related=paper.related(story))
    section = story.section
    if story.href in paper.parted:
        view, rest = _parted(view, page=int(request.query.get("page", "1")))
        return html(
            THEMES[section.theme].article(view).replace("</h1>", f"</h1>{rest}", 1),
            request=request,
            theme=section.theme,
            charset=section.charset,
        )
    text = THEMES[paper.redesign or section.theme].article(view)
    return html(text, request=request, theme=section.theme, charset=section.charset, modified=story.changed)


def _parted(view: ArticleView, *, page: int) -> tuple[ArticleView, str]:
    """A page of a story that is spread over three, and the links to the others."""
    links = (f'<a href="?page={number}">{number}</a>' for number in (1, 2, 3) if number != page)
    size = -(-len(view.story.blocks) // 3)
    blocks = view.story.blocks[(page - 1) * size : page * size]
    return replace(view, story=replace(view.story, blocks=blocks)), f'<p class="pages">{" ".join(links)}</p>'


PAGES = (
    PageKind(name="short-link", pattern=r"/", answer=short),
    PageKind(name="article", pattern=r"/.+", answer=article),
    PageKind(name="node", pattern=r"/node/(?P<id>\d+)", answer=node),
    PageKind(name="old-address", pattern=r"/(?P<age>old|older)/(?P<id>\d+)\.php", answer=old),
    PageKind(name="variant", pattern=r"/(?P<form>print|amp)/(?P<id>\d+)", answer=variant),
)
