"""Consent banners, cut out of a page's tree before it is read: whether they are in sight there makes no difference.

A banner is told by what it is: a block that speaks of cookies or privacy and holds a button that answers it; or one
that speaks of nothing else and is hidden, or stands apart from the article. No part of the article is one, so an
article about cookies stays whole. Banners of known platforms go by their names too (`archive.articles.markup.chrome`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from archive.articles.markup.text import fold, words
from archive.articles.markup.wording import answers, speaks_of_consent

_LONGEST = 6_000  # characters of a banner, with its list of purposes
_LONGEST_LABEL = 60
_LONG = 60  # characters of running text; a line of a banner that speaks of nothing is shorter
_DENSE = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{12}"
)  # scripts that say much in little space
_WHOLE = frozenset({"html", "body", "main", "article"})
_BLOCKS = words("div section aside form dialog footer")
_LOOKED_AT = ("button", "input", "a", "span", *sorted(_BLOCKS), "template")
_BUTTONS = words("button switch")
_NO_TEXT = words("script style")


@dataclass(frozen=True, slots=True)
class _Parts:
    """What is looked at in a page, gathered in one pass."""

    controls: list[HtmlElement] = field(default_factory=list)
    hidden: list[HtmlElement] = field(default_factory=list)
    shadows: list[HtmlElement] = field(default_factory=list)


def prune(tree: HtmlElement) -> bool:
    """Cut out, in place, the consent banners of a page; tell whether one of them was all that the page is.

    What a declarative shadow root holds becomes part of the page, as browsers show it.
    """
    parts = _gather(tree)
    for shadow in parts.shadows:
        shadow.drop_tag()
    for strip in [*parts.hidden, *_strips(tree)]:
        if _stands(strip) and _is_all_consent(strip) and not _is_of_article(strip, tree=tree):
            strip.drop_tree()
    seen: set[HtmlElement] = set()
    banners = [banner for control in parts.controls if (banner := _banner(control, seen=seen)) is not None]
    is_gate = False
    for banner in banners:
        if _stands(banner) and _is_page(banner, tree=tree):
            is_gate = True
        elif _stands(banner) and not _is_of_article(banner, tree=tree):
            _with_the_rest(banner).drop_tree()
    return is_gate


def _gather(tree: HtmlElement) -> _Parts:
    parts = _Parts()
    for element in tree.iter(*_LOOKED_AT):
        if element.tag == "template":
            if element.get("shadowrootmode") or element.get("shadowroot"):
                parts.shadows.append(element)
        elif element.tag in _BLOCKS and _is_hidden(element):
            parts.hidden.append(element)
        elif _is_control(element) and answers(_label(element)):
            parts.controls.append(element)
    return parts


def _is_hidden(element: HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return style is not None and ("none" in style or "hidden" in style)


def _is_control(element: HtmlElement) -> bool:
    """Tell whether an element is something to press, of the many things that a button can be made of."""
    match element.tag:
        case "button":
            return True
        case "input":
            return element.get("type") in {"submit", "button"}
        case "a":
            address = element.get("href") or "#"
            return address.startswith(("#", "javascript:")) or "onsent" in address or "ookie" in address
    named = element.get("class")
    return element.get("role") in _BUTTONS or (named is not None and ("btn" in named or "button" in named))


def _label(control: HtmlElement) -> str:
    """Return what a control says, case-folded; nothing where it says more than a button does."""
    shown = control.get("value") if control.tag == "input" else _said(control, most=_LONGEST_LABEL)
    if shown is None:
        return ""
    shown = fold(shown)
    label = shown if len(shown) > 1 else fold(control.get("aria-label") or control.get("title")) or shown
    return label.casefold() if len(label) <= _LONGEST_LABEL else ""


def _stands(element: HtmlElement) -> bool:
    """Tell whether an element is still part of the page."""
    return any(True for _ in element.iterancestors("html"))


def _strips(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the blocks that stand beside the one that holds the page's heading and running text."""
    for heading in tree.iter("h1"):
        holders = heading.iterancestors("div", "section", "main", "article", "td")
        own = next((one for one in holders if any(True for _ in one.iter("p"))), None)
        for element in () if own is None else (own, *own.iterancestors()):
            for preceding in (False, True):
                yield from (one for one in element.itersiblings(*_BLOCKS, preceding=preceding))
        return


