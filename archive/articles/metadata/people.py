"""Who wrote it: the first source of the page that names people; none is ever invented."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from archive.articles.markup import jsonld, rdfa
from archive.articles.markup.page import Page, own
from archive.articles.markup.text import fold, letters, words
from archive.articles.metadata import bylines, names, sites

_METAS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "authors",
    "article:author_name", "article.author", "cxenseparse:author", "og:article:author", "creator", "citation_author",
)  # fmt: skip
_OFF_THE_PAGE = frozenset({"dom", "microdata", "rdfa"})
_WRITTEN_BY = words("""
    writtenby verfasstvon geschriebenvon écritpar escritopor scrittoda door geschrevendoor skrevetaf skrivenav författad
    skrevetav napisaneprzez автор napsal kirjoittanut tarafındanyazıldı tarafından 著者 投稿者 作者 كتب بواسطة लेखक
""")


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors in the page's order and where they were read."""

    names: tuple[str, ...]
    source: str | None


def authors(page: Page) -> Byline:
    """Choose the authors: people before organisations, what the page tells machines before what it shows.

    A login among the metadata ('mrowe7') gives way to a name that stands beside the headline.
    """
    banned = _organisations(page)
    claims = list(offered(page))
    own = sites.called(page)
    if not _people(claims, banned=banned, own=own).names:
        claims.append((rdfa.authors(page), "rdfa"))
    told = _completed(_people(claims, banned=banned, own=own), page=page, banned=banned)
    if told.names and not all(names.is_login(name) or letters(name) in own for name in told.names):
        return told
    shown = bylines.near(page)
    claimed = _organisation(claims)
    confirmed = {letters(text) for byline in shown for text in byline.texts}
    if confirmed.isdisjoint(map(letters, claimed.names)):
        choices = _unconfirmed(page, shown, told=told, claimed=claimed, banned=banned, own=own)
    else:
        signed = [byline for byline in shown if byline.evidence == "signed"]
        choices = iter((_people(_texts(signed), banned=banned, own=own), told, claimed))
    return next((choice for choice in choices if choice.names), Byline((), None))


def _unconfirmed(
    page: Page,
    shown: Sequence[bylines.Byline],
    *,
    told: Byline,
    claimed: Byline,
    banned: frozenset[str],
    own: frozenset[str],
) -> Iterator[Byline]:
    """Yield who may be the author, where no organisation is said to be both to machines and beside the headline."""
    yield _people(_texts(shown), banned=banned, own=own)
    yield told
    yield _people(_texts(bylines.far(page)), banned=banned, own=own)
    yield claimed
    yield _single(shown, banned=banned)
    yield _organisation(_texts(shown))


def _texts(shown: Iterable[bylines.Byline]) -> list[tuple[list[str], str]]:
    return [(list(byline.texts), "dom") for byline in shown]


def _completed(told: Byline, *, page: Page, banned: frozenset[str]) -> Byline:
    """Return all that a page says it is written by, if those told are some of them. Quirk: many systems tell one."""
    if not told.names:
        return told
    lists: list[tuple[list[str], str]] = []
    if letters(page.meta("twitter:label1")) in _WRITTEN_BY:
        lists.append((page.metas.get("twitter:data1", []), "meta"))
    if bylines.may_go_on(page, name=told.names[-1]):
        lists += _texts(byline for byline in bylines.near(page) if byline.sure)
    listed = (_people([claim], banned=banned) for claim in lists)
    return next((byline for byline in listed if set(told.names) < set(byline.names)), told)


def _people(
    claims: Iterable[tuple[list[str], str]], *, banned: frozenset[str], own: frozenset[str] = frozenset()
) -> Byline:
    """Return the people that the first claim with any names."""
    for values, source in claims:
        found = names.people(values, banned=banned, own=own, shown=source in _OFF_THE_PAGE)
        if found:
            return Byline(found, source)
    return Byline((), None)


def _organisation(claims: Iterable[tuple[list[str], str]]) -> Byline:
    """Return the organisations that the first claim with any says are the author."""
    for values, source in claims:
        found = names.organisations(values, shown=source in _OFF_THE_PAGE) if source != "feed" else ()
        if found:
            return Byline(found, source)
    return Byline((), None)


def _single(shown: Iterable[bylines.Byline], *, banned: frozenset[str]) -> Byline:
    """Return one-word names beside the headline, of bylines that cannot be anything else."""
    certain = [(byline.texts, "dom") for byline in shown if byline.near and byline.evidence in {"said", "linked"}]
    for texts, source in certain:
        found = tuple(name for name in names.people(texts, banned=banned) if " " not in name)
        if found:
            return Byline(found, source)
    return Byline((), None)


def offered(page: Page) -> Iterator[tuple[list[str], str]]:
    """Yield the names that each source tells machines, those with precedence first."""
    work = page.main or jsonld.medium(page.nodes)
    if work is not None:
        yield _named(work.data.get("author")), "json-ld"
        yield _named(work.data.get("creator")), "json-ld"
    for name in _METAS:
        if name in page.metas:
            yield page.metas[name], "opengraph" if name.startswith(("article:", "og:")) else "meta"
    if letters(page.meta("twitter:label1")) in _WRITTEN_BY:
        yield page.metas.get("twitter:data1", []), "meta"
    if page.promise is not None:
        yield list(page.promise.authors), "feed"
    yield _microdata(page), "microdata"


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


def spaced(element: HtmlElement) -> str:
    """Return an element's text with a space between its pieces: names and dates often have elements of their own."""
    return " ".join(element.itertext())


def _organisations(page: Page) -> frozenset[str]:
    """Return what the site calls itself, as an author who is the site is no person."""
    called = [*page.metas.get("og:site_name", []), *page.metas.get("application-name", [])]
    if page.main is not None:
        called += jsonld.texts(page.main.data.get("publisher"))
    for node in page.nodes:
        if any(kind.endswith("Organization") or kind == "WebSite" for kind in node.types):
            called += jsonld.texts(node.data.get("name"))
    return frozenset(letters(name) for name in called) - {""}
