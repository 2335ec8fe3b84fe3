"""The headline without the name of the site, and not the name of the site for the headline."""

import pytest

from archive.articles.model import Hints
from archive.articles.page import Page
from archive.articles.text import parse
from archive.articles.titles import title


def said(head: str, body: str = "", *, url: str = "https://news.gazette.example/no-ferry") -> str | None:
    tree = parse(f"<html><head>{head}</head><body>{body}<p>The ferry has not run since Tuesday.</p></body></html>")
    assert tree is not None
    return title(Page(tree=tree, url=url, headers=(), hints=Hints(), promise=None)).value


@pytest.mark.parametrize("tail", ["Gazette", "gazette.example", "Gazette Weekend", "news.gazette.example"])
def test_the_host_tells_the_sites_name(tail):
    """Any part of it that is a name goes from the end of the title."""
    assert said(f"<title>No ferry, no bread | {tail}</title>") == "No ferry, no bread"


def test_what_is_no_site_stays():
    """A part of the headline behind a dash is its own."""
    assert said("<title>No ferry, no bread – what now</title>") == "No ferry, no bread – what now"


def test_a_heading_that_the_title_element_puts_before_the_headline_is_no_headline():
    """It is the site's or the section's name."""
    head = '<title>Island Diary: No ferry, no bread</title><meta property="og:title" content="No ferry, no bread">'
    assert said(head, "<h1>Island Diary</h1>") == "No ferry, no bread"
