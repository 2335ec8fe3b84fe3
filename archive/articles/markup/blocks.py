"""The blocks of a tree: paragraphs, headings, items, quotes and table rows in order, each with where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from archive.articles.markup.text import fold, words

_BLOCKS = words("""
    p div section article main blockquote ul ol li dl dt dd h1 h2 h3 h4 h5 h6 table tr pre figure header footer hr
    head item quote row code list body
""")
_BREAKS = frozenset({"lb", "br"})
_CELLS = frozenset({"cell", "td", "th"})


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph's text, the innermost block element that holds it, and how many of its characters are links."""

    text: str
    element: etree._Element
    linked: int


@dataclass(slots=True)
class _Reading:
    """What was read since the last boundary."""

    holder: etree._Element
    pieces: list[str] = field(default_factory=list)
    links: int = 0
    linked: int = 0
    broken: bool = False

    def add(self, text: str | None) -> None:
        if not text:
            return
        self.pieces.append(text.replace("\n", " "))
        if not text.isspace():
            self.broken = False
            self.linked += len(" ".join(text.split())) if self.links else 0

    def end(self) -> Iterator[Block]:
        """Yield what was read as a block, if it says anything."""
        if self.pieces:
            lines = [fold(line) for line in "".join(self.pieces).split("\n")]
            text = "\n".join(line for line in lines if line)
            if text:
                yield Block(text, self.holder, self.linked)
            self.pieces = []
        self.linked, self.broken = 0, False

    def line(self) -> Iterator[Block]:
        """Break the line; a second break with nothing between ends the block."""
        if self.broken:
            yield from self.end()
        self.pieces.append("\n")
        self.broken = True


def blocks(root: etree._Element) -> Iterator[Block]:
    """Yield the blocks of a tree: a line break for a break, a bar between cells, a new block after an empty line."""
    reading = _Reading(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start":
            if tag in _BLOCKS:
                yield from reading.end()
                reading.holder = element
            elif tag in _BREAKS:
                yield from reading.line()
            reading.links += tag == "a"
            reading.add(element.text)
            continue
        reading.links -= tag == "a"
        if tag in _BLOCKS:
            yield from reading.end()
        elif tag in _CELLS and element.getnext() is not None:
            reading.pieces.append(" | ")
        if element is not root:
            reading.holder = _holder(element) if tag in _BLOCKS else reading.holder
            reading.add(element.tail)
    yield from reading.end()


def _holder(element: etree._Element) -> etree._Element:
    """Return the block that text behind an element belongs to."""
    return next((one for one in element.iterancestors() if one.tag in _BLOCKS), element)


def paragraphs(root: etree._Element) -> Iterator[str]:
    """Yield the text of a tree's blocks in order."""
    return (block.text for block in blocks(root))
