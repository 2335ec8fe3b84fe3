"""What a check of the archive finds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_MOST = 25  # findings an object; a file that is wrong throughout is told once


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it should be: the key of the object, and what is wrong with it."""

    key: str
    problem: str


class Findings:
    """Collects findings, a bounded number an object; the rest are counted."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._numbers: Counter[str] = Counter()

    def note(self, key: str, problem: str) -> None:
        """Notes that something is wrong with an object."""
        self._numbers[key] += 1
        if self._numbers[key] <= _MOST:
            self._found.append(Finding(key=key, problem=problem))

    def __iter__(self) -> Iterator[Finding]:
        yield from self._found
        for key, number in self._numbers.items():
            if number > _MOST:
                yield Finding(key=key, problem=f"{number - _MOST} more findings of this object")
