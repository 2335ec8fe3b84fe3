"""A page written by hand long ago: no structured data; byline, day and section stand in the text alone.

The German pages say their charset in the header only, the Russian ones in the page only (and their day in a meta tag).
"""

from html import escape

from tests.newsroom.stories import Story
from tests.newsroom.themes import parts
from tests.newsroom.themes.parts import ArticleView, PageView
from tests.newsroom.words import Language

_STYLE = "<style>body{font-family:Georgia,serif;max-width:46em;margin:1em auto}.ornament{display:none}</style>"


def article(view: ArticleView) -> str:
    """Returns the page of an article."""
    story = view.story
    labels = story.language.labels
    names = f" {labels['and']} ".join(story.authors)
    by = f'<p class="byline">{escape(labels["by"])} {escape(names)}</p>' if names else ""
    main = (
        f"{parts.breadcrumb(story, mark='>')}\n<h1>{escape(story.title)}</h1>\n<p><b>"
        f"{escape(story.description)}</b></p>\n"
        f'{by}{_day(story)}\n<div id="text">\n{parts.body(story.blocks)}\n</div>\n<hr>'
        f"\n{parts.tags(story)}{parts.related(view)}"
    )
    dated = f'<meta name="date" content="{story.published}">\n' if _dated_in_head(story) else ""
    description = f'<meta name="description" content="{escape(story.description)}">\n'
    head = f"<title>{escape(labels['site'])}: {escape(story.title)}</title>\n{description}{dated}"
    return _document(story.language, charset=story.section.charset, head=head, main=main)


def page(view: PageView) -> str:
    """Returns any other page."""
    head = f"<title>{escape(view.language.labels['site'])}: {escape(view.title)}</title>\n{view.head}"
    return _document(
        view.language, charset=view.section.charset if view.section else "utf-8", head=head, main=view.main
    )


def _dated_in_head(story: Story) -> bool:
    return story.section.charset == "windows-1251"


def _day(story: Story) -> str:
    if _dated_in_head(story):
        return f'<p class="date">{story.published}</p>'
    return f'<p class="date"><time datetime="{story.published}">{story.published}</time></p>'


def _document(language: Language, *, charset: str, head: str, main: str) -> str:
    declared = (
        f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">\n' if charset != "iso-8859-1" else ""
    )
    return (
        f'<html lang="{language.code}" dir="{language.direction}">\n<head>\n{declared}{head}{_STYLE}\n</head>\n'
        f'<body bgcolor="#fffff4">\n{parts.masthead(language)}\n{main}\n{parts.footer(language)}</body>\n</html>\n'
    )
