"""A blog system's theme: JSON-LD and OpenGraph, comments, consent dialog, lazy images with srcset."""

from html import escape

from tests.newsroom.themes import parts
from tests.newsroom.themes.parts import ArticleView, PageView


def article(view: ArticleView) -> str:
    """Returns the page of an article."""
    story = view.story
    labels = story.language.labels
    head = (
        parts.head_of_article(view, title=f"{story.title} | {labels['site']}")
        + parts.opengraph(view)
        + f'<link rel="shortlink" href="{view.base}/?p={story.id}">\n<link rel="amphtml" '
        f'href="{view.base}/amp/{story.id}">\n'
        + parts.json_ld({"@context": "https://schema.org", **parts.news_article(view)})
    )
    promo = parts.newsletter(story.language) if story.number % 2 else ""
    main = (
        f'<main id="content" class="site-main"><article id="post-{story.id}" class="post type-post hentry">'
        f'<header class="entry-header">{parts.breadcrumb(story)}<h1 class="entry-title">{escape(story.title)}</h1>'
        f'<p class="standfirst">{escape(story.description)}</p><div class="entry-meta">'
        f"{parts.day(story, css='entry-date published')} {parts.byline(story)}</div></header>"
        f"{_figure(view)}\n"
        f'<div class="entry-content">\n{parts.body(story.blocks)}\n</div>\n{promo}'
        f'<footer class="entry-footer">{parts.tags(story)}{parts.share(view)}</footer></article>'
        f"{parts.related(view)}{parts.comments(story)}</main>"
    )
    modal = parts.consent(story.language) if parts.has_consent(story) else ""
    body = parts.masthead(story.language) + main + parts.footer(story.language) + modal
    return parts.document(language=story.language, charset=story.section.charset, head=head, body=body, theme="press")


def page(view: PageView) -> str:
    """Returns any other page."""
    head = f"<title>{escape(view.title)} | {escape(view.language.labels['site'])}</title>\n{view.head}"
    main = f'<main id="content" class="site-main">{view.main}</main>'
    body = parts.masthead(view.language) + main + parts.footer(view.language)
    charset = view.section.charset if view.section else "utf-8"
    return parts.document(language=view.language, charset=charset, head=head, body=body, theme="press")


def _figure(view: ArticleView) -> str:
    stem = f"/assets/img/{view.story.id}"
    return (
        f'<figure class="wp-block-image"><img class="lazyload" src="{stem}-40.png" data-src="{stem}-800.png" '
        f'data-srcset="{stem}-400.png 400w, {stem}-800.png 800w" sizes="(max-width: 700px) 100vw, 700px" alt="">'
        f"<figcaption>{escape(view.story.caption)}</figcaption></figure>"
    )
