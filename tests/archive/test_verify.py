"""Verify finds what is wrong, names the object, and finds nothing where nothing is wrong."""

import dataclasses
import json
import threading
from pathlib import Path

import pytest
from isal import isal_zlib

from archive.commit import Commit
from archive.errors import StoreError
from archive.records import iter_records
from archive.store import Store, Stored
from archive.verify import Audit, Checked, check, commit_keys, orphans, verify
from archive.verify.workers import in_order
from tests.archive.ledgers import DAY, NOON
from tests.archive.shelf import (
    HOME,
    change,
    change_article,
    change_lines,
    recommit,
    restored_sizes,
    shelve,
    warc_key,
)

NOTHING = "0" * 64


@pytest.fixture
def commit(store: Store, tmp_path: Path) -> Commit:
    return shelve(store, tmp_path / "spool")


def problems(store: Store, commit: Commit) -> dict[str, list[str]]:
    """What is wrong, by the kind of object."""
    found: dict[str, list[str]] = {}
    for finding in check(Audit(store=store), commit.name.commit_key).findings:
        found.setdefault(finding.key.partition("/")[0], []).append(finding.problem)
    return found


def kinds(store: Store, commit: Commit) -> set[tuple[str, str]]:
    """The findings by object and kind."""
    return {(finding.key, finding.kind) for finding in check(Audit(store=store), commit.name.commit_key).findings}


def test_a_sound_commit_is_counted_and_nothing_is_found(store: Store, commit: Commit) -> None:
    """Two pages are a warcinfo, a resource, two responses and two requests: six records, three captures."""
    size = sum(stored.size for stored in commit.objects)
    assert check(Audit(store=store), commit.name.commit_key) == Checked(
        key=commit.name.commit_key, objects=2, size=size, records=6, captures=3, articles=2
    )


def test_articles_that_are_not_derived_yet_are_no_finding(store: Store, tmp_path: Path) -> None:
    """They are told by `articles` being None."""
    commit = shelve(store, tmp_path, derived=False)
    checked = check(Audit(store=store), commit.name.commit_key)
    assert (checked.articles, checked.findings) == (None, ())


