"""Pointers to other pages amid an article's text, told by their shape: a block that is nothing but one link.

"Read also: <a>…</a>" needs no vocabulary: it is a paragraph without a word of its own, but for a label before a colon.
A list is of promotion if all its items are such; a table of contents links within the page and stays.
"""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from archive.articles.markup.chrome import length, prose_length
from archive.articles.markup.text import fold, letters

_LEAST = 25  # letters of a headline; a shorter link may be a name
_LONGEST_LABEL = 40
_MOST_LINKS = 50  # of a card
_OPENING = "[(«»→►▶•-–—>* "


def prune(tree: HtmlElement) -> None:
    """Cut out, in place, paragraphs and lists that only lead elsewhere, unless they are most of the page's prose."""
    found = list(dict.fromkeys(_pointers(tree)))
    if found and sum(len(letters(element.text_content())) for element in found) * 2 < prose_length(tree):
        for element in found:
            element.drop_tree()


def cut_cards(tree: HtmlElement) -> None:
    """Cut out, in place, cards that pop up over a word of a sentence: links beside a picture, within a paragraph."""
    for paragraph in tree.iter("p"):
        for card in list(paragraph.iter("span")):
            if _is_card(card, within=paragraph):
                card.drop_tree()


def _is_card(card: HtmlElement, *, within: HtmlElement) -> bool:
    """Tell whether an element begins with a picture and holds little but links; the word it belongs to is before it."""
    links = list(islice(card.iter("a"), _MOST_LINKS))
    if len(links) < 2 or next(card.iter("a", "img")).tag != "img" or fold(card.text):
        return False
    if not any(card is one for one in within.iter("span")):
        return False
    return sum(map(length, links)) * 10 >= length(card) * 8 and length(within) >= length(card) + _LONGEST_LABEL


def _pointers(tree: HtmlElement) -> Iterator[HtmlElement]:
    looked_at: set[HtmlElement] = set()  # lists, each of which all its items would have judged again
    for link in tree.iter("a"):
        parent = link.getparent()
        if parent is None or parent.tag not in {"p", "li"} or not _is_all(link, parent=parent):
            continue
        if parent.tag == "p" and (outer := parent.getparent()) is not None and outer.tag != "li":
            yield parent
        elif (outer := parent.getparent()) is not None and outer not in looked_at:
            looked_at.add(outer)
            if (items := _list(parent)) is not None:
                yield items
    for paragraph in tree.iter("p"):
        if len(paragraph) > 1 and _are_all(paragraph):
            yield paragraph


def _are_all(paragraph: HtmlElement) -> bool:
    """Tell whether several links to other pages are nearly all that a paragraph says, a headline each."""
    links = [link for link in islice(paragraph.iter("a"), _MOST_LINKS) if not (link.get("href") or "#").startswith("#")]
    sizes = [len(letters(link.text_content())) for link in links]
    if len(sizes) < 2 or min(sizes) < _LEAST:
        return False
    return sum(sizes) * 10 >= len(letters(paragraph.text_content())) * 8


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
