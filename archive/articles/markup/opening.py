"""From bytes to a page that can be read: characters, a tree, what is for readers without scripts, no consent banner."""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from lxml.html import HtmlElement

from archive.articles.markup import consent, scriptless, text
from archive.articles.markup.page import Page
from archive.articles.model import Hints, Refusal
from archive.promise import Promise


class Beside(TypedDict, total=False):
    """What is known of a page beside its bytes and its address; each may be left out.

    `charset` is what its server says, `headers` are the fields of the answer, `hints` what its site's file says, and
    `promise` what a feed or a sitemap said of it.
    """

    charset: str | None
    headers: Sequence[tuple[str, str]]
    hints: Hints | None
    promise: Promise | None


def opened(html: bytes | str, url: str | None, **beside: Unpack[Beside]) -> Page | Refusal:
    """Return the page that bytes hold, or why there is nothing to read in them; raises whatever its parsers raise."""
    headers = beside.get("headers", ())
    tree = text.parse(text.decode(html, charset=beside.get("charset"), headers=headers))
    if tree is None or not _is_html(tree):
        return Refusal("not-html")
    scriptless.show(tree)
    if consent.prune(tree):
        return Refusal("gate", "consent")
    hints = beside.get("hints") or Hints()
    return Page(tree=tree, url=url, headers=headers, hints=hints, promise=beside.get("promise"))


def _is_html(tree: HtmlElement) -> bool:
    return tree.tag == "html" and any(True for _ in tree.iter("p", "div", "title", "h1", "article", "meta", "br", "td"))
