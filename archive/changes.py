"""What another derivation changes in the articles of an attempt: fields, articles that come and go, text that shrinks.

Two lines are of one article when they are read from the same capture. `extractor` is no field: it always changes.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

_WORST: Final = 20  # articles told by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """An article that loses words, or all (`reason` says why its page is none now)."""

    site: str
    url: str
    before: int
    after: int
    reason: str | None = None

    @property
    def share_lost(self) -> float:
        """Of its words."""
        return 1.0 if self.reason else 1 - self.after / max(self.before, 1)


@dataclass(slots=True, kw_only=True)
class Changes:
    """Counts of articles and words before and after, of changed articles by field, and the worst losses.

    `first` counts articles of attempts that had none derived before. `cut` counts articles that lose half of their
    words or more, `lost` those that are none any more.
    """

    before: int = 0
    after: int = 0
    first: int = 0
    same: int = 0
    changed: int = 0
    gained: int = 0
    lost: int = 0
    cut: int = 0
    words_before: int = 0
    words_after: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    worst: list[Shrunk] = field(default_factory=list)

    def add(self, other: Self) -> None:
        """Adds those of another attempt."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.fields.update(other.fields)
        self.reasons.update(other.reasons)
        self.worst = _worst([*self.worst, *other.worst])

    @property
    def share_lost(self) -> float:
        """The share of articles that would be none any more, or lose half of their words or more."""
        return (self.lost + self.cut) / self.before if self.before else 0.0

    def as_json(self) -> dict[str, Any]:
        """All of it, for people's scripts and for `parse`."""
        told: dict[str, Any] = {name: getattr(self, name) for name in _NUMBERS}
        told["fields"] = dict(self.fields.most_common())
        told["reasons"] = dict(self.reasons.most_common())
        told["worst"] = [
            {"site": one.site, "url": one.url, "before": one.before, "after": one.after, "reason": one.reason}
            for one in self.worst
        ]
        return told

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Self:
        """Reads what `as_json` told."""
        rest: dict[str, Any] = {name: told[name] for name in _NUMBERS}
        rest |= {name: Counter(told[name]) for name in ("fields", "reasons")}
        return cls(**rest, worst=[Shrunk(**one) for one in told["worst"]])


_NUMBERS: Final = (
    "before", "after", "first", "same", "changed", "gained", "lost", "cut", "words_before", "words_after"
)  # fmt: skip


def compare(
    before: Sequence[Mapping[str, Any]] | None, after: Sequence[Mapping[str, Any]], *, kinds: Mapping[str, str]
) -> Changes:
    """Holds the lines that stand (None: there is no object) against those that are derived now.

    `kinds` says why a page is no article any more.
    """
    if before is None:
        return Changes(after=len(after), first=len(after), words_after=_words(after))
    changes = Changes(before=len(before), after=len(after), words_before=_words(before), words_after=_words(after))
    left = {_place(line): line for line in after}
    for line in before:
        now = left.pop(_place(line), None)
        if now is None:
            _lose(changes, line, reason=kinds.get(line["url"], "not read"))
        else:
            _hold(changes, line, now)
    changes.gained = len(left)
    changes.worst = _worst(changes.worst)
    return changes


def _lose(changes: Changes, line: Mapping[str, Any], *, reason: str) -> None:
    changes.lost += 1
    changes.reasons[reason] += 1
    changes.worst.append(_shrunk(line, after=0, reason=reason))


def _hold(changes: Changes, line: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    fields = [
        name for name in {**line, **now} if name != "extractor" and _plain(line.get(name)) != _plain(now.get(name))
    ]
    changes.fields.update(fields)
    changes.same += not fields
    changes.changed += bool(fields)
    if now["word_count"] < line["word_count"]:
        changes.cut += 2 * now["word_count"] <= line["word_count"]
        changes.worst.append(_shrunk(line, after=now["word_count"]))


def _shrunk(line: Mapping[str, Any], *, after: int, reason: str | None = None) -> Shrunk:
    return Shrunk(site=line["site"], url=line["url"], before=line["word_count"], after=after, reason=reason)


def _worst(shrunk: Iterable[Shrunk]) -> list[Shrunk]:
    return sorted(shrunk, key=lambda one: (-one.share_lost, -one.before, one.url))[:_WORST]


def _words(lines: Iterable[Mapping[str, Any]]) -> int:
    return sum(line["word_count"] for line in lines)


def _place(line: Mapping[str, Any]) -> tuple[str, int]:
    capture = line["capture"].get("revisit") or line["capture"]
    return capture["warc"], capture["offset"]


def _plain(value: Any) -> str:
    """A value as JSON gives it back: a tuple is a list there."""
    return json.dumps(value, sort_keys=True)
