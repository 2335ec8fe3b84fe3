"""How well a site's pages read, run by run, and whether the newest run reads worse than the site ever did.

A site is compared with its own past, run by run, for every site is different. A fault must be large (a quarter of the
articles, half of the words), beyond what the site's runs usually differ by (four times their median absolute deviation,
which one odd run does not move), and no accident of few pages (less likely than one in a thousand, by the binomial
distribution, if nothing had changed). Runs of fewer than five pages are taken together with their neighbours, and a
past of fewer than twenty says nothing: so a small site is judged a little later, and does not cry wolf. A fault stands
until it is mended, or until half of the past month's runs look like it: then it is the new normal.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

LEAST: Final = 5  # pages of a run, or of some together
PAST: Final = 20  # pages at least, before anything is said
_LIKELY: Final = 0.001
_DROP: Final = 0.25  # of the share that was usual
_FACTOR: Final = 2.0  # by which texts get shorter or longer
_DEVIATIONS: Final = 4.0
_NORMAL: Final = 1.4826  # median absolute deviations that make a standard deviation of normal values
_CERTAIN: Final = 0.9  # no share is taken for more certain: what fails comes in clusters, as a kind of page that is new


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the pages of one run, or of some, gave: `words` of each article, how many of them lack what, their kinds.

    `refused` counts promised pages that gave no article, by reason; None where that is not known.
    """

    words: tuple[int, ...] = ()
    untitled: int = 0
    undated: int = 0
    unsigned: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] | None = None

    @property
    def articles(self) -> int:
        """How many pages gave one."""
        return len(self.words)

    @property
    def pages(self) -> int:
        """Articles and refused pages."""
        return self.articles + sum((self.refused or {}).values())

    def as_json(self) -> dict[str, Any]:
        """What `status --json` tells of it."""
        return {
            "pages": self.pages,
            "articles": self.articles,
            "median_words": median(self.words) if self.words else None,
            "without_title": self.untitled,
            "without_date": self.undated,
            "without_authors": self.unsigned,
            "kinds": dict(self.kinds),
            "refused": dict(self.refused or {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is worse than it used to be: which, how it is, how it was, and the same in words."""

    measure: str
    now: float
    usual: float
    told: str


def health_of(lines: Iterable[Mapping[str, Any]], *, refused: Mapping[str, int] | None) -> Health:
    """Measures published lines; of each, `word_count`, `title`, `published`, `authors` and `kind` are read."""
    known = list(lines)
    return Health(
        words=tuple(line["word_count"] for line in known),
        untitled=sum(not line["title"] for line in known),
        undated=sum(not line["published"] for line in known),
        unsigned=sum(not line["authors"] for line in known),
        kinds=dict(sorted(Counter(line["kind"] for line in known).items())),
        refused=refused,
    )


def together(runs: Iterable[Health]) -> Health:
    """Adds runs up."""
    listed = list(runs)
    known = [run.refused for run in listed if run.refused is not None]
    return Health(
        words=tuple(number for run in listed for number in run.words),
        untitled=sum(run.untitled for run in listed),
        undated=sum(run.undated for run in listed),
        unsigned=sum(run.unsigned for run in listed),
        kinds=_added(run.kinds for run in listed),
        refused=_added(known) if len(known) == len(listed) else None,
    )


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    whole: Counter[str] = Counter()
    for one in counts:
        whole.update(one)
    return dict(sorted(whole.items()))


def faults(runs: Sequence[Health]) -> list[Fault]:
    """Judges the newest of a site's runs, which come in their order; those without pages do not count."""
    windows = _windows(runs)
    if len(windows) < 2 or sum(one.pages for one in windows[1:]) < PAST:
        return []
    now, past = windows[0], windows[1:]
    return [fault for measure in _MEASURES for fault in measure(now, past)]


def _windows(runs: Sequence[Health]) -> list[Health]:
    """The runs from the newest back, small ones taken together; what is left over at the far end is dropped."""
    windows: list[Health] = []
    gathered: list[Health] = []
    for run in reversed(runs):
        gathered.append(run)
        if sum(one.pages for one in gathered) >= LEAST:
            windows.append(together(gathered))
            gathered = []
    return windows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Share:
    """A share of pages or articles that should stay high: `good` of `all` of a run; None where a run cannot tell."""

    name: str
    good: Callable[[Health], int]
    all: Callable[[Health], int | None]
    told: Callable[[Health], str]

    def __call__(self, now: Health, past: Sequence[Health]) -> Iterator[Fault]:
        whole = self.all(now)
        known = [(self.good(one), total) for one in past if (total := self.all(one))]
        if not whole or whole < LEAST or sum(total for _, total in known) < PAST:
            return
        shares = [good / total for good, total in known]
        usual, share = median(shares), self.good(now) / whole
        drop = max(_DROP, _DEVIATIONS * _spread(shares))
        if usual - share > drop and _tail(self.good(now), whole, share=min(usual, _CERTAIN)) < _LIKELY:
            yield Fault(measure=self.name, now=share, usual=usual, told=f"{self.told(now)}, where {usual:.0%} is usual")


def _spread(values: Sequence[float]) -> float:
    middle = median(values)
    return _NORMAL * median(abs(value - middle) for value in values)


def _tail(good: int, whole: int, *, share: float) -> float:
    """How likely it is that so few of so many, or fewer, are good, if each is with this likelihood."""
    if whole > 1000:  # as sure as can be, and sums stay short
        good, whole = good * 1000 // whole, 1000
    return sum(math.comb(whole, number) * share**number * (1 - share) ** (whole - number) for number in range(good + 1))


def _lengths(now: Health, past: Sequence[Health]) -> Iterator[Fault]:
    """Texts that are much shorter, or longer, than they used to be: by the median of a run, and by most articles."""
    before = sorted(number for one in past for number in one.words)
    if now.articles < LEAST or len(before) < PAST:
        return
    logs = [_log(median(one.words)) for one in past if one.words]
    usual, words = median(logs), median(now.words)
    change = _log(words) - usual
    short, long = before[len(before) // 4], before[3 * len(before) // 4]
    beyond = [number < short for number in now.words] if change < 0 else [number > long for number in now.words]
    if abs(change) <= max(math.log(_FACTOR), _DEVIATIONS * _spread(logs)):
        return
    if _tail(len(beyond) - sum(beyond), len(beyond), share=0.75) < _LIKELY:
        told = f"texts of {words:.0f} words (median), where {math.exp(usual) - 1:.0f} are usual"
        yield Fault(measure="words", now=words, usual=math.exp(usual) - 1, told=told)


def _log(words: float) -> float:
    return math.log(words + 1)


def _told_articles(now: Health) -> str:
    reasons = sorted((now.refused or {}).items(), key=lambda item: -item[1])
    why = f" ({', '.join(f'{number} {reason}' for reason, number in reasons[:3])})" if reasons else ""
    return f"articles from {now.articles} of {now.pages} pages{why}"


_MEASURES: Final[Sequence[Callable[[Health, Sequence[Health]], Iterator[Fault]]]] = (
    _Share(
        name="articles",
        good=lambda one: one.articles,
        all=lambda one: None if one.refused is None else one.pages,
        told=_told_articles,
    ),
    _lengths,
    _Share(
        name="titles",
        good=lambda one: one.articles - one.untitled,
        all=lambda one: one.articles,
        told=lambda one: f"a title in {one.articles - one.untitled} of {one.articles} articles",
    ),
    _Share(
        name="dates",
        good=lambda one: one.articles - one.undated,
        all=lambda one: one.articles,
        told=lambda one: f"a date in {one.articles - one.undated} of {one.articles} articles",
    ),
    _Share(
        name="authors",
        good=lambda one: one.articles - one.unsigned,
        all=lambda one: one.articles,
        told=lambda one: f"authors in {one.articles - one.unsigned} of {one.articles} articles",
    ),
)
