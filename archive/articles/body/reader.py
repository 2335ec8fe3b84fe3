"""The article's text: paragraphs in order, each once, without title, standfirst, byline and chrome."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from archive.articles.body import claimed, head, phrases, posts, promos, recovery
from archive.articles.body.prose import Prose, without_tail
from archive.articles.markup import chrome
from archive.articles.markup.blocks import paragraphs
from archive.articles.markup.text import fold, is_huge, letters, select, words
from archive.articles.measure import word_count

_INLINE = ("span", "b", "strong", "i", "em", "u", "font", "small", "mark", "time", "abbr", "cite", "big", "s", "ins")
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
_NAMED = _CONTAINERS[:-2]
SHORT = 600
_REPEATED = 60  # letters
_MOST_ARTICLES = 1_000
_ENDS_AFTER, _MOST_BELOW, _LONG = 6, 3, 160  # tenths of the text; long lines below an end; characters of such
_MOST_TIMES = 20  # of a page's dates that a byline may hold: each line is looked at with each of them
_STANDFIRST_MOST = 400  # letters; a longer one is a text of its own
_SUBHEADINGS = frozenset({"h2", "h3"})
_EMPHASIS = frozenset({"b", "strong", "em", "i"})
_STANDFIRST = words("""
    standfirst lead lede intro introduction excerpt teaser deck dek subtitle subheadline subhead summary abstract kicker
    vorspann chapo bajada entradilla sottotitolo sommario ingress ondertitel leadtext description strapline
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the page before its body is read, so that the body does not repeat it."""

    titles: Sequence[str] = ()
    description: str | None = None
    authors: Sequence[str] = ()
    times: Sequence[str] = ()
    claim: str = ""  # the text that the page's JSON-LD gives


def read(tree: HtmlElement, *, url: str | None, known: Known) -> str:
    """Return the article's text, paragraphs parted by blank lines. The tree is used up."""
    known = replace(known, times=tuple(_dates(tree)))
    posts.keep(tree)
    chrome.prune(tree)
    _cut_standfirst(tree, description=known.description)
    promos.cut_cards(tree)
    etree.strip_tags(tree, *_INLINE)
    promos.prune(tree)
    prose = Prose.of(tree)
    _unmark_parts(tree, prose=prose)
    _mark_article(tree, prose=prose)
    if is_huge(tree):
        container = prose.narrowest(percent=60)
        return "\n\n".join(_cleaned(paragraphs(tree if container is None else container), known=known))
    found = _cleaned(_apart(tree, _by_trafilatura(tree, url=url)), known=known)
    if sum(map(len, found)) < SHORT:
        found = _shorter_and_sure(tree, found, known=known)
    found = _whole(tree, found, prose=prose, known=known)
    container = prose.narrowest(percent=60)
    found = found if container is None else without_tail(found, container=container, tree=tree)
    if known.claim:
        found = _cleaned(claimed.settled(found, claim=known.claim, tree=tree), known=known)
    found = head.without_byline(found, authors=known.authors)
    return "\n\n".join(_without_bios(found, authors=known.authors))


def _by_trafilatura(tree: HtmlElement, *, url: str | None) -> list[str]:
    _hush()
    options = Extractor(fast=True, comments=False, output_format="xml", url=url)
    document = trafilatura.bare_extraction(tree, url=url, options=options)
    body = getattr(document, "body", None)
    return list(paragraphs(body)) if body is not None else []


@cache
def _hush() -> None:
    """Silence the library's warnings of pages without text: our refusals tell of them."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def _dates(tree: HtmlElement) -> Iterator[str]:
    """Yield what the page shows as its dates."""
    for element in tree.iter("time", "abbr"):
        if element.tag == "time" or element.get("title"):
            yield fold(element.text_content())


def _apart(tree: HtmlElement, found: list[str]) -> list[str]:
    """Take apart again what is one paragraph only because the extractor ran several of the page's together.

    Quirk: on pages with little text trafilatura falls back to the page's whole text as one paragraph.
    """
    if len(found) != 1:
        return found
    whole, shown = letters(found[0]), tree.find("body")
    pieces, at = [], 0
    for line in paragraphs(tree if shown is None else shown):
        if (own := letters(line)) and whole.startswith(own, at):
            pieces.append(line)
            at += len(own)
    return pieces if at == len(whole) else found


def _shorter_and_sure(tree: HtmlElement, found: list[str], *, known: Known) -> list[str]:
    """For a short article trust its own container: around little text, an extractor takes in what it should not.

    What was found stays if it is most of the container, but in the container's order and nothing from beyond it.
    """
    prose = chrome.prose_length(tree)
    for path in _CONTAINERS:
        containers = select(path, tree=tree)[:3]
        for container in containers:
            own = _cleaned(paragraphs(container), known=known)
            kept = [line for line in own if line in found]
            if own and kept == own and len(containers) == 1 and path in _NAMED:
                return own
            if word_count(" ".join(own)) >= 8 and (kept or chrome.prose_length(container) * 10 > prose * 3):
                return kept if sum(map(len, kept)) * 10 >= sum(map(len, own)) * 7 else own
    return found


def _whole(tree: HtmlElement, found: list[str], *, prose: Prose, known: Known) -> list[str]:
    """Put back what was left out of the article's container, if that holds more than was found."""
    most = sum(map(len, found)) * 5 // 4
    container = prose.narrowest(percent=75) if chrome.length(tree) >= most else None
    if container is None or chrome.length(container) < most:
        return found
    own = recovery.complete(found, container=container)
    return _cleaned(own, known=known) if own != found else found


