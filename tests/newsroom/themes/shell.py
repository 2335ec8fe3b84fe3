"""A redesign that no reader of pages foresaw: a picture for headline and byline, and only how the text begins."""

from html import escape

from tests.newsroom.themes import parts
from tests.newsroom.themes.parts import ArticleView


def article(view: ArticleView) -> str:
    """Returns the page of an article."""
    story = view.story
    beginning = " ".join(story.blocks[0].texts[0].split()[:9])
    head = f'<title>{escape(story.language.labels["site"])}</title>\n<meta property="og:type" content="article">\n'
    picture = '<img src="/assets/img/paper.svg" alt="">'
    main = f'<main><div class="x1">{picture}</div><div class="x2"><p>{escape(beginning)} …</p></div></main>'
    body = parts.masthead(story.language) + main + parts.footer(story.language)
    return parts.document(language=story.language, charset=story.section.charset, head=head, body=body, theme="shell")
