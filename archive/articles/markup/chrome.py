"""What stands on an article's page and is no article text, told by structure: elements, roles, class and id.

`prune` cuts such containers out of the tree before the body is read. Names mislead ("with-sidebar", "comments-open"),
so a name counts only as a whole, and a container that holds much of the page's running text stays all the same.
"""

import re
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from archive.articles.markup import platforms
from archive.articles.markup.text import fold, letters, words

_NO_TEXT = ("script", "style")
_GONE = frozenset(
    {"template", "noscript", "iframe", "svg", "button", "dialog", "nav", "select", "textarea", "figcaption", "object"}
)
_ROLES = frozenset({"dialog", "alertdialog", "navigation", "search", "contentinfo", "complementary", "menu", "menubar"})
_BLOCKS = (
    "div", "section", "ul", "ol", "aside", "footer", "header", "p", "span", "form", "a", "h2", "h3", "h4", "h5", "h6",
    "dl", "table", "li", "details", *sorted(_GONE),
)  # fmt: skip

# A name is [any words -] core [- words of layout]: "article-related-posts", "comments-area", but not "comments-open".
# Cores are written without hyphens and stand for every way to hyphenate them: "back-to-top", "backToTop", "backtotop".
_NEGATED = words("has no with without is hide show js not enable disable open non single page")
_LAYOUT = words("""
    area list lists section sections form forms wrap wrapper container box block blocks thread title heading header
    headline count link links content inner outer item items bar bars button buttons btn btns icon icons tool tools
    widget widgets module component body text banner modal overlay popup dialog message info panel group holder col
    column row grid footer region slot unit units label menu top bottom left right main post posts article articles
    stories story news teaser teasers card cards desktop mobile sticky fixed small large default
""")
_CERTAIN = words("""
    cookiebanner cookiebar cookieconsent cookielaw cookienotice cookiemodal cookiepopup cookiemessage cookieinfo
    cookiehint cookieoverlay cookiedialog cookiewall cookiesettings cookiepreferences cookies cookielawinfo gdpr
    dsgvo ccpa cmpbox consent consentmanager consentwall consentlayer consentpopup gdprmodal moovegdpr privacybanner
    privacymodal privacypreference privacypreferences privacypopup privacycenter privacymanager privacyoverlay
    onetrust borlabs cmplz cookiebot didomi usercentrics klaro tarteaucitron qccmp qccmp2 spmessage truste osano
    iubenda cky ccwindow share sharing sharedaddy sharethis addtoany addthis socialshare socialsharing sociallink
    sociallinks socialicon socialicons socialmedia socialbar socialbutton socialbuttons related relatedpost
    relatedposts relatedarticle relatedarticles relatedstory relatedstories relatednews relatedcontent relatedlink
    relatedlinks relateditem relateditems relatedtopics jprelatedposts yarpp recommended recommendation
    recommendations morefrom morenews morestories morearticles moreon readmore readalso readnext seealso mostread
    mostpopular popularpost popularposts alsolike youmaylike youmayalsolike outbrain taboola comment comments
    commentrespond commentsrespond commentlist respond disqus leavecomment leaveacomment commentform scrolltop
    scrolltotop backtotop totop breadcrumb breadcrumbs pagination pager navlinks postnavigation pagenumbers skiplink
    skiptocontent tagcloud posttags entrytags articletags taglinks tagslinks catlinks screenreadertext
    visuallyhidden sronly
""")
_LIKELY = words("""
    newsletter newsletters newslettersignup newsletterform subscribe subscription subscribenow signup mailchimp
    mc4wp optin authorbio authorbox authorinfo authorcard authordescription authorprofile aboutauthor abouttheauthor
    postauthorbio biography byline postmeta entrymeta articlemeta metadata dateline timestamp postinfo entryfooter
    postfooter tag tags caption wpcaptiontext imagecaption imagecredit photocaption photocredit imgcaption credit
    credits copyright advert advertisement advertising ad ads adcontainer adwrapper adslot adunit adblock adlabel
    sponsored promo promotion sidebar toolbar widgetarea modal popup lightbox offcanvas trending printonly printlink
    siteheader sitefooter masthead colophon login paywallmessage paywalloffer donate donation
""")
_LENGTH = etree.XPath("string-length(normalize-space())")
_SPLIT = re.compile(r"[-_:]+|(?<=[a-z0-9])(?=[A-Z])")


def prune(tree: HtmlElement) -> None:
    """Cut out, in place, what is no article text; never what holds the article."""
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)
    doomed, emptied = _judged(tree)
    for element in doomed:
        element.drop_tree()
    for element in emptied:
        element.drop_tag()


