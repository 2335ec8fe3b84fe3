"""Which records of a commit are read as pages, and what becomes of one whose index is damaged."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.cdxj import Capture
from archive.commit import Commit
from archive.derive import EXTRACTOR, Derived, derive, derived_by, dump, lines_of, load, put
from archive.embedded import Services
from archive.errors import ArchiveError
from archive.excerpt import Excerpt, spans_of
from archive.pages import Extractors
from archive.store import Store
from archive.versions import outranks
from tests.archive.conftest import open_store
from tests.archive.relay import relay
from tests.archive.shelf import HOME, change
from tests.archive.test_revisits import URL, answer, page, shipped


@pytest.fixture
def commit(store: Store, tmp_path: Path) -> Commit:
    """One article, committed without any outcome."""
    return shipped(store, tmp_path / "spool", (answer(page()), None))


def urls(commit: Commit, *, store: Store, extractors: Extractors, scratch: Path) -> list[str]:
    derived = lines_of(commit, store=store, extractors=extractors, scratch=scratch)
    return [line["url"] for line in derived.lines]


def test_an_embed_that_a_crash_left_unmarked_is_no_page(
    store: Store, commit: Commit, extractors: Extractors, tmp_path: Path
) -> None:
    """It was wanted as an embed and nothing else; a page that is another one's embed too stays a page."""
    working = {"store": store, "extractors": extractors, "scratch": tmp_path}
    assert urls(commit, **working) == [URL]
    settled = replace(commit, embeds_settled=(f"{URL}#top",))
    assert urls(settled, **working) == []
    assert urls(replace(settled, outcomes=({"url": URL, "final_url": None},)), **working) == [URL]
    assert urls(replace(settled, outcomes=({"url": HOME, "final_url": URL},)), **working) == [URL]


def test_who_derived_an_object_stands_beside_it(
    store: Store, commit: Commit, extractors: Extractors, tmp_path: Path
) -> None:
    """In its metadata: an object without lines could not say it."""
    derive(commit, store=store, extractors=extractors, scratch=tmp_path)
    assert store.metadata(commit.name.articles_key) == {"extractor": EXTRACTOR, "left-out": "{}"}


def test_a_newer_extractors_articles_are_never_replaced(
    store: Store, commit: Commit, extractors: Extractors, tmp_path: Path
) -> None:
    """What stands is returned, so that the ledger has that; an older one's, or one that does not say, is replaced."""
    newer, key = "microfiche/100000", commit.name.articles_key
    store.put_bytes(key, dump([]), metadata={"extractor": newer, "left-out": '{"empty":1}'})
    standing = derive(commit, store=store, extractors=extractors, scratch=tmp_path)
    assert standing == Derived(lines=(), kinds={}, left_out={"empty": 1}, extractor=newer)
    assert (store.get(key), derived_by(store, commit.name)) == (dump([]), newer)
    for older in ({"extractor": "microfiche/1"}, {}):
        store.put_bytes(key, dump([]), metadata=older)
        derived = derive(commit, store=store, extractors=extractors, scratch=tmp_path)
        assert [line["url"] for line in load(store.get(key))] == [line["url"] for line in derived.lines] == [URL]


def test_a_newer_extractor_that_comes_between_look_and_put_is_not_replaced(
    store: Store, embedded: Services, prefix: str, commit: Commit
) -> None:
    """Two workers at one object: the older one has looked, the newer one puts, and the older one's put finds that."""
    key = commit.name.articles_key
    older = Derived(lines=({"url": URL, "kind": "brief"},), kinds={}, left_out={}, extractor="microfiche/2")
    newer = replace(older, lines=({"url": URL, "kind": "article"},), extractor="microfiche/10")

    def overtake(method: str, nth: int) -> None:
        if (method, nth) == ("PUT", 1):
            put(newer, name=commit.name, store=store)

    assert embedded.endpoint
    with relay(embedded.endpoint) as between:
        between.before = overtake
        far = open_store(embedded, prefix=prefix, endpoint=between.endpoint)
        for standing in (None, replace(older, lines=(), extractor="microfiche/1")):
            if standing is None:
                assert store.head(key) is None
            else:
                store.delete(key)
                put(standing, name=commit.name, store=store)
            between.seen.clear()
            assert put(older, name=commit.name, store=far).extractor == "microfiche/10"
            assert (list(load(store.get(key))), derived_by(store, commit.name)) == (list(newer.lines), "microfiche/10")


@pytest.mark.parametrize(
    ("one", "other", "does"),
    [
        ("microfiche/10", "microfiche/9", True),
        ("microfiche/9", "microfiche/10", False),
        ("microfiche/3", "microfiche/3", False),
        ("microfiche/3.1", "microfiche/3", True),
        ("microfiche/3", "unknown", False),
        ("unknown", "microfiche/3", False),
        ("another/9", "microfiche/3", False),
        ("microfiche/\u00b2", "microfiche/1", False),
    ],
)
def test_versions_of_one_extractor_outrank_each_other(one: str, other: str, does: bool) -> None:
    assert outranks(one, other) is does


def test_a_far_record_is_read_by_its_offset(store: Store, tmp_path: Path) -> None:
    """Near ones come together; what lies between far ones is not read."""
    data = bytes(range(256)) * 4096
    store.put_bytes("warc/site=courier/x", data)
    near, far = 300_000, 900_000
    wanted = [_capture(offset) for offset in (far, 10, near - 50_000, near)]
    assert list(spans_of(wanted)) == [(10, near + 100), (far, far + 100)]
    copy = Excerpt.take(store, key="warc/site=courier/x", captures=wanted, path=tmp_path / "x")
    read = copy.path.read_bytes()
    assert [read[one.offset : one.offset + 100] == data[one.offset : one.offset + 100] for one in wanted] == [True] * 4
    assert read[near + 100 : far] == bytes(far - near - 100)
    assert (copy.end_from(near), copy.end_from(near + 100), copy.end_from(far)) == (near + 100, None, far + 100)


def _capture(offset: int) -> Capture:
    return Capture(
        urlkey="x",
        timestamp="20261122000000",
        url=URL,
        mime="",
        status=200,
        digest="",
        filename="x",
        offset=offset,
        length=100,
    )


def test_a_damaged_index_is_told_in_one_line(
    store: Store, commit: Commit, extractors: Extractors, tmp_path: Path
) -> None:
    """Cut, and with a wrong byte in what it packs."""
    for damage in (lambda data: data[:-9], lambda data: data[:-20] + b"0" * 12 + data[-8:]):
        change(store, commit.name.cdxj_key, damage)
        with pytest.raises(ArchiveError, match=rf"{commit.name.cdxj_key} is damaged \(.*\); run verify"):
            lines_of(commit, store=store, extractors=extractors, scratch=tmp_path)
