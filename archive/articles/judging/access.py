"""Whether a page is free, metered or to be paid for, and what on it says so.

What the page claims goes first (JSON-LD, the content tier). A page that claims nothing, and shows an offer of its
paywall in the text's place, is paid for. That a paywall's scripts are loaded says nothing: they are on every page.
"""
# ruff: noqa: E501 -- lists of words keep their lines

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from archive.articles.markup import jsonld
from archive.articles.markup.chrome import length
from archive.articles.markup.page import Page
from archive.articles.markup.text import fold, words
from archive.articles.model import Access

Found = tuple[Access, str | None]
_TIERS = ("article:content_tier", "content_tier", "article.content_tier")
_LONGEST = 1_500  # characters of an offer; what is longer is the article, named after its wall
_MOST_OFFERS = 50
_MOST_TEXT = 2_000  # characters of what a wall has left of an article; a page with more shows all of it
_BLOCKS = ("div", "section", "aside", "p", "form")
_WALLS = re.compile(
    r"pay[-_]?wall|reg[-_]?wall|poool-widget|tp-container-inner|tp-modal|piano-(?:inline|reg|paywall|offer)|leaky_paywall"
    r"|upgrade-cta|subscri(?:ption|be)-?wall|premium-?wall|(?:abo|plus)-wall|subscribers?-only|article-barrier|zephr-",
    re.IGNORECASE,
)
_PARTS = words("wall poool- tp- piano- upgrade- subscriber article-barrier zephr-")
_LINES = ("p", "h2", "h3", "h4", "h5", "strong", "b", "div", "span")
_HOLDERS = words("div section aside form footer")
_INVITES = re.compile(
    r"(?:to )?(?:continue|keep) reading|(?:to )?read the (?:rest|full)|(?:for|to) (?:paying )?(?:subscribers|members|registered readers)\b.{0,10}$"
    r"|subscribers? only|members? only|used (?:up )?(?:all )?(?:of )?your free articles|already a (?:subscriber|member)"
    r"|jetzt (?:weiterlesen|testen|abonnieren)|weiterlesen mit|(?:nur|exklusiv) für (?:abonnent|mitglieder)|diesen artikel weiterlesen"
    r"|réservé (?:à nos|aux) (?:abonné|membre)|pour lire la suite|il vous reste \S+ ?% de cet article|abonnez-vous (?:pour|et)"
    r"|(?:exclusivo|contenido|reservado|solo) para (?:suscriptor|abonado|socio)|para seguir leyendo|suscríbete para"
    r"|exclusivo para assinantes|para continuar lendo|continua(?:re)? a leggere|riservato agli abbonati"
    r"|lees verder met|alleen voor abonnees|verder lezen\?|läs vidare|fortsätt läsa|les videre med|læs videre|jatka lukemista"
    r"|czytaj dalej z|tylko dla (?:subskrybent|prenumerat)|dostęp tylko|jen pro předplatitele|только (?:для|по) подпис"
    r"|この記事は(?:有料|会員)|会員限定|订阅后继续|구독자 전용",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"subscri|sign up|register|member|log in|sign in|abonn|\babo\b|[- ]abo\b|weiterlesen|registrier|suscri|suscríb|reg[ií]str|assin"
    r"|abbon|iscri|registrer|prenumer|tilaa|tilaaja|subskryb|prenumerat|předpl|predpl|előfizet|abonează|abone|подпис|передпл"
    r"|συνδρομ|اشتر|מנוי|有料|会員|購読|订阅|訂閱|会员|구독|유료|สมัครสมาชิก|सदस्य|सब्सक्र",
    re.IGNORECASE,
)


def access(page: Page) -> Found:
    """Return how a page is to be had, and the evidence: the kind of source, a space, and what it says."""
    claim, tier = _claim(page), (page.meta(*_TIERS) or "").lower()
    if claim == "false":
        return "paywalled", "json-ld isAccessibleForFree=false"
    if tier == "locked":
        return "paywalled", "opengraph article:content_tier=locked"
    if claim != "true" and (wall := _wall(page)):
        return "paywalled", f"dom {wall}"
    if tier == "metered":
        return "metered", "opengraph article:content_tier=metered"
    if claim == "true":
        return "free", "json-ld isAccessibleForFree=true"
    return ("free", "opengraph article:content_tier=free") if tier == "free" else ("unknown", None)


