"""The headline without the name of the site, and not the name of the site for the headline."""

import pytest

from archive.articles.markup.page import Page
from archive.articles.markup.text import parse
from archive.articles.metadata.titles import title
from archive.articles.model import Hints


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


def test_the_only_heading_of_a_page_is_what_readers_saw():
    """It wins though no other claim agrees with it; a short one may be the section's name."""
    head = '<title>Ten facts on boats</title><meta property="og:title" content="Ten facts on boats">'
    assert said(head, "<h1>Why the ferry has not run since Tuesday</h1>") == "Why the ferry has not run since Tuesday"
    assert said(head, "<h1>Sea and shore</h1>") == "Ten facts on boats"


def test_a_section_behind_an_upright_line_is_no_part_of_the_headline():
    """A few words there are cut off; a headline of one word, or a long second half, is left alone."""
    assert said("<title>No ferry, no bread | Island Life</title>") == "No ferry, no bread"
    assert said("<title>Ferry | Island Life</title>") == "Ferry | Island Life"
    whole = "No ferry, no bread | What the council said about it on Tuesday"
    assert said(f"<title>{whole}</title>") == whole


def test_a_heading_of_two_lines_keeps_its_words_apart():
    """A line break in a heading is no space; a claim of the same letters has it."""
    assert said("<title>No ferry, no bread</title>", "<h1>No ferry,<br>no<br>bread</h1>") == "No ferry, no bread"


def test_a_claim_that_is_cut_short_gives_way_to_the_whole():
    """JSON-LD sometimes ends where OpenGraph goes on."""
    data = '{"@type":"NewsArticle","headline":"No ferry, no bread and"}'
    told = '<meta property="og:title" content="No ferry, no bread and no milk">'
    head = f'<script type="application/ld+json">{data}</script>{told}'
    assert said(head) == "No ferry, no bread and no milk"
