"""crawler.discovery.reading: what is asked for as a feed or a sitemap, and is none."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from crawler.discovery.reading import Document, Kind, Reading
from crawler.sites.scope import Scope
from crawler.sites.site import Site

SHELL = b"<!doctype html><title>Valley</title><div id=root><h2><a href=/a>The ferry runs again</a></h2></div>"


@pytest.mark.parametrize(("kind", "reason"), [("feed", "not-a-feed"), ("sitemap", "not-a-sitemap")])
async def test_a_page_where_a_feed_was_guessed_is_no_article(kind: Kind, reason: str) -> None:
    """Sites whose scripts choose what to show answer any address with a page; the derivation is told of it."""
    told: list[str] = []

    async def tell_sections(found: list[str]) -> None:
        told.extend(found)

    frontier: Any = SimpleNamespace(tell_sections=tell_sections, document=lambda url, **said: {"url": url, **said})
    anything: Any = SimpleNamespace(inc_value=lambda *_: None)
    scope = Scope(Site(name="valley", home="https://valley.example/"))
    reading = Reading(frontier, scope, policy=anything, stats=anything, most_pages=9, on_change=lambda: None)
    document = Document(url="https://valley.example/guessed.xml", kind=kind, guessed=True)
    assert not await reading._follow(HtmlResponse(document.url, body=SHELL), document)
    assert told == [document.url]
    assert [one["reason"] for one in reading.documents] == [reason]
