"""From a page's bytes to an article: each layer in its turn, and no error ever leaves."""

from dataclasses import replace
from typing import Any, Unpack

from archive.articles import layouts, measure
from archive.articles.body import claimed, live, reader
from archive.articles.judging import access, gates, genre, kinds, verdict
from archive.articles.markup import cells, text
from archive.articles.markup.opening import Beside, opened
from archive.articles.markup.page import Page
from archive.articles.metadata import dates, fields, people, rights, titles, tongue
from archive.articles.model import Article, Refusal


def extract(html: bytes | str, url: str | None, **beside: Unpack[Beside]) -> Article | None:
    """Return the article that a page holds, or None for a page that is none.

    A pure function of its arguments: same bytes, same result, no network, no clock. It never raises, whatever the page.
    """
    found = read(html, url, **beside)
    return found if isinstance(found, Article) else None


def read(html: bytes | str, url: str | None, **beside: Unpack[Beside]) -> Article | Refusal:
    """Return the article that a page holds, or the reason why it is none."""
    try:
        page = opened(html, url, **beside)
        return page if isinstance(page, Refusal) else _read(page, strict=_is_known(beside))
    except Exception as error:  # noqa: BLE001 - hostile pages: one that breaks us is reported as such, and stops nobody
        return Refusal("failed", f"{type(error).__name__}: {error}"[:200])


def _is_known(beside: Beside) -> bool:
    """Whether the page was come by in a crawl of its site."""
    return beside.get("hints") is not None or beside.get("promise") is not None


def _read(page: Page, *, strict: bool) -> Article | Refusal:
    """Read the metadata from the whole tree, then the body, which uses the tree up; then judge."""
    said, known = _metadata(page)
    dated, authored = said.published is not None, bool(said.authors)
    early = verdict.listing(page, shape=_shape(page), dated=dated, authored=authored, strict=strict)
    early = early or gates.found(page)
    if early is not None:
        return early
    said = said if said.published else _searched(page, said)
    entries, entries_source = live.entries(page)
    signs = genre.signs(page, section=said.section, title=said.title)
    signs = (genre.Sign("live", entries_source), *signs) if entries_source else signs
    known = replace(known, titles=(*known.titles, *genre.kickers(page)))
    if said.access in {"paywalled", "metered"}:
        access.cut(page)
    cells.cut(page.tree)
    selected = layouts.text(page)
    prose = selected or live.whole(reader.read(page.tree, url=page.url, known=known), entries=entries)
    words = measure.word_count(prose)
    refusal = verdict.judge(page, said=said, shape=_shape(page), words=words, strict=strict)
    if refusal is not None:
        return refusal
    said = tongue.settled(said, text=prose)
    kind, kind_source = genre.chosen(signs, words=words)
    how, evidence = access.settled(said.access, said.sources.get("access"), text=prose)
    sources = {
        "kind": kind_source,
        "access": evidence,
        "text": layouts.SOURCE if selected else "trafilatura" if prose else None,
        "entries": entries_source,
    }
    return replace(
        said,
        kind=kind,
        access=how,
        text=prose,
        entries=entries,
        word_count=words,
        content_digest=measure.content_digest(title=said.title, authors=said.authors, text=prose),
        sources={name: source for name, source in {**said.sources, **sources}.items() if source},
    )


def _shape(page: Page) -> kinds.Shape:
    """What the URL looks like; what the crawl read as a list of articles, and nobody promised, is a section."""
    if page.promise is None and page.url and page.url.rstrip("/") in {url.rstrip("/") for url in page.hints.sections}:
        return kinds.Shape.SECTION
    return kinds.shape(page.url, article=page.hints.article) if page.url else kinds.Shape.OTHER


def _metadata(page: Page) -> tuple[Article, reader.Known]:
    title, byline = titles.title(page), people.authors(page)
    how, evidence = access.access(page)
    tags, tags_source = fields.tags(page)
    singles = {
        "description": fields.description(page),
        "published": dates.published(page),
        "modified": dates.modified(page),
        "language": fields.language(page),
        "section": fields.section(page),
        "lead_image": fields.lead_image(page),
    }
    values: dict[str, Any] = {name: said[0] for name, said in singles.items() if said}
    sources = {"title": title.source, "authors": byline.source, "tags": tags_source, "access": evidence}
    sources |= {name: said[1] for name, said in singles.items() if said}
    article = Article(
        title=title.value,
        authors=byline.names,
        tags=tags,
        access=how,
        rights=rights.rights(page),
        canonical=page.canonical,
        sources={name: source for name, source in sources.items() if source},
        **values,
    )
    article = layouts.over(page, article)
    known = reader.Known(
        titles=title.variants,
        description=article.description,
        authors=byline.names,
        claim=claimed.of(page),
    )
    return article, known


def _searched(page: Page, said: Article) -> Article:
    found = None if text.is_huge(page.tree) else dates.searched(page)
    if found is None:
        return said
    return replace(said, published=found[0], sources={**said.sources, "published": found[1]})
