"""Articles derived from revisits: of the bytes that another record holds, in an earlier attempt or in the same one."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from archive import articles, facts
from archive.cdxj import Capture
from archive.commit import Commit
from archive.derive import Derived, derive
from archive.exchange import Exchange
from archive.ledger import Ledger, revisions
from archive.ledger.revisions import Choice
from archive.original import Original, coding_of
from archive.pages import Extractors
from archive.promise import Promise, Source
from archive.rebuild import committed, rebuild
from archive.records import iter_records, read_record
from archive.ship import ship
from archive.spool import Spool
from archive.store import Store
from archive.warc import WarcWriter
from tests.archive.exchanges import exchange
from tests.archive.ledgers import DAY, NOON, run_id

HOME = "https://courier.example/"
URL = f"{HOME}news/the-bridge-stays-open"
WORDS = "The council met on Monday evening and voted to keep the old bridge open for another year. "
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nX-Robots-Tag: noarchive\r\n\r\n"
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'


def page(title: str = "The bridge stays open", *, words: str = WORDS) -> bytes:
    html = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{words * 5}</p></article>"
    return html.encode()


def answer(body: bytes, *, url: str = URL, at: datetime = NOON, head: bytes = PLAIN) -> Exchange:
    return exchange(url, head=head, body=body, started=at)


def unchanged(*, url: str = URL, at: datetime) -> Exchange:
    return answer(b"", url=url, at=at, head=NOT_MODIFIED)


def shipped(
    store: Store,
    folder: Path,
    *written: tuple[Exchange, Original | None],
    tick: datetime = NOON,
    promises: Sequence[Promise] = (),
    again: Sequence[Exchange] = (),
) -> Commit:
    """Commits an attempt that holds these; those in `again` are revisits of the first."""
    run = run_id(tick)
    about = {"site": "courier", "home": HOME, "run": run, "attempt": 1, "tick": tick.isoformat(), "machine": "m1"}
    about |= {"started_at": tick.isoformat(), "toml": 'name = "courier"'}
    with Spool(folder).begin(run, 1, facts=about) as spooled:
        writer = WarcWriter(spooled.path, prefix=spooled.name, info={"software": "microfiche/test"})
        toml = f'name = "courier"\nhome = "{HOME}"\n'.encode()
        writer.append_resource(facts.SITE, content_type=facts.SITE_TYPE, payload=toml, date=tick)
        told = facts.dump_promises(promises or [Promise(url=URL, source=Source.SITEMAP, found_in=HOME)])
        writer.append_resource(facts.PROMISES, content_type=facts.PROMISES_TYPE, payload=told, date=tick)
        captures = [writer.append(one, original=original) for one, original in written]
        for one in again:
            assert captures[0] is not None
            writer.append(one, original=own(captures[0], exchange=written[0][0]))
        writer.seal()
        commit = ship(spooled, store=store, software="microfiche/test")
        spooled.remove()
    return commit


def original_in(store: Store, commit: Commit, *, url: str = URL) -> Original:
    """What a commit holds of a URL."""
    key = commit.name.warc_key(0)
    with store.open(key) as stream:
        record = next(one for one in iter_records(stream) if one.uri == url and one.type == "response")
    assert record.http is not None
    return Original(
        uri=record.uri,
        date=record.date,
        record_id=record.id,
        digest=record.digest or "",
        filename=key.rpartition("/")[2],
        offset=record.offset,
        coding=coding_of(record.http) or "",
    )


def derived(commit: Commit, *, store: Store, extractors: Extractors, folder: Path) -> Derived:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return derive(commit, store=store, extractors=extractors, scratch=scratch)


@pytest.mark.parametrize("is_304", [True, False])
def test_a_page_seen_again_gives_its_line_again(
    store: Store, tmp_path: Path, extractors: Extractors, *, is_304: bool
) -> None:
    """The same article, with the place of its bytes, the date of the revisit, and the revisit record as its proof."""
    working = {"store": store, "extractors": extractors, "folder": tmp_path}
    first = shipped(store, tmp_path, (answer(page()), None))
    again = unchanged(at=NOON + DAY) if is_304 else answer(page(), at=NOON + DAY)
    second = shipped(store, tmp_path, (again, original_in(store, first)), tick=NOON + DAY)
    (before,) = derived(first, **working).lines
    (after,) = derived(second, **working).lines
    assert {**after, "capture": None} == {**before, "capture": None}
    assert before["capture"]["revisit"] is None
    revisit = after["capture"]["revisit"]
    assert after["capture"] == {**before["capture"], "date": "2026-11-21T12:00:00.000000Z", "revisit": revisit}
    assert revisit["warc"] == second.name.warc_key(0)
    record = read_record(store.get_range(revisit["warc"], revisit["offset"], revisit["length"]))
    assert (record.type, record.id, record.uri) == ("revisit", f"<{revisit['record_id']}>", URL)
    assert articles.validate(after) == []
    assert after["rights"]["robots"] == ["noarchive"]


def test_an_unchanged_page_whose_further_pages_were_not_had_is_counted(
    store: Store, tmp_path: Path, extractors: Extractors
) -> None:
    """Its line would say that the article lost them: there is none, and the commit's count says why."""
    working = {"store": store, "extractors": extractors, "folder": tmp_path}
    body = page() + b'<a href="?page=2">2</a>'
    first = shipped(store, tmp_path, (answer(body), None))
    second = shipped(store, tmp_path, (unchanged(at=NOON + DAY), original_in(store, first)), tick=NOON + DAY)
    assert len(derived(first, **working).lines) == 1
    found = derived(second, **working)
    assert (found.lines, found.left_out, found.kinds) == ((), {"unchanged": 1}, {URL: "unchanged"})


