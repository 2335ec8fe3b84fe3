"""What the body's RDFa says, in the vocabularies that sites use."""

import pytest

from archive.articles.markup.page import Page
from archive.articles.markup.text import parse
from archive.articles.metadata import dates, people
from archive.articles.model import Hints


def page(inner: str) -> Page:
    tree = parse(f"<html><head><title>No ferry</title></head><body><main>{inner}<p>No bread.</p></main></body></html>")
    assert tree is not None
    return Page(tree=tree, url="https://sound.example/no-ferry", headers=(), hints=Hints(), promise=None)


@pytest.mark.parametrize(
    "markup",
    [
        '<span property="dc:date dc:created" content="2021-05-04T10:00:00+02:00">4 May</span>',
        '<div vocab="https://schema.org/"><time property="datePublished" datetime="2021-05-04T10:00:00+02:00"/></div>',
        '<meta property="schema:datePublished" content="2021-05-04T10:00:00+02:00">',
        '<i property="http://purl.org/dc/terms/issued" content="2021-05-04T10:00:00+02:00"></i>',
    ],
)
def test_the_date_of_publication(markup):
    """Dublin Core, schema.org, and names in full."""
    told = dates.published(page(markup))
    assert told is not None
    assert told[0] == "2021-05-04T10:00:00+02:00"


def test_the_date_of_the_last_change():
    """It is told apart from the first."""
    markup = '<span property="dcterms:modified" content="2021-05-06">6 May</span>'
    assert dates.modified(page(markup)) == ("2021-05-06", "rdfa")
    assert dates.published(page(markup)) is None


@pytest.mark.parametrize(
    "markup",
    [
        '<span property="schema:author" typeof="schema:Person"><b property="schema:name">Ida Storm</b>, quay</span>',
        '<p rel="sioc:has_creator"><a property="foaf:name" href="/u/3">Ida Storm</a></p>',
        '<cite property="dc:creator">Ida Storm</cite>',
    ],
)
def test_the_author(markup):
    """As schema.org, SIOC or Dublin Core name them."""
    assert people.authors(page(markup)).names == ("Ida Storm",)


def test_other_pages_authors_say_nothing():
    """What stands in a side column is not the article's."""
    assert (
        people.authors(page('<aside><p>x</p><cite property="dc:creator">Ida Storm</cite><p>y</p></aside>')).names == ()
    )
