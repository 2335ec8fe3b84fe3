"""A page as a row of runs, a run being one piece of text between two tags; and which of them are near the headline."""

from dataclasses import dataclass
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.articles.markup.text import fold

PROSE = 160  # characters of a run that is the text itself, or its standfirst
_RUNS = XPath("descendant::text()[string-length(normalize-space()) > 1]")
_BEFORE, _AFTER = 8, 60  # runs around the headline that may hold its byline and its date
_MOST = 6_000
_NO_TEXT = frozenset({"script", "style", "title", "option"})


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of text of the page, folded, and the element that it stands in."""

    text: str
    element: HtmlElement


def of(tree: HtmlElement) -> list[Run]:
    """Return the runs of a page in document order."""
    found = []
    for text in cast("list[str]", _RUNS(tree))[:_MOST]:
        element = text.getparent()  # type: ignore[attr-defined]  # lxml's strings know where they stand
        if text.is_tail:  # type: ignore[attr-defined]  # see above
            element = element.getparent()
        if element is not None and element.tag not in _NO_TEXT:
            found.append(Run(fold(text) if len(text) < 2 * PROSE else text, element))
    return found


def near(runs: list[Run], *, headline: HtmlElement | None) -> range:
    """Return which runs are the headline's neighbourhood; none without a headline, or for one below the text."""
    within = set() if headline is None else set(headline.iter())
    inside = [number for number, run in enumerate(runs) if run.element in within]
    if not inside or sum(len(run.text) >= PROSE for run in runs[: inside[0]]) > 2:
        return range(0)
    limit = min(len(runs), inside[-1] + _AFTER)
    # The standfirst may come before the byline: only a second long run ends the neighbourhood
    long = [number for number in range(inside[-1] + 1, limit) if len(runs[number].text) >= PROSE]
    return range(max(0, inside[0] - _BEFORE), long[1] if len(long) > 1 else limit)


def is_within(element: HtmlElement, *, outer: HtmlElement) -> bool:
    """Tell whether an element is another or stands in it."""
    return element is outer or any(ancestor is outer for ancestor in element.iterancestors(str(outer.tag)))
