"""A publisher's own system: one JSON-LD @graph, OpenGraph, picture elements, a related list inside the main column."""

from html import escape

from tests.newsroom.themes import parts
from tests.newsroom.themes.parts import ArticleView, PageView


def article(view: ArticleView) -> str:
    """Returns the page of an article."""
    story = view.story
    labels = story.language.labels
    head = parts.head_of_article(view, title=f"{story.title} – {labels['site']}") + parts.opengraph(view) + _graph(view)
    main = (
        f'<main><article class="article"><header>{parts.breadcrumb(story, mark="/")}<h1>{escape(story.title)}</h1>'
        f'<p class="lead">{escape(story.description)}</p><div class="meta">{parts.byline(story)} '
        f"{parts.day(story, css='date')}</div>{parts.share(view)}</header>{_picture(view)}"
        f'<div class="article__body">\n{parts.body(story.blocks)}\n</div>{parts.tags(story)}</article>'
        f"{parts.newsletter(story.language)}{parts.related(view)}</main>"
    )
    body = parts.masthead(story.language) + main + parts.footer(story.language)
    return parts.document(language=story.language, charset=story.section.charset, head=head, body=body, theme="modern")


def page(view: PageView) -> str:
    """Returns any other page."""
    head = f"<title>{escape(view.title)} – {escape(view.language.labels['site'])}</title>\n{view.head}"
    body = f"{parts.masthead(view.language)}<main>{view.main}</main>{parts.footer(view.language)}"
    charset = view.section.charset if view.section else "utf-8"
    return parts.document(language=view.language, charset=charset, head=head, body=body, theme="modern")


def _graph(view: ArticleView) -> str:
    story = view.story
    site = f"{view.base}/#organisation"
    nodes = [
        {"@type": "NewsMediaOrganization", "@id": site, "name": story.language.labels["site"], "url": view.base + "/"},
        {"@type": "WebPage", "@id": view.url, "url": view.url, "name": story.title, "isPartOf": {"@id": site}},
        {**parts.news_article(view), "@id": f"{view.url}#article", "publisher": {"@id": site}},
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": story.language.labels["home"], "item": view.base + "/"},
                {"@type": "ListItem", "position": 2, "name": story.section.name},
            ],
        },
    ]
    return parts.json_ld({"@context": "https://schema.org", "@graph": nodes})


def _picture(view: ArticleView) -> str:
    stem = f"/assets/img/{view.story.id}"
    return (
        f'<figure><picture><source type="image/webp" srcset="{stem}-800.webp" media="(min-width: 4000px)">'
        f'<source srcset="{stem}-400.jpg 400w, {stem}-800.jpg 800w" sizes="100vw"><img src="{stem}-800.jpg" alt="">'
        f"</picture><figcaption>{escape(view.story.caption)}</figcaption></figure>"
    )
