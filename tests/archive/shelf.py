"""Committed attempts in a real store, by the real spool, writer and shipping; small enough to be damaged by hand."""

import dataclasses
import gzip
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from archive import articles, derive
from archive.articles.measure import content_digest, word_count
from archive.commit import Commit
from archive.keys import warc_key as key_of_file
from archive.original import Original
from archive.pages import read_at
from archive.records import iter_records
from archive.ship import ship
from archive.spool import Spool
from archive.store import Store
from archive.warc import WarcWriter
from tests.archive.exchanges import exchange
from tests.archive.ledgers import NOON, outcome, run_id

HOME = "https://courier.example/"


def shelve(
    store: Store,
    folder: Path,
    *,
    pages: Sequence[str] = ("one", "two"),
    text: str = "The ferry sails again.",
    tick: datetime = NOON,
    site: str = "courier",
    derived: bool = True,
    again: Mapping[str, Original] = MappingProxyType({}),
) -> Commit:
    """Ships an attempt whose pages are articles titled by their names, and writes its articles object.

    The pages named in `again` are revisits of these originals.
    """
    run = run_id(tick)
    facts = {"site": site, "home": HOME, "run": run, "attempt": 1, "tick": tick.isoformat(), "machine": "m1"}
    facts |= {"started_at": tick.isoformat(), "toml": f'name = "{site}"'}
    lines = []
    with Spool(folder).begin(run, 1, facts=facts) as spooled:
        writer = WarcWriter(spooled.path, prefix=spooled.name, info={"software": "microfiche/test"})
        writer.append_resource("urn:microfiche:site", content_type="application/toml", payload=b"", date=tick)
        captures = []
        for number, page in enumerate(pages):
            started = tick + timedelta(seconds=number)
            answer = exchange(f"{HOME}{page}", body=f"<p>{text}".encode()[:5], started=started)
            captures.append(writer.append(answer, original=again.get(page)))
            spooled.note({"note": "url", **outcome(f"{HOME}{page}", at=started)})
        spooled.note({"note": "end", "at": tick.isoformat(), "ended": "finished", "counts": {"exchanges": len(pages)}})
        writer.seal()
        commit = ship(spooled, store=store, software="microfiche/test")
        for page, capture in zip(pages, captures, strict=True) if derived else ():
            assert capture is not None
            record = read_at(spooled.path / capture.filename, capture)
            line = _line(commit, page, record=record, capture=capture, text=text)
            lines.append(_revisited(line, again[page], store=store) if page in again else line)
        spooled.remove()
    if derived:
        store.put_bytes(commit.name.articles_key, derive.dump(lines))
    return commit


def _line(commit: Commit, page: str, *, record: Any, capture: Any, text: str) -> dict[str, Any]:
    digest = content_digest(title=page, authors=["Jo Doe"], text=text)
    article = articles.Article(
        title=page, authors=("Jo Doe",), text=text, word_count=word_count(text), content_digest=digest
    )
    place = {
        "warc": commit.name.warc_key_of(capture.filename),
        "offset": capture.offset,
        "length": capture.length,
        "record_id": record.id.strip("<>"),
        "payload_digest": record.digest,
        "date": record.field("WARC-Date"),
        "rendered": False,
        "consent": None,
    }
    return articles.publish(article, site=commit.name.site, key=record.uri, url=record.uri, capture=place)


def _revisited(line: dict[str, Any], original: Original, *, store: Store) -> dict[str, Any]:
    """The line of a page whose bytes an earlier record holds."""
    key = key_of_file(line["site"], original.filename)
    with store.open(key) as stream:
        length = next(record.length for record in iter_records(stream) if record.offset == original.offset)
    revisit = {name: line["capture"][name] for name in ("warc", "offset", "length", "record_id")}
    holds = {"warc": key, "offset": original.offset, "length": length, "record_id": original.record_id.strip("<>")}
    return {**line, "capture": {**line["capture"], **holds, "revisit": revisit}}


def original_of(store: Store, commit: Commit, page: str) -> Original:
    """The record that holds a page, for later attempts to refer to."""
    with store.open(warc_key(commit)) as stream:
        record = next(found for found in iter_records(stream) if found.uri == f"{HOME}{page}")
    return Original(
        uri=record.uri,
        date=record.date,
        record_id=record.id,
        digest=record.digest or "",
        filename=warc_key(commit).rpartition("/")[2],
        offset=record.offset,
    )


def warc_key(commit: Commit) -> str:
    return commit.name.warc_key(0)


def change(store: Store, key: str, damage: Callable[[bytes], bytes]) -> None:
    """Replaces an object by a damaged one."""
    store.put_bytes(key, damage(store.get(key)))


def change_lines(store: Store, key: str, damage: Callable[[list[str]], list[str]]) -> None:
    """Replaces the lines of a gzipped object."""

    def damaged(data: bytes) -> bytes:
        lines = gzip.decompress(data).decode().splitlines()
        return gzip.compress("".join(f"{line}\n" for line in damage(lines)).encode(), 6, mtime=0)

    change(store, key, damaged)


def change_article(store: Store, commit: Commit, **fields: Any) -> None:
    """Replaces fields of the first line of an articles object; `capture` is merged."""

    def damage(lines: list[str]) -> list[str]:
        first = json.loads(lines[0])
        fields["capture"] = {**first["capture"], **fields.get("capture", {})}
        return [json.dumps({**first, **fields}), *lines[1:]]

    change_lines(store, commit.name.articles_key, damage)


def recommit(store: Store, commit: Commit, **changes: Any) -> None:
    """Replaces a commit, as nobody may."""
    store.put_bytes(commit.name.commit_key, dataclasses.replace(commit, **changes).dump())


def restored_sizes(store: Store, commit: Commit) -> None:
    """Makes a commit agree with damaged objects, so that only what is inside them can be found wrong."""
    objects = []
    for stored in commit.objects:
        data = store.get(stored.key)
        digest = hashlib.sha256(data).hexdigest()
        objects.append(dataclasses.replace(stored, size=len(data), sha256=digest))
    recommit(store, commit, objects=tuple(objects))
