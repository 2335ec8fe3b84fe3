"""From bytes to a page that can be read: characters, a tree, what is for readers without scripts, no consent banner."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from archive.articles.markup import consent, scriptless, text
from archive.articles.markup.page import Page
from archive.articles.model import Hints, Refusal
from archive.promise import Promise


def opened(
    html: bytes | str,
    url: str | None,
    *,
    charset: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    hints: Hints | None = None,
    promise: Promise | None = None,
) -> Page | Refusal:
    """Return the page that bytes hold, or why there is nothing to read in them; raises whatever its parsers raise."""
    tree = text.parse(text.decode(html, charset=charset, headers=headers))
    if tree is None or not _is_html(tree):
        return Refusal("not-html")
    scriptless.show(tree)
    if consent.prune(tree):
        return Refusal("gate", "consent")
    return Page(tree=tree, url=url, headers=headers, hints=hints or Hints(), promise=promise)


def _is_html(tree: HtmlElement) -> bool:
    return tree.tag == "html" and any(True for _ in tree.iter("p", "div", "title", "h1", "article", "meta", "br", "td"))
