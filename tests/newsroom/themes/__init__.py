"""How pages look: one module a theme, each with `article(view)` and `page(view)`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from tests.newsroom.themes import bare, drupal, laden, modern, press, scripted, shell
from tests.newsroom.themes.parts import ArticleView, PageView

__all__ = ["THEMES", "ArticleView", "PageView", "Theme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A look, and the habits of the server behind it.

    `validators` says whether its pages have an ETag, a Last-Modified, both or none.
    """

    article: Callable[[ArticleView], str]
    page: Callable[[PageView], str]
    style: Literal["title", "lower"]
    server: str
    validators: Literal["both", "etag", "modified", "none"]


THEMES: dict[str, Theme] = {
    "press": Theme(article=press.article, page=press.page, style="title", server="Apache/2.4.62", validators="both"),
    "modern": Theme(article=modern.article, page=modern.page, style="lower", server="cloud-edge", validators="etag"),
    "drupal": Theme(article=drupal.article, page=drupal.page, style="title", server="nginx", validators="modified"),
    "bare": Theme(
        article=bare.article, page=bare.page, style="title", server="Apache/1.3.42 (Unix)", validators="none"
    ),
    "shell": Theme(article=shell.article, page=modern.page, style="title", server="nginx", validators="etag"),
    **{
        name: Theme(article=look, page=scripted.page, style="lower", server="app-edge", validators="etag")
        for name, look in scripted.LOOKS.items()
    },
    **{
        name: Theme(article=look, page=modern.page, style="title", server="nginx", validators="both")
        for name, look in laden.LOOKS.items()
    },
}
