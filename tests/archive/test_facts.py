"""Promises written into a run's WARC and read back, whatever a feed put into them."""

from datetime import UTC, date, datetime

import pytest

from archive import facts
from archive.articles.layout import Layout
from archive.facts import Facts, Part
from archive.promise import Promise, Source
from archive.records import Record

URL = "http://news.example/2026/03/01/ferry"


def read_back(*promises: Promise) -> list[Promise]:
    headers = (("WARC-Type", "resource"), ("WARC-Target-URI", facts.PROMISES))
    record = Record(headers=headers, block=facts.dump_promises(promises))
    return list(facts.read([record], before=Facts.empty()).promises.values())


def promise(title: str, *authors: str) -> Promise:
    when = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return Promise(url=URL, source=Source.FEED, found_in=URL, published=when, title=title, authors=authors)


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\r", "\n", "\r\n"])
def test_a_title_may_hold_any_end_of_line(end):
    told = promise(f"Ferry{end}runs", f"Ada{end}Lane")
    other = Promise(url=f"{URL}-again", source=Source.FEED, found_in=URL, title="Again")
    assert read_back(told, other) == [told, other]


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_what_neither_utf_8_nor_postgres_holds_is_replaced(character):
    assert read_back(promise(f"Ferry{character}runs", f"Ada{character}")) == [promise("Ferry\ufffdruns", "Ada\ufffd")]


def test_a_sites_layouts_are_read_from_its_toml():
    """As the run used it; what a later version added is left out."""
    toml = b'name = "a"\nhome = "https://a.example/"\n[[layout]]\nuntil = 2027-01-01\nbody = "p"\nlater = 1\n'
    record = Record(headers=(("WARC-Type", "resource"), ("WARC-Target-URI", facts.SITE)), block=toml)
    layouts = facts.read([record], before=Facts.empty()).hints.layouts
    assert layouts == (Layout(until=date(2027, 1, 1), body="p"),)


def test_further_pages_of_articles_are_known_by_their_address():
    part = Part(url=f"{URL}?page=2", of=URL, number=2)
    headers = (("WARC-Type", "resource"), ("WARC-Target-URI", facts.PARTS))
    record = Record(headers=headers, block=facts.dump_parts([part]))
    assert list(facts.read([record], before=Facts.empty()).parts.values()) == [part]
