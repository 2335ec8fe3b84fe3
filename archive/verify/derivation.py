"""Articles derived once more from their captures: the same extractor version must give the very lines that stand."""

from collections.abc import Iterator, Mapping
from typing import Any

from archive import derive
from archive.commit import Commit
from archive.verify.articles import Line
from archive.verify.audit import Audit
from archive.verify.findings import Findings, Kind

_ABSENT = "nothing"


def by_whom(article: Mapping[str, Any]) -> str:
    """Who derived a line, as name/version."""
    extractor = article.get("extractor")
    if not isinstance(extractor, Mapping):
        return "nobody"
    return f"{extractor.get('name')}/{extractor.get('version')}"


class Again:
    """The lines that the derivation gives for a commit, to be held against those that stand."""

    def __init__(self, audit: Audit, commit: Commit) -> None:
        assert audit.derivation is not None
        means = audit.derivation
        derived = derive.lines_of(commit, store=audit.store, extractors=means.extractors, scratch=means.scratch)
        self._key = commit.name.articles_key
        self._left = {_place(line): line for line in derived.lines}
        self._by_url = {line["url"]: _place(line) for line in derived.lines}
        self._died = {url for url, outcome in derived.kinds.items() if outcome == "extractor-died"}
        self.number = len(derived.lines)

    def compare(self, line: Line, *, findings: Findings) -> None:
        """Holds one line against what is derived. What is wrong with it in itself is not told a second time."""
        if line.article is None:
            return
        place = _place(line.article)
        if place not in self._left and not line.is_sound:
            place = self._by_url.get(line.article["url"], place)
        derived = self._left.pop(place, None)
        if not line.is_sound:
            return
        url = line.article["url"]
        if derived is None and url in self._died:
            return  # on a slower machine than the one that derived it: the page ran into its time limit
        if derived is None:
            problem = f"line {line.number} ({url}) is of no article that its capture gives, or stands there twice"
            findings.note(self._key, Kind.ARTICLE_SURPLUS, problem, line=line.number, url=url)
            return
        for problem in _differences(line.article, derived):
            told = f"line {line.number} ({url}) {problem}"
            findings.note(self._key, Kind.ARTICLE_NOT_DERIVED, told, line=line.number, url=url)
            return

    def finish(self, *, findings: Findings) -> None:
        """Tells which articles have no line."""
        for line in self._left.values():
            problem = f"has no line for {line['url']}, of whose capture at {_told(_place(line))} an article is derived"
            findings.note(self._key, Kind.ARTICLE_MISSING, problem, url=line["url"])


def _place(line: Mapping[str, Any]) -> tuple[str, int]:
    """Where the capture that gave a line lies: the revisit's record, where it is one."""
    capture = line["capture"].get("revisit") or line["capture"]
    return capture["warc"], capture["offset"]


def _told(place: tuple[str, int]) -> str:
    return f"{place[1]} of {place[0]}"


def _differences(told: Mapping[str, Any], derived: Mapping[str, Any]) -> Iterator[str]:
    for name in [*derived, *(name for name in told if name not in derived)]:
        ours, theirs = _plain(derived.get(name, _ABSENT)), told.get(name, _ABSENT)
        if ours != theirs:
            yield f"says {name}: {theirs!r:.120}, its capture gives {ours!r:.120}"


def _plain(value: Any) -> Any:
    """A value as JSON gives it back."""
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value
