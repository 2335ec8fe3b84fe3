"""Fragments of HTML that more than one theme uses."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.sections import SECTIONS, Section
from tests.newsroom.stories import Block, Story
from tests.newsroom.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """What a theme needs to put a story on a page."""

    story: Story
    base: str
    related: tuple[Story, ...]

    @property
    def url(self) -> str:
        """The canonical address."""
        return self.base + self.story.href


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What a theme needs for any other page: `head` and `main` are HTML, `path` is its own path."""

    title: str
    language: Language
    section: Section | None = None
    base: str
    path: str
    head: str = ""
    main: str


def document(*, language: Language, charset: str, head: str, body: str, theme: str) -> str:
    """Returns a whole HTML document; an empty charset leaves its declaration out."""
    meta = f'<meta charset="{charset}">\n' if charset else ""
    return (
        f'<!doctype html>\n<html lang="{language.code}" dir="{language.direction}">\n<head>\n{meta}'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n{head}\n'
        '<link rel="stylesheet" href="/assets/css/main.css">\n<link rel="icon" href="/favicon.ico">\n</head>\n'
        f'<body class="theme-{theme}">\n{body}\n<script src="/assets/js/site.js" defer></script>\n</body>\n</html>\n'
    )


def masthead(language: Language) -> str:
    """Returns the paper's name and the navigation through its sections."""
    return _masthead(language.code)


@lru_cache
def _masthead(code: str) -> str:
    language = LANGUAGES[code]
    labels = language.labels
    home = home_of(language)
    links = "".join(
        f'<li><a href="{escape(quoted(section.home))}">{escape(section.name)}</a></li>'
        for section in SECTIONS
        if section.language == language.code
    )
    others = "".join(f'<a href="{home_of(other)}" hreflang="{code}">{code}</a> ' for code, other in LANGUAGES.items())
    return (
        '<header class="masthead"><p class="ornament" aria-hidden="true">&#xE000;</p><p class="site-title"><a '
        f'href="{home}">{escape(labels["site"])}</a></p>'
        f'<p class="tagline">{escape(labels["tagline"])}</p><p class="editions">{others}</p></header>\n'
        f'<nav class="sections"><ul><li><a href="{home}">{escape(labels["home"])}</a></li>{links}'
        f'<li><a href="/search">{escape(labels["search"])}</a></li></ul></nav>\n'
    )


def footer(language: Language) -> str:
    """Returns the foot of every page, with the ways into the traps."""
    labels = language.labels
    return (
        f'<footer class="colophon"><p><a href="/contact">{escape(labels["contact"])}</a> · <a href="/about">'
        f'{escape(labels["about"])}</a> · <a href="/calendar/2026/11">Calendar</a> · <a '
        'href="/archive?sort=new">Archive</a> · '
        '<a href="/letters">Letters</a> · <a href="/more/">More</a> · <a href="/loop/a">Index</a></p>'
        f'<p>© {escape(labels["site"])}</p></footer>\n<a class="scroll-top" href="#top">{escape(labels["top"])}</a>\n'
    )


def home_of(language: Language) -> str:
    """Returns the path of an edition's first page."""
    return "/" if language.code == "en" else f"/{language.code}/"


def quoted(path: str) -> str:
    """Returns a decoded path as it stands in a link."""
    return quote(path, safe="/?=&.-_~%")


def body(blocks: Iterable[Block]) -> str:
    """Returns the body of an article."""
    return "\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    if block.kind == "ul":
        return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in block.texts) + "</ul>"
    if block.kind == "blockquote":
        return f"<blockquote><p>{escape(block.texts[0])}</p></blockquote>"
    return f"<{block.kind}>{escape(block.texts[0])}</{block.kind}>"


def head_of_article(view: ArticleView, *, title: str) -> str:
    """Returns title, description and canonical link."""
    return (
        f"<title>{escape(title)}</title>\n"
        f'<meta name="description" content="{escape(view.story.description)}">\n'
        f'<link rel="canonical" href="{escape(view.url)}">\n'
    )


def opengraph(view: ArticleView) -> str:
    """Returns the OpenGraph properties of an article."""
    story = view.story
    pairs = [
        ("og:type", "article"),
        ("og:title", story.title),
        ("og:description", story.description),
        ("og:url", view.url),
        ("og:site_name", story.language.labels["site"]),
        ("og:locale", story.language.locale),
        ("og:image", f"{view.base}/assets/img/{story.id}-1200.jpg"),
        ("article:published_time", story.published),
        ("article:modified_time", story.modified),
        ("article:section", story.section.name),
        *(("article:tag", tag) for tag in story.tags),
    ]
    return "".join(f'<meta property="{name}" content="{escape(value)}">\n' for name, value in pairs)


def json_ld(value: Any) -> str:
    """Returns a script element that holds structured data."""
    text = json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>\n'


