"""Who wrote it: the first source of the page that names people; none is ever invented."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from archive.articles import jsonld, names
from archive.articles.page import Page, is_foreign, own
from archive.articles.text import fold, letters, words

_METAS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "authors",
    "article:author_name", "article.author", "cxenseparse:author", "og:article:author", "creator", "citation_author",
)  # fmt: skip
_WRITTEN_BY = words("""
    writtenby verfasstvon geschriebenvon écritpar escritopor scrittoda door geschrevendoor skrevetaf skrivenav författad
    skrevetav napisaneprzez автор napsal kirjoittanut tarafındanyazıldı tarafından 著者 投稿者 作者 كتب بواسطة लेखक
""")
_BYLINE = words("byline author authors autor autoren auteur auteurs autore autori writer writers contributor verfasser")
_NO_BYLINE = words("""
    comment comments bio biography avatar image img photo picture social date related about description follow share url
    archive articles posts page role job title intro text count block box more list section footer widget container link
""")
_BYLINE_TAGS = ("a", "span", "div", "p", "address", "cite", "li", "em", "strong", "h2", "h3", "h4", "h5", "h6")
_SPLIT = re.compile(r"[-_:]+|(?<=[a-z0-9])(?=[A-Z])")
_SAYS_BY = re.compile(
    r"(?i:(?:written |posted |story )?by:?|von|par|por|door|af|av|przez|автор:?|โดย|文[:：]|作者[:：]|記者[:：]|بقلم:?)"
    r"\s+(?=[^\W\d_a-zà-öø-ÿ])"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors in the page's order and where they were read."""

    names: tuple[str, ...]
    source: str | None


def authors(page: Page) -> Byline:
    """Choose the first source that names a person; without one, the organisation that the page claims as its author."""
    banned = _organisations(page)
    claimed = Byline((), None)
    for values, source in _candidates(page):
        found = names.people(values, banned=banned, shown=source in {"dom", "microdata"})
        if found:
            return Byline(found, source)
        if not claimed.names and source in {"json-ld", "meta", "opengraph"}:
            claimed = Byline(names.organisations(values), source)
    return claimed if claimed.names else Byline((), None)


def _candidates(page: Page) -> Iterator[tuple[list[str], str]]:
    if page.main is not None:
        yield _named(page.main.data.get("author")), "json-ld"
        yield _named(page.main.data.get("creator")), "json-ld"
    for name in _METAS:
        if name in page.metas:
            yield page.metas[name], "opengraph" if name.startswith(("article:", "og:")) else "meta"
    if letters(page.meta("twitter:label1")) in _WRITTEN_BY:
        yield page.metas.get("twitter:data1", []), "meta"
    if page.promise is not None:
        yield list(page.promise.authors), "feed"
    yield _microdata(page), "microdata"
    yield from ((texts, "dom") for texts in _bylines(page))


def _named(value: object) -> list[str]:
    """Return the names of JSON-LD authors; organisations only where no person is among them."""
    items = [item for item in jsonld.as_list(value) if isinstance(item, dict)]
    persons = [item for item in items if not any(kind.endswith("Organization") for kind in jsonld.type_names(item))]
    found = [text for item in jsonld.as_list(value) if not isinstance(item, dict) for text in jsonld.texts(item)]
    return found + [text for item in persons or items for text in _object_name(item)]


def _object_name(item: dict[str, object]) -> list[str]:
    found = jsonld.texts(item.get("name"))
    if found:
        return found
    parts = [jsonld.first(item.get(key)) for key in ("givenName", "familyName")]
    return [" ".join(part for part in parts if part)] if any(parts) else []


def _microdata(page: Page) -> list[str]:
    found = []
    for element in own([*page.properties.get("author", []), *page.relations.get("author", [])]):
        name = element.find(".//*[@itemprop='name']")
        found += _apart(element) if name is None else [fold(name.get("content") or spaced(name))]
    return [text for text in found if len(text) < 80]


def _apart(element: HtmlElement) -> list[str]:
    """Return a byline's names: each of several that are marked as such (hCard `fn`, rel=author), else its text."""
    marked = [fold(spaced(inner)) for inner in element.iterdescendants() if _is_marked_name(inner)]
    return marked if len(marked) > 1 else [fold(element.get("content") or spaced(element))]


def _is_marked_name(element: HtmlElement) -> bool:
    inner = any("fn" in (child.get("class") or "").split() for child in element.iterdescendants())
    return not inner and (
        "fn" in (element.get("class") or "").split() or "author" in (element.get("rel") or "").lower().split()
    )


def _bylines(page: Page) -> Iterator[list[str]]:
    """Yield the names of at most eight short texts that are called byline or author, or that begin with 'by'."""
    found = 0
    for element in page.tree.iter(*_BYLINE_TAGS):
        named = _is_named_byline(element)
        if not named and not (_SAYS_BY.match(_beginning(element)) and _may_say_by(element)):
            continue
        text = fold(spaced(element))
        if 3 < len(text) < 80 and (named or _is_only_names(text)) and not is_foreign(element):
            yield _apart(element)
            found += 1
        if found == 8:
            return


def _is_named_byline(element: HtmlElement) -> bool:
    """Tell whether an element is called a byline; a heading, which may be anything, has to say 'by' as well."""
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(marks) > 1 and element.tag not in {"h2", "h3"} and _means_byline(marks)


def _may_say_by(element: HtmlElement) -> bool:
    """Tell whether 'by' at an element's beginning may name its author: in a heading only where its name says so too."""
    if element.tag not in {"h2", "h3"}:
        return True
    return not _BYLINE.isdisjoint(part.lower() for part in re.split(r"[-_\s]+", element.get("class") or ""))


def _beginning(element: HtmlElement) -> str:
    """Return the first words of an element: its own, or those of its first child."""
    text = (element.text or "").lstrip()
    if not text and len(element):
        text = (element[0].text or "").lstrip()
    return text[:80]


def spaced(element: HtmlElement) -> str:
    """Return an element's text with a space between its pieces: names and dates often have elements of their own."""
    return " ".join(element.itertext())


@lru_cache(maxsize=10_000)
def _means_byline(marks: str) -> bool:
    for name in marks.split():
        # Quirk: WordPress begins the name of every block with `wp-block-`, which says nothing of what it holds
        name = name.removeprefix("wp-block-")
        parts = {part.lower() for part in _SPLIT.split(name)}
        if parts & _BYLINE and not parts & _NO_BYLINE:
            return True
    return False


def _is_only_names(text: str) -> bool:
    """A line that says 'by' and then nothing but capitalised words."""
    rest = re.split(r"[,|·•(\d]", _SAYS_BY.sub("", text))[0].split()
    return 1 < len(rest) <= 7 and sum(word[:1].isupper() or not word.isascii() for word in rest) * 3 >= len(rest) * 2


def _organisations(page: Page) -> frozenset[str]:
    """Return what the site calls itself, as an author who is the site is no person."""
    called = [*page.metas.get("og:site_name", []), *page.metas.get("application-name", [])]
    if page.main is not None:
        called += jsonld.texts(page.main.data.get("publisher"))
    for node in page.nodes:
        if any(kind.endswith("Organization") or kind == "WebSite" for kind in node.types):
            called += jsonld.texts(node.data.get("name"))
    return frozenset(letters(name) for name in called)
