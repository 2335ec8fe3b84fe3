"""Every value that a page offers for a field, and where: what `read` chose from.

They are not published: the page's record gives them again whenever they are asked for. `site check --page` shows them
to whoever looks into a wrong choice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Unpack

from archive.articles.markup import text
from archive.articles.markup.opening import Beside, opened
from archive.articles.markup.page import Page
from archive.articles.metadata import bylines, dates, fields, people, shown, titles
from archive.articles.model import Refusal

_MOST = 200  # of a page
_LONGEST = 500  # characters of a value


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value as the page has it, the field of the article that it is for, and where it was read.

    Beside the fields of an article, `amp` is the address of the page's AMP twin.
    """

    field: str
    value: str
    source: str


def candidates(html: bytes | str, url: str | None, **beside: Unpack[Beside]) -> tuple[Candidate, ...]:
    """Return the candidates for title, authors, dates, language and addresses, those with precedence first.

    Takes what `read` takes and is as pure; never raises, and a page that cannot be read has none.
    """
    try:
        page = opened(html, url, **beside)
        if isinstance(page, Refusal) or text.is_huge(page.tree):
            return ()
        found = (Candidate(name, value[:_LONGEST], source) for name, value, source in _all(page) if value)
        return tuple(islice(dict.fromkeys(found), _MOST))
    except Exception:  # noqa: BLE001 - hostile pages: what breaks us has no candidates, as it has no article
        return ()


def _all(page: Page) -> Iterator[tuple[str, str, str]]:
    yield from (("title", value, source) for value, source in titles.offered(page))
    yield from (("authors", value, source) for values, source in people.offered(page) for value in values)
    for line in (*bylines.near(page), *bylines.far(page)):
        source = f"dom {line.evidence}" if line.near else f"dom far {line.evidence}"
        yield from (("authors", value, source) for value in line.texts)
    yield from (("published", value, source) for value, source in dates.published_claims(page))
    yield from (("modified", value, source) for value, source in dates.modified_claims(page))
    for shown_line in shown.elsewhere(page):
        yield "modified" if shown_line.changed else "published", shown_line.day.isoformat(), "dom line"
    yield from (("language", value, source) for value, source in fields.languages(page))
    yield "canonical", page.canonical or "", "dom"
    yield "amp", page.links.get("amphtml", ""), "dom"
