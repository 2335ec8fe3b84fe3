"""The remaining fields of an article: language, section, tags, description, lead image."""

import re
from collections.abc import Iterator
from itertools import chain

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.articles.markup import jsonld
from archive.articles.markup.page import Page, own
from archive.articles.markup.text import fold, letters, select

Said = tuple[str, str] | None
_POST_IMAGES = XPath(
    "descendant::img[contains(concat(' ', @class, ' '), ' wp-post-image ')"
    " or ancestor::*[contains(concat(' ', @class, ' '), ' wp-block-post-featured-image ')]]"
)
_TRAILS = ("nav", "ul", "ol", "div", "p")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$")


def description(page: Page) -> Said:
    """Choose the standfirst: JSON-LD, OpenGraph, meta."""
    if page.main is not None:
        said = jsonld.first(page.main.data.get("description"))
        if said:
            return said, "json-ld"
    return _meta(page, "og:description", "description", "twitter:description", "dc.description")


def section(page: Page) -> Said:
    """Choose the section's name: JSON-LD, OpenGraph, microdata, breadcrumbs, a link to the article's category."""
    if page.main is not None:
        named = jsonld.first(page.main.data.get("articleSection"))
        if named and not named.startswith("http"):
            return named, "json-ld"
    said = _meta(page, "article:section", "og:article:section", "section", "parsely-section", "cxenseparse:category")
    return said or _microdata_section(page) or _crumb(page) or _category(page)


def _category(page: Page) -> Said:
    found = (fold(link.text_content()) for link in own(_category_links(page)))
    return next(((text[:80], "dom") for text in found if text), None)


def _category_links(page: Page) -> list[HtmlElement]:
    """Return the links to the categories of the article: rel=category, or those of WordPress's block of categories."""
    blocks = [block for block, name in page.classed if "taxonomy-category" in name.split()]
    return [*page.relations.get("category", []), *(link for block in blocks for link in block.iter("a"))]


def _microdata_section(page: Page) -> Said:
    found = (
        fold(element.get("content") or element.text_content()) for element in page.properties.get("articleSection", [])
    )
    return next(((text[:80], "microdata") for text in found if text), None)


def _crumb(page: Page) -> Said:
    """Return the last link of the breadcrumbs but the home page, where it leads to another page."""
    named = (element for element, name in page.classed if "breadcrumb" in name.lower() and element.tag in _TRAILS)
    labelled = (element for element in page.tree.iter(*_TRAILS) if _is_trail(element))
    for trail in chain(named, labelled):
        links = (link for link in trail.iter("a") if page.absolute(link.get("href")) != page.url)
        headings = {letters(text) for text in page.headings}
        names = [fold(link.text_content()) for link in links][1:]
        names = [name for name in names if name and letters(name) not in headings]
        return (names[-1][:80], "dom") if names else None
    return None


def _is_trail(element: HtmlElement) -> bool:
    return "breadcrumb" in (element.get("id") or element.get("aria-label") or "").lower()


def tags(page: Page) -> tuple[tuple[str, ...], str | None]:
    """Gather the tags of the first source that has any, each once, in its order."""
    for values, source in _tag_sources(page):
        found = {tag.casefold(): tag for tag in map(fold, values) if 0 < len(tag) <= 80}
        if found:
            return tuple(list(found.values())[:50]), source
    return (), None


def _tag_sources(page: Page) -> Iterator[tuple[list[str], str]]:
    if page.main is not None:
        said = jsonld.texts(page.main.data.get("keywords"))
        yield (_pieces(said[0]) if len(said) == 1 else said), "json-ld"
    yield page.metas.get("article:tag", []), "opengraph"
    yield _pieces(page.meta("news_keywords", "keywords", "parsely-tags", "sailthru.tags") or ""), "meta"
    categories = set(_category_links(page))
    links = [link for link in own(page.relations.get("tag", [])) if link not in categories]
    yield [link.text_content() for link in links], "dom"
    yield (list(page.promise.tags) if page.promise is not None else []), "feed"


def _pieces(text: str) -> list[str]:
    return re.split(r"\s*[,;、]\s*", text)


def lead_image(page: Page) -> Said:
    """Choose the lead image's absolute URL: OpenGraph, JSON-LD, the image that WordPress marks as the post's."""
    said = _meta(page, "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src")
    if said and page.absolute(said[0]):
        return page.absolute(said[0]) or "", said[1]
    if page.main is not None:
        for item in jsonld.as_list(page.main.data.get("image")):
            address = item.get("url") or item.get("contentUrl") if isinstance(item, dict) else item
            url = page.absolute(jsonld.first(address))
            if url:
                return url, "json-ld"
    marked = (page.absolute(image.get("src")) for image in own(select(_POST_IMAGES, tree=page.tree)))
    return next(((url, "dom") for url in marked if url), None)


def language(page: Page) -> Said:
    """Choose the language tag that is claimed: JSON-LD, the html element, OpenGraph, the feed."""
    for text, source in languages(page):
        text = text.strip().replace("_", "-")
        if _LANGUAGE.match(text):
            primary, *rest = text.split("-")
            return "-".join([primary.lower(), *(part.upper() if len(part) == 2 else part for part in rest)]), source
    return None


def languages(page: Page) -> Iterator[tuple[str, str]]:
    """Yield the language tags that the page and the site claim, as written."""
    if page.main is not None:
        yield jsonld.first(page.main.data.get("inLanguage")) or "", "json-ld"
    yield page.tree.get("lang") or page.tree.get("xml:lang") or "", "dom"
    yield page.meta("content-language", "dc.language", "language") or "", "meta"
    yield page.meta("og:locale") or "", "opengraph"
    if page.promise is not None:
        yield page.promise.language or "", "feed"
    yield page.hints.language or "", "site"


def _meta(page: Page, *names: str) -> Said:
    for name in names:
        if name in page.metas:
            return page.metas[name][0], "opengraph" if name.startswith(("og:", "article:")) else "meta"
    return None