def test_a_flipped_byte_is_found_in_the_warc_and_behind_the_article(store: Store, commit: Commit) -> None:
    """The file's sha256 tells, its gzip member tells, and the article that was read from it tells."""
    place = _offset_of(store, commit, "two") + 40
    change(store, warc_key(commit), lambda data: data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    found = problems(store, commit)
    assert set(found) == {"warc", "articles"}
    assert any("its commit says" in problem for problem in found["warc"])
    assert len(found["warc"]) == 2
    assert len(found["articles"]) == 1
    assert found["articles"][0].startswith("line 2 names ")


def test_every_flipped_byte_of_a_warc_is_found(store: Store, tmp_path: Path) -> None:
    """Whichever byte it is."""
    commit = shelve(store, tmp_path, pages=("one",))
    whole = store.get(warc_key(commit))
    for place in range(0, len(whole), 97):
        store.put_bytes(warc_key(commit), whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert problems(store, commit)["warc"], place


def test_a_cut_warc_is_told_with_the_place_of_the_cut(store: Store, commit: Commit) -> None:
    """What lies behind the cut is not told a second time by the index, but by the articles that were read there."""
    place = _offset_of(store, commit, "two")
    change(store, warc_key(commit), lambda data: data[: place + 100])
    found = problems(store, commit)
    assert set(found) == {"warc", "articles"}
    assert found["warc"][0] == f"the gzip member at offset {place} is cut after 100 bytes"
    assert found["warc"][1].startswith(f"has {place + 100} bytes, its commit says ")
    (problem,) = found["articles"]
    assert problem.startswith(f"line 2 names a capture at {place} of {warc_key(commit)}, which is missing, too short ")


@pytest.mark.parametrize("kind", ["warc", "cdxj"])
def test_a_missing_object_is_told(store: Store, commit: Commit, kind: str) -> None:
    """Under its own key."""
    key = next(stored.key for stored in commit.objects if stored.key.startswith(kind))
    store.delete(key)
    assert problems(store, commit)[kind] == ["is missing, and its commit names it"]


def test_a_commit_that_lists_what_was_never_there_is_told(store: Store, commit: Commit) -> None:
    """A WARC file of its own name that is missing, and a key that can be none of its own."""
    invented = Stored(key=commit.name.warc_key(7), size=10, sha256=NOTHING)
    foreign = Stored(key="warc/site=herald/dt=2026-11-20/x.warc.gz", size=10, sha256=NOTHING)
    recommit(store, commit, objects=(*commit.objects, invented, foreign))
    assert kinds(store, commit) == {
        (commit.name.commit_key, "commit-wrong"),
        (invented.key, "object-missing"),
    }


def test_a_commit_on_the_wrong_day_is_told(store: Store, commit: Commit) -> None:
    """The day in its key is that of its tick."""
    recommit(store, commit, tick=NOON + DAY)
    assert problems(store, commit) == {"runs": ["lies on 2026-11-20, its run ticked at 2026-11-21T12:00:00+00:00"]}


@pytest.mark.parametrize("kind", ["warc", "cdxj"])
def test_a_commit_that_leaves_out_an_object_is_told(store: Store, commit: Commit, kind: str) -> None:
    """The object is found by its name and read all the same: nothing else is called wrong."""
    kept = tuple(stored for stored in commit.objects if not stored.key.startswith(kind))
    (left,) = {stored.key for stored in commit.objects} - {stored.key for stored in kept}
    recommit(store, commit, objects=kept)
    assert problems(store, commit) == {"runs": [f"does not name {left}, which belongs to its attempt"]}


def test_a_commit_that_is_none_is_told(store: Store, commit: Commit) -> None:
    """Nothing else can be checked then."""
    store.put_bytes(commit.name.commit_key, b"{}")
    assert [finding.key for finding in check(Audit(store=store), commit.name.commit_key).findings] == [
        commit.name.commit_key
    ]


def test_every_flipped_byte_of_a_commit_is_told(store: Store, commit: Commit) -> None:
    """By the digest at its end, or because it is no commit any more; what it names is not called wrong."""
    key = commit.name.commit_key
    whole = store.get(key)
    for place in range(0, len(whole), 23):
        store.put_bytes(key, whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert kinds(store, commit) in ({(key, "commit-altered")}, {(key, "commit-unreadable")}), place


def test_a_commit_of_an_older_version_is_sound(store: Store, commit: Commit) -> None:
    """It has neither a digest nor what the newer fields tell."""
    told = json.loads(store.get(commit.name.commit_key))
    newer = ("digest", "resources", "embeds_due", "embeds_settled", "embeds_missed", "forms")
    older = {name: value for name, value in told.items() if name not in newer}
    store.put_bytes(commit.name.commit_key, json.dumps(older, separators=(",", ":")).encode())
    assert kinds(store, commit) == set()


def test_a_wrong_offset_in_the_index_is_told(store: Store, commit: Commit) -> None:
    """Once as a place where nothing begins, once as a capture without a line."""

    def moved(lines: list[str]) -> list[str]:
        return [line.replace('"offset": "', '"offset": "9') if f"{HOME}two" in line else line for line in lines]

    change_lines(store, commit.name.cdxj_key, moved)
    restored_sizes(store, commit)
    found = problems(store, commit)
    assert set(found) == {"cdxj"}
    assert "where no capture begins" in found["cdxj"][0]
    assert found["cdxj"][1].startswith(f"has no line for {HOME}two at ")


def test_a_record_that_no_line_names_is_told(store: Store, commit: Commit) -> None:
    """Replay would never find it."""
    change_lines(store, commit.name.cdxj_key, lambda lines: [line for line in lines if f"{HOME}one" not in line])
    restored_sizes(store, commit)
    (problem,) = problems(store, commit)["cdxj"]
    assert problem.startswith(f"has no line for {HOME}one at ")


@pytest.mark.parametrize("field", ["digest", "status", "length"])
def test_a_line_that_says_otherwise_than_its_record_is_told(store: Store, commit: Commit, field: str) -> None:
    """The digest is compared with one that is made anew."""
    other = {"digest": f"sha256:{NOTHING}", "status": "404", "length": "1"}[field]

    def changed(lines: list[str]) -> list[str]:
        key, timestamp, fields = next(line for line in lines if f"{HOME}one" in line).split(" ", 2)
        mine = f"{key} {timestamp} {json.dumps({**json.loads(fields), field: other})}"
        return sorted(mine if f"{HOME}one" in line else line for line in lines)

    change_lines(store, commit.name.cdxj_key, changed)
    restored_sizes(store, commit)
    (problem,) = problems(store, commit)["cdxj"]
    assert f"gives {HOME}one the {field} {other}, the record says " in problem


def test_an_index_out_of_order_is_told(store: Store, commit: Commit) -> None:
    """Replay tools search it by halves."""
    change_lines(store, commit.name.cdxj_key, lambda lines: lines[::-1])
    restored_sizes(store, commit)
    assert problems(store, commit)["cdxj"][0] == "line 2 is out of order; replay tools would miss captures"


def test_a_record_whose_digest_is_not_its_payloads_is_told(store: Store, commit: Commit) -> None:
    """Also where the file is what its commit says: someone wrote it so."""

    def forged(data: bytes) -> bytes:
        members, rest = [], data
        while rest:
            member = isal_zlib.decompressobj(wbits=31)
            content = member.decompress(rest)
            rest = member.unused_data
            members.append(isal_zlib.compress(content.replace(b"\r\n\r\n<p>Th", b"\r\n\r\n<p>Oh"), 3, 31))
        return b"".join(members)

    change(store, warc_key(commit), forged)
    restored_sizes(store, commit)
    told = [problem for problem in problems(store, commit)["warc"] if "has a payload of" in problem]
    assert [problem.partition("(")[2].partition(")")[0] for problem in told] == [f"{HOME}one", f"{HOME}two"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "The ferry sinks."}, f"line 1 ({HOME}one) was altered"),
        ({"title": "Else"}, f"line 1 ({HOME}one) was altered"),
        ({"kind": "poem"}, "line 1 is not of schema article/1: kind: "),
        ({"site": "herald"}, "line 1 is of site herald"),
        ({"url": f"{HOME}three"}, "line 1 names "),
        ({"capture": {"payload_digest": f"sha256:{NOTHING}"}}, "line 1 names "),
        ({"capture": {"record_id": "urn:uuid:0"}}, "line 1 names "),
        ({"capture": {"date": "2020-01-01T00:00:00Z"}}, "line 1 names "),
        ({"capture": {"offset": 1}}, "line 1 names a capture at 1 of "),
        ({"capture": {"warc": "warc/elsewhere.warc.gz"}}, "line 1 names a capture at "),
    ],
)
def test_a_tampered_article_is_told(store: Store, commit: Commit, fields: dict, told: str) -> None:
    """Its content digest is made anew, its capture is read from the store."""
    change_article(store, commit, **fields)
    found = problems(store, commit)
    assert set(found) == {"articles"}
    assert len(found["articles"]) == 1
    assert found["articles"][0].startswith(told)


