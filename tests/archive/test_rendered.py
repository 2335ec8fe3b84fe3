"""Articles derived from rendered pages: of the DOM in place of the answer, once its capture is proved to be whole."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import articles, facts
from archive.commit import Commit
from archive.derive import Derived, derive
from archive.ledger import Ledger
from archive.pages import Extractors
from archive.rebuild import committed, rebuild
from archive.records import read_record
from archive.ship import ship
from archive.spool import Spool
from archive.store import Store
from archive.verify import Audit, Checked, Derivation, check
from archive.warc import WarcWriter
from tests.archive.exchanges import exchange
from tests.archive.ledgers import NOON, run_id
from tests.archive.shelf import change_article

HOME = "https://courier.example/"
URL = f"{HOME}news/the-bridge-stays-open"
SHELL = "<html><head><title>The Courier</title></head><body><div id=app></div><p>Loading this site takes scripts.</p>"
WORDS = "The council met on Monday evening and voted to keep the old bridge open for another year. "
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\nX-Robots-Tag: noarchive\r\n\r\n"
REJECTED = {
    "outcome": "rejected",
    "platform": "klaro",
    "action": "rule",
    "label": "Alle ablehnen",
    "clicks": 1,
    "milliseconds": 412,
}


def page(title: str = "The bridge stays open", *, words: str = WORDS) -> str:
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1><p>{words * 5}</p></article>"


class Browser:
    """Writes what a browser's capture of pages leaves in an attempt, as far as a test wants it."""

    def __init__(self, writer: WarcWriter) -> None:
        self._writer = writer

    def answer(self, body: str = SHELL, *, url: str = URL, at: datetime = NOON, embed: bool = False) -> None:
        """Keeps an answer in HTML, with the mark of an embed where it is no page."""
        capture = self._writer.append(exchange(url, head=HEAD, body=body.encode(), started=at))
        assert capture is not None
        if embed:
            self.resource(f"{facts.EMBED}{capture.filename}:{capture.offset}", b"", kind="text/plain", at=at)

    def dom(self, body: str, *, url: str = URL, at: datetime = NOON) -> None:
        self.resource(f"urn:dom:{url}", body.encode(), kind="text/html; charset=utf-8", at=at)

    def info(self, *, url: str = URL, at: datetime = NOON, status: int = 200, **told: Any) -> None:
        """Keeps the proof that a capture is whole."""
        about = {"url": url, "urls": {url: {"status": status, "type": "document"}}, "rendered": True, **told}
        self.resource(f"urn:pageinfo:{url}", json.dumps(about).encode(), kind="application/json", at=at)

    def resource(self, uri: str, payload: bytes, *, kind: str, at: datetime) -> None:
        self._writer.append_resource(uri, content_type=kind, payload=payload, date=at)


def shipped(store: Store, folder: Path, browse: Callable[[Browser], None], *, max_size: int = 10**9) -> Commit:
    """Commits an attempt that holds what was browsed."""
    run = run_id(NOON)
    about = {"site": "courier", "home": HOME, "run": run, "attempt": 1, "tick": NOON.isoformat(), "machine": "m1"}
    about |= {"started_at": NOON.isoformat(), "toml": 'name = "courier"'}
    with Spool(folder).begin(run, 1, facts=about) as spooled:
        writer = WarcWriter(spooled.path, prefix=spooled.name, info={"software": "microfiche/test"}, max_size=max_size)
        toml = f'name = "courier"\nhome = "{HOME}"\n'.encode()
        writer.append_resource(facts.SITE, content_type=facts.SITE_TYPE, payload=toml, date=NOON)
        browse(Browser(writer))
        writer.seal()
        commit = ship(spooled, store=store, software="microfiche/test")
        spooled.remove()
    return commit


def derived(commit: Commit, *, store: Store, extractors: Extractors, folder: Path) -> Derived:
    return derive(commit, store=store, extractors=extractors, scratch=folder)


def checked(commit: Commit, *, store: Store, extractors: Extractors, folder: Path) -> Checked:
    derivation = Derivation(extractors=extractors, scratch=folder)
    return check(Audit(store=store, derivation=derivation), commit.name.commit_key)


def rendered(browser: Browser) -> None:
    """One page, with a frame in HTML, an answer to a script, and everything that goes along with a rendered page."""
    browser.answer()
    browser.answer(page("An advertisement"), url="https://ads.example/frame.html", embed=True)
    browser.answer(page("A part of the page"), url=f"{HOME}parts/story.html", embed=True)
    browser.dom(page())
    browser.resource(f"urn:view:{URL}", b"\x89PNG", kind="image/png", at=NOON)
    browser.resource(f"urn:thumbnail:{URL}", b"\xff\xd8", kind="image/jpeg", at=NOON)
    browser.resource(f"urn:microfiche:consent-before:{URL}", b"\xff\xd8", kind="image/jpeg", at=NOON)
    browser.resource(f"urn:microfiche:consent-after:{URL}", b"\xff\xd8", kind="image/jpeg", at=NOON)
    browser.info(consent=REJECTED)


