"""Pointers to other pages amid an article's text, told by their shape: a block that is nothing but one link.

"Read also: <a>…</a>" needs no vocabulary: it is a paragraph without a word of its own, but for a label before a colon.
A list is of promotion if all its items are such; a table of contents links within the page and stays.
"""

from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.articles.chrome import prose_length
from archive.articles.text import fold, letters

_LEAST = 25  # letters of a headline; a shorter link may be a name
_LONGEST_LABEL = 40
_OPENING = "[(«»→►▶•-–—>* "


def prune(tree: HtmlElement) -> None:
    """Cut out, in place, paragraphs and lists that only lead elsewhere, unless they are most of the page's prose."""
    found = list(dict.fromkeys(_pointers(tree)))
    if found and sum(len(letters(element.text_content())) for element in found) * 2 < prose_length(tree):
        for element in found:
            element.drop_tree()


def _pointers(tree: HtmlElement) -> Iterator[HtmlElement]:
    for link in tree.iter("a"):
        parent = link.getparent()
        if parent is None or parent.tag not in {"p", "li"} or not _is_all(link, parent=parent):
            continue
        if parent.tag == "p" and (outer := parent.getparent()) is not None and outer.tag != "li":
            yield parent
        elif (items := _list(parent)) is not None:
            yield items


def _is_all(link: HtmlElement, *, parent: HtmlElement) -> bool:
    """Tell whether a link to another page is all that its block says, but for a label."""
    address = link.get("href") or "#"
    if address.startswith("#") or letters(link.tail) or len(letters(link.text_content())) < _LEAST:
        return False
    label = fold(parent.text).strip(_OPENING)
    if label and not (label.endswith((":", "：")) and len(label) <= _LONGEST_LABEL):
        return False
    return not any(one is not link and (letters(one.tail) or letters(one.text_content())) for one in parent)


def _list(item: HtmlElement) -> HtmlElement | None:
    """Return the list of an item, if each of its items is a pointer."""
    items = item.getparent()
    if items is None or items.tag not in {"ul", "ol"}:
        return None
    for one in items:
        link = one.find("a")
        if link is None or not _is_all(link, parent=one):
            return None
    return items