def _is_all_consent(element: HtmlElement) -> bool:
    """Tell whether a block has running text, and all of it is about consent."""
    size, found = 0, False
    for line in _lines(element):
        size += len(line)
        if size > _LONGEST:
            return False
        if len(line) > _LONG or _DENSE.search(line):
            if not speaks_of_consent(line.casefold()):
                return False
            found = True
    return found


def _banner(control: HtmlElement, *, seen: set[HtmlElement]) -> HtmlElement | None:
    """Return the narrowest block around a control that speaks of consent, unless it was looked at before."""
    for element in control.iterancestors():
        if element.tag in {"html", "body"} or element in seen:
            return None
        seen.add(element)
        said = _said(element, most=_LONGEST)
        if said is None:
            return None
        if speaks_of_consent(said.casefold()):
            return element
    return None


def _with_the_rest(banner: HtmlElement) -> HtmlElement:
    """Return the widest block that adds nothing to a banner but more of the same, as further layers and wrappers."""
    for element in banner.iterancestors():
        if element.tag in _WHOLE or _said(element, most=2 * _LONGEST) is None or _adds(element, banner=banner):
            return banner
        banner = element
    return banner


def _adds(element: HtmlElement, *, banner: HtmlElement) -> bool:
    """Tell whether a block holds a part of the page, or running text that is not about consent, beside a banner."""
    for child in element:
        if child is banner:
            continue
        if child.tag in _WHOLE or child.tag in {"h1", "p", "header", "nav", "footer"}:
            return True
        if any(True for _ in child.iter("article", "h1")):
            return True
        if any(len(line) > _LONG and not speaks_of_consent(line.casefold()) for line in _lines(child)):
            return True
    return False


def _is_of_article(banner: HtmlElement, *, tree: HtmlElement) -> bool:
    """Tell whether a block holds the article, or is a part of it that nothing sets apart."""
    if banner.tag in _WHOLE or any(True for _ in banner.iter("article", "main")):
        return True
    own = list(banner.iter("h1"))
    if own and len(own) == sum(1 for _ in tree.iter("h1")):
        return True
    return _speaks_of_else(banner) and not _is_apart(banner)


def _speaks_of_else(banner: HtmlElement) -> bool:
    """Tell whether much of a block's running text is not about consent."""
    long = [line for line in _lines(banner) if len(line) > _LONG]
    others = [line for line in long if not speaks_of_consent(line.casefold())]
    return len(others) > 1 and sum(map(len, others)) * 2 > sum(map(len, long))


def _is_apart(element: HtmlElement) -> bool:
    """Tell whether a block is a dialog, or fixed over the page."""
    if (
        element.tag == "dialog"
        or element.get("role") in {"dialog", "alertdialog"}
        or element.get("aria-modal") == "true"
    ):
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return "position:fixed" in style or "position:sticky" in style


def _is_page(banner: HtmlElement, *, tree: HtmlElement) -> bool:
    """Tell whether there is nothing but the banner: a page that asks for consent in the article's place."""
    if not (banner.tag in _WHOLE or banner.find(".//h1") is not None):
        return False
    body = tree.find("body")
    own = _said(banner, most=_LONGEST) or ""
    whole = _said(tree if body is None else body, most=2 * _LONGEST)
    return whole is not None and len(own) * 10 >= len(whole) * 9 and _is_all_consent(banner)


def _said(element: HtmlElement, *, most: int) -> str | None:
    """Return the text of an element, or None where it is longer than `most` characters."""
    found: list[str] = []
    size = 0
    for line in _lines(element):
        size += len(line) + 1
        if size > most + 1:
            return None
        found.append(line)
    return " ".join(found)


def _lines(element: HtmlElement) -> Iterator[str]:
    """Yield the pieces of an element's text, less scripts and styles."""
    for one in element.iter():
        if one.text and one.tag not in _NO_TEXT and (line := fold(one.text)):
            yield line
        if one.tail and one is not element and (line := fold(one.tail)):
            yield line
