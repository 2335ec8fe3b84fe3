"""Who wrote it: the names of people, without roles, organisations and addresses; none is ever invented."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from archive.articles import jsonld
from archive.articles.page import Page, is_foreign, own
from archive.articles.text import fold, letters, words

_PREFIX = re.compile(
    r"^(?:(?:(?:written|posted|reported|published|story|words|text|report|reporting|article|commentary|opinion|analysis)\s+)?by|"
    r"von|vom|par|por|da|di|de|door|av|af|przez|автор|author|autor|autora|auteur|text|texte|texto|reporter|"
    r"บทความโดย|โดย|作者|文|記者|记者|撰文|بقلم|كتب|लेखक)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:[;|•·/、，]|&|\+)\s*|\s+(?:and|und|et|y|e|en|och|og|ja|i|и|та|with|mit|avec|con|و)\s+|\s*,\s+(?:and|und|et|y)\s+",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:staff|editor|editors|editorial|correspondent|reporter|journalist|writer|contributor|columnist|bureau|desk|chief|"
    r"producer|photographer|photos?|redaktion|redakteur(?:in)?|korrespondent(?:in)?|reporterin|redacci[oó]n|redactor|"
    r"corresponsal|r[ée]daction|correspondant|journaliste|redazione|redactie|redaksjonen|redaktionen|redakcja|редакция|"
    r"корреспондент|newsroom|news|agency|agencies|agentur|agence|press|admin|administrator|webmaster|team|guest|"
    r"special to|for the|author|anonymous|unknown|media|magazine|times|post|herald|tribune|gazette|online|digital|"
    r"publisher|company|inc|llc|ltd|gmbh)\b|編集部|编辑|記者団|التحرير",
    re.IGNORECASE,
)
_AGENCIES = words(
    "ap afp dpa reuters apa ats efe ansa pa tt ntb ritzau bloomberg upi ani pti ians tass xinhua sid epd kna cna aap"
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|authors|autor|auteur|autore|writer)(?:$|[\s_-]|name|__)", re.IGNORECASE
)
_NOT_BYLINE = re.compile(
    r"comment|bio|box|avatar|image|photo|social|date|related|about|description|follow|share", re.IGNORECASE
)
_METAS = (
    "author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl", "authors",
    "article:author_name", "article.author", "cxenseparse:author", "og:article:author", "creator", "citation_author",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors in the page's order and where they were read."""

    names: tuple[str, ...]
    source: str | None


def authors(page: Page) -> Byline:
    """Choose the first source that names at least one person."""
    banned = _organisations(page)
    for values, source in _candidates(page):
        names = people(values, banned=banned)
        if names:
            return Byline(names, source)
    return Byline((), None)


def _candidates(page: Page) -> Iterator[tuple[list[str], str]]:
    if page.main is not None:
        yield _named(page.main.data.get("author")), "json-ld"
        yield _named(page.main.data.get("creator")), "json-ld"
    for name in _METAS:
        if name in page.metas:
            yield page.metas[name], "opengraph" if name.startswith(("article:", "og:")) else "meta"
    if page.promise is not None:
        yield list(page.promise.authors), "feed"
    yield _microdata(page), "microdata"
    yield _bylines(page), "dom"


def _named(value: object) -> list[str]:
    """Return the names of JSON-LD authors; organisations are no people."""
    people_only = [
        item
        for item in jsonld.as_list(value)
        if not (isinstance(item, dict) and any(kind.endswith("Organization") for kind in jsonld.type_names(item)))
    ]
    return [
        text for item in people_only for text in (_object_name(item) if isinstance(item, dict) else jsonld.texts(item))
    ]


def _object_name(item: dict[str, object]) -> list[str]:
    names = jsonld.texts(item.get("name"))
    if names:
        return names
    parts = [jsonld.first(item.get(key)) for key in ("givenName", "familyName")]
    return [" ".join(part for part in parts if part)] if any(parts) else []


def _microdata(page: Page) -> list[str]:
    found = []
    for element in own([*page.properties.get("author", []), *page.relations.get("author", [])]):
        name = element.find(".//*[@itemprop='name']")
        name = element if name is None else name
        found.append(fold(name.get("content") or name.text_content()))
    return [text for text in found if len(text) < 80]


def _bylines(page: Page) -> list[str]:
    for element in page.tree.iter("a", "span", "div", "p", "address", "cite", "li", "em", "strong"):
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if len(marks) > 1 and _means_byline(marks) and not is_foreign(element):
            text = fold(element.text_content())
            if 3 < len(text) < 80:
                return [text]
    return []


@lru_cache(maxsize=10_000)
def _means_byline(marks: str) -> bool:
    return _BYLINE.search(marks) is not None and _NOT_BYLINE.search(marks) is None


def _organisations(page: Page) -> frozenset[str]:
    """Return what the site calls itself, as an author who is the site is no person."""
    names = [*page.metas.get("og:site_name", []), *page.metas.get("application-name", [])]
    if page.main is not None:
        names += jsonld.texts(page.main.data.get("publisher"))
    names += [
        text for node in page.nodes if any(kind.endswith("Organization") or kind == "WebSite" for kind in node.types)
        for text in jsonld.texts(node.data.get("name"))
    ]  # fmt: skip
    return frozenset(letters(name) for name in names)


def people(values: Iterable[str], *, banned: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the people among values such as 'By A and B, Staff Writer', each once; `banned` holds folded names."""
    found: dict[str, str] = {}
    for value in values:
        for part in _split(value):
            name = _clean(part)
            if _is_person(name) and letters(name) not in banned:
                found.setdefault(letters(name), name)
    return tuple(found.values())[:20]


def _split(value: str) -> Iterator[str]:
    value = _PREFIX.sub("", fold(value))
    for piece in _SPLIT.split(value):
        parts = [part for part in re.split(r"\s*,\s*", piece) if part]
        # 'Doe, Jane' is one name; 'Jane Doe, John Roe' are two; 'Jane Doe, Staff Writer' is one with a role
        if len(parts) == 2 and all(" " not in part for part in parts) and not _ROLE.search(piece):
            yield f"{parts[1]} {parts[0]}"
        else:
            yield from parts


def _clean(part: str) -> str:
    part = _PREFIX.sub("", part)
    part = re.sub(r"\s*[(\[<].*?[)\]>]\s*", " ", part)
    part = re.split(r"\s+[-–—]\s+|\s*:\s*", part)[0]
    return fold(part).strip(" .,;:-–—|@'\"“”")


def _is_person(name: str) -> bool:
    if not 2 <= len(name) <= 60 or len(name.split()) > 6:
        return False
    if re.search(r"https?:|www\.|@|\.(?:com|org|net|de)\b|[0-9<>{}=_#?!]", name, re.IGNORECASE):
        return False
    return not _ROLE.search(name) and letters(name) not in _AGENCIES and bool(letters(name))
