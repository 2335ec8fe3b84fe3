"""Which candidates of a `srcset` are kept: those that a browser chooses on the screens of `crawler.embeds.screens`.

Reading follows the HTML standard ("parse a srcset attribute"), choosing follows Chromium (third_party/blink,
`html_srcset_parser.cc`), which of two candidates takes the one nearer to the screen's density by geometric mean.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt

from crawler.embeds.screens import SCREENS, Screen, applies, length

MOST_CANDIDATES = 100
_URL = re.compile(r"[\s,]*(\S+)")
_DESCRIPTOR = re.compile(r"\s*([^,()]*(?:\([^()]*\)?[^,()]*)*)")
_LONGEST_SIZES = 2000  # characters
_VALUE = re.compile(r"([0-9]{0,9}\.?[0-9]{1,9})([wx])")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One image of a srcset: `width` in real pixels, or `density`; the other is None."""

    url: str
    width: float | None = None
    density: float | None = None


def candidates(text: str) -> list[Candidate]:
    """Reads a srcset; what is broken is passed over, as browsers do."""
    found: list[Candidate] = []
    at = 0
    while len(found) < MOST_CANDIDATES and (start := _URL.match(text, at)):
        at = start.end()
        url = start[1]
        if url.endswith(","):
            found.append(Candidate(url.rstrip(","), density=1.0))
            continue
        described = _DESCRIPTOR.match(text, at)
        at = described.end() if described else at
        candidate = _described(url, described[1] if described else "")
        if candidate is not None:
            found.append(candidate)
    return [candidate for candidate in found if candidate.url]


def _described(url: str, descriptors: str) -> Candidate | None:
    values = {unit: float(number) for number, unit in _VALUE.findall(descriptors)}
    if "w" in values:
        return Candidate(url, width=values["w"]) if values["w"] > 0 else None
    return Candidate(url, density=values.get("x", 1.0))


def chosen(offered: Sequence[Candidate], *, sizes: str, screens: Sequence[Screen] = SCREENS) -> list[str]:
    """Returns the URLs that a browser loads on any of the screens, in their order, each once."""
    picked = {choice for screen in screens if (choice := _choice(offered, sizes=sizes, screen=screen)) is not None}
    return [candidate.url for candidate in dict.fromkeys(offered) if candidate.url in picked]


def _choice(offered: Sequence[Candidate], *, sizes: str, screen: Screen) -> str | None:
    slot = max(1.0, slot_width(sizes[:_LONGEST_SIZES], screen=screen))
    dense = sorted(((one.width / slot if one.width else one.density or 1.0, one.url) for one in offered), key=_density)
    if not dense:
        return None
    for (density, url), (more, better) in pairwise(dense):
        if more >= screen.density:
            between = screen.density > density if screen.density <= 1 else False
            return better if between or screen.density >= sqrt(density * more) else url
    return dense[-1][1]


def _density(pair: tuple[float, str]) -> float:
    return pair[0]


@lru_cache(maxsize=1024)
def slot_width(sizes: str, *, screen: Screen) -> float:
    """Returns how many CSS pixels wide an image is shown by its `sizes`; the window's width when they do not tell."""
    for entry in _entries(sizes):
        condition, value = _parted(entry)
        if not condition or applies(condition, screen=screen):
            width = length(value, screen=screen)
            if width is not None:
                return width
    return screen.width


def _entries(sizes: str) -> list[str]:
    """Parts a list at its commas, but for those in brackets."""
    entries, depth, start = [], 0, 0
    for at, letter in enumerate(sizes):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth <= 0:
            entries.append(sizes[start:at])
            start = at + 1
    return [entry.strip() for entry in [*entries, sizes[start:]] if entry.strip()]


def _parted(entry: str) -> tuple[str, str]:
    """Parts a media condition from the length behind it."""
    depth = 0
    for at in range(len(entry) - 1, -1, -1):
        depth += (entry[at] == ")") - (entry[at] == "(")
        if entry[at].isspace() and depth == 0:
            return entry[:at].strip(), entry[at:].strip()
    return "", entry
