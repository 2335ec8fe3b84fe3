"""Pages that stand in an article's place: challenges, CAPTCHAs, log-ins, and what asks for a password.

A gate is told by what its maker puts into every one of them (`_MARKS`), or, where a newspaper has built its own, by a
heading that says so together with the thing itself: a CAPTCHA, or a field for a password. Whatever calls itself an
article is none, and neither is a page with much running text: newspapers write about robots and passwords too.
"""
# ruff: noqa: E501 -- lists of words keep their lines

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.articles.markup.chrome import prose_length
from archive.articles.markup.page import Page, is_foreign
from archive.articles.markup.text import decode, fold, parse, select
from archive.articles.model import Hints, Refusal

_MOST_PROSE = 1_500  # characters of running text; HUMAN's explanation, the longest that was seen, has some 700
_MOST_SCRIPT = 20_000  # characters of a script that are looked at
_Place = Literal["script", "frame", "form", "name", "text", "title"]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What only a gate of one make has: a part of a script or its address, a frame's, a form's, an id or class."""

    make: str
    place: _Place
    part: str
    gate: Literal["challenge", "captcha"] = "challenge"


_MARKS = (
    _Mark("Cloudflare", "script", "_cf_chl_opt"),
    _Mark("Cloudflare", "script", "/cdn-cgi/challenge-platform/h/"),  # …/scripts/jsd/ stands on ordinary pages
    _Mark("Cloudflare", "form", "__cf_chl_"),
    _Mark("Cloudflare", "name", "cf-browser-verification"),
    _Mark("Cloudflare", "name", "challenge-error-text"),
    _Mark("Cloudflare", "title", "Attention Required! | Cloudflare"),
    _Mark("Akamai", "name", "sec-if-cpt-container"),
    _Mark("Akamai", "script", "/_sec/cp_challenge/"),
    _Mark("Akamai", "text", "errors.edgesuite.net"),
    _Mark("DataDome", "script", "captcha-delivery.com"),
    _Mark("DataDome", "frame", "captcha-delivery.com", "captcha"),
    _Mark("HUMAN", "name", "px-captcha", "captcha"),
    _Mark("HUMAN", "name", "px-captcha-wrapper", "captcha"),
    _Mark("Imperva", "frame", "_Incapsula_Resource"),
    _Mark("Imperva", "text", "Incapsula incident ID"),
    _Mark("Imperva", "name", "distilIdentificationBlock"),
    _Mark("AWS WAF", "script", "gokuProps"),
    _Mark("Anubis", "name", "anubis_challenge"),
    _Mark("DDoS-Guard", "script", "/.well-known/ddos-guard/js-challenge/"),
    _Mark("DDoS-Guard", "title", "DDoS-Guard"),
    _Mark("Sucuri", "script", "sucuri_cloudproxy_js"),
    _Mark("Sucuri", "title", "Sucuri WebSite Firewall - Access Denied"),
    _Mark("SiteGround", "text", "/.well-known/sgcaptcha/"),
    _Mark("Kasada", "script", "window.KPSDK={}"),
    _Mark("Radware", "script", "shieldsquare.com/captcha"),
    _Mark("Radware", "form", "validate.perfdrive.com", "captcha"),
    _Mark("F5", "script", "/TSPD/"),
    _Mark("F5", "text", "Please consult with your administrator. Your support ID is"),
    _Mark("Vercel", "title", "Vercel Security Checkpoint"),
    _Mark("Alibaba", "script", "acw_sc__v2"),
    _Mark("Qrator", "script", "/__qrator/"),
    _Mark("Wordfence", "text", "Your access to this site has been limited by the site owner"),
    _Mark("Google", "form", "/sorry/index", "captcha"),
)
_CAPTCHAS = XPath(
    "descendant::*[contains(@class, 'captcha') or contains(@class, 'Captcha') or contains(@class, 'cf-turnstile')"
    " or contains(@id, 'captcha') or contains(@name, 'captcha') or contains(@class, 'geetest')"
    " or (self::iframe and contains(@src, 'captcha')) or (self::img and contains(@src, 'captcha'))]"
)
_NO_ROBOT = re.compile(
    r"\b(?:not|n['’]t) an? (?:ro)?bot\b|\b(?:are|if) you (?:a )?(?:human|(?:ro)?bot)|(?:you(?:'|’| a)re|verify (?:that )?you are) (?:a )?human"
    r"|human verification|security (?:check|verification)|verifying your browser|checking your browser"
    r"|unusual (?:traffic|activity)|pardon our interruption"
    r"|(?:kein|ein) (?:ro)?bot(?:er)?\b|ein mensch\b.{0,12}$|sicherheits(?:prüfung|abfrage|überprüfung)|browser wird (?:geprüft|überprüft)"
    r"|(?:pas|êtes|n’êtes) un robot|vérification de sécurité|êtes(?:-| )vous (?:bien )?humain"
    r"|(?:no|não) (?:es|soy|eres|é|sou) un? rob[oôó]|verificaci[oó]n de seguridad|verificação de segurança"
    r"|non (?:sei|sono) un robot|verifica di sicurezza|geen robot|beveiligingscontrole|inte (?:är )?en robot"
    r"|ikke (?:er )?en robot|et ole robotti|nie jesteś robotem|nejste robot|robot olmad|(?:не|ли) робот|а не робот"
    r"|لست روبوت|אינך רובוט|ロボットでは(?:ない|ありません)|人机(?:验证|识别)|安全验证|安全驗證|로봇이 아닙니다",
    re.IGNORECASE,
)
_LOG_IN = re.compile(
    r"^(?:please )?(?:log|sign)[ -]?in\b|^member log[ -]?in|^(?:bitte )?(?:anmelden|einloggen)\b|^(?:anmeldung|login)$"
    r"|^(?:se )?connecte[rz]|^(?:connexion|identification|identifiez)\b|^inici(?:ar|a|e) sesi[oó]n|^acce(?:so|da|de|der|sso|di)$"
    r"|^(?:entrar|iniciar sessão|faça (?:o )?login)|^(?:inloggen|log in|meld je aan)\b|^logga in|^logg? (?:ind|inn)\b"
    r"|^kirjaudu|^zaloguj|^logowanie|^přihl[aá]s|^prihl[aá]s|^bejelentkez|^autentific|^giriş|^вход\b|^войти|^увійти"
    r"|^σύνδεση|^تسجيل الدخول|^התחבר|^ログイン|^登录|^登入|^로그인|^เข้าสู่ระบบ|^लॉग ?इन",
    re.IGNORECASE,
)
_SAYS_LITTLE = 600
_ENABLE = re.compile(
    r"(?:enable|turn on) (?:javascript|js)\b.{0,40}(?:cookies|continue|ad blocker)|verify(?:ing)? (?:that )?you(?:'|’| a)re (?:not a robot|human)",
    re.IGNORECASE,
)

_LARGEST = 1 << 20  # bytes of a page that may be a gate
_OF_ARTICLE = re.compile(
    rb"""<meta\b[^>]*(?:\bog:type["'][^>]*\bcontent=["']article["']|\bcontent=["']article["'][^>]*\bog:type["'])"""
)
_OF_POSTS = (b"postpass", b"post-password-form")
_WORDS = (
    *(mark.part.lower().encode() for mark in _MARKS),
    *(b"captcha", b"turnstile", b"geetest", b"password"),
    b"edgesuite",  # Akamai writes the points of its address as entities
    *(b"enable javascript", b"enable js", b"turn on javascript", b"turn on js"),
    *(b"verify you", b"verify that you", b"verifying you", b"verifying that you"),
    *_OF_POSTS,
)
# One of these, whatever its case, stands in the bytes of every gate that `found` knows.
_SUSPECT = tuple(word for word in dict.fromkeys(_WORDS) if not any(other in word and other != word for other in _WORDS))


def at_sight(html: bytes, *, url: str) -> str | None:
    """Return the word of the gate that an answer is, as `gate-challenge`, or None; never raises.

    For whoever has just asked: most pages are told by a glance at their bytes, and only what holds a mark is parsed.
    """
    if len(html) > _LARGEST or not _may_be_gate(html.lower()):
        return None
    try:
        tree = parse(decode(html))
        gate = None if tree is None else found(Page(tree=tree, url=url, headers=(), hints=Hints(), promise=None))
    except Exception:  # noqa: BLE001 - hostile pages: one that breaks us is no gate that we know
        return None
    return gate.word if gate else None


def _may_be_gate(lowered: bytes) -> bool:
    """Tell by a glance at the bytes whether a page is worth a look; most say that they are articles, and are none."""
    at = lowered.find(b"og:type")
    says_article = at >= 0 and _OF_ARTICLE.search(lowered, max(0, at - 200), at + 200) is not None
    return any(word in lowered for word in (_OF_POSTS if says_article else _SUSPECT))


def found(page: Page) -> Refusal | None:
    """Tell which gate a page is, if it is one; the evidence begins with the kind of gate."""
    if _is_password_form(page):
        return Refusal("gate", "password")
    if _calls_itself_article(page) or prose_length(page.tree) > _MOST_PROSE:
        return None
    mark = next((mark for mark in _MARKS if _stands(mark, page=page)), None)
    if mark is not None:
        return Refusal("gate", f"{mark.gate}: {mark.make}")
    headings = list(_headings(page))
    if any(map(_NO_ROBOT.search, headings)) and _has_captcha(page):
        return Refusal("gate", "captcha")
    if any(map(_LOG_IN.search, headings)) and _asks_for_password(page):
        return Refusal("gate", "login")
    return Refusal("gate", "challenge") if _says_only_this(page) else None


def _is_password_form(page: Page) -> bool:
    """Tell a page that shows a form for its password in the article's place (WordPress does so)."""
    for form in page.tree.iter("form"):
        posts = "action=postpass" in (form.get("action") or "")
        if (posts or "post-password-form" in (form.get("class") or "").split()) and not is_foreign(form):
            return True
    return False


