"""An articles object: each line valid, unaltered, and read from the capture that it names."""

import json
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from archive.articles.measure import content_digest
from archive.articles.schema import validate
from archive.commit import Commit
from archive.errors import ArchiveError
from archive.members import digest
from archive.records import Record, read_record
from archive.store import Store
from archive.streams import hashed, lines
from archive.verify.findings import Findings


def check_articles(
    store: Store, commit: Commit, *, sizes: Mapping[str, int], findings: Findings, stop: threading.Event
) -> int | None:
    """Checks the articles of a commit; returns their number, or None when they are not derived yet.

    `sizes` are those of the commit's objects that are there.
    """
    key = commit.name.articles_key
    if store.head(key) is None:
        return None
    number = 0
    with hashed(store, key, stop=stop) as stream:
        try:
            for number, line in enumerate(lines(stream), start=1):
                for problem in line_problems(line, site=commit.name.site, sizes=sizes, store=store):
                    findings.note(key, f"line {number} {problem}")
        except ArchiveError as error:
            findings.note(key, str(error))
    return number


def line_problems(line: bytes, *, site: str, sizes: Mapping[str, int], store: Store) -> Iterator[str]:
    """What is wrong with one published line; an invalid one is not looked into further."""
    try:
        article = json.loads(line)
    except ValueError as error:
        yield f"is no JSON: {error}"
        return
    wrong = validate(article)
    if wrong:
        yield f"is not of schema article/1: {wrong[0]}"
        return
    if article["site"] != site:
        yield f"is of site {article['site']}"
    made = content_digest(title=article["title"], authors=article["authors"], text=article["text"])
    if made != article["content_digest"]:
        yield f"({article['url']}) was altered: its content makes {made}, not {article['content_digest']}"
    url = article["url"]
    yield from _capture_problems(article["capture"], urls=(url, f"urn:dom:{url}"), sizes=sizes, store=store)
    for part in article["parts"]:
        yield from _capture_problems(part, urls=(), sizes=sizes, store=store)


def _capture_problems(
    capture: Mapping[str, Any], *, urls: Collection[str], sizes: Mapping[str, int], store: Store
) -> Iterator[str]:
    """Resolves a capture as a reader would: one range read, one gunzip."""
    key, offset, length = capture["warc"], capture["offset"], capture["length"]
    place = f"{offset} of {key}"
    if offset + length > sizes.get(key, 0):
        yield f"names a capture at {place}, which is missing, too short or not of this commit"
        return
    try:
        record = read_record(store.get_range(key, offset, length))
    except ArchiveError as error:
        yield f"names a capture at {place}, which is none: {error}"
        return
    yield from (f"names {place}, {problem}" for problem in _record_problems(record, capture=capture, urls=urls))


def _record_problems(record: Record, *, capture: Mapping[str, Any], urls: Collection[str]) -> Iterator[str]:
    if urls and record.uri not in urls:
        yield f"where {record.uri} lies"
    if record.id.strip("<>") != capture["record_id"]:
        yield f"where record {record.id.strip('<>')} lies, not {capture['record_id']}"
    if digest(record.payload) != capture["payload_digest"]:
        yield f"whose payload is {digest(record.payload)}, not {capture['payload_digest']}"
    if record.field("WARC-Date") != capture["date"]:
        yield f"which was captured at {record.field('WARC-Date')}, not {capture['date']}"
