"""One parsed page and everything said about it, gathered once and read by every layer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from urllib.parse import urljoin

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.articles.markup import jsonld, runs
from archive.articles.markup.chrome import is_called, length
from archive.articles.markup.text import fold, letters, select, words
from archive.articles.model import Hints
from archive.promise import Promise
from archive.urls import canonical

_ASIDE = frozenset({"nav", "aside", "form", "noscript", "template", "dialog"})
_ARTICLE = frozenset({"hentry", "h-entry", "entry-content", "post-content", "article-body", "article-content"})
_HOME_WORDS = words("home homepage start startseite accueil inicio início hjem hem strona główna главная 首页 ホーム")
_FOREIGN = words("""
    comment comments commentlist respond disqus related relatedpost relatedposts relatedarticle relatedarticles
    relatedstories relatednews relatedcontent recommended recommendations morefrom morenews morestories morearticles
    mostread mostpopular popularposts trending alsolike youmayalsolike sidebar teaser teasers carousel promo
    promotion modal popup latest latestnews latestposts outbrain taboola newsletter cookieconsent
    cookiebanner postnavigation
""")
_FOOTER = frozenset({"footer"})
_WHOLE = frozenset({"body", "html", "main", "article"})
_MOST_VALUES, _MOST_CONTENT = 100, 20_000
_STANDS_ALONE = frozenset({"nav", "footer", "form"})
_TITLED = frozenset({"p", "div", "span"})
_LINE = 120  # characters
_TITLE_PARTS = re.compile(r"\s+[|\-–—·•»«:>/~]+\s+")
_LINKS = frozenset({"canonical", "license", "amphtml", "author"})
_ITEMPROPS = XPath("descendant::*[@itemprop]")
_CLASSED = XPath("descendant::*[@class]")
_IDENTIFIED = XPath("descendant::*[@id]")


@dataclass(frozen=True)
class Page:
    """A page's tree and its surroundings; the tree is as parsed until the body is read."""

    tree: HtmlElement
    url: str | None
    headers: Sequence[tuple[str, str]]
    hints: Hints
    promise: Promise | None

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """The content of every meta element, by its lower-case property, name or itemprop."""
        found: dict[str, list[str]] = {}
        for element in self.tree.iter("meta"):
            content = fold(element.get("content"))
            for attribute in ("property", "name", "itemprop"):
                name = (element.get(attribute) or "").strip().lower()
                if name and content and len(found.get(name, ())) < _MOST_VALUES:
                    found.setdefault(name, []).append(content[:_MOST_CONTENT])
        return found

    def meta(self, *names: str) -> str | None:
        """Return the first non-empty meta content among names, in the order of names."""
        return next((self.metas[name][0] for name in names if name in self.metas), None)

    @cached_property
    def nodes(self) -> tuple[jsonld.Node, ...]:
        """The objects of the page's JSON-LD."""
        scripts = (
            "".join(element.itertext())
            for element in self.tree.iter("script")
            if "ld+json" in (element.get("type") or "").lower()
        )
        return jsonld.load(scripts)

    @cached_property
    def main(self) -> jsonld.Node | None:
        """The JSON-LD object that is this page's article: by its URL or headline, or because there is only one."""
        articles = [node for node in self.nodes if node.is_article and not node.listed]
        named = [node for node in articles if self._is_about_this_page(node)]
        if named:
            return max(named, key=lambda node: len(node.data))
        if len({jsonld.first(node.data.get("headline")) for node in articles}) == 1:
            return max(articles, key=lambda node: len(node.data))
        return None

    def _is_about_this_page(self, node: jsonld.Node) -> bool:
        own = {key for key in (_key(self.url), _key(self.canonical)) if key}
        if own & {_key(url) for url in self._addresses(node)}:
            return True
        headline = letters(jsonld.first(node.data.get("headline")))
        return bool(headline) and headline in {letters(text) for text in [*self.headings, self.meta("og:title") or ""]}

    def _addresses(self, node: jsonld.Node) -> list[str]:
        values = [node.data.get(key) for key in ("url", "mainEntityOfPage", "@id")]
        urls = [value.get("@id") if isinstance(value, dict) else value for value in values]
        found = [self.absolute(url) for url in urls if isinstance(url, str)]
        return [url for url in found if url]

    @cached_property
    def headline(self) -> HtmlElement | None:
        """The element of the headline: the heading that a claim agrees with, else the only one of the first level."""
        for element, text in self._headings:
            if any(claim.startswith(letters(text)) or letters(text).startswith(claim) for claim in self._claims):
                return element
        # Quirk: templates put even the article into what they call a sidebar, or its title into a lesser heading
        for element in self.tree.iter("h1", "h2", "h3"):
            if letters(element.text_content()) in self._claims:
                return element
        return self._headings[0][0] if len(self._headings) == 1 else None

    @cached_property
    def _claims(self) -> frozenset[str]:
        claims = (letters(text) for text in self._said_headlines)
        return frozenset(claim for claim in claims if len(claim) > 8)

    @property
    def _said_headlines(self) -> list[str]:
        title = self.title or ""
        return [*self.metas.get("og:title", []), title, *_TITLE_PARTS.split(title)]

    @cached_property
    def runs(self) -> list[runs.Run]:
        """The pieces of the page's text in document order."""
        return runs.of(self.tree)

    @cached_property
    def near(self) -> range:
        """Which of the runs are the headline's neighbourhood."""
        return runs.near(self.runs, headline=self.headline)

    @cached_property
    def declared_language(self) -> str | None:
        """The language tag that the page or the site gives, as written."""
        return self.tree.get("lang") or self.meta("content-language", "og:locale") or self.hints.language

    @cached_property
    def _around_headline(self) -> list[HtmlElement]:
        return list(self.headline.iterancestors()) if self.headline is not None else []

    def is_foreign(self, element: HtmlElement) -> bool:
        """Tell whether an element stands around the article; what holds the headline as well is no such place.

        Nor is an `aside` of a line or two: templates put a byline or a date into one.
        """
        outer = next(iter(element.iterancestors("aside")), None)
        if outer is not None and length(outer) <= _LINE:
            element = outer
        return element.tag in _STANDS_ALONE or is_foreign(element, inside=self._around_headline)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of the first level headings outside of navigation; one that links home is the site's name."""
        return tuple(text for _, text in self._headings)

    @cached_property
    def _headings(self) -> list[tuple[HtmlElement, str]]:
        own_headings = (element for element in self.tree.iter("h1") if not is_foreign(element))
        found = ((element, fold(element.text_content())) for element in own_headings if not self._is_home_link(element))
        return [(element, text) for element, text in found if text]

    @cached_property
    def site_names(self) -> tuple[str, ...]:
        """The texts of headings, and of elements named after the site, that do nothing but link home."""
        found = [
            fold(element.text_content())
            for element in chain(self.tree.iter("h1", "h2", "h3", "h4"), self._site_titles)
            if self._is_home_link(element)
        ]
        return tuple(text for text in found if text.casefold() not in _HOME_WORDS)

    @property
    def _site_titles(self) -> Iterator[HtmlElement]:
        return (element for element, name in self.classed if "ite-" in name.lower() and _is_site_title(element))

    @cached_property
    def classed(self) -> list[tuple[HtmlElement, str]]:
        """Every element that has a class, with it, in document order."""
        return [(element, element.get("class") or "") for element in select(_CLASSED, tree=self.tree)]

    @cached_property
    def marks(self) -> frozenset[str]:
        """The classes and ids of the page's elements, each as the element has it."""
        ids = (element.get("id") or "" for element in select(_IDENTIFIED, tree=self.tree))
        return frozenset((*(name for _, name in self.classed), *ids))

    def _is_home_link(self, element: HtmlElement) -> bool:
        """Tell whether all that an element says is one link to the home page."""
        links = list(islice(element.iter("a"), 2))
        if len(links) != 1 or letters(links[0].text_content()) != letters(element.text_content()):
            return False
        return "home" in (links[0].get("rel") or "").lower().split() or self._leads_home(links[0].get("href"))

    def _leads_home(self, address: str | None) -> bool:
        address = (address or "").strip()
        return address == "/" or (address not in {"", "#"} and _key(self.absolute(address)) in self._homes)

    @cached_property
    def _homes(self) -> set[str | None]:
        return {_key(self.absolute("/")), _key(self.hints.home)} - {None, _key(self.canonical)}

    @cached_property
    def title(self) -> str | None:
        """The text of the title element."""
        element = self.tree.find(".//head/title")
        element = self.tree.find(".//title") if element is None else element
        return fold(element.text_content()) or None if element is not None else None

    @cached_property
    def links(self) -> dict[str, str]:
        """The first target of each link relation that we read, absolute."""
        found: dict[str, str] = {}
        for element in self.tree.iter("link"):
            if (element.get("rel") or "").lower() not in _LINKS:
                continue
            target = self.absolute(element.get("href"))
            for relation in (element.get("rel") or "").lower().split():
                if target:
                    found.setdefault(relation, target)
        return found

    @cached_property
    def canonical(self) -> str | None:
        """The page's own claim of its address, absolute."""
        return self.links.get("canonical")

    @cached_property
    def base(self) -> str | None:
        """The URL that relative addresses stand to."""
        element = self.tree.find(".//base[@href]")
        try:
            return urljoin(self.url or "", element.get("href") or "") if element is not None else self.url
        except ValueError:
            return self.url

    def absolute(self, address: str | None) -> str | None:
        """Return an address of the page as an absolute http(s) URL, or None."""
        if not address or not address.strip() or len(address) > 8192:
            return None
        try:
            url = urljoin(self.base or "", address.strip())
        except ValueError:
            return None
        return url if url.lower().startswith(("http://", "https://")) else None

    @cached_property
    def properties(self) -> dict[str, list[HtmlElement]]:
        """The elements of each itemprop, in document order."""
        found: dict[str, list[HtmlElement]] = {}
        for element in select(_ITEMPROPS, tree=self.tree):
            for name in (element.get("itemprop") or "").split():
                found.setdefault(name, []).append(element)
        return found

    @cached_property
    def relations(self) -> dict[str, list[HtmlElement]]:
        """The `a` elements of each link relation, in document order."""
        found: dict[str, list[HtmlElement]] = {}
        for element in self.tree.iter("a"):
            for name in (element.get("rel") or "").lower().split():
                found.setdefault(name, []).append(element)
        return found