def _unmark_parts(tree: HtmlElement, *, prose: Prose) -> None:
    """Take the name of an article from elements that are parts or cards of the page: its headline stands outside."""
    articles = list(islice(tree.iter("article"), _MOST_ARTICLES))
    headings = list(tree.iter("h1"))
    if len(articles) < 2 or not headings:
        return
    if any(next(heading.iterancestors("article"), None) is not None for heading in headings):
        return
    container = prose.narrowest(percent=60)
    if container is None or container.tag == "article" or next(container.iterancestors("article"), None) is not None:
        return
    for article in articles:
        article.tag = "section"


def _mark_article(tree: HtmlElement, *, prose: Prose) -> None:
    """Name the container of the running text, where the page names none: without a name lists in it would be lost."""
    if tree.find(".//article") is not None or select(_CONTAINERS[0], tree=tree):
        return
    container = prose.narrowest(percent=90)
    if container is not None and container.tag in {"div", "section", "td"}:
        container.tag = "article"


def _cleaned(lines: Iterable[str], *, known: Known) -> list[str]:
    titles = {letters(text) for text in [*known.titles, *known.times]} - {""}
    names = [name for name in dict.fromkeys(map(letters, [*known.authors, *known.times[:_MOST_TIMES]])) if name]
    return [
        line
        for line, folded in _once(_before_end(list(lines)))
        if folded not in titles and not phrases.is_chrome(line, names=names)
    ]


def _once(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield lines with their letters, less long ones that were there before, beside another such or longer still.

    Pages repeat themselves for narrow and wide screens; but a list may well say the same twice.
    """
    folded = [letters(line) for line in lines]
    first: dict[str, int] = {}
    for at, text in enumerate(folded):
        was = first.setdefault(text, at)
        if not text:
            continue
        beside = [(at + way, was + way) for way in (-1, 1) if was + way >= 0 and at + way < len(folded)]
        again = was < at and len(text) > _REPEATED
        if again and (
            len(text) > _LONG
            or was == at - 1
            or any(len(folded[a]) > _REPEATED and folded[a] == folded[b] for a, b in beside)
        ):
            continue
        yield lines[at], text


def _before_end(lines: list[str]) -> list[str]:
    """Leave out what stands below a heading that ends the article, if there is little and it is near the end."""
    ends = [at for at, line in enumerate(lines) if phrases.ends_article(line)]
    total = sum(map(len, lines)) if ends else 0
    for at in ends:
        below = sum(len(line) > _LONG for line in lines[at:])
        if below <= _MOST_BELOW and sum(map(len, lines[:at])) * 10 >= total * _ENDS_AFTER:
            return lines[:at]
    return lines


def _without_bios(lines: list[str], *, authors: Sequence[str]) -> list[str]:
    """Leave out what is said of the authors at the end, which begins with their names."""
    names = tuple(name for author in authors if len(name := letters(author)) > 6)
    at = max(len(lines) - 3, 3)
    return lines[:at] + [line for line in lines[at:] if len(line) > SHORT or not letters(line).startswith(names)]


def _cut_standfirst(tree: HtmlElement, *, description: str | None) -> None:
    """Cut out, in place, a standfirst that the description repeats; a lead paragraph of the body stays.

    A standfirst says so by its name or its looks, or is a heading; any other paragraph is the article's first.
    """
    wanted = letters(description)
    if not 0 < len(wanted) <= _STANDFIRST_MOST:
        return
    for element in list(tree.iter("p", "h2", "h3", "div", "strong")):
        if len(element) > 3:
            continue
        if not (element.tag in _SUBHEADINGS or _is_called_standfirst(element) or _is_set_apart(element)):
            continue
        if not len(wanted) <= chrome.length(element) <= 3 * len(wanted):
            continue
        if letters(element.text_content()) != wanted:
            continue
        least = 20 if _is_called_standfirst(element) else len(wanted) // 2
        if any(chrome.length(other) > least for other in tree.iter("p") if letters(other.text_content()) != wanted):
            element.drop_tree()


def _is_set_apart(element: HtmlElement) -> bool:
    """Tell whether all of a paragraph is bold or slanted, and no running text follows beside it."""
    if len(element) != 1 or element[0].tag not in _EMPHASIS or letters(element.text) or letters(element[0].tail):
        return False
    return not any(chrome.length(sibling) > 40 for sibling in element.itersiblings("p", preceding=False))


def _is_called_standfirst(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) > 1 and _means_standfirst(names)


@lru_cache(maxsize=10_000)
def _means_standfirst(names: str) -> bool:
    return any(chrome.is_called(name, cores=_STANDFIRST) for name in names.split() if len(name) <= 80)