def test_the_article_is_read_from_the_dom(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """Its line leads to the DOM, tells what came of the consent banner, and is the only one."""
    commit = shipped(store, tmp_path / "spool", rendered)
    (line,) = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    assert (line["url"], line["title"]) == (URL, "The bridge stays open")
    capture = line["capture"]
    assert (capture["rendered"], capture["consent"], capture["revisit"]) == (True, REJECTED, None)
    record = read_record(store.get_range(capture["warc"], capture["offset"], capture["length"]))
    assert (record.type, record.uri, record.payload.decode()) == ("resource", f"urn:dom:{URL}", page())
    assert (record.id, record.digest) == (f"<{capture['record_id']}>", capture["payload_digest"])
    assert record.field("WARC-Date") == capture["date"]
    assert articles.validate(line) == []


def test_what_the_answer_says_of_rights_holds_for_its_dom(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """A directive in its head is told; the answer's charset is not that of the DOM."""
    commit = shipped(store, tmp_path / "spool", lambda browser: rendered_in_danish(browser))
    (line,) = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    assert line["rights"]["robots"] == ["noarchive"]
    assert line["title"] == "Broen over åen bliver"


def rendered_in_danish(browser: Browser) -> None:
    browser.answer()
    browser.dom(page("Broen over åen bliver"))
    browser.info()


@pytest.mark.parametrize("facts_of_the_page", [None, {"rendered": False}, {"rendered": "yes"}])
def test_without_the_last_record_the_answer_is_read(
    store: Store, tmp_path: Path, extractors: Extractors, facts_of_the_page: dict[str, Any] | None
) -> None:
    """A crash came between the DOM and its page's facts: nothing says that the page was ready."""

    def browse(browser: Browser) -> None:
        browser.answer(page("As it was served"))
        browser.dom(page("As it was rendered"))
        if facts_of_the_page is not None:
            browser.info(**facts_of_the_page)

    commit = shipped(store, tmp_path / "spool", browse)
    (line,) = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    assert (line["title"], line["capture"]["rendered"], line["capture"]["consent"]) == ("As it was served", False, None)


def test_each_rendering_that_is_whole_gives_a_line(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """As two answers of a page do; one that a crash cut short gives none, and neither does any answer."""

    def browse(browser: Browser) -> None:
        for number, (title, is_whole) in enumerate((("First", True), ("Second", False), ("Third", True))):
            at = NOON + timedelta(minutes=number)
            browser.answer(page("An answer"), at=at)
            browser.dom(page(title), at=at)
            if is_whole:
                browser.info(at=at, consent=REJECTED | {"clicks": number})

    commit = shipped(store, tmp_path / "spool", browse)
    lines = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    told = [(line["title"], line["capture"]["date"][11:16], line["capture"]["consent"]["clicks"]) for line in lines]
    assert told == [("First", "12:00", 0), ("Third", "12:02", 2)]


def test_a_page_may_lie_in_several_files(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """The answer, the DOM and the facts, each in a file of its own."""
    commit = shipped(store, tmp_path / "spool", rendered_in_danish, max_size=1)
    assert len([stored for stored in commit.objects if stored.key.startswith("warc/")]) == 4
    (line,) = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    assert (line["title"], line["capture"]["warc"][-13:]) == ("Broen over åen bliver", "00002.warc.gz")
    assert line["rights"]["robots"] == ["noarchive"]


def test_a_rendered_error_page_is_no_article(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """It was answered with 404, whatever its scripts made of it."""

    def browse(browser: Browser) -> None:
        browser.dom(page())
        browser.info(status=404)

    commit = shipped(store, tmp_path / "spool", browse)
    assert derived(commit, store=store, extractors=extractors, folder=tmp_path).lines == ()


def test_other_pages_are_read_as_ever(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """One page was rendered, another was not."""

    def browse(browser: Browser) -> None:
        rendered(browser)
        browser.answer(page("The ferry sails again"), url=f"{HOME}news/the-ferry-sails-again")

    commit = shipped(store, tmp_path / "spool", browse)
    lines = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    assert [line["title"] for line in lines] == ["The bridge stays open", "The ferry sails again"]
    assert [line["capture"]["rendered"] for line in lines] == [True, False]


def test_facts_that_tell_of_no_consent_leave_it_open(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """A word that is no outcome is not repeated."""

    def browse(browser: Browser) -> None:
        browser.dom(page())
        browser.info(consent={"outcome": "vanished"})

    commit = shipped(store, tmp_path / "spool", browse)
    (line,) = derived(commit, store=store, extractors=extractors, folder=tmp_path).lines
    assert (line["capture"]["rendered"], line["capture"]["consent"]) == (True, None)


def test_verify_holds_the_line_against_its_dom(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """It finds nothing wrong, and derives the line again."""
    commit = shipped(store, tmp_path / "spool", rendered)
    derived(commit, store=store, extractors=extractors, folder=tmp_path)
    found = checked(commit, store=store, extractors=extractors, folder=tmp_path)
    assert (found.findings, found.articles, found.derived) == ((), 1, 1)


def test_verify_tells_a_line_whose_consent_was_altered(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """The record says that it was rejected."""
    commit = shipped(store, tmp_path / "spool", rendered)
    derived(commit, store=store, extractors=extractors, folder=tmp_path)
    change_article(store, commit, capture={"consent": REJECTED | {"outcome": "accepted"}})
    found = checked(commit, store=store, extractors=extractors, folder=tmp_path)
    assert [finding.kind for finding in found.findings] == ["article-not-derived"]


def test_verify_tells_a_line_that_denies_its_rendering(store: Store, tmp_path: Path, extractors: Extractors) -> None:
    """A line that was not rendered has to lead to the page's own answer."""
    commit = shipped(store, tmp_path / "spool", rendered)
    derived(commit, store=store, extractors=extractors, folder=tmp_path)
    change_article(store, commit, capture={"rendered": False})
    found = checked(commit, store=store, extractors=extractors, folder=tmp_path)
    assert [finding.kind for finding in found.findings] == ["article-capture"]


async def test_rebuild_restores_it(store: Store, tmp_path: Path, extractors: Extractors, ledger: Ledger) -> None:
    """As any other article."""
    commit = shipped(store, tmp_path / "spool", rendered)
    derived(commit, store=store, extractors=extractors, folder=tmp_path)
    assert [one.articles async for one in rebuild(ledger, store, committed(store))] == [1]
