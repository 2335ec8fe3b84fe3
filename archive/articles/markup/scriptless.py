"""Pages whose article stands in `noscript` or in a `template`, for readers and programs without scripts."""

import re
from itertools import islice

from lxml.html import HtmlElement

from archive.articles.markup.chrome import length

_MOST = 20
_LONG = 40  # characters of a paragraph of running text
_ASKS_FOR_SCRIPTS = re.compile(r"javascript|java script|\bscripts?\b.{0,40}(?:enable|disabled)", re.IGNORECASE)


def show(tree: HtmlElement) -> None:
    """Make part of the page, in place, what it keeps for readers without scripts, where it says nothing else."""
    hidden = list(islice(filter(_holds_article, tree.iter("noscript", "template")), _MOST))
    if hidden and not _has_prose(tree):
        for element in hidden:
            element.drop_tag()


def _holds_article(element: HtmlElement) -> bool:
    long = sum(1 for paragraph in islice(element.iter("p"), 50) if length(paragraph) > _LONG)
    if long < 2 and element.find(".//h1") is None:
        return False
    return long > 0 and not _ASKS_FOR_SCRIPTS.search(element.text_content()[:600])


def _has_prose(tree: HtmlElement) -> bool:
    return any(
        length(paragraph) > _LONG and next(paragraph.iterancestors("noscript", "template"), None) is None
        for paragraph in tree.iter("p")
    )
