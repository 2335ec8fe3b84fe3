"""A page written by hand long ago: a table, no structured data; byline, day and section stand in the text alone."""

from html import escape

from tests.newsroom.themes import parts
from tests.newsroom.themes.parts import ArticleView, PageView
from tests.newsroom.words import Language

_STYLE = "<style>body{font-family:Georgia,serif;max-width:46em;margin:1em auto}table{width:100%}td{vertical-align:top}</style>"


def article(view: ArticleView) -> str:
    """Returns the page of an article."""
    story = view.story
    labels = story.language.labels
    names = f" {labels['and']} ".join(story.authors)
    by = f'<p class="byline">{escape(labels["by"])} {escape(names)}</p>' if names else ""
    main = (
        f"{parts.breadcrumb(story, mark='>')}<h1>{escape(story.title)}</h1>\n<p><b>{escape(story.description)}</b></p>\n"
        f'{by}<p class="date"><time datetime="{story.published}">{story.published}</time></p>'
        f"\n{parts.body(story.blocks)}\n<hr>\n{parts.tags(story)}{parts.related(view)}"
    )
    head = f"<title>{escape(labels['site'])}: {escape(story.title)}</title>\n"
    return _document(story.language, charset=story.section.charset, head=head, main=main)


def page(view: PageView) -> str:
    """Returns any other page."""
    head = f"<title>{escape(view.language.labels['site'])}: {escape(view.title)}</title>\n{view.head}"
    return _document(
        view.language, charset=view.section.charset if view.section else "utf-8", head=head, main=view.main
    )


def _document(language: Language, *, charset: str, head: str, main: str) -> str:
    meta = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">\n' if charset != "iso-8859-1" else ""
    )
    return (
        f'<html lang="{language.code}" dir="{language.direction}">\n<head>\n{meta}{head}{_STYLE}\n</head>\n<body bgcolor="#fffff4">\n'
        f'<table cellpadding="6"><tr><td width="140">{parts.masthead(language)}</td><td>\n{main}\n</td></tr></table>\n'
        f"{parts.footer(language)}</body>\n</html>\n"
    )
