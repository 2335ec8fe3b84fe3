"""What a site's pages turned out to be, by the shape of their URLs: `/news/*` needs a browser, `/sport/*` does not.

A shape is believed when nearly all of a few pages agreed; then its pages go to the browser at once, which spares the
site a request each. Now and then one is looked at plainly again, since sites are rebuilt. Pages of any other shape are
asked for plainly, and judged each by itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

LONGEST: Final = 200  # characters of a shape
MOST: Final = 500  # shapes of a site that are remembered
_ENOUGH = 3  # looks
_NEARLY_ALL = 0.9
_MOST_LOOKS = 20  # older ones fade
_AGAIN: Final = timedelta(days=7)
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[a-z]{1,24}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What pages of one shape were, seen plainly: `hollow` of `looks`, the last one at `at`."""

    looks: int
    hollow: int
    at: datetime


class Shapes:
    """The shapes of one site during one attempt: what the ledger remembers, and what this attempt saw."""

    def __init__(self, remembered: Mapping[str, Look]) -> None:
        self._looks = dict(remembered)
        self._seen: set[str] = set()
        self._again: set[str] = set()  # asked for plainly by this attempt, to see whether it still is so

    def goes_to_browser(self, url: str, *, now: datetime) -> bool:
        """Whether a page needs no plain look first."""
        shape = shape_of(url)
        look = self._looks.get(shape)
        if look is None or look.looks < _ENOUGH or look.hollow < _NEARLY_ALL * look.looks:
            return False
        if now - look.at > _AGAIN and shape not in self._again:
            self._again.add(shape)
            return False
        return True

    def was_hollow(self, url: str) -> bool:
        """Whether any page of this shape was."""
        look = self._looks.get(shape_of(url))
        return look is not None and look.hollow > 0

    def saw(self, url: str, *, hollow: bool, at: datetime) -> None:
        """Takes in what a plain look at a page gave."""
        shape = shape_of(url)
        look = self._looks.get(shape, Look(looks=0, hollow=0, at=at))
        if look.looks >= _MOST_LOOKS:
            look = replace(look, looks=look.looks // 2, hollow=look.hollow // 2)
        self._looks[shape] = Look(looks=look.looks + 1, hollow=look.hollow + hollow, at=at)
        self._seen.add(shape)

    def told(self) -> list[dict[str, Any]]:
        """What this attempt learned, as notes: only of shapes that ever were hollow, the others are the default."""
        learned = ((shape, self._looks[shape]) for shape in sorted(self._seen))
        hollow = [(shape, look) for shape, look in learned if look.hollow]
        return [
            {"note": "shape", "shape": shape, "looks": look.looks, "hollow": look.hollow, "at": look.at.isoformat()}
            for shape, look in hollow[:MOST]
        ]


def shape_of(url: str) -> str:
    """Returns the shape of a URL: host and path, with numbers as 0 and titles as *; of the query only the names."""
    parts = urlsplit(url)
    path = "/".join(map(_segment, parts.path.split("/")))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    query = "?" + "&".join(names) if names else ""
    return f"{parts.netloc.lower()}{path}{query}"[:LONGEST]


def _segment(segment: str) -> str:
    stem, dot, suffix = segment.rpartition(".")
    if dot and len(suffix) <= 5:
        return f"{_segment(stem)}.{suffix.lower()}"
    if _WORD.fullmatch(segment) or not segment:
        return segment
    return "0" if _NUMBER.fullmatch(segment) else "*"
