"""How alike what an extractor read and what a page says are: body, title, authors, date.

The body is compared by runs of four words, as the public article-extraction-benchmark of Scrapinghub does, so that
figures can be held against those published: precision and recall of each page, averaged, and the F1 of the averages.
Of the other fields a page counts whose truth has them, and it is right or wrong.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from statistics import fmean
from typing import Any, Final

FIELDS: Final = ("title", "author", "date", "none")
_RUN = 4  # words
_UNSPACED = re.compile("([\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff])")
_NOT_LETTERS = re.compile(r"[\W_]+")
_BETWEEN_NAMES = re.compile(r"\s*[;&|]\s*|\s*,\s+|\s+(?:and|und|et|y)\s+")
_BEFORE_NAMES = re.compile(r"(?:by|von|par|por|di|de)\s+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ABSENCES = 0.1  # the least share of pages without authors at which their absence is a fact and no gap of the truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one extractor made of one set of pages.

    `rates` has the share of pages that are right, by field; a field that no page has, or that the extractor does not
    read, is missing. `none` is the share of pages without an author for which none was invented.
    """

    pages: int
    failed: int
    cpu: float
    precision: float
    recall: float
    rates: Mapping[str, float]

    @property
    def f1(self) -> float:
        """Of the body."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def speed(self) -> float:
        """Pages a second of one core."""
        return self.pages / self.cpu if self.cpu else 0.0


def score(truths: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> Score:
    """Holds what was read against the truth, page by page.

    `truths` have title, authors, date, body; what is absent or empty is not compared. `found` have title, authors,
    published, text, `cpu` seconds, and `failed`.
    """
    pairs = list(zip_longest(truths, found, fillvalue={}))
    bodies = [overlap(read.get("text"), truth["body"]) for truth, read in pairs if truth.get("body")]
    return Score(
        pages=len(truths),
        failed=sum(bool(read.get("failed")) for read in found),
        cpu=sum(read.get("cpu", 0.0) for read in found),
        precision=_mean(both / got for both, got, _ in bodies if got),
        recall=_mean(both / wanted for both, _, wanted in bodies if wanted),
        rates=dict(_rates(pairs, reads={name for read in found for name in read})),
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return fmean(listed) if listed else 0.0


def overlap(read: str | None, truth: str | None) -> tuple[int, int, int]:
    """Counts runs of words: those that both have, those of what was read, those of the truth."""
    ours, theirs = _runs(read), _runs(truth)
    return (ours & theirs).total(), ours.total(), theirs.total()


def _runs(text: str | None) -> Counter[tuple[str, ...]]:
    """Runs of four words; a shorter text is one run. Scripts without spaces have a character for a word."""
    words = re.findall(r"\w+", _UNSPACED.sub(r" \1 ", text or ""))
    if not words:
        return Counter()
    return Counter(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)))


def _rates(pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]], *, reads: set[str]) -> Any:
    verdicts: dict[str, list[bool]] = {name: [] for name in FIELDS}
    for truth, read in pairs:
        if truth.get("title"):
            verdicts["title"].append(plain(read.get("title")) == plain(truth["title"]))
        if truth.get("date"):
            verdicts["date"].append(not days(read.get("published")).isdisjoint(days(truth["date"])))
        named = names(read.get("authors"))
        if truth.get("authors"):
            verdicts["author"].append(named == names(truth["authors"]))
        else:
            verdicts["none"].append(not named)
    if not verdicts["author"] or len(verdicts["none"]) < _ABSENCES * len(pairs):
        verdicts["none"] = []
    needs = {"title": "title", "author": "authors", "none": "authors", "date": "published"}
    return ((name, _mean(given)) for name, given in verdicts.items() if given and needs[name] in reads)


def plain(text: str | None) -> str:
    """A text without case, punctuation and typography."""
    folded = unicodedata.normalize("NFKC", text or "").replace("\xad", "")
    return _NOT_LETTERS.sub(" ", folded).strip().casefold()


def names(authors: str | Sequence[str] | None) -> frozenset[str]:
    """The people of a byline, or of a list of such."""
    lines = [authors] if isinstance(authors, str) else authors or ()
    people = (plain(name) for line in lines for name in _BETWEEN_NAMES.split(str(line)))
    return frozenset(
        _BEFORE_NAMES.sub("", name, count=1) if _BEFORE_NAMES.match(name) else name for name in people if name
    )


def days(moment: str | None) -> frozenset[str]:
    """The days that an ISO 8601 date may mean: as it is written, and in UTC."""
    written = _DAY.match(moment or "")
    found = {written[0]} if written else set()
    try:
        read = datetime.fromisoformat(moment or "")
    except ValueError:
        return frozenset(found)
    return frozenset(found | {read.astimezone(UTC).date().isoformat()} if read.tzinfo else found)
