"""The store, against the embedded S3; what networks do to it is done by a relay."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from archive.embedded import Services
from archive.errors import StoreError
from archive.store import Standing, Store, Stored
from tests.archive.conftest import client_of, open_store, uploads_of
from tests.archive.relay import Answer, Relay

HELLO = Stored(key="a/hello", size=5, sha256="2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
CONFLICT = Answer(409, [], b"<Error><Code>ConditionalRequestConflict</Code></Error>")


def test_bytes_come_back_whole_in_part_and_as_a_stream(store: Store):
    assert store.put_bytes("a/hello", b"hello") == HELLO
    assert store.get("a/hello") == b"hello"
    assert store.get_range("a/hello", 1, 3) == b"ell"
    assert store.get_range("a/hello", 5, 0) == b""
    with store.open("a/hello") as body:
        assert [body.read(2), body.read(2), body.read()] == [b"he", b"ll", b"o"]


def test_an_empty_object_is_an_object(store: Store):
    assert store.put_bytes("empty", b"").size == 0
    assert store.get("empty") == b""


def test_a_range_that_is_not_all_there_is_an_error(store: Store):
    store.put_bytes("a/hello", b"hello")
    with pytest.raises(StoreError, match="a/hello has 2 of the 9 bytes that should be at 3"):
        store.get_range("a/hello", 3, 9)
    with pytest.raises(StoreError, match="InvalidRange"):
        store.get_range("a/hello", 50, 9)


def test_head_tells_the_size_or_none(store: Store):
    store.put_bytes("a/hello", b"hello")
    assert store.head("a/hello") == Stored(key="a/hello", size=5)
    assert store.head("a/nothing") is None


def test_keys_are_listed_below_the_prefix_in_byte_order(store: Store, embedded: Services):
    for key in ("b/2", "b/10", "a", "b/é", "c"):
        store.put_bytes(key, b"x")
    assert list(store.keys()) == ["a", "b/10", "b/2", "b/é", "c"]
    assert list(store.keys("b/")) == ["b/10", "b/2", "b/é"]
    assert list(open_store(embedded, prefix="elsewhere").keys("b/")) == []


def test_a_deleted_object_is_gone_and_may_be_deleted_again(store: Store):
    store.put_bytes("a/hello", b"hello")
    store.delete("a/hello")
    store.delete("a/hello")
    with pytest.raises(StoreError, match=r"there is no test-\w+/a/hello in bucket microfiche at http://127.0.0.1:"):
        store.get("a/hello")


def test_a_file_is_uploaded_once(store: Store, far: Store, between: Relay, tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(b"hello")
    assert far.put_file("a/hello", path) == HELLO
    assert between.seen == ["HEAD", "PUT", "GET"]
    assert far.put_file("a/hello", path) == HELLO
    assert between.seen == ["HEAD", "PUT", "GET", "HEAD", "GET"]
    path.write_bytes(b"other")
    assert far.put_file("a/hello", path).sha256 == hashlib.sha256(b"other").hexdigest()
    assert store.get("a/hello") == b"other"


def test_a_big_file_goes_in_parts(store: Store, far: Store, between: Relay, tmp_path: Path):
    path = tmp_path / "big"
    block = os.urandom(1 << 20)
    path.write_bytes(block * 33)
    stored = far.put_file("big", path)
    assert stored == Stored(key="big", size=33 << 20, sha256=hashlib.sha256(block * 33).hexdigest())
    assert between.seen.count("PUT") == 3
    assert store.get_range("big", (32 << 20) - 1, 2) == block[-1:] + block[:1]


def test_an_upload_that_comes_back_different_is_an_error(far: Store, between: Relay):
    def corrupt(method: str, nth: int, answer: Answer) -> Answer:
        return Answer(answer.status, answer.headers, b"hallo") if method == "GET" else answer

    between.after = corrupt
    with pytest.raises(StoreError, match=r"a/hello came back from bucket microfiche .* put it again"):
        far.put_bytes("a/hello", b"hello")


def test_an_answer_cut_short_is_an_error(store: Store, far: Store, between: Relay):
    store.put_bytes("a/hello", b"hello")

    def cut(method: str, nth: int, answer: Answer) -> Answer:
        return Answer(answer.status, answer.headers, answer.body, length=9)

    between.after = cut
    with pytest.raises(StoreError, match=r"an answer of bucket microfiche at \S+ broke off \(IncompleteReadError\)"):
        far.get("a/hello")
    assert between.seen == ["GET"] * 3


@pytest.mark.parametrize("read", [lambda far: list(far.keys()), lambda far: far.get("a/hello")])
def test_an_answer_that_was_cut_is_asked_for_again(store: Store, far: Store, between: Relay, read: Any):
    """A listing (whole in itself, and never guessed from half of one) and an object alike."""
    store.put_bytes("a/hello", b"hello")
    between.after = lambda _method, nth, answer: _cut(answer) if nth < 3 else answer
    assert read(far) in (["a/hello"], b"hello")
    assert between.seen == ["GET"] * 3


def _cut(answer: Answer) -> Answer:
    return Answer(answer.status, answer.headers, answer.body[: len(answer.body) // 2], length=len(answer.body))


@pytest.mark.parametrize("body", [b"", b"<?xml version='1.0'?><ListBucketResult/>", b"<ListBucketResult><Contents>"])
def test_half_a_listing_is_no_listing(far: Store, between: Relay, body: bytes):
    """An empty archive is only what says that it is one."""
    between.before = lambda _method, _nth: Answer(200, [], body)
    with pytest.raises(StoreError, match="bucket microfiche"):
        list(far.keys())


def test_a_listing_of_many_pages_is_whole(store: Store, embedded: Services, prefix: str):
    keys = [f"many/{number:04d}" for number in range(1005)]
    client = client_of(embedded)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: client.put_object(Bucket=embedded.bucket, Key=f"{prefix}/{key}"), keys))
    assert list(store.keys("many/")) == keys


def test_of_sixteen_who_put_at_once_one_is_the_first(store: Store):
    with ThreadPoolExecutor(16) as threads:
        won = list(threads.map(lambda number: store.put_new("one", b"%d" % number), range(16)))
    assert won.count(True) == 1
    assert store.get("one") == b"%d" % won.index(True)


def test_putting_the_same_again_is_not_the_first(store: Store):
    assert store.put_new("one", b"same") is True
    assert store.put_new("one", b"same") is False


def test_a_put_whose_answer_was_lost_is_still_the_first(store: Store, far: Store, between: Relay):
    between.after = lambda method, nth, answer: None if (method, nth) == ("PUT", 1) else answer
    assert far.put_new("one", b"mine") is True
    assert between.seen == ["PUT", "PUT", "GET"]  # the 412 is our own
    assert store.get("one") == b"mine"


def test_a_put_that_was_lost_while_another_came_is_not_the_first(store: Store, far: Store, between: Relay):
    def overtake(method: str, nth: int) -> Answer | None:
        if (method, nth) == ("PUT", 1):
            store.put_new("one", b"theirs")
            return Answer(503, [], b"")
        return None

    between.before = overtake
    assert far.put_new("one", b"mine") is False
    assert store.get("one") == b"theirs"


def test_a_conflict_is_asked_again(store: Store, far: Store, between: Relay):
    between.before = lambda method, nth: CONFLICT if method == "PUT" and nth < 3 else None
    assert far.put_new("one", b"mine") is True
    assert between.seen == ["PUT", "PUT", "PUT", "HEAD", "GET"]
    assert store.get("one") == b"mine"


def test_what_was_made_and_lost_at_once_is_put_again(store: Store, far: Store, between: Relay):
    """The store said 200 and kept nothing: whoever asks next would find no commit."""
    between.before = lambda method, nth: Answer(200, [], b"") if (method, nth) == ("PUT", 1) else None
    assert far.put_new("one", b"mine") is True
    assert store.get("one") == b"mine"


def test_what_was_made_and_altered_at_once_is_put_again(store: Store, far: Store, between: Relay):
    """Nobody else can have made it, so the right bytes may take its place."""

    def alter(method: str, nth: int, answer: Answer) -> Answer:
        if (method, nth) == ("PUT", 1):
            store.put_bytes("one", b"m1ne")
        return answer

    between.after = alter
    assert far.put_new("one", b"mine") is True
    assert store.get("one") == b"mine"


def test_of_sixteen_who_replace_the_same_at_once_one_does(store: Store):
    """What was seen is replaced, or nothing: also where nothing was seen."""
    store.put_bytes("one", b"old")
    for seen in (store.standing("one"), None):
        if seen is None:
            store.delete("one")
        with ThreadPoolExecutor(16) as threads:
            done = list(threads.map(partial(replace_by, store, over=seen), range(16)))
        assert done.count(True) == 1
        assert store.get("one") == b"%d" % done.index(True)
        there = store.standing("one")
        assert there is not None
        assert there.metadata == {"by": str(done.index(True))}


def replace_by(store: Store, number: int, *, over: Standing | None) -> bool:
    return store.put_over("one", b"%d" % number, over=over, metadata={"by": str(number)})


def test_what_was_deleted_or_lost_meanwhile_is_not_replaced(store: Store, far: Store, between: Relay):
    """Whoever asked looks again, and decides again."""
    store.put_bytes("one", b"old")
    seen = store.standing("one")
    store.delete("one")
    assert store.put_over("one", b"new", over=seen) is False
    assert store.head("one") is None
    between.before = lambda method, _nth: Answer(200, [], b"") if method == "PUT" else None
    assert far.put_over("one", b"new", over=None) is False


def test_a_store_without_the_condition_takes_the_object_without(store: Store, far: Store, between: Relay):
    unknown = Answer(501, [], b"<Error><Code>NotImplemented</Code></Error>")
    between.before = lambda method, nth: unknown if (method, nth) == ("PUT", 1) else None
    store.put_bytes("one", b"old")
    assert far.put_over("one", b"new", over=store.standing("one")) is True
    assert store.get("one") == b"new"


def test_conflicts_without_end_are_an_error(far: Store, between: Relay):
    between.before = lambda _method, _nth: CONFLICT
    with pytest.raises(StoreError, match="refuses with ConditionalRequestConflict"):
        far.put_new("one", b"mine")
    assert between.seen == ["PUT"] * 6


def test_parts_of_a_dead_upload_are_dropped_by_the_next_one(
    embedded: Services, store: Store, prefix: str, tmp_path: Path
):
    """Of this very key only: others may be under way."""
    for name in ("big", "other"):
        client_of(embedded).create_multipart_upload(Bucket=embedded.bucket, Key=f"{prefix}/{name}")
    path = tmp_path / "big"
    path.write_bytes(bytes(33 << 20))
    store.put_file("big", path)
    assert uploads_of(embedded, prefix) == [f"{prefix}/other"]
    assert store.abort_uploads("o") == 1
    assert uploads_of(embedded, prefix) == []
    assert store.head("big") == Stored(key="big", size=33 << 20)


def test_an_upload_that_fails_leaves_no_parts(
    embedded: Services, store: Store, far: Store, between: Relay, prefix: str, tmp_path: Path
):
    """Not even when the store was away while they should have been dropped."""
    path = tmp_path / "big"
    path.write_bytes(bytes(33 << 20))
    between.before = lambda method, nth: (
        Answer(400, [], b"") if method == "DELETE" or (method, nth) == ("PUT", 2) else None
    )
    with pytest.raises(StoreError):
        far.put_file("big", path)
    assert uploads_of(embedded, prefix) == [f"{prefix}/big"]
    between.before = lambda _method, _nth: None
    assert far.put_file("big", path) == Stored(
        key="big", size=33 << 20, sha256=hashlib.sha256(bytes(33 << 20)).hexdigest()
    )
    assert uploads_of(embedded, prefix) == []


def test_a_store_that_does_not_show_uploads_is_used_all_the_same(far: Store, between: Relay, tmp_path: Path):
    """Listing them is a right of its own."""
    refusal = Answer(403, [], b"<Error><Code>AccessDenied</Code></Error>")
    between.before = lambda method, nth: refusal if (method, nth) == ("GET", 1) else None
    path = tmp_path / "big"
    path.write_bytes(bytes(33 << 20))
    assert far.put_file("big", path).size == 33 << 20


def test_a_store_without_a_prefix_takes_the_whole_bucket(embedded: Services, store: Store, prefix: str):
    store.put_bytes("a/hello", b"hello")
    whole = open_store(embedded, prefix="")
    assert whole.get(f"{prefix}/a/hello") == b"hello"
    assert list(whole.keys(f"{prefix}/")) == [f"{prefix}/a/hello"]