def _judged(tree: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Return the outermost elements to cut out, and those whose tag misleads but whose content stays."""
    doomed: list[HtmlElement] = []
    emptied: list[HtmlElement] = []
    whole, prose = length(tree), prose_length(tree)
    walker = etree.iterwalk(tree, events=("start",), tag=_BLOCKS)
    for _, element in walker:
        certainty = _certainty(element)
        if certainty and not _holds_article(element, whole=whole, prose=prose, certainty=certainty):
            doomed.append(element)
            walker.skip_subtree()
        elif certainty and element.tag in _GONE:
            emptied.append(element)
    return doomed, emptied


def _certainty(element: HtmlElement) -> int:
    """Return how surely an element is chrome: 0 not at all, 1 by a likely name, 2 by a certain one, 3 by its role."""
    if element.get("role") in {"dialog", "alertdialog"} or element.get("aria-modal") == "true":
        return 3
    if element.tag in _GONE or element.get("role") in _ROLES:
        return 2
    if element.tag in {"header", "footer"} and not _is_within_article(element):
        return 1
    named = _named(element.get("class") or "", element.get("id") or "")
    if named and element.tag in {"a", "span"} and _is_within_a_sentence(element):
        return 0
    return named or (2 if element.tag == "a" and _is_top_link(element) else 0)


@lru_cache(maxsize=20_000)
def _named(classes: str, identifier: str) -> int:
    """Return how surely a name among classes and id is one of chrome."""
    found = {_core(name) for name in [*classes.split(), *identifier.split()] if len(name) <= 80}
    return 2 if _is_of_platform(classes, identifier) else max(found, default=0)


def _is_of_platform(classes: str, identifier: str) -> bool:
    """Tell whether a consent platform gives its container such a name."""
    known = platforms.names()
    return f"#{identifier}" in known or any(f".{name}" in known for name in classes.split())


@lru_cache(maxsize=20_000)
def _core(name: str) -> int:
    return 2 if is_called(name, cores=_CERTAIN) else 1 if is_called(name, cores=_LIKELY) else 0


def is_called(name: str, *, cores: frozenset[str]) -> bool:
    """Tell whether a class or id is one of the cores, with any words before it and words of layout behind it."""
    parts = [part.lower() for part in _SPLIT.split(name) if part]
    for start in range(len(parts)):
        for end in range(start + 1, min(start + 4, len(parts)) + 1):
            if "".join(parts[start:end]) in cores and _is_layout(parts[end:]):
                return not (start and parts[0] in _NEGATED)
    return False


def _is_layout(parts: list[str]) -> bool:
    return all(part in _LAYOUT or part.isdigit() for part in parts)


def _is_within_a_sentence(element: HtmlElement) -> bool:
    """A linked or marked word of a paragraph is part of it, as a comment in a program is; "share" beside it is not."""
    parent = element.getparent()
    if parent is None or any(True for _ in element.iterancestors("pre", "code")):
        return parent is not None
    return parent.tag in {"p", "li", "blockquote"} and length(parent) > 2 * length(element) + 40


def _is_within_article(element: HtmlElement) -> bool:
    return any(True for _ in element.iterancestors("article", "main")) or element.find(".//h1") is not None


def _is_top_link(element: HtmlElement) -> bool:
    """Tell a link to the page's top, or the sign beside a heading that links to it."""
    if (element.get("href") or "").startswith("#") and not len(element) and not letters(element.text):
        return True
    return element.get("href") in {"#", "#top", "#page", "#header"} and len(fold(element.text_content())) < 30


def _holds_article(element: HtmlElement, *, whole: int, prose: int, certainty: int) -> bool:
    """A container with the heading or with much of the page's running text is the page, whatever it is called.

    Quirk: the parser knows no self-closing of unknown elements, so an empty `<svg/>` may hold the rest of the page.
    """
    if certainty == 3:
        return element.find(".//article") is not None or element.find(".//h1") is not None
    total = length(element)
    if total <= 200:
        return False
    own = prose_length(element)
    if certainty == 1:
        return own > 200 and own * 3 > prose
    if own > 200 and own * 2 > prose and (element.find(".//h1") is not None or element.tag in _GONE):
        return True
    return total > 250 and total * 10 > whole * 7


def length(element: HtmlElement) -> int:
    """Return how much text an element holds, in characters, runs of white space counted as one."""
    return int(cast("float", _LENGTH(element)))


def prose_length(element: HtmlElement) -> int:
    """Return how much running text an element holds: that of paragraphs, quotes and breaks, long enough to be prose."""
    lengths = (length(paragraph) for paragraph in element.iter("p"))
    return sum(size for size in lengths if size > 40)
