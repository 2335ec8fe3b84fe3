"""JSON-LD as it is written out there."""

import pytest

from archive.articles.markup import jsonld

GOOD = '{"@type":"NewsArticle","headline":"Gulls win"}'


@pytest.mark.parametrize(
    "script",
    [
        GOOD,
        f"[{GOOD}]",
        f'{{"@graph":[{GOOD}]}}',
        f"<!-- {GOOD} -->",
        f"//<![CDATA[\n{GOOD}\n//]]>",
        '{"@type":"NewsArticle","headline":"Gulls win",}',
        '{"@type":["NewsArticle","Article",],"headline":"Gulls win"}',
        '{"@type":"NewsArticle","note":"a\nb\tc","headline":"Gulls win"}',
        f"{GOOD}{GOOD}",
        f"{GOOD};",
        GOOD.replace('"', "&quot;"),
        '{"@type":"schema:NewsArticle","headline":"Gulls win"}',
        '{"@type":"http://schema.org/NewsArticle","headline":"Gulls win"}',
    ],
)
def test_broken_json_is_mended(script):
    """The usual ways to break JSON-LD do not hide the article."""
    node = jsonld.load([script])[0]
    assert node.is_article
    assert not node.listed
    assert node.data["headline"] == "Gulls win"


@pytest.mark.parametrize("script", ["", "nothing", "{", "[" * 100_000, '{"a":' * 5000, '"', "null", "[[[]]]", "{}"])
def test_hopeless_json_gives_nothing(script):
    """What cannot be mended is left out, and nothing raises."""
    assert jsonld.load([script]) == ()


def test_references_lead_to_what_they_name():
    """An author given by @id alone is the object of that @id."""
    script = (
        '{"@graph":[{"@type":"Article","author":{"@id":"#p"},"publisher":[{"@id":"#o"}]},'
        '{"@type":"Person","@id":"#p","name":"Ada Quill"},{"@type":"Organization","@id":"#o","name":"Gazette"}]}'
    )
    article = jsonld.load([script])[0]
    assert jsonld.texts(article.data["author"]) == ["Ada Quill"]
    assert jsonld.texts(article.data["publisher"]) == ["Gazette"]


def test_articles_in_lists_are_marked():
    """An article that is an item of a list, or related, is not the page's own."""
    nodes = jsonld.load([f'{{"@type":"ItemList","itemListElement":[{{"item":{GOOD}}}]}}'])
    assert [(node.is_article, node.listed) for node in nodes] == [(False, False), (True, True)]