def settled(how: Access, evidence: str | None, *, text: str) -> Found:
    """Return the access of a page whose text is known: an offer beside a whole article is no proof that it is closed."""
    is_doubtful = evidence is not None and evidence.startswith("dom") and len(text) > _MOST_TEXT
    return ("unknown", None) if is_doubtful else (how, evidence)


def _claim(page: Page) -> str | None:
    """Return `true` or `false` as the JSON-LD claims it: the article's own object, else any, and its parts."""
    said = set(_claims(page, only_main=True)) or set(_claims(page, only_main=False))
    return "false" if "false" in said else "true" if "true" in said else None


def _claims(page: Page, *, only_main: bool) -> Iterator[str]:
    for node in page.nodes:
        if node.listed or (only_main and (page.main is None or node.data is not page.main.data)):
            continue
        if node.is_article or "WebPage" in node.types:
            parts = (part for part in jsonld.as_list(node.data.get("hasPart")) if isinstance(part, dict))
            for data in (node.data, *parts):
                yield from _word(data.get("isAccessibleForFree"))


def _word(value: object) -> Iterator[str]:
    said = str(value).strip().lower().rsplit("/", 1)[-1]
    if said in {"true", "yes", "1"}:
        yield "true"
    elif said in {"false", "no", "0"}:
        yield "false"


def _wall(page: Page) -> str | None:
    """Return the tag and name of an offer that the page shows."""
    found = next((element for element in _walls(page) if not _is_hidden(element)), None)
    if found is None:
        return None
    return f"{found.tag} {found.get('id') or (found.get('class') or '').split()[0]}"[:80]


def _walls(page: Page) -> Iterator[HtmlElement]:
    named = "\n".join(page.marks).lower()
    if not any(part in named for part in _PARTS):  # the pattern would take a hundred times as long
        return
    walls = set(filter(_WALLS.search, page.marks))
    for element in page.tree.iter(*_BLOCKS) if walls else ():
        if element.get("class") in walls or element.get("id") in walls:
            text = fold(element.text_content()[: 2 * _LONGEST])
            if 20 < len(text) < _LONGEST and _OFFERS.search(text):
                yield element


def cut(page: Page) -> None:
    """Cut out, in place, the offers of a page that is not free: they stand where its text would go on."""
    offers = [*islice(_walls(page), _MOST_OFFERS), *islice(_invitations(page), _MOST_OFFERS)]
    for element in offers:
        if next(element.iterancestors("html"), None) is not None and element.find(".//h1") is None:
            element.drop_tree()


def _invitations(page: Page) -> Iterator[HtmlElement]:
    """Yield the blocks that begin with an invitation to subscribe."""
    for line in page.tree.iter(*_LINES):
        text = line.text or ""
        if 0 < len(text) < 300 and _INVITES.search(fold(text)):
            yield _offer(line)


def _offer(line: HtmlElement) -> HtmlElement:
    """Return the widest block in which nothing of the article comes before a line."""
    widest = line
    for block in line.iterancestors():
        if block.tag not in _HOLDERS or length(block) > _LONGEST or _is_preceded(line, within=block):
            break
        widest = block
    return widest


def _is_preceded(line: HtmlElement, *, within: HtmlElement) -> bool:
    for element in within.iter():
        if element is line:
            return False
        if element.tag in {"p", "h1", "li", "blockquote"} and length(element) > 40:
            return True
    return False


def _is_hidden(element: HtmlElement) -> bool:
    for one in (element, *element.iterancestors()):
        style = (one.get("style") or "").replace(" ", "").lower()
        if one.get("hidden") is not None or one.get("aria-hidden") == "true" or one.tag in {"template", "noscript"}:
            return True
        if "display:none" in style or "visibility:hidden" in style:
            return True
    return False
