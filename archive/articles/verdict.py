"""Is this page an article, and of which kind; and if it is none, what is it instead?

Evidence is weighed from the strongest: what the page's structured data calls it, who promised it, what its URL looks
like, and how its text lies. Without any claim the judgement is lenient: a page with running text is an article.
"""

import re

from lxml.html import HtmlElement

from archive.articles.kinds import Shape
from archive.articles.model import Article, Kind, Refusal
from archive.articles.page import Page, is_foreign
from archive.articles.text import fold
from archive.promise import Source

_STRONG = frozenset({Source.FEED, Source.NEWS_SITEMAP})
_ERROR = re.compile(
    r"^(?:https? )?(?:error|erreur|fehler|errore|erro)\W{0,3}[45]\d\d\b|"
    r"^(?:https? )?(?:40[0-9]|410|429|451|50[0-4])(?:\W*$|\s*[-–—|:.!]\s*\D|\W+(?:error|not found|forbidden|"
    r"unauthori[sz]ed|bad|gone|internal|service|gateway|too many|unavailable|page\b|seite\b|p[áa]gina\b))|"
    r"\bpage (?:not|cannot be|could not be) found|^not found$|seite (?:wurde )?nicht gefunden|"
    r"page (?:introuvable|non trouvée)|p[áa]gina no encontrada|pagina non trovata|pagina niet gevonden|"
    r"^access denied|^forbidden$|страница не найдена|页面不存在|ページが見つかりません",
    re.IGNORECASE,
)
_REFUSED = {
    Shape.HOME: "home",
    Shape.SECTION: "section",
    Shape.TAG: "tag",
    Shape.AUTHOR: "author",
    Shape.SEARCH: "search",
    Shape.PAGINATION: "pagination",
}
_DOUBTFUL = frozenset({Shape.HOME, Shape.SECTION, Shape.TAG})
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("LiveBlogPosting", "live"),
    ("OpinionNewsArticle", "opinion"),
    ("ImageGallery", "gallery"),
    ("MediaGallery", "gallery"),
    ("VideoObject", "video"),
    ("PodcastEpisode", "audio"),
    ("AudioObject", "audio"),
)
_OPINION = re.compile(
    r"^(?:opinions?|op-?ed|editorials?|columns?|columnists?|comment|commentary|kommentare?|meinung(?:en)?|leitartikel|kolumnen?|"
    r"tribunes?|éditos?|opini[oó]n(?:es)?|editorial(?:es)?|columnas?|opinioni?|opinie|debatt|мнени[ея]|opinia|opinie|社説|评论|رأي)$",
    re.IGNORECASE,
)


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


def gate(page: Page) -> Refusal | None:
    """Tell a page that shows a form for its password in the article's place (WordPress does so)."""
    for form in page.tree.iter("form"):
        posts = "action=postpass" in (form.get("action") or "")
        if (posts or "post-password-form" in (form.get("class") or "").split()) and not is_foreign(form):
            return Refusal("gate", "password")
    return None


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


def judge(page: Page, *, said: Article, shape: Shape, words: int, strict: bool) -> Kind | Refusal:
    """Return the article's kind, or why the page is none; `strict` where the site or its promises are known."""
    refusal = _unreadable(said.title, words=words)
    if refusal is not None:
        return refusal
    if not strict or _is_claimed(page, said):
        return _kind(page, section=said.section)
    reason = _unclaimed(page, said, shape=shape, words=words)
    return Refusal("static", reason) if reason else _kind(page, section=said.section)


def _unreadable(title: str | None, *, words: int) -> Refusal | None:
    if words < 5:
        return Refusal("empty", f"{words} words of text")
    if title and words < 200 and _ERROR.search(title):
        return Refusal("error", title)
    return None


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


def _kind(page: Page, *, section: str | None) -> Kind:
    types = page.main.types if page.main is not None else frozenset[str]()
    others = {name for node in page.nodes if not node.listed for name in node.types}
    for name, kind in _KINDS:
        if name in types or (name in others and page.main is None):
            return kind
    if section and _OPINION.match(section):
        return "opinion"
    return "video" if _og_type(page).startswith("video") else "article"
