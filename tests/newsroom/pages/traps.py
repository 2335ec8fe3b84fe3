"""Ways to crawl for ever: a calendar, facets, session ids in addresses, a relative link that grows."""

import hashlib
import re
from html import escape

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.pages.kind import PageKind, page
from tests.newsroom.paper import Paper
from tests.newsroom.themes import PageView
from tests.newsroom.wire import Reply, Request


def calendar(paper: Paper, request: Request, match: re.Match[str]) -> Reply | None:
    """Returns a month that links to its days and to the months around it, without end."""
    year, month = int(match["year"]), int(match["month"])
    if not 1 <= month <= 12:
        return None
    before, after = (_shifted(year, month, by=by) for by in (-1, 1))
    days = "".join(f'<a href="/calendar/{year:04}/{month:02}/{day:02}">{day}</a> ' for day in range(1, 29))
    links = f'<a rel="prev" href="/calendar/{before}">«</a> <a rel="next" href="/calendar/{after}">»</a>'
    title = f"Events {year:04}-{month:02}" + (f"-{match['day']}" if match["day"] else "")
    return _page(paper, request, title=title, main=f"<p>{links}</p><p class='days'>{days}</p><p>No events.</p>")


def facets(paper: Paper, request: Request, _match: re.Match[str]) -> Reply:
    """Returns a list with filters, each of which links to every combination with the others."""
    choices = {
        "color": ("red", "green", "blue"),
        "sort": ("new", "old", "title"),
        "view": ("list", "grid"),
        "from": ("2019", "2022"),
    }
    given = {name: value for name, value in request.query.items() if name in choices}
    links = "".join(
        f'<li><a href="/archive?{_query({**given, name: value})}">{name}: {value}</a></li>'
        for name, values in choices.items()
        for value in values
    )
    deeper = "".join(f'<li><a href="/archive?{_query(given)}&page={n}">{n}</a></li>' for n in range(2, 5))
    return _page(paper, request, title="Archive", main=f"<ul>{links}</ul><ul>{deeper}</ul>")


def letters(paper: Paper, request: Request, _match: re.Match[str]) -> Reply:
    """Returns a page on which every link has a session id, a new one each time."""
    sid = hashlib.sha256(request.target.encode()).hexdigest()[:16]
    rooms = "".join(f'<li><a href="/letters/{n}?PHPSESSID={sid}">Letters, part {n}</a></li>' for n in range(1, 4))
    story = paper.first[-1]
    link = f"{story.href}{'&' if '?' in story.href else '?'}PHPSESSID={sid}"
    main = f'<ul>{rooms}</ul><p><a href="{escape(link)}">{escape(story.title)}</a></p>'
    return _page(paper, request, title="Letters", main=main)


def more(paper: Paper, request: Request, _match: re.Match[str]) -> Reply:
    """Returns a page with a relative link below itself."""
    return _page(
        paper, request, title="More", main='<p><a href="more/">More</a> and <a href="../more/more/">more</a></p>'
    )


def loop(_paper: Paper, _request: Request, match: re.Match[str]) -> Reply:
    """Redirects from a to b and from b to a."""
    return Reply(status=302, headers=(("Location", "/loop/b" if match["end"] == "a" else "/loop/a"),))


def _page(paper: Paper, request: Request, *, title: str, main: str) -> Reply:
    main = f"<h1>{escape(title)}</h1>{main}"
    view = PageView(title=title, language=LANGUAGES["en"], base=paper.base, path=request.path, main=main)
    return page(view, request=request)


def _shifted(year: int, month: int, *, by: int) -> str:
    months = year * 12 + month - 1 + by
    return f"{months // 12:04}/{months % 12 + 1:02}"


def _query(given: dict[str, str]) -> str:
    return "&amp;".join(f"{name}={value}" for name, value in given.items())


PAGES = (
    PageKind(
        name="calendar", pattern=r"/calendar/(?P<year>\d{4})/(?P<month>\d\d)(?:/(?P<day>\d\d))?/?", answer=calendar
    ),
    PageKind(name="facets", pattern=r"/archive/?", answer=facets),
    PageKind(name="session-ids", pattern=r"/letters(?:/\d)?", answer=letters),
    PageKind(name="endless", pattern=r"/more/(?:more/)*", answer=more),
    PageKind(name="loop", pattern=r"/loop/(?P<end>[ab])", answer=loop),
)
