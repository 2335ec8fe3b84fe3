"""Pages that say that there is no page: answers of an error's text under the status of an article."""
# ruff: noqa: E501 -- lists of words keep their lines

import re

from archive.articles.markup.page import Page
from archive.articles.markup.text import fold

_MOST_WORDS = 200
_STATUS = (
    r"(?:https?\s)?(?:error|erreur|fehler|errore|erro|błąd|chyba|hiba|ошибка|помилка|خطأ|エラー|错误)\W{0,3}[45]\d\d\b"
    r"|(?:https?\s)?(?:40[0-9]|410|429|451|50[0-4])(?:\W*$|\s*[-–—|:.!]\s*\D|\W+(?:error|not found|forbidden|unauthori[sz]ed|bad|"
    r"gone|internal|service|gateway|too many|unavailable|page\b|seite\b|p[áa]gina\b))"
)
_MISSING = (
    r"page (?:not|cannot be|could not be) found|(?:can(?:'|’|no)t|could(?: not|n['’]t)) find (?:that|this|the|your) page"
    r"|(?:page|story|article) (?:you(?:'|’| a)re looking for )?(?:does not|doesn['’]t|no longer) exists?"
    r"|seite (?:wurde |konnte )?(?:leider )?nicht gefunden|diese seite (?:gibt es nicht|existiert nicht)|seite existiert nicht"
    r"|page (?:est )?introuvable|page non trouvée|page n['’]existe (?:pas|plus)"
    r"|p[áa]gina no encontrada|p[áa]gina que busca no existe|no (?:se ha )?encontr\w+ (?:la|esta) p[áa]gina"
    r"|p[áa]gina n[ãa]o (?:foi )?encontrada|n[ãa]o encontr[áa]mos (?:esta|a) p[áa]gina"
    r"|pagina non (?:è stata )?trovata|pagina (?:werd )?niet gevonden|sidan (?:hittades|finns) inte|siden (?:ble|blev|findes) ikke"
    r"|sivua ei (?:löydy|löytynyt)|nie znaleziono strony|strona nie (?:istnieje|została znaleziona)|stránka (?:nebyla )?nenalezena"
    r"|stránka sa nenašla|az oldal nem található|pagin[ăa] (?:nu a fost )?(?:negăsită|găsită)|sayfa bulunamadı"
    r"|страница не найдена|такой страницы нет|страницы не существует|сторінку не знайдено|страницата не е намерена"
    r"|stranica nije pronađena|η σελίδα δεν βρέθηκε|الصفحة غير موجودة|صفحه (?:مورد نظر )?یافت نشد|הדף לא נמצא|העמוד לא נמצא"
    r"|ページ(?:が|は)見つかりません|页面不存在|找不到(?:该|此|您)?.{0,6}(?:页面|頁面|网页|網頁)|페이지를 찾을 수 없|ไม่พบหน้า|पृष्ठ नहीं मिला|पेज नहीं मिला"
    r"|không tìm thấy trang|halaman tidak ditemukan"
)
_WHOLE = (
    r"not found|nothing (?:was )?found|access denied|forbidden|gone|oops!?|bad gateway|service unavailable|internal server error"
    r"|database error|error establishing a database connection|nicht gefunden|no encontrado|introuvable|non trouvé"
)
_CLOSED = (
    r"(?:site|website|webseite|server|page) (?:is |ist )?(?:temporarily|currently|vorübergehend|derzeit|momentan) (?:unavailable|down|nicht (?:verfügbar|erreichbar))"
    r"|down for (?:scheduled )?maintenance|we(?:['’]ll| will) be (?:right )?back (?:soon|shortly)|we zijn bezig met onderhoud"
    r"|wir sind (?:gleich|bald) wieder (?:da|für sie da|zurück)|site en maintenance|sitio en mantenimiento|site em manutenção"
    r"|sito in manutenzione|на сайте (?:ведутся|проводятся) (?:технические|профилактические) работы|メンテナンス中です"
)
_ANYWHERE = re.compile(rf"^(?:{_STATUS})|{_MISSING}|^(?:{_WHOLE})\W*(?:$|\s[-–—|·:]\s)|{_CLOSED}", re.IGNORECASE)
_ALL = re.compile(rf"(?:{_STATUS}|{_MISSING}|{_WHOLE}).{{0,3}}", re.IGNORECASE)
_CLASSES = frozenset({"error404", "error-404", "page-404", "page-not-found", "error-page", "not-found-page"})


def found(page: Page, *, title: str | None, words: int, claimed: bool) -> str | None:
    """Return what says that a page is an error page; the words are those of its text.

    Of a page that somebody claims to be an article (`claimed`), only a title that says nothing else counts: newspapers
    write about lost pages too. Of others, their headings and what the page calls itself.
    """
    if words >= _MOST_WORDS:
        return None
    if claimed:
        return title if title and _ALL.fullmatch(title) else None
    said = (fold(text) for text in (title, page.title, *page.headings[:2]) if text)
    return next((text for text in said if _ANYWHERE.search(text)), None) or _named(page)


def _named(page: Page) -> str | None:
    body = page.tree.find("body")
    names = set() if body is None else {*(body.get("class") or "").split(), body.get("id") or ""}
    return next(iter(sorted(names & _CLASSES)), None)
