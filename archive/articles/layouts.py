"""What a site's own layout selects from a page: it wins over what is read without, where it selects anything."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, cast

from lxml import html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from archive.articles.markup.blocks import paragraphs
from archive.articles.markup.page import Page
from archive.articles.markup.text import fold
from archive.articles.metadata import dates, names
from archive.articles.model import Article

SOURCE: Final = "layout"
_NO_TEXT: Final = ("script", "style", "noscript", "template", "button", "form", "nav", "figcaption", "iframe", "svg")


def over(page: Page, said: Article) -> Article:
    """Returns what the page says with what its layout selects in place of it."""
    values = {name: value for name, value in _values(page) if value}
    sources = {name: value[1] if name in _DATES else SOURCE for name, value in values.items()}
    plain = {name: value[0] if name in _DATES else value for name, value in values.items()}
    return replace(said, **plain, sources={**said.sources, **sources}) if values else said


_DATES: Final = ("published", "modified")


def _values(page: Page) -> Iterator[tuple[str, Any]]:
    if not page.hints.layouts:
        return
    for name in ("title", "section"):
        yield name, next(map(_shown, _found(page, name)), None)
    yield "authors", names.people([_shown(element) for element in _found(page, "authors")], shown=True)
    for name in _DATES:
        written = (text for element in _found(page, name) for text in _dated(element))
        yield name, dates.chosen(page, written, source=SOURCE)


def text(page: Page) -> str:
    """Returns the text of what the layout calls the body, paragraphs parted by blank lines; empty where it has none."""
    drop = [selector for layout in page.hints.layouts for selector in layout.drop]
    kept: list[HtmlElement] = []
    for element in _found(page, "body"):
        if not any(inner in kept for inner in element.iterancestors()):
            kept.append(element)
    return "\n\n".join(line for element in kept for line in paragraphs(_pruned(element, drop=drop)))


def _found(page: Page, name: str) -> list[HtmlElement]:
    """What the first layout that knows this field, and finds anything on this page, selects for it."""
    selectors = (getattr(layout, name) for layout in page.hints.layouts)
    found = (_select(page.tree, selector) for selector in selectors if selector)
    return next((elements for elements in found if elements), [])


def _pruned(element: HtmlElement, *, drop: list[str]) -> HtmlElement:
    """A copy of an element without what is no text, and what the layout drops.

    The copy stands in a page of its own, so that a selector may name the element itself.
    """
    page = html.Element("div")
    copy = deepcopy(element)
    copy.tail = None
    page.append(copy)
    for unwanted in [*page.iter(*_NO_TEXT), *(one for selector in drop for one in _select(page, selector))]:
        if unwanted.getparent() is not None:
            unwanted.drop_tree()
    return page


def _select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    return cast("list[HtmlElement]", _compiled(selector)(tree))


@lru_cache(maxsize=256)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _shown(element: HtmlElement) -> str:
    """What an element says: a meta element says its content."""
    return fold(element.get("content") if element.tag == "meta" else element.text_content())


def _dated(element: HtmlElement) -> Iterator[str]:
    yield from (value for value in (element.get("datetime"), element.get("content"), element.get("title")) if value)
    yield fold(element.text_content())
