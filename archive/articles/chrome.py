"""What stands on an article's page and is no article text, told by structure: elements, roles, class and id.

`prune` cuts such containers out of the tree before the body is read. Names mislead ("with-sidebar", "comments-open"),
so a name counts only as a whole, and a container that holds much of the page's running text stays all the same.
"""

import re
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from archive.articles.text import fold

_NO_TEXT = ("script", "style")
_GONE = frozenset(
    {"template", "noscript", "iframe", "svg", "button", "dialog", "nav", "select", "textarea", "figcaption", "object"}
)
_ROLES = frozenset({"dialog", "alertdialog", "navigation", "search", "contentinfo", "complementary", "menu", "menubar"})
_BLOCKS = (
    "div", "section", "ul", "ol", "aside", "footer", "header", "p", "span", "form", "a", "h2", "h3", "h4", "h5", "h6",
    "dl", "table", "li", "details", *sorted(_GONE),
)  # fmt: skip

# A name is [any words -] core [- words of layout]: "article-related-posts", "comments-area", not "comments-open".
_NAME = r"(?:(?!(?:has|no|with|without|is|hide|show|js|not|enable|disable|open)[-_])[a-z0-9]+[-_]+)*?(?:{core})(?:[-_]+(?:{layout}|[0-9]+))*"
_LAYOUT = r"""
    area lists? sections? forms? wrap wrapper container box blocks? thread title heading header headline count links? content
    inner outer items? bars? buttons? btns? icons? tools? widgets? modules? component body text banner modal overlay popup
    dialog message info panel group holder col column row grid footer region slot units? label menu top bottom left right
    main posts? articles? stories story news teasers? cards? desktop mobile sticky fixed small large default
"""
_CERTAIN = r"""
    cookies?[-_]?(?:banner|bar|consent|law|notice|modal|popup|message|info|hint|overlay|dialog|wall|settings|preferences)
    gdpr dsgvo ccpa cmpbox cookieconsent cookielaw cookie-law-info consent consent[-_]?(?:manager|wall|layer|popup)
    privacy[-_]?(?:banner|modal|preferences?|popup|center|manager|overlay) onetrust borlabs cmplz cookiebot didomi usercentrics
    klaro tarteaucitron qc-cmp2? sp_message truste osano iubenda moove_?gdpr cky cc-window gdprmodal
    share sharing sharedaddy share-?this sharethis addtoany addthis social-?(?:share|sharing|links?|icons?|media|bar|buttons?)
    related related-?(?:posts?|articles?|stories|news|content|links?|items?|topics?) jp-relatedposts yarpp
    recommended recommendations? more-(?:from|news|stories|articles|on) (?:read|see)-?(?:more|also|next) most-?(?:read|popular)
    popular-?posts? also-?like you-?may-?(?:also-?)?like outbrain taboola
    comments? comments?-?respond commentlist respond disqus leave-?(?:a-)?comment
    scroll-?(?:to-?)?top back-?to-?top to-?top
    breadcrumbs? pagination pager nav-links post-navigation page-numbers skip-?(?:link|to-content)
    tag-?cloud post-?tags entry-?tags article-?tags tags-?links? cat-?links
    screen-?reader-?text visually-?hidden sr-only
"""
_LIKELY = r"""
    newsletter newsletter-?(?:signup|form) subscribe subscription subscribe-?now sign-?up signup mailchimp mc4wp optin
    author-?(?:bio|box|info|card|description|profile) about-?(?:the-)?author post-?author-?bio biography
    by-?line post-?meta entry-?meta article-?meta meta-?data dateline timestamp post-?info entry-?footer post-?footer
    tags? caption wp-caption-text image-?(?:caption|credit) photo-?(?:caption|credit) img-?caption credits? copyright
    advert advertisement advertising ads? ad-?(?:container|wrapper|slot|unit|block|label) sponsored promo promotion
    sidebar toolbar widget-area modal popup pop-up lightbox off-?canvas trending print-?only site-(?:header|footer)
    login paywall-?(?:message|offer) donate donation
"""


def _names(core: str) -> re.Pattern[str]:
    return re.compile(_NAME.format(core="|".join(core.split()), layout="|".join(_LAYOUT.split())), re.IGNORECASE)


_CERTAIN_NAME, _LIKELY_NAME = _names(_CERTAIN), _names(_LIKELY)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def prune(tree: HtmlElement) -> None:
    """Cut out, in place, what is no article text; never what holds the article."""
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)
    whole, prose = length(tree), prose_length(tree)
    for element in list(tree.iter(*_BLOCKS)):
        certainty = _certainty(element) if element.getparent() is not None else 0
        if not certainty:
            continue
        if not _holds_article(element, whole=whole, prose=prose, certainty=certainty):
            element.drop_tree()
        elif element.tag in _GONE:
            element.drop_tag()


def _certainty(element: HtmlElement) -> int:
    """Return how surely an element is chrome: 0 not at all, 1 by a likely name, 2 by a certain one, 3 by its role."""
    if element.get("role") in {"dialog", "alertdialog"} or element.get("aria-modal") == "true":
        return 3
    if element.tag in _GONE or element.get("role") in _ROLES:
        return 2
    named = _named(element.get("class") or "", element.get("id") or "")
    if named and element.tag == "span" and any(True for _ in element.iterancestors("pre", "code")):
        return 0  # syntax highlighting: a comment in a program is part of it
    return named or (2 if element.tag == "a" and _is_top_link(element) else 0)


@lru_cache(maxsize=20_000)
def _named(classes: str, identifier: str) -> int:
    names = [_CAMEL.sub("-", name) for name in [*classes.split(), *identifier.split()] if len(name) <= 80]
    if any(_CERTAIN_NAME.fullmatch(name) for name in names):
        return 2
    return 1 if any(_LIKELY_NAME.fullmatch(name) for name in names) else 0


def _is_top_link(element: HtmlElement) -> bool:
    return element.get("href") in {"#", "#top", "#page", "#header"} and len(fold(element.text_content())) < 30


def _holds_article(element: HtmlElement, *, whole: int, prose: int, certainty: int) -> bool:
    """A container with the heading or with much of the page's running text is the page, whatever it is called.

    Quirk: the parser knows no self-closing of unknown elements, so an empty `<svg/>` may hold the rest of the page.
    """
    if certainty == 3:
        return element.find(".//article") is not None or element.find(".//h1") is not None
    own = prose_length(element)
    if certainty == 1:
        return own > 200 and own * 3 > prose
    if own > 200 and own * 2 > prose and (element.find(".//h1") is not None or element.tag in _GONE):
        return True
    total = length(element)
    return total > 250 and total * 10 > whole * 7


def length(element: HtmlElement) -> int:
    """Return how much text an element holds, in characters, white space at its pieces' ends not counted."""
    return sum(len(text.strip()) for text in element.itertext())


def prose_length(element: HtmlElement) -> int:
    """Return how much running text an element holds: that of paragraphs, quotes and breaks, long enough to be prose."""
    lengths = (length(paragraph) for paragraph in element.iter("p"))
    return sum(size for size in lengths if size > 40)
