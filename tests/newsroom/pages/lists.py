"""Pages that list articles: the home pages, sections and their pagination, authors, tags."""

import re
from collections.abc import Sequence
from html import escape

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.pages.feeds import FEEDS
from tests.newsroom.pages.kind import PageKind, page
from tests.newsroom.paper import Paper
from tests.newsroom.sections import Section
from tests.newsroom.stories import Story
from tests.newsroom.themes import PageView, parts
from tests.newsroom.wire import Reply, Request

PER_PAGE = 20
FEW = 3
MARKS = ("", "?ref=home", "#comments", "", "?utm_source=home&utm_medium=teaser", "")


def home(paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns an edition's first page."""
    language = LANGUAGES.get(match["code"] or "en")
    if language is None:
        return None
    stories = paper.in_language(language.code)
    labels = language.labels
    blocks = "".join(_front(paper, section) for section in paper.sections if section.language == language.code)
    main = f"<h1>{escape(labels['latest'])}</h1>{cards(stories[:9], marks=MARKS)}{blocks}{parts.newsletter(language)}"
    if language.code == "en" and len(paper.first) > 40:
        main += _from_the_archive(paper)
    head = "".join(f'<link rel="alternate" type="{t}" title="{n}" href="{h}">\n' for t, n, h in _feeds(language.code))
    view = PageView(title=labels["home"], language=language, base=paper.base, path=request.path, head=head, main=main)
    return page(view, request=request)


def section_page(paper: Paper, request: Request, _match: re.Match[str]) -> Reply | None:
    """Returns a page of a section, in either manner of pagination."""
    path, number = request.path, request.query.get("page", "1")
    if "/page/" in path:
        path, _, number = path.rstrip("/").rpartition("/page/")
    section = paper.section(path)
    if section is None or not re.fullmatch(r"[1-9]\d{0,3}", number):
        return None
    return _listing(paper, paper.in_section(section), section=section, number=int(number), request=request)


def author(paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns an author's page."""
    found = [s for s in paper.latest if match["name"] in (name.lower().replace(" ", "-") for name in s.authors)]
    name = next((n for s in found for n in s.authors if n.lower().replace(" ", "-") == match["name"]), "")
    return _collection(paper, found, title=name, request=request) if found else None


def tag(paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a tag's page."""
    found = [s for s in paper.latest if match["name"] in (tag.lower().replace(" ", "-") for tag in s.tags)]
    name = next((t for s in found for t in s.tags if t.lower().replace(" ", "-") == match["name"]), "")
    return _collection(paper, found, title=name, request=request) if found else None


def cards(stories: Sequence[Story], *, marks: Sequence[str] = ("",)) -> str:
    """Returns a grid of teasers; `marks` are appended to the links in turn."""
    items = "".join(
        f'<article class="card"><a href="{escape(marked(story, mark=marks[i % len(marks)]))}"><img loading="lazy" '
        f'src="/assets/img/{story.id}-400.png" alt=""></a><h2><a href="{escape(story.href)}">'
        f"{escape(story.title)}</a></h2>"
        f"<p>{escape(story.description)}</p>{parts.day(story, css='date')}</article>"
        for i, story in enumerate(stories)
    )
    return f'<div class="cards">{items}</div>'


def marked(story: Story, *, mark: str) -> str:
    """Returns the story's link with a tracking parameter or a fragment."""
    return story.href + (mark.replace("?", "&") if "?" in story.href else mark)


def _front(paper: Paper, section: Section) -> str:
    home_path = escape(parts.quoted(section.home))
    items = "".join(
        f'<li><a href="{escape(story.href)}">{escape(story.title)}</a></li>' for story in paper.in_section(section)[:5]
    )
    return f'<section class="front"><h2><a href="{home_path}">{escape(section.name)}</a></h2><ul>{items}</ul></section>'


def _from_the_archive(paper: Paper) -> str:
    """Links to articles under addresses that are not their own."""
    stories = paper.first[20:24]
    paths = (
        f"/old/{stories[0].id}.php",
        f"/older/{stories[1].id}.php",
        f"/node/{stories[2].id}",
        f"/?p={stories[3].id}",
    )
    items = "".join(f'<li><a href="{path}">{escape(s.title)}</a></li>' for path, s in zip(paths, stories, strict=True))
    return f'<section class="front archive"><h2>From the archive</h2><ul>{items}</ul></section>'


def _feeds(code: str) -> Sequence[tuple[str, str, str]]:
    return [(feed.mime.split(";")[0], feed.path, feed.path) for feed in FEEDS if feed.linked and feed.edition == code]


def _listing(
    paper: Paper, stories: Sequence[Story], *, section: Section, number: int, request: Request
) -> Reply | None:
    scrolls_on = section.theme == "stream"
    here = stories[(number - 1) * PER_PAGE : number * PER_PAGE][: FEW if scrolls_on else None]
    if number > 1 and (scrolls_on or not here):
        return None
    language = LANGUAGES[section.language]
    links = ""
    if number > 1:
        back = section.home if number == 2 else section.paging.format(page=number - 1)
        links += (
            f'<a class="prev" rel="prev" href="{escape(parts.quoted(back))}">{escape(language.labels["previous"])}</a> '
        )
    if number * PER_PAGE < len(stories) and not scrolls_on:
        onward = section.paging.format(page=number + 1)
        links += (
            f'<a class="next" rel="next" href="{escape(parts.quoted(onward))}">{escape(language.labels["next"])}</a>'
        )
    main = f'<h1>{escape(section.name)}</h1>{cards(here, marks=MARKS)}<nav class="pagination">{links}</nav>'
    view = PageView(
        title=section.name, language=language, section=section, base=paper.base, path=request.path, main=main
    )
    return page(view, request=request, theme=section.theme)


def _collection(paper: Paper, stories: Sequence[Story], *, title: str, request: Request) -> Reply:
    view = PageView(
        title=title,
        language=stories[0].language,
        base=paper.base,
        path=request.path,
        main=f'<h1 class="archive-title">{escape(title)}</h1>{cards(stories[:PER_PAGE])}',
    )
    return page(view, request=request)


PAGES = (
    PageKind(name="home", pattern=r"/(?:(?P<code>[a-z]{2})/)?", answer=home),
    PageKind(name="section", pattern=r"/.+", answer=section_page),
    PageKind(name="author", pattern=r"/author/(?P<name>[^/]+)/", answer=author),
    PageKind(name="tag", pattern=r"/tag/(?P<name>[^/]+)/", answer=tag),
)
