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


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("/2026/no-ferry-and-no-bread-on-hal-1234567.html", "No ferry and no bread on Hål, again"),
        ("/ferry-bread", "Island without a boat: what it means"),
        ("/news", "Island without a boat: what it means"),
        ("/the-island-that-has-no-boat", "Island without a boat: what it means"),
    ],
)
def test_an_address_that_spells_another_claim_tells_the_headline(address: str, wanted: str):
    """Five words or more of it, each one the claim's; a number behind them is the article's."""
    other = "No ferry and no bread on Hål, again"
    head = f'<title>{other}</title><meta property="og:title" content="{other}">'
    assert said(head, "<h1>Island without a boat: what it means</h1>", url=f"https://g.example{address}") == wanted


def test_a_heading_that_data_repeats_stays_whatever_the_address_spells():
    """The address may keep a headline that was changed since."""
    data = '{"@type":"NewsArticle","headline":"Island without a boat: what it means"}'
    head = f'<title>No ferry and no bread on Hael</title><script type="application/ld+json">{data}</script>'
    url = "https://gazette.example/no-ferry-and-no-bread-on-hael"
    assert (
        said(head, "<h1>Island without a boat: what it means</h1>", url=url) == "Island without a boat: what it means"
    )


def test_only_one_heading_of_several_is_long_enough_for_a_headline():
    """A box of two words below the article has a first level heading too."""
    head = '<title>Ten facts on boats</title><meta property="og:title" content="Ten facts on boats">'
    headings = "<h1>Why the ferry has not run since Tuesday</h1><h1>More news</h1>"
    assert said(head, headings) == "Why the ferry has not run since Tuesday"
