"""Pages that are neither article nor list: contact, about, search, and what robots.txt asks to leave alone."""

import re
from html import escape

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.pages.kind import PageKind, page
from tests.newsroom.pages.lists import cards
from tests.newsroom.paper import Paper
from tests.newsroom.themes import PageView, parts
from tests.newsroom.wire import Reply, Request

TEXTS = {
    "contact": (
        "Contact",
        "Write to the newsroom at Weir Lane 4, Hartwell Bay. We read every letter, and we answer those that "
        "ask a question. "
        "The office is open on weekdays from nine to four, and on market days until the stalls are packed.",
        "Advertisements are taken until Wednesday noon. Birth notices are free; they always have been.",
    ),
    "about": (
        "About us",
        "The Valley Courier was founded in 1887 by two sisters and a hand press. It belongs to its readers, "
        "some of whom "
        "still pay in apples.",
        "We correct our mistakes where they were made. If you find one, tell us.",
    ),
}


def text_page(paper: Paper, request: Request, match: re.Match[str]) -> Reply:
    """Returns a page about the paper."""
    title, *paragraphs = TEXTS[match[1]]
    head = parts.json_ld({"@context": "https://schema.org", "@type": "WebPage", "name": title})
    head += f'<meta property="og:type" content="website">\n<link rel="canonical" href="{paper.base}/{match[1]}">\n'
    main = f"<h1>{title}</h1>" + "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    return _page(paper, request, title=title, head=head, main=main)


def search(paper: Paper, request: Request, _match: re.Match[str]) -> Reply:
    """Returns the search form and what was found."""
    words = request.query.get("q", "").lower()
    found = [story for story in paper.latest if words and words in story.title.lower()][:10]
    form = f'<form action="/search"><input name="q" value="{escape(words)}"><button>Search</button></form>'
    return _page(paper, request, title="Search", main=f"<h1>Search</h1>{form}{cards(found)}")


def private(paper: Paper, request: Request, _match: re.Match[str]) -> Reply:
    """Returns a page that robots.txt forbids."""
    return _page(paper, request, title="Drafts", main="<h1>Drafts</h1><p>Nobody should have asked for this page.</p>")


def _page(paper: Paper, request: Request, *, title: str, main: str, head: str = "") -> Reply:
    view = PageView(title=title, language=LANGUAGES["en"], base=paper.base, path=request.path, head=head, main=main)
    return page(view, request=request)


PAGES = (
    PageKind(name="text", pattern=r"/(contact|about)", answer=text_page),
    PageKind(name="search", pattern=r"/search", answer=search),
    PageKind(name="private", pattern=r"/private/.*", answer=private),
)
