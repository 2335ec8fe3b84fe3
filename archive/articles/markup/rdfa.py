"""RDFa in a page's body: what its elements say of the article, by the usual vocabularies' names.

Source: RDFa 1.1 Lite (W3C); schema.org, Dublin Core, FOAF and SIOC, as Drupal and its like write them. What stands in
meta elements is read with them.
"""

import re

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.articles.markup.page import Page, own
from archive.articles.markup.text import fold, select, words

_SAID = XPath("descendant::body/descendant::*[@property]")
_PREFIX = re.compile(
    r"^(?:(?:schema|dc|dct|dcterms|foaf|rnews):|https?://schema\.org/|https?://purl\.org/dc/\w+/)", re.IGNORECASE
)
_PUBLISHED = words("datePublished created issued date")
_MODIFIED = words("dateModified modified")
_AUTHORS = words("author creator")
_LONGEST_NAME = 80
_CREATORS = words("sioc:has_creator dc:creator dcterms:creator schema:author")


def published(page: Page) -> list[str]:
    """Return the dates of publication, as written for machines where they are."""
    return [_value(element) for element in _of(page, names=_PUBLISHED)]


def modified(page: Page) -> list[str]:
    """Return the dates of the last change, as written for machines where they are."""
    return [_value(element) for element in _of(page, names=_MODIFIED)]


def authors(page: Page) -> list[str]:
    """Return the authors' names: of an author with a name within, only that."""
    found = []
    for element in own(select(_SAID, tree=page.tree)):
        names = _names(element)
        if names & _AUTHORS:
            inner = [child for child in element.iterdescendants() if "name" in _names(child)]
            found += [_value(child) for child in inner] or [_value(element)]
        elif "name" in names and any(_relates(outer) for outer in (element, *element.iterancestors())):
            found.append(_value(element))
    return [name for name in dict.fromkeys(found) if 0 < len(name) < _LONGEST_NAME]


def _relates(element: HtmlElement) -> bool:
    return not _CREATORS.isdisjoint((element.get("rel") or "").split())


def _of(page: Page, *, names: frozenset[str]) -> list[HtmlElement]:
    return [element for element in own(select(_SAID, tree=page.tree)) if _names(element) & names]


def _names(element: HtmlElement) -> set[str]:
    """Return an element's properties without the prefixes of their vocabularies."""
    return {_PREFIX.sub("", name) for name in (element.get("property") or "").split()}


def _value(element: HtmlElement) -> str:
    return fold(element.get("content") or element.get("datetime") or " ".join(element.itertext()))
