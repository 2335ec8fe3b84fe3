"""The text that a page claims for its article in JSON-LD: a vote on what was read of it.

Sites write it for machines, mostly whole but without mark-up, sometimes cut or with boxes of its own. So it is never
taken for the text. Where both are nearly the same, a box that only the page has goes, and a paragraph that both the
page and the claim have comes back.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from html import unescape

from lxml.html import HtmlElement

from archive.articles.markup import jsonld
from archive.articles.markup.blocks import Block, blocks
from archive.articles.markup.page import Page
from archive.articles.markup.text import letters

_LEAST = 600  # letters of a claim that says something
_MOST = 100_000  # characters of a claim that is looked at
_SHARED = 60  # percent of the one that is in the other, both ways, where they agree
_PROSE = 60  # letters of a paragraph; a shorter line may be a heading, which many claims leave out
_PIECE = 24  # letters
_TAG = re.compile(r"<[^<>]{0,500}>")


def of(page: Page) -> str:
    """Return the text that the page's own object claims; empty where it claims none."""
    return jsonld.first(page.main.data.get("articleBody")) or "" if page.main is not None else ""


def settled(found: Sequence[str], *, claim: str, tree: HtmlElement) -> list[str]:
    """Return the lines found, less what the claim has not, with what it has more; unchanged where both differ much."""
    said = _Said(letters(_TAG.sub(" ", unescape(claim[:_MOST]))) if len(claim) >= _LEAST else "")
    lines = [letters(line) for line in found]
    held = [said.has(line) for line in lines]
    shared = sum(len(line) for line, has in zip(lines, held, strict=True) if has)
    if not shared or min(shared * 100 // sum(map(len, lines)), shared * 100 // len(said.letters)) < _SHARED:
        return list(found)
    places = {letters(block.text): block for block in blocks(tree)}
    kept = _less(lines, held=held, said=said, places=places)
    return _more([found[at] for at in kept], said=said, places=places)


class _Said:
    """The letters of a claim, and whether a line is among them."""

    def __init__(self, said: str) -> None:
        self.letters = said

    @cached_property
    def _pieces(self) -> frozenset[str]:
        return frozenset(self.letters[at : at + _PIECE] for at in range(len(self.letters) - _PIECE + 1))

    def has(self, line: str) -> bool:
        """Tell whether it has the line, or most pieces of it: links and marks may be written differently there."""
        if not line or line in self.letters:
            return bool(line)
        pieces = [line[at : at + _PIECE] for at in range(0, len(line) - _PIECE, _PIECE)]
        return len(line) >= _PROSE and sum(piece in self._pieces for piece in pieces) * 2 >= len(pieces)


def _less(lines: list[str], *, held: list[bool], said: _Said, places: dict[str, Block]) -> list[int]:
    """Return which lines stay: those of the claim, those beside them, and those before and behind it.

    Short ones go only if the claim has such at all, those behind its end only if it has not been cut off.
    """
    short = [has for line, has in zip(lines, held, strict=True) if len(line) < _PROSE]
    least = 0 if sum(short) * 2 > len(short) else _PROSE
    first, last = held.index(True), len(held) - 1 - held[::-1].index(True)
    end = len(lines) if lines[last].endswith(said.letters[-_PIECE:]) else last
    parents = Counter(_parent(line, places=places) for line, has in zip(lines, held, strict=True) if has)
    return [
        at
        for at, (line, has) in enumerate(zip(lines, held, strict=True))
        if has or not first < at <= end or len(line) < least or parents[_parent(line, places=places)] > 1
    ]


def _parent(line: str, *, places: dict[str, Block]) -> object:
    """Return the element that the block of a line stands in; the line itself where it is no block of the page."""
    return places[line].element.getparent() if line in places else line


def _more(found: list[str], *, said: _Said, places: dict[str, Block]) -> list[str]:
    """Put back the page's paragraphs that the claim has too, each behind what stands before it."""
    whole = letters(" ".join(found))
    if len(said.letters) * 100 <= len(whole) * 102:
        return found
    known = {letters(line): at for at, line in reversed(list(enumerate(found)))}
    merged, last = list(enumerate(found)), -1
    for text, block in places.items():
        last = max(last, known.get(text, last))
        if len(text) >= _PROSE and text not in whole and said.has(text):
            merged.append((last, block.text))
    return [line for _, line in sorted(merged, key=lambda one: one[0])]
