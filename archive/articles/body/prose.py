"""Where a page's running text stands: how much of it each element holds, weighed once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from archive.articles.markup.blocks import blocks
from archive.articles.markup.chrome import length
from archive.articles.markup.text import fold, letters

_PARAGRAPH = 40  # characters of one that is running text
_OWN = 75  # percent of what was found that its container holds, if there is one for all
_LONG = 40  # letters of a line that tells that the rest is of something else


@dataclass(frozen=True, slots=True)
class Prose:
    """How much running text each element of a page holds, in characters of its paragraphs."""

    weights: Counter[HtmlElement]

    @classmethod
    def of(cls, tree: HtmlElement) -> "Prose":
        """Weigh the elements of a page."""
        weights: Counter[HtmlElement] = Counter()
        for paragraph in tree.iter("p"):
            size = length(paragraph)
            if size > _PARAGRAPH:
                weights.update(dict.fromkeys(paragraph.iterancestors(), size))
        return cls(weights)

    def narrowest(self, *, percent: int) -> HtmlElement | None:
        """Return the narrowest element that holds so much of the page's running text."""
        total = max(self.weights.values(), default=0)
        holding = [element for element, weight in self.weights.items() if weight * 100 >= total * percent]
        return min(holding, key=lambda element: self.weights[element], default=None)


def without_tail(found: Sequence[str], *, container: HtmlElement, tree: HtmlElement) -> list[str]:
    """Leave out what stands behind the container of most of what was found, and in no element such as those in it."""
    whole = container.text_content()
    if not found or found[-1] in fold(whole):
        return list(found)
    inside = letters(whole)
    lines = [letters(line) for line in found]
    held = [line in inside for line in lines]
    last = len(held) - 1 - held[::-1].index(True) if any(held) else 0
    own = sum(len(line) for line, has in zip(lines, held, strict=True) if has)
    if last == len(lines) - 1 or not last or own * 100 < sum(map(len, lines)) * _OWN:
        return list(found)
    kinds = {_kind(block.element) for block in blocks(container)}
    places = {letters(block.text): block.element for block in blocks(tree)}
    alike = [at <= last or (line in places and _kind(places[line]) in kinds) for at, line in enumerate(lines)]
    first = next((at for at, is_alike in enumerate(alike) if not is_alike and len(lines[at]) >= _LONG), len(lines))
    return [line for at, line in enumerate(found) if at < first or alike[at]]


def _kind(element: etree._Element) -> tuple[str | None, ...]:
    """Return what an element is by its tag, its class and those of the two around it."""
    outer = element.getparent()
    second = outer.getparent() if outer is not None else None
    return (str(element.tag), *(None if one is None else one.get("class") for one in (element, outer, second)))
