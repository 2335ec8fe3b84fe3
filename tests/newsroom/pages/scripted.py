"""What the scripts of the sections that need them ask for: stories, parts of them, lists; and chunks of code."""

import json
import re
from typing import Any

from tests.newsroom.pages.kind import PageKind, document
from tests.newsroom.paper import Paper
from tests.newsroom.stories import Story
from tests.newsroom.themes import ArticleView, parts
from tests.newsroom.themes.scripted import told
from tests.newsroom.wire import Reply, Request

JSON = "application/json; charset=utf-8"
TOGETHER = 2
PER_LIST = 10


def story(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a story, or so many of its blocks."""
    found = paper.numbered(int(match["id"]))
    if found is None:
        return None
    facts = told(_view(paper, found))
    if match["part"]:
        start = int(match["part"]) * TOGETHER
        facts |= {"blocks": facts["blocks"][start : start + TOGETHER], "over": start + TOGETHER >= len(found.blocks)}
    return _json(facts)


def fragment(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a story as a piece of HTML."""
    found = paper.numbered(int(match["id"]))
    if found is None:
        return None
    facts = told(_view(paper, found))
    text = (
        f'<article class="article"><header>{facts["crumbs"]}<h1>{parts.escape(found.title)}</h1>'
        f'<p class="lead">{parts.escape(found.description)}</p><div class="meta">{facts["byline"]} {facts["day"]}</div>'
        f'</header><div class="article__body">{parts.body(found.blocks)}</div>{facts["tags"]}'
        f"{facts['related']}</article>"
    )
    return document(text, mime="text/html; charset=utf-8")


def graph(paper: Paper, request: Request, _match: re.Match[str]) -> Reply | None:
    """Answers a posted question: the same address for a story and for what is related to it."""
    try:
        asked = json.loads(request.body)
        found = paper.numbered(int(asked["variables"]["id"]))
    except (KeyError, TypeError, ValueError):
        return Reply(status=400)
    if found is None:
        return None
    facts = told(_view(paper, found))
    related = facts.pop("related")
    return _json(
        {
            "data": {"related": related}
            if asked.get("operationName") == "Related"
            else {"story": {**facts, "related": ""}}
        }
    )


def listed(paper: Paper, request: Request, _match: re.Match[str]) -> Reply:
    """Returns a page of a list: the application's, or that of the section which scrolls on."""
    number = int(request.query.get("page", "1"))
    stories = [story for story in paper.latest if story.section.theme == request.query.get("of", "app")]
    here = stories[(number - 1) * PER_LIST : number * PER_LIST]
    items = [{"title": story.title, "href": story.href} for story in here]
    return _json({"stories": items, "more": number * PER_LIST < len(stories)})


def chunk(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply:
    """Returns a chunk of code that does nothing much, at length."""
    lines = (f"function part{match['n']}_{i}(value) {{ return value * {i} + {match['n']}; }}\n" for i in range(900))
    return document("".join(lines), mime="text/javascript")


def _view(paper: Paper, story: Story) -> ArticleView:
    return ArticleView(story=story, base=paper.base, related=paper.related(story))


def _json(value: Any) -> Reply:
    return document(json.dumps(value, ensure_ascii=False), mime=JSON)


PAGES = (
    PageKind(
        name="scripted-story", pattern=r"/scripted/story/(?P<id>\d{1,9})(?:/(?P<part>\d{1,4}))?\.json", answer=story
    ),
    PageKind(name="scripted-fragment", pattern=r"/scripted/fragment/(?P<id>\d{1,9})\.html", answer=fragment),
    PageKind(name="scripted-graph", pattern=r"/scripted/graph", answer=graph, posts=True),
    PageKind(name="scripted-list", pattern=r"/scripted/list\.json", answer=listed),
    PageKind(name="scripted-chunk", pattern=r"/assets/js/chunk-(?P<n>\d)\.js", answer=chunk),
)
