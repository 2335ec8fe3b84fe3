"""What a check of the archive finds, each under one of a closed list of kinds."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_MOST = 25  # findings an object; a file that is wrong throughout is told once


class Kind(StrEnum):
    """What can be wrong. Scripts may rely on these words: none changes its meaning, new ones may come."""

    COMMIT_UNREADABLE = "commit-unreadable"
    """The commit is no JSON of a format that this version knows."""
    COMMIT_ALTERED = "commit-altered"
    """The commit's bytes do not make the digest at their end; nothing that it says was gone by."""
    COMMIT_WRONG = "commit-wrong"
    """The commit lies on another day than its run ticked, or names what can be no object of its attempt."""
    COMMIT_OMITS = "commit-omits"
    """The commit does not name its index, or a WARC file of its attempt that is there."""
    OBJECT_MISSING = "object-missing"
    """The commit names an object that is not there."""
    OBJECT_CUT = "object-cut"
    """An object is shorter than its commit says."""
    OBJECT_ALTERED = "object-altered"
    """An object is longer than its commit says, or has another sha256."""
    RECORD_DAMAGED = "record-damaged"
    """At this offset of a WARC file there is no whole gzip member with one whole record in it."""
    RECORD_DIGEST = "record-digest"
    """A record's block or payload does not make the digest that it gives, or it gives none."""
    INDEX_DAMAGED = "index-damaged"
    """The index is no whole gzip, or a line of it is no CDXJ line."""
    INDEX_ORDER = "index-order"
    """An index line stands before one that it should follow: replay tools search by halves and would miss it."""
    INDEX_PLACE = "index-place"
    """An index line names a file and an offset where no capture begins."""
    INDEX_DISAGREES = "index-disagrees"
    """An index line says otherwise than the record that it names: digest, length, URL, status, key …"""
    INDEX_OMITS = "index-omits"
    """No index line names a capture."""
    REVISIT_ORIGINAL_GONE = "revisit-original-gone"
    """The object that should hold the original of a revisit is missing or too short, or the revisit names none."""
    REVISIT_ORIGINAL_DAMAGED = "revisit-original-damaged"
    """What lies where a revisit points cannot be read."""
    REVISIT_ORIGINAL_DIFFERS = "revisit-original-differs"
    """What lies where a revisit points is another record, or its payload does not make the revisit's digest."""
    COMMIT_MISSING = "commit-missing"
    """The ledger knows an attempt as committed, and its commit is not there."""
    ARTICLES_MISSING = "articles-missing"
    """The ledger knows an attempt as derived, and its articles object is not there."""
    ARTICLES_DAMAGED = "articles-damaged"
    """An articles object is no whole gzip as the derivation writes it."""
    ARTICLE_INVALID = "article-invalid"
    """A line is no JSON, not of the schema, of another site, or of another extractor than the line before it."""
    ARTICLE_ALTERED = "article-altered"
    """Title, authors and text of a line do not make its content digest."""
    ARTICLE_CAPTURE = "article-capture"
    """The capture that an article names cannot be read, or is another than the article says."""
    ARTICLE_REVISIT = "article-revisit"
    """The revisit record that an article names cannot be read, or does not prove what the article says."""
    ARTICLE_NOT_DERIVED = "article-not-derived"
    """The same extractor version derives another line from the capture."""
    ARTICLE_MISSING = "article-missing"
    """The same extractor version derives an article for which there is no line."""
    ARTICLE_SURPLUS = "article-surplus"
    """The same extractor version derives no article for this line, or it stands there twice."""
    MORE = "more"
    """So many more findings of this object than are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it should be: the key of the object, the kind, and what is wrong in words.

    `offset` (bytes), `line` (from 1) and `url` say where in the object, as far as that can be said.
    """

    key: str
    kind: Kind
    problem: str
    offset: int | None = None
    line: int | None = None
    url: str | None = None


class Findings:
    """Collects findings, a bounded number an object and at least one of each kind; the rest are counted."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._numbers: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._kinds: set[tuple[str, Kind]] = set()

    def note(
        self,
        key: str,
        kind: Kind,
        problem: str,
        *,
        offset: int | None = None,
        line: int | None = None,
        url: str | None = None,
    ) -> None:
        """Notes that something is wrong with an object."""
        self._numbers[key] += 1
        if self._numbers[key] > _MOST and (key, kind) in self._kinds:
            self._left[key] += 1
        else:
            self._kinds.add((key, kind))
            self._found.append(Finding(key=key, kind=kind, problem=problem, offset=offset, line=line, url=url))

    def number(self, key: str) -> int:
        """How many findings an object has so far."""
        return self._numbers[key]

    def __iter__(self) -> Iterator[Finding]:
        yield from self._found
        for key, number in self._left.items():
            yield Finding(key=key, kind=Kind.MORE, problem=f"{number} more findings of this object")
