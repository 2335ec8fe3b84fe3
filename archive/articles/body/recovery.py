"""Text that was cut off, put back: a second reading of the article's own container beside what was found.

Extractors stop at the first of several containers, or pass over quotes, tables and folded parts. What they leave out of
the narrowest element around the running text is taken back where it stands as the rest does, or stands amid it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import etree
from lxml.html import HtmlElement

from archive.articles.markup.blocks import Block, blocks
from archive.articles.markup.text import letters

_PROSE = 60  # letters of a block that is running text
_ARTICLE = 600  # letters of what may be an article by itself, however short
_MOST_ARTICLES, _TEASER = 6, 500  # a container of more, with fewer letters each, is a list of articles
_HEADINGS = re.compile(r"h[1-6]")
_SMALL = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
_RUNNING = frozenset({"p", "div", "blockquote"})
_LINES = frozenset({"p", "li", "div"})
_UNLINKED = 0.05


@dataclass(frozen=True)
class _Row:
    """A block of the container, and whether it was found."""

    block: Block
    letters: str
    found: bool

    @property
    def size(self) -> int:
        return len(self.letters)

    @cached_property
    def linked(self) -> float:
        """The share of it that is links."""
        return min(1.0, self.block.linked / len(self.block.text))

    @cached_property
    def path(self) -> tuple[tuple[str, str | None], ...]:
        """Where it stands: the element and its ancestors, by tag and class."""
        element = self.block.element
        return tuple((str(one.tag), one.get("class")) for one in (element, *element.iterancestors()))

    @cached_property
    def article(self) -> etree._Element | None:
        """The article element that it stands in."""
        return next(self.block.element.iterancestors("article"), None)

    @cached_property
    def outermost(self) -> etree._Element | None:
        """The outermost article element that it stands in."""
        return next(reversed(list(self.block.element.iterancestors("article"))), None)

    @cached_property
    def is_quote(self) -> bool:
        """Whether it is quoted."""
        element = self.block.element
        return element.tag == "blockquote" or next(element.iterancestors("blockquote"), None) is not None

    @property
    def is_running_text(self) -> bool:
        return self.size >= _PROSE and self.linked <= 0.3 and not self.block.text.startswith(("{", "[{"))


def complete(found: Sequence[str], *, container: HtmlElement) -> list[str]:
    """Return what was found with what was left out of the container, in the container's order."""
    rows = _rows(found, container=container)
    taken = _everything(rows, size=sum(len(letters(line)) for line in found))
    if taken is None:
        taken = _alike(rows) | _amid(rows)
        taken |= _beside(rows, taken) | _between(rows)
    elif not any(row.found for row in rows):
        return [rows[at].block.text for at in sorted(taken)]
    return _merged(found, rows=rows, taken=taken) if taken else list(found)


def _rows(found: Sequence[str], *, container: HtmlElement) -> list[_Row]:
    """Return the blocks of the container; where what was found stands in an article element, only of that article."""
    lines = {letters(line) for line in found}
    whole = letters(" ".join(found))
    read = ((block, letters(block.text)) for block in blocks(container))
    rows = [_Row(block, text, text in lines or (len(text) >= 12 and text in whole)) for block, text in read if text]
    own = {row.outermost for row in rows if row.found}
    return [row for row in rows if not own or None in own or row.outermost in own]


def _everything(rows: list[_Row], *, size: int) -> set[int] | None:
    """Where less than half was found, take all that is no link.

    Most of what was found must be from this container, or be so little that it is no article but a box beside one.
    """
    running = [row for row in rows if row.is_running_text]
    prose, own = sum(row.size for row in running), sum(row.size for row in rows if row.found)
    is_elsewhere = size < _ARTICLE and size * 7 < prose and (_is_of_one_piece(running) or _leads_nowhere(rows))
    if size * 2 < prose and (own * 10 > size * 7 or is_elsewhere) and not _is_list(running):
        return {at for at, row in enumerate(rows) if not row.found and row.linked <= 0.5}
    return None


