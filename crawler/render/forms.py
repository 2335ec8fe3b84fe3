"""What a site's pages turned out to be, by the form of their URLs: `/app/0` needs a browser, `/news/0` does not.

A form is believed when nearly all of a few pages agreed; then its pages go to the browser at once, which spares the
site a request each. Now and then one is looked at plainly again, since sites are rebuilt. Pages of any other form are
asked for plainly, and judged each by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from crawler.discovery.forms import form_of

LONGEST: Final = 200  # characters of a form
MOST: Final = 500  # forms of a site that are remembered
_ENOUGH = 3  # looks
_NEARLY_ALL = 0.9
_MOST_LOOKS = 20  # older ones fade
_AGAIN: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What pages of one form were, seen plainly: `hollow` of `looks`, the last one at `at`."""

    looks: int
    hollow: int
    at: datetime


class Forms:
    """The forms of one site during one attempt: what the ledger remembers, and what this attempt saw."""

    def __init__(self, remembered: Mapping[str, Look]) -> None:
        self._looks = dict(remembered)
        self._seen: set[str] = set()
        self._again: set[str] = set()  # asked for plainly by this attempt, to see whether it still is so

    def goes_to_browser(self, url: str, *, now: datetime) -> bool:
        """Whether a page needs no plain look first."""
        form = _form(url)
        look = self._looks.get(form)
        if look is None or look.looks < _ENOUGH or look.hollow < _NEARLY_ALL * look.looks:
            return False
        if now - look.at > _AGAIN and form not in self._again:
            self._again.add(form)
            return False
        return True

    def was_hollow(self, url: str) -> bool:
        """Whether any page of this form was."""
        look = self._looks.get(_form(url))
        return look is not None and look.hollow > 0

    def saw(self, url: str, *, hollow: bool, at: datetime) -> None:
        """Takes in what a plain look at a page gave."""
        form = _form(url)
        look = self._looks.get(form, Look(looks=0, hollow=0, at=at))
        if look.looks >= _MOST_LOOKS:
            look = replace(look, looks=look.looks // 2, hollow=look.hollow // 2)
        self._looks[form] = Look(looks=look.looks + 1, hollow=look.hollow + hollow, at=at)
        self._seen.add(form)

    def told(self) -> list[dict[str, Any]]:
        """What this attempt learned, as notes: only of forms that ever were hollow, the others are the default."""
        learned = ((form, self._looks[form]) for form in sorted(self._seen))
        hollow = [(form, look) for form, look in learned if look.hollow]
        return [
            {"note": "form", "form": form, "looks": look.looks, "hollow": look.hollow, "at": look.at.isoformat()}
            for form, look in hollow[:MOST]
        ]


def _form(url: str) -> str:
    return f"{urlsplit(url).netloc.lower()}{form_of(url)}"[:LONGEST]
