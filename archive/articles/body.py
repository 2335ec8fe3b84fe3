"""The article's text: paragraphs in order, each once, without title, standfirst, byline and chrome."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from archive.articles import chrome, phrases
from archive.articles.text import fold, letters, select, words

_INLINE = ("span", "b", "strong", "i", "em", "u", "font", "small", "mark", "time", "abbr", "cite", "big", "s", "ins")
_BLOCKS = frozenset({"p", "head", "item", "quote", "row", "code", "list", "table", "div", "body", "main"})
_CONTAINERS = tuple(
    etree.XPath(path)
    for path in (
        "descendant::*[@itemprop='articleBody']",
        *(
            f"descendant::*[contains(concat(' ', @class, ' '), ' {name} ')]"
            for name in ("entry-content", "post-content", "article-body", "article-content", "story-body")
        ),
        "descendant::article",
        "descendant::main",
    )
)
SHORT = 600
_EMPTY_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the page before its body is read, so that the body does not repeat it."""

    titles: Sequence[str] = ()
    description: str | None = None
    authors: Sequence[str] = ()
    times: Sequence[str] = ()


def read(tree: HtmlElement, *, url: str | None, known: Known) -> str:
    """Return the article's text, paragraphs parted by blank lines. The tree is used up."""
    times = tuple(fold(element.text_content()) for element in tree.iter("time"))
    known = replace(known, times=times)
    chrome.prune(tree)
    etree.strip_tags(tree, *_INLINE)
    _mark_article(tree)
    found = _cleaned(_by_trafilatura(tree, url=url), known=known)
    size = sum(map(len, found))
    if size < SHORT:
        found = _shorter_and_sure(tree, found, known=known)
    elif size * 10 < chrome.prose_length(tree) * 4:
        found = _densest(tree, found, known=known)
    return "\n\n".join(found)


def _by_trafilatura(tree: HtmlElement, *, url: str | None) -> list[str]:
    options = Extractor(fast=True, comments=False, output_format="xml", url=url)
    document = trafilatura.bare_extraction(tree, url=url, options=options)
    body = getattr(document, "body", None)
    return list(paragraphs(body)) if body is not None else []


def _shorter_and_sure(tree: HtmlElement, found: list[str], *, known: Known) -> list[str]:
    """For a short article trust its own container: around little text, an extractor takes in what it should not.

    What was found stays if it is most of the container, but in the container's order and nothing from beyond it.
    """
    for path in _CONTAINERS:
        for container in select(path, tree=tree)[:3]:
            own = _cleaned(paragraphs(container), known=known)
            size = sum(map(len, own))
            if size >= 60:
                kept = _without_standfirst([line for line in own if line in found], description=known.description)
                return kept if sum(map(len, kept)) * 10 >= size * 7 else own
    return found


def _densest(tree: HtmlElement, found: list[str], *, known: Known) -> list[str]:
    """Where most of the running text was left out, take the container that most of it stands in, if that gives more."""
    best = _densest_container(tree)
    own = _cleaned(paragraphs(best), known=known) if best is not None else []
    return own if sum(map(len, own)) > 2 * sum(map(len, found)) else found


def _densest_container(tree: HtmlElement) -> HtmlElement | None:
    weights: Counter[HtmlElement] = Counter()
    for paragraph in tree.iter("p"):
        size = chrome.length(paragraph)
        for ancestor, share in zip(paragraph.iterancestors(), (4, 2, 1), strict=False):
            weights[ancestor] += size * share if size > 40 else 0
    return max(weights, key=lambda element: weights[element], default=None)


def _mark_article(tree: HtmlElement) -> None:
    """Name the container of the running text, where the page names none: without a name lists in it would be lost."""
    if tree.find(".//article") is not None or select(_CONTAINERS[0], tree=tree):
        return
    best = _densest_container(tree)
    if best is not None and best.tag == "div" and chrome.prose_length(best) * 10 > chrome.prose_length(tree) * 6:
        best.tag = "article"


def paragraphs(body: etree._Element) -> Iterator[str]:
    """Yield the paragraphs of a tree in order: headings, items, quotes and table rows are paragraphs of their own."""
    for block in _EMPTY_LINE.split("".join(_pieces(body))):
        lines = [fold(line) for line in block.split("\n")]
        text = "\n".join(line for line in lines if line)
        if text:
            yield text


_HTML_BLOCKS = words(
    "p div section article main blockquote ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table tr pre figure header footer hr"
)


def _pieces(root: etree._Element) -> Iterator[str]:
    """Yield the text of a tree, blank lines around blocks, a line break for a break, a bar between cells."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        block = tag in _BLOCKS or tag in _HTML_BLOCKS
        if event == "start":
            yield "\n\n" if block else "\n" if tag in {"lb", "br"} else ""
            yield _flat(element.text)
        else:
            yield "\n\n" if block else " | " if tag in {"cell", "td", "th"} and element.getnext() is not None else ""
            yield _flat(element.tail) if element is not root else ""


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def _cleaned(lines: Iterable[str], *, known: Known) -> list[str]:
    titles = {letters(text) for text in [*known.titles, *known.times]} - {""}
    kept: list[str] = []
    seen: set[str] = set()
    for line in lines:
        folded = letters(line)
        if (
            not folded
            or folded in titles
            or (len(folded) > 60 and folded in seen)
            or phrases.is_chrome(line, names=known.authors)
        ):
            continue
        seen.add(folded)
        kept.append(line)
    return _without_standfirst(kept, description=known.description)


def _without_standfirst(lines: list[str], *, description: str | None) -> list[str]:
    """Drop a first paragraph that only says the description, if a body follows it."""
    folded = letters(description)
    if len(lines) > 1 and folded and letters(lines[0]) == folded:
        return lines[1:]
    return lines