def news_article(view: ArticleView) -> dict[str, Any]:
    """Returns an article in schema.org's words."""
    story = view.story
    facts: dict[str, Any] = {
        "@type": "OpinionNewsArticle" if story.section.kind == "opinion" else "NewsArticle",
        "headline": story.title,
        "description": story.description,
        "datePublished": story.published,
        "dateModified": story.modified,
        "articleSection": story.section.name,
        "inLanguage": story.language.code,
        "mainEntityOfPage": view.url,
        "url": view.url,
        "image": [f"{view.base}/assets/img/{story.id}-1200.jpg"],
        "isAccessibleForFree": True,
    }
    if story.authors:
        facts["author"] = [
            {"@type": "Person", "name": name, "url": view.base + author_path(name)} for name in story.authors
        ]
    if story.tags:
        facts["keywords"] = list(story.tags)
    return facts


def author_path(name: str) -> str:
    """Returns the path of an author's page."""
    return f"/author/{quote(name.lower().replace(' ', '-'), safe='')}/"


def tag_path(tag: str) -> str:
    """Returns the path of a tag's page."""
    return f"/tag/{quote(tag.lower().replace(' ', '-'), safe='')}/"


def breadcrumb(story: Story, *, mark: str = "›") -> str:
    """Returns the way from the home page to the article's section."""
    labels = story.language.labels
    return (
        f'<nav class="breadcrumb" aria-label="breadcrumb"><a href="{home_of(story.language)}">'
        f"{escape(labels['home'])}</a> "
        f'{mark} <a href="{escape(quoted(story.section.home))}">{escape(story.section.name)}</a></nav>'
    )


def byline(story: Story) -> str:
    """Returns the line with the authors' names, linked; nothing where there are none."""
    if not story.authors:
        return ""
    labels = story.language.labels
    names = f" {escape(labels['and'])} ".join(
        f'<a rel="author" class="url fn" href="{author_path(name)}">{escape(name)}</a>' for name in story.authors
    )
    return f'<span class="byline">{escape(labels["by"])} <span class="author vcard">{names}</span></span>'


def day(story: Story, *, css: str) -> str:
    """Returns the day of publication, for people and machines."""
    return f'<time class="{css}" datetime="{story.published}">{story.published[:10]}</time>'


def tags(story: Story) -> str:
    """Returns the links to the article's tags."""
    links = ", ".join(f'<a rel="tag" href="{tag_path(tag)}">{escape(tag)}</a>' for tag in story.tags)
    return f'<p class="tag-links">{escape(story.language.labels["tags"])}: {links}</p>' if links else ""


def share(view: ArticleView) -> str:
    """Returns the share buttons."""
    label = escape(view.story.language.labels["share"])
    buttons = "".join(
        f'<li><a href="#share-{n}" class="share-{n}">{n}</a></li>' for n in ("Chirper", "Facepage", "Mail")
    )
    return f'<div class="share-buttons"><p>{label}</p><ul>{buttons}</ul></div>'


def related(view: ArticleView) -> str:
    """Returns the list of related articles."""
    labels = view.story.language.labels
    items = "".join(f'<li><a href="{escape(story.href)}">{escape(story.title)}</a></li>' for story in view.related)
    return f'<aside class="related-posts"><h3>{escape(labels["related"])}</h3><ul>{items}</ul></aside>'


def comments(story: Story) -> str:
    """Returns the readers' comments and the notice who may write one."""
    labels = story.language.labels
    items = "".join(
        '<li class="comment"><article class="comment-body"><footer class="comment-meta"><b class="fn">'
        f"{escape(c.author)}</b>"
        f'</footer><div class="comment-content"><p>{escape(c.text)}</p></div><a class="comment-reply-link" '
        'href="#respond">'
        f"{escape(labels['reply'])}</a></article></li>"
        for c in story.comments
    )
    listed = f'<h2 class="comments-title">{escape(labels["comments"])}</h2><ol class="comment-list">{items}</ol>'
    return (
        f'<section id="comments" class="comments-area">{listed if items else ""}<div id="respond" '
        'class="comment-respond">'
        f'<h3 class="comment-reply-title">{escape(labels["leave"])}</h3><p class="must-log-in">'
        f"{escape(labels['login'])}</p>"
        "</div></section>"
    )


def newsletter(language: Language) -> str:
    """Returns the promotion of the newsletter."""
    labels = language.labels
    return (
        f'<div class="newsletter-promo"><p>{escape(labels["newsletter"])}</p><form action="/newsletter"><input '
        'type="email" '
        f'placeholder="{escape(labels["email"])}"><button>{escape(labels["subscribe"])}</button></form></div>'
    )


def consent(language: Language) -> str:
    """Returns a consent dialog that stands in the page from the start, as some WordPress themes have it."""
    labels = language.labels
    kinds = "".join(
        f'<li><label><input type="checkbox"{" checked disabled" if i == 0 else ""}> {escape(kind)}</label></li>'
        for i, kind in enumerate(labels["consent_kinds"].split("|"))
    )
    buttons = "".join(
        f'<button type="button" class="{n}">{escape(labels[n])}</button>' for n in ("accept", "reject", "save")
    )
    return (
        '<div id="privacy-modal" class="privacy-preferences" role="dialog" aria-modal="true"><div '
        'class="privacy-inner">'
        f"<h3>{escape(labels['consent_title'])}</h3><p>{escape(labels['consent'])}</p><ul>{kinds}</ul>"
        f'<p class="privacy-buttons">{buttons}</p></div></div>'
    )


def has_consent(story: Story) -> bool:
    """Returns whether the article's page opens with a consent dialog."""
    return story.brief or story.number % 3 == 0