def _is_of_one_piece(running: list[_Row]) -> bool:
    """Tell whether most of the running text stands side by side, as that of cards in a list does not."""
    sizes: Counter[etree._Element | None] = Counter()
    for row in running:
        sizes[row.block.element.getparent()] += row.size
    return max(sizes.values(), default=0) * 2 > sizes.total()


def _leads_nowhere(rows: list[_Row]) -> bool:
    """Tell whether there are hardly any links, as there are in cards, one each at least."""
    return sum(row.block.linked for row in rows) * 50 < sum(row.size for row in rows)


def _is_list(running: list[_Row]) -> bool:
    """Tell whether the running text is that of many articles, a little each."""
    articles = {row.article for row in running}
    return len(articles) > _MOST_ARTICLES and sum(row.size for row in running) < _TEASER * len(articles)


def _alike(rows: list[_Row]) -> set[int]:
    """Running text that stands, by the tags and classes around it, as found text does."""
    paths = {row.path for row in rows if row.found and row.size >= 40 and row.block.element.tag in _RUNNING}
    return {
        at
        for at, row in enumerate(rows)
        if not row.found and row.is_running_text and row.block.element.tag in _RUNNING and row.path in paths
    }


def _amid(rows: list[_Row]) -> set[int]:
    """Running text between what was found, where it is much: a little may well be a box beside the article."""
    found = [at for at, row in enumerate(rows) if row.found]
    if not found:
        return set()
    amid = {at for at in range(found[0], found[-1]) if not rows[at].found and rows[at].is_running_text}
    own = sum(rows[at].size for at in found)
    return amid if sum(rows[at].size for at in amid) * 3 > own else set()


def _between(rows: list[_Row]) -> set[int]:
    """What stands without links between what was found, and is of its kind: quotes, headings, lines as the others are.

    A heading counts with text found on both sides; running text by another tag, beside the rest, on one.
    """
    found = [at for at, row in enumerate(rows) if row.found]
    if not found:
        return set()
    paths = {row.path for row in rows if row.found}
    holders = Counter(row.path[1:] for row in rows if row.found and row.is_running_text)
    between = set()
    for at in range(found[0] + 1, found[-1]):
        row = rows[at]
        if row.found or row.linked > _UNLINKED:
            continue
        tag, sides = str(row.block.element.tag), rows[at - 1].found + rows[at + 1].found
        if tag in _LINES and row.size < _PROSE:
            is_one = row.path in paths
        elif _HEADINGS.fullmatch(tag):
            is_one = sides == 2
        else:
            is_one = tag not in _SMALL and row.is_running_text and sides > 0 and holders[row.path[1:]] > 1
        if is_one or row.is_quote:
            between.add(at)
    return between


def _beside(rows: list[_Row], taken: set[int]) -> set[int]:
    """The headings before what is taken, and the short lines that follow it."""
    beside = set()
    for at, row in enumerate(rows):
        if row.found or at in taken or row.linked > 0.5 or row.block.element.tag not in _SMALL:
            continue
        is_heading = _HEADINGS.fullmatch(str(row.block.element.tag)) is not None
        if not taken.isdisjoint(range(at + 1, at + 3)) or (at - 1 in taken and not is_heading):
            beside.add(at)
    return beside


def _merged(found: Sequence[str], *, rows: list[_Row], taken: set[int]) -> list[str]:
    """Put what is taken between the lines found; one that is no block of the container stays behind the one before."""
    places = {row.letters: at for at, row in reversed(list(enumerate(rows))) if row.found}
    merged: list[tuple[int, str]] = [(at, rows[at].block.text) for at in taken]
    last = -1
    for line in found:
        last = max(last, places.get(letters(line), last))
        merged.append((last, line))
    return [line for _, line in sorted(merged, key=lambda one: one[0])]
