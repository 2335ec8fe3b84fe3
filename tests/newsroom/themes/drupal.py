"""A content system's theme with OpenGraph only and deeply nested field wrappers; the print version is linked."""

from html import escape

from tests.newsroom.themes import parts
from tests.newsroom.themes.parts import ArticleView, PageView


def article(view: ArticleView) -> str:
    """Returns the page of an article."""
    story = view.story
    labels = story.language.labels
    authors = "".join(f'<meta name="author" content="{escape(name)}">\n' for name in story.authors)
    head = (
        parts.head_of_article(view, title=f"{story.title} | {story.section.name} | {labels['site']}")
        + parts.opengraph(view)
        + authors
        + f'<link rel="shortlink" href="{view.base}/node/{story.id}">\n'
    )
    main = (
        f'<div class="region region-content"><article class="node node--type-article">'
        f'{parts.breadcrumb(story, mark="»")}<h1 class="page-header"><span class="field field--name-title">'
        f"{escape(story.title)}"
        f'</span></h1><div class="submitted">{parts.byline(story)} {parts.day(story, css="date")}</div><div '
        'class="node__content">'
        f'<div class="field field--name-field-teaser"><p>{escape(story.description)}</p></div>'
        f'<div class="field field--name-field-image"><figure><img src="/assets/img/{story.id}-800.svg" alt="">'
        f'<figcaption>{escape(story.caption)}</figcaption></figure></div><div class="field field--name-body">'
        '<div class="field__item">'
        f'\n{parts.body(story.blocks)}\n</div></div>{parts.tags(story)}<p class="print-link"><a '
        f'href="/print/{story.id}" '
        f'rel="nofollow">{escape(labels["print"])}</a></p></div></article>{parts.related(view)}{parts.comments(story)}</div>'
    )
    body = parts.masthead(story.language) + main + parts.footer(story.language)
    return parts.document(language=story.language, charset=story.section.charset, head=head, body=body, theme="drupal")


def page(view: PageView) -> str:
    """Returns any other page."""
    head = f"<title>{escape(view.title)} | {escape(view.language.labels['site'])}</title>\n{view.head}"
    main = f'<div class="region region-content">{view.main}</div>'
    body = parts.masthead(view.language) + main + parts.footer(view.language)
    charset = view.section.charset if view.section else "utf-8"
    return parts.document(language=view.language, charset=charset, head=head, body=body, theme="drupal")