def _is_site_title(element: HtmlElement) -> bool:
    names = (element.get("class") or "").lower().split()
    return element.tag in _TITLED and any(name.endswith(("site-title", "site-name")) for name in names)


def own(elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the elements that belong to the article rather than to what stands around it."""
    return (element for element in elements if not is_foreign(element))


def is_foreign(element: HtmlElement, *, inside: Sequence[HtmlElement] = ()) -> bool:
    """Tell whether an element stands in navigation, a side column, comments, related pages or the page's footer.

    A footer inside the article is the article's own: templates keep byline and date there. What stands `inside` of is
    none of these, whatever it is called.
    """
    footer = False
    for ancestor in element.iterancestors():
        if ancestor.tag in _ASIDE:
            return True
        marks = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag in {"main", "article"} or not _ARTICLE.isdisjoint(marks.split()):
            footer = False
        elif ancestor.tag == "footer" or (len(marks) > 1 and _means_footer(marks)):
            footer = True
        if any(ancestor is outer for outer in inside):
            return footer
        if ancestor.tag not in _WHOLE and len(marks) > 1 and _means_foreign(marks):
            return True
    return footer


@lru_cache(maxsize=10_000)
def _means_foreign(marks: str) -> bool:
    return any(is_called(name, cores=_FOREIGN) for name in marks.split() if len(name) <= 80)


@lru_cache(maxsize=10_000)
def _means_footer(marks: str) -> bool:
    return any(is_called(name, cores=_FOOTER) for name in marks.split() if len(name) <= 80)


def _key(url: str | None) -> str | None:
    try:
        return canonical(url) if url else None
    except ValueError:
        return None
