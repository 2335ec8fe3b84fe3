"""Is this page an article; and if it is none, what is it instead?

Evidence is weighed from the strongest: what the page's structured data calls it, who promised it, what its URL looks
like, and how its text lies. Without any claim the judgement is lenient: a page with running text is an article.
"""

from lxml.html import HtmlElement

from archive.articles.judging import errors
from archive.articles.judging.kinds import Shape
from archive.articles.markup.page import Page, is_foreign
from archive.articles.markup.text import fold
from archive.articles.model import Article, Refusal
from archive.promise import Source

_STRONG = frozenset({Source.FEED, Source.NEWS_SITEMAP})
_REFUSED = {
    Shape.HOME: "home",
    Shape.SECTION: "section",
    Shape.TAG: "tag",
    Shape.AUTHOR: "author",
    Shape.SEARCH: "search",
    Shape.PAGINATION: "pagination",
}
_FEWEST = 5  # words of an article
_DOUBTFUL = frozenset({Shape.HOME, Shape.SECTION, Shape.TAG})


def listing(page: Page, *, shape: Shape, dated: bool, authored: bool, strict: bool) -> Refusal | None:
    """Tell a list from an article before its body is read.

    A page that says it is a list is one; a URL that looks like a list is believed unless the page is an article.
    """
    if page.main is not None and shape is not Shape.HOME:
        return None
    claimed = next((node.is_list for node in page.nodes if not node.listed and node.is_list), None)
    if claimed:
        return Refusal(_REFUSED.get(shape, claimed) if claimed == "section" else claimed, "json-ld")
    if page.promise is not None and page.promise.source in _STRONG:
        return None
    if shape not in _REFUSED or (_og_type(page) == "article" and dated and authored):
        return None
    if not strict and shape in _DOUBTFUL and not _looks_like_a_list(page):
        return None
    return Refusal(_REFUSED[shape], "url")


def _looks_like_a_list(page: Page) -> bool:
    """A list has headlines that are links, and little running text under any one parent."""
    headlines = sum(
        1 for element in page.tree.iter("h2", "h3", "h4") if _is_linked(element) and not is_foreign(element)
    )
    prose = [fold(element.text_content()) for element in page.tree.iter("p") if not is_foreign(element)]
    return headlines >= 3 and sum(map(len, prose)) < 250 * headlines


def _is_linked(element: HtmlElement) -> bool:
    parent = element.getparent()
    return element.find(".//a[@href]") is not None or (parent is not None and parent.tag == "a")


def judge(page: Page, *, said: Article, shape: Shape, words: int, strict: bool) -> Refusal | None:
    """Tell why the page is no article, if it is none; `strict` where the site or its promises are known."""
    claimed = _is_claimed(page, said)
    wrong = errors.found(page, title=said.title, words=words, claimed=claimed)
    if wrong is not None:
        return Refusal("error", wrong)
    if words < _FEWEST:
        return Refusal("empty", f"{words} words of text")
    if not strict or claimed:
        return None
    reason = _unclaimed(page, said, shape=shape, words=words)
    return Refusal("static", reason) if reason else None


def _is_claimed(page: Page, said: Article) -> bool:
    """Somebody says that this is an article: structured data, a feed, or OpenGraph with a date or an author."""
    if page.main is not None or (page.promise is not None and page.promise.source in _STRONG):
        return True
    return _og_type(page) == "article" and bool(said.published or said.authors)


def _unclaimed(page: Page, said: Article, *, shape: Shape, words: int) -> str | None:
    """Return why a page nobody calls an article is none: it takes the URL of one, or a date or author of its own."""
    if shape is Shape.ARTICLE:
        return None
    if _og_type(page) == "website" or any("WebPage" in node.types for node in page.nodes):
        return "the page calls itself a web page"
    return None if (said.published or said.authors) and words >= 40 else "neither date nor author"


def _og_type(page: Page) -> str:
    return (page.meta("og:type") or "").lower()