def test_a_cut_articles_object_is_told(store: Store, commit: Commit) -> None:
    """And one that is no gzip, and a line that is no JSON."""
    whole = store.get(commit.name.articles_key)
    store.put_bytes(commit.name.articles_key, whole[:-20])
    assert problems(store, commit)["articles"][-1].startswith("its gzip is damaged: ")
    store.put_bytes(commit.name.articles_key, b"plain")
    assert problems(store, commit)["articles"][0].startswith("its gzip is damaged: ")
    store.put_bytes(commit.name.articles_key, whole)
    change_lines(store, commit.name.articles_key, lambda lines: [lines[0], "{"])
    assert problems(store, commit)["articles"][0].startswith("line 2 is no JSON: ")


def test_findings_of_one_object_are_bounded(store: Store, commit: Commit) -> None:
    """Twenty-five are told, the others counted."""
    change_lines(store, commit.name.articles_key, lambda _: ["{"] * 40)
    told = problems(store, commit)["articles"]
    assert len(told) == 26
    assert told[-1] == "15 more findings of this object"


def test_work_that_is_left_off_holds_nothing_up() -> None:
    """Ctrl-C in the middle: what hangs is not waited for, what has not begun never begins."""
    stop, never, begun = threading.Event(), threading.Event(), []

    def work(number: int) -> int:
        begun.append(number)
        if number:
            never.wait()
        return number

    results = in_order(work, range(1000), threads=2, stop=stop)
    assert next(results) == 0
    results.close()
    assert stop.is_set()
    assert len(begun) <= 3
    never.set()


def test_commits_are_chosen_by_site_and_day(store: Store, tmp_path: Path) -> None:
    """All of a day from its beginning; amendments and strange keys are no commits."""
    keys = [
        shelve(store, tmp_path, site=site, tick=NOON + days * DAY).name.commit_key
        for site, days in (("courier", 0), ("courier", 1), ("herald", 1))
    ]
    store.put_bytes(keys[0].replace(".json", ".amended-1.json"), b"{}")
    assert list(commit_keys(store)) == keys
    assert list(commit_keys(store, sites=["courier"])) == keys[:2]
    assert list(commit_keys(store, since=NOON + DAY)) == keys[1:]


def test_what_no_commit_names_is_told_and_is_no_finding(store: Store, tmp_path: Path) -> None:
    """WARC files on their way, or left by a crash; those of commits are not told, nor those before `since`."""
    commit = shelve(store, tmp_path)
    lost = dataclasses.replace(commit.name, attempt=10).warc_key(0)
    store.put_bytes(lost, b"")
    assert list(orphans(store)) == [lost]
    assert list(orphans(store, sites=["courier"], since=NOON)) == [lost]
    assert list(orphans(store, since=NOON + DAY)) == []
    assert list(orphans(store, sites=["herald"])) == []
    assert check(Audit(store=store), commit.name.commit_key).findings == ()


def test_many_commits_are_checked_side_by_side_in_order(store: Store, tmp_path: Path) -> None:
    """Each as if it were alone."""
    commits = [shelve(store, tmp_path, tick=NOON + days * DAY) for days in range(10)]
    store.delete(commits[5].name.cdxj_key)
    checked = list(verify(Audit(store=store), [commit.name.commit_key for commit in commits]))
    assert [one.key for one in checked] == [commit.name.commit_key for commit in commits]
    assert [number for number, one in enumerate(checked) if one.findings] == [5]


def test_a_store_that_fails_is_no_finding(store: Store, commit: Commit) -> None:
    """What could not be looked at is not called wrong."""
    gone = dataclasses.replace(commit.name, run="20260101000000aaaaaa").commit_key
    with pytest.raises(StoreError, match="there is no"):
        list(verify(Audit(store=store), [gone]))


def _offset_of(store: Store, commit: Commit, page: str) -> int:
    with store.open(warc_key(commit)) as stream:
        return next(record.offset for record in iter_records(stream) if record.uri == f"{HOME}{page}")
