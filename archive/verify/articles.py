"""Articles: each line sound in itself, and read from the capture that it names."""

import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.articles.measure import content_digest
from archive.articles.schema import validate
from archive.errors import ArchiveError
from archive.keys import AttemptName
from archive.members import digest
from archive.records import Record, read_record
from archive.rendered import DOM
from archive.streams import Hashed, lines
from archive.verify.audit import Audit
from archive.verify.findings import Findings, Kind
from archive.verify.revisits import key_of

Problem = tuple[Kind, str]
_HEADS = (bytes.fromhex("1f8b0800000000000003"), bytes.fromhex("1f8b08000000000000ff"))  # zlib's and Python's


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an articles object: its number, what it says, and whether something is wrong with it in itself.

    `article` is None for a line that cannot be used.
    """

    number: int
    article: dict[str, Any] | None
    is_sound: bool


def read_articles(audit: Audit, name: AttemptName, *, findings: Findings) -> Iterator[Line]:
    """Yields the lines of an articles object that is there, each checked in itself and against its capture.

    Raises:
        ArchiveError: the object is damaged; what came before has been yielded.
    """
    key = name.articles_key
    sizes = Sizes(audit)
    with audit.open(key) as stream:
        for number, line in enumerate(_lines(stream), start=1):
            audit.go_on()
            article = _parsed(line)
            problems = list(line_problems(article, site=name.site, sizes=sizes, audit=audit))
            url = _url(article)
            for kind, problem in problems:
                findings.note(key, kind, f"line {number} {problem}", line=number, url=url)
            usable = article if url is not None and _names_capture(article) else None
            yield Line(number=number, article=usable, is_sound=not problems)


def _lines(stream: Hashed) -> Iterator[bytes]:
    """The lines of an object; its head must be what the derivation writes, for no checksum covers it."""
    buffered = io.BufferedReader(stream)
    if not buffered.peek(len(_HEADS[0])).startswith(_HEADS):
        raise ArchiveError("its gzip is damaged: it does not begin as the derivation begins it")
    yield from lines(buffered)


class Sizes:
    """How long WARC files are, each asked for once."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._known: dict[str, int] = {}

    def of(self, key: str, *, site: str) -> int:
        """The size of a WARC file of this site; 0 when it is not there, or the key can be none."""
        if key != key_of(site, key.rpartition("/")[2]):
            return 0
        if key not in self._known:
            there = self._audit.store.head(key)
            self._known[key] = there.size if there else 0
        return self._known[key]


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return error


def _url(article: Any) -> str | None:
    url = article.get("url") if isinstance(article, dict) else None
    return url if isinstance(url, str) else None


def _names_capture(article: Mapping[str, Any]) -> bool:
    capture = article.get("capture")
    return isinstance(capture, dict) and {"warc", "offset"} <= capture.keys()


def line_problems(article: Any, *, site: str, sizes: Sizes, audit: Audit) -> Iterator[Problem]:
    """What is wrong with one published line; an invalid one is not looked into further."""
    if isinstance(article, Exception):
        yield Kind.ARTICLE_INVALID, f"is no JSON: {article}"
        return
    wrong = validate(article)
    if wrong:
        yield Kind.ARTICLE_INVALID, f"is not of schema article/1: {wrong[0]}"
        return
    if article["site"] != site:
        yield Kind.ARTICLE_INVALID, f"is of site {article['site']}"
    made = content_digest(title=article["title"], authors=article["authors"], text=article["text"])
    if made != article["content_digest"]:
        told = f"({article['url']}) was altered: its content makes {made}, not {article['content_digest']}"
        yield Kind.ARTICLE_ALTERED, told
    url = article["url"]
    own = f"{DOM}{url}" if article["capture"]["rendered"] else url
    captures = [(article["capture"], (own,)), *((part, ()) for part in article["parts"])]
    for capture, urls in captures:
        yield from _capture_problems(capture, urls=urls, site=site, sizes=sizes, audit=audit)


def _capture_problems(
    capture: Mapping[str, Any], *, urls: Collection[str], site: str, sizes: Sizes, audit: Audit
) -> Iterator[Problem]:
    """Resolves a capture as a reader would: one range read, one gunzip; then the revisit that proves it, if any."""
    revisit = capture.get("revisit")
    found = _record(capture, site=site, sizes=sizes, audit=audit)
    if isinstance(found, str):
        yield Kind.ARTICLE_CAPTURE, f"names a capture at {found}"
    else:
        date = None if revisit else capture["date"]
        for problem in _record_problems(found, capture=capture, urls=() if revisit else urls, date=date):
            yield Kind.ARTICLE_CAPTURE, f"names {_place(capture)}, {problem}"
    if revisit:
        yield from _revisit_problems(revisit, capture=capture, urls=urls, site=site, sizes=sizes, audit=audit)


def _place(capture: Mapping[str, Any]) -> str:
    return f"{capture['offset']} of {capture['warc']}"


def _record(capture: Mapping[str, Any], *, site: str, sizes: Sizes, audit: Audit) -> Record | str:
    """The record at a place, or why there is none."""
    key, offset, length = capture["warc"], capture["offset"], capture["length"]
    if offset + length > sizes.of(key, site=site):
        return f"{_place(capture)}, which is missing, too short or no WARC file of the site"
    try:
        return read_record(audit.store.get_range(key, offset, length))
    except ArchiveError as error:
        return f"{_place(capture)}, which is none: {error}"


def _record_problems(
    record: Record, *, capture: Mapping[str, Any], urls: Collection[str], date: str | None
) -> Iterator[str]:
    if urls and record.uri not in urls:
        yield f"where {record.uri} lies"
    if record.id.strip("<>") != capture["record_id"]:
        yield f"where record {record.id.strip('<>')} lies, not {capture['record_id']}"
    if digest(record.payload) != capture["payload_digest"]:
        yield f"whose payload is {digest(record.payload)}, not {capture['payload_digest']}"
    if date is not None and record.field("WARC-Date") != date:
        yield f"which was captured at {record.field('WARC-Date')}, not {date}"


def _revisit_problems(
    revisit: Mapping[str, Any],
    *,
    capture: Mapping[str, Any],
    urls: Collection[str],
    site: str,
    sizes: Sizes,
    audit: Audit,
) -> Iterator[Problem]:
    """Whether the revisit record proves that the page was seen on this date with the bytes of the capture."""
    found = _record(revisit, site=site, sizes=sizes, audit=audit)
    if isinstance(found, str):
        yield Kind.ARTICLE_REVISIT, f"names a revisit at {found}"
        return
    pointed = (found.field("WARC-Refers-To-Filename"), found.field("WARC-Refers-To-File-Offset"))
    told = {
        "type": (found.type, "revisit"),
        "record id": (found.id.strip("<>"), revisit["record_id"]),
        "date": (found.field("WARC-Date"), capture["date"]),
        "payload digest": (found.digest, capture["payload_digest"]),
        "original": ((found.field("WARC-Refers-To") or "").strip("<>"), capture["record_id"]),
        "original's place": (pointed, (capture["warc"].rpartition("/")[2], str(capture["offset"]))),
    }
    for name, (says, article) in told.items():
        if says != article:
            yield Kind.ARTICLE_REVISIT, f"names the revisit at {_place(revisit)}, whose {name} is {says}, not {article}"
    if urls and found.uri not in urls:
        yield Kind.ARTICLE_REVISIT, f"names the revisit at {_place(revisit)}, where {found.uri} lies"