def _calls_itself_article(page: Page) -> bool:
    return page.main is not None or (page.meta("og:type") or "").lower() == "article"


def _stands(mark: _Mark, *, page: Page) -> bool:
    match mark.place:
        case "script":
            return any(mark.part in said for said in _scripts(page))
        case "frame":
            return any(mark.part in (frame.get("src") or "") for frame in page.tree.iter("iframe"))
        case "form":
            return any(mark.part in (form.get("action") or "") for form in page.tree.iter("form"))
        case "name":
            return bool(
                page.tree.xpath(
                    "//*[@id=$n or contains(concat(' ', @class, ' '), $c)]", n=mark.part, c=f" {mark.part} "
                )
            )
        case "title":
            return page.title == mark.part
        case "text":
            return mark.part in _shown(page)


def _scripts(page: Page) -> Iterator[str]:
    for script in page.tree.iter("script"):
        yield script.get("src") or (script.text or "")[:_MOST_SCRIPT]


def _shown(page: Page) -> str:
    """Return the page's text, and where it sends its reader; nothing of a page with much text."""
    refreshes = (meta.get("content") or "" for meta in page.tree.iter("meta") if meta.get("http-equiv"))
    return fold(" ".join([*_texts(page.tree), *refreshes]))


def _texts(tree: HtmlElement) -> Iterator[str]:
    size = 0
    for element in tree.iter():
        if element.tag not in {"script", "style"} and element.text:
            size += len(element.text)
            yield element.text
        if element.tail:
            size += len(element.tail)
            yield element.tail
        if size > 4 * _MOST_PROSE:
            return


def _headings(page: Page) -> Iterator[str]:
    if page.title:
        yield page.title
    for element in page.tree.iter("h1", "h2"):
        if not is_foreign(element):
            yield fold(element.text_content())


def _has_captcha(page: Page) -> bool:
    return any(_is_in_place(element) for element in select(_CAPTCHAS, tree=page.tree))


def _asks_for_password(page: Page) -> bool:
    fields = (field for field in page.tree.iter("input") if (field.get("type") or "").lower() == "password")
    return any(_is_in_place(field) for field in fields)


def _is_in_place(field: HtmlElement) -> bool:
    """Tell whether a field stands where the article would, the form around it not counted as chrome."""
    form = next(field.iterancestors("form"), field)
    is_comment = "comment" in f"{form.get('class')} {form.get('id')} {form.get('action')}".lower()
    return not (is_comment or is_foreign(form)) and next(form.iterancestors("header"), None) is None


def _says_only_this(page: Page) -> bool:
    shown = _shown(page)
    return len(shown) < _SAYS_LITTLE and _ENABLE.search(shown) is not None and not page.headings