def test_derivation_is_a_function(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """Twice gives the same bytes, whatever lies elsewhere."""
    working = {"store": store, "extractors": extractors, "folder": tmp_path}
    first = shipped(store, tmp_path, (answer(page()), None))
    second = shipped(store, tmp_path, (unchanged(at=NOON + DAY), original_in(store, first)), tick=NOON + DAY)
    derived(second, **working)
    once = store.get(second.name.articles_key)
    derived(second, **working)
    assert store.get(second.name.articles_key) == once


async def test_a_page_that_goes_back_to_what_it_was_is_three_revisions(
    store: Store, tmp_path: Path, extractors: Extractors, ledger: Ledger
) -> None:
    """A, B, A again as a revisit, and the same once more, which is none."""
    working = {"store": store, "extractors": extractors, "folder": tmp_path}
    first = shipped(store, tmp_path, (answer(page()), None))
    original = original_in(store, first)
    second = shipped(store, tmp_path, (answer(page(words="It sank. "), at=NOON + DAY), None), tick=NOON + DAY)
    third = shipped(store, tmp_path, (answer(page(), at=NOON + 2 * DAY), original), tick=NOON + 2 * DAY)
    fourth = shipped(store, tmp_path, (unchanged(at=NOON + 3 * DAY), original), tick=NOON + 3 * DAY)
    for commit in (first, second, third, fourth):
        assert len(derived(commit, **working).lines) == 1
    assert [one.articles async for one in rebuild(ledger, store, committed(store))] == [1, 1, 1, 1]
    async with ledger.transaction() as connection:
        folded = [row async for row in revisions.published(connection, Choice(newest_only=False))]
    assert [(row["run"][:8], row["revision"]) for row in folded] == [("20261120", 1), ("20261121", 2), ("20261122", 3)]


def test_an_article_that_changed_by_its_feed_alone_is_told_anew(
    store: Store, tmp_path: Path, extractors: Extractors
) -> None:
    """The page answers 304; what the feed says of it now counts."""
    working = {"store": store, "extractors": extractors, "folder": tmp_path}
    first = shipped(store, tmp_path, (answer(page()), None))
    corrected = [Promise(url=URL, source=Source.FEED, found_in=HOME, authors=("Jo Doe",))]
    second = shipped(
        store, tmp_path, (unchanged(at=NOON + DAY), original_in(store, first)), tick=NOON + DAY, promises=corrected
    )
    (before,) = derived(first, **working).lines
    (after,) = derived(second, **working).lines
    assert (before["authors"], after["authors"]) == ([], ["Jo Doe"])
    assert after["content_digest"] != before["content_digest"]


def test_the_same_page_at_another_address_is_a_page_of_its_own(
    store: Store, tmp_path: Path, extractors: Extractors
) -> None:
    """Its line bears the address at which it was seen; the original may lie in the same file."""
    elsewhere = f"{HOME}news/the-bridge-stays-open-print"
    commit = shipped(store, tmp_path, (answer(page()), None), again=[answer(page(), url=elsewhere)])
    lines = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    assert [line["url"] for line in lines] == [URL, elsewhere]
    assert lines[0]["id"] != lines[1]["id"]
    place = ("warc", "offset", "length", "record_id")
    assert [lines[1]["capture"][name] for name in place] == [lines[0]["capture"][name] for name in place]


def own(capture: Capture, *, exchange: Exchange) -> Original:
    """What the same attempt has written before."""
    return Original(
        uri=capture.url,
        date=exchange.started,
        record_id=capture.record_id,
        digest=capture.digest,
        filename=capture.filename,
        offset=capture.offset,
    )


@pytest.mark.parametrize("is_304", [True, False])
def test_what_is_no_page_is_passed_over(store: Store, tmp_path: Path, extractors: Extractors, *, is_304: bool) -> None:
    """An image that did not change."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n"
    first = shipped(store, tmp_path, (answer(b"\x89PNG", head=head), None))
    again = unchanged(at=NOON + DAY) if is_304 else answer(b"\x89PNG", at=NOON + DAY, head=head)
    second = shipped(store, tmp_path, (again, original_in(store, first)), tick=NOON + DAY)
    found = derived(second, store=store, extractors=extractors, folder=tmp_path)
    assert (found.lines, found.kinds, dict(found.left_out)) == ((), {}, {})


def gone(store: Store, key: str) -> None:
    store.delete(key)


def replaced(store: Store, key: str) -> None:
    store.put_bytes(key, b"x" * len(store.get(key)))


def shortened(store: Store, key: str) -> None:
    store.put_bytes(key, store.get(key)[:100])


@pytest.mark.parametrize("harm", [gone, replaced, shortened])
def test_a_page_whose_original_is_gone_is_counted(
    store: Store, tmp_path: Path, extractors: Extractors, harm: Any
) -> None:
    """The others of its attempt are derived."""
    other = f"{HOME}news/another-bridge-is-built-now"
    first = shipped(store, tmp_path, (answer(page()), None))
    original = original_in(store, first)
    second = shipped(
        store,
        tmp_path,
        (unchanged(at=NOON + DAY), original),
        (answer(page("Another bridge"), url=other, at=NOON + DAY), None),
        tick=NOON + DAY,
    )
    harm(store, first.name.warc_key(0))
    found = derived(second, store=store, extractors=extractors, folder=tmp_path)
    assert [line["url"] for line in found.lines] == [other]
    assert found.kinds == {URL: "original-gone", other: "article"}
    assert found.left_out == {"original-gone": 1}
    assert found.lost == (original.digest,)
