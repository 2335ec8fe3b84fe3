"""Who the page itself shows as the author: the names near the headline, and what makes each of them a byline.

The page is read as a row of runs, a run being one piece of text between two tags. Near the headline a name is a byline
if it says so ("By …"), if its element is called so, if it leads to an author's page, or if it stands in bold above the
text; elsewhere only the first two count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from archive.articles.markup.chrome import length
from archive.articles.markup.page import Page
from archive.articles.markup.runs import PROSE, Run
from archive.articles.markup.text import letters, words
from archive.articles.metadata import names, written

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TRIMMINGS = " |·•–—-,"
_CELLS = frozenset({"td", "th", "dt", "dd"})
_PLACES = words("""
    bad new north south east west san santa santo são sankt saint st los las port fort lake mount villa costa
    kreis stadt landkreis hansestadt region provinz county city comunidad provincia
""")
_NO_PERSON = re.compile(
    r"kicker|categor|section|rubri|topic|tag|loca|place|ort\b|region|share|social|tool|label", re.IGNORECASE
)
_SHORT = 120  # characters of what may be a byline with all its trimmings
_SPLIT = re.compile(r"[-_:]+|(?<=[a-z0-9])(?=[A-Z])")
_BYLINE = words("""
    byline bylines author authors autor autores autoren auteur auteurs autore autori autora writer writers contributor
    contributors verfasser columnist reporter journalist redakteur forfatter writtenby authoredby postedby
""")
_NO_BYLINE = words("""
    comment comments commenter bio biography avatar image img photo picture social related description follow share url
    archive posts page role job position count more icon company email twitter website reviewer reviewed editor teaser
    about date dates time published updated modified category categories section topic kicker reading readtime
""")
_NAMES = words("name names link url fullname displayname")
_SAYS_BY = re.compile(
    r"(?:(?=[^·•|]{0,40}\d)[^·•|]{1,60}[·•|]\s*)?"  # a date may stand before it
    r"(?:(?:(?:written|posted|story|words|text|article|reported|authored|recipe|published)\s+)?by\b|von\b|par\b|por\b"
    r"|door\b|af\b|av\b|przez\b|autore?a?\s*:|auteure?\s*:|author\s*:|автор\b|текст\s*:|โดย|文[:：]|作者[:：]|記者[:：]|撰文[:：]?|بقلم"
    r"|yazan\s*:|(?:geschrieben|verfasst) von\b|écrit par\b|escrito por\b|scritto da\b|geschreven door\b"
    r"|skrevet a[fv]\b"
    r"|skriven av\b|tekst\s*:|text\s*:|texte\s*:|texto\s*:|testo\s*:)[:\s]*(?=[^\W\d_]|$)",
    re.IGNORECASE,
)
_OTHER_ROLE = re.compile(
    r"\b(?:reviewed|edited|checked|approved|verified|photo\w*|photograph\w*|image|images|illustrat\w*|translated|updated|"
    r"foto\w*|bild\w*|bearbeitet|geprüft|relu|traduit|traducido|revisado|editor)\b[^.]{0,30}$",
    re.IGNORECASE,
)
_BY_LABEL = re.compile(
    r"\b(?:by|von|par|por|door|av|af|autore?a?|auteure?|author|автор|作者|記者|yazan|writer)\s*:?$", re.IGNORECASE
)
_OTHER_LABEL = re.compile(r"^(?!written|posted|story|words|text|by)\w[\w -]{0,30}\sby:?$", re.IGNORECASE)  # 'Tested by'
_CONJUNCTION = re.compile(r"(?:,|&|\+|/|and|und|et|y|e|och|og|en|i|и|with|mit|,\s*and)", re.IGNORECASE)
_AUTHOR_PATHS = words("""
    author authors autor autores autoren auteur auteurs autore autori autora autorzy yazar yazarlar writer writers
    contributor contributors columnist columnists columnistas reporter reporters journalist journalists journaliste
    journalistes byline bylines forfatter skribent kirjoittaja toimittaja redakteur redakteure redacteur avtor avtory
""")
_PERSON_PATHS = words("""
    profile profiles people person staff team users user u member members expert experts by bio redaktion mitarbeiter
""")
_TOPIC_PATHS = words("""
    tag tags topic topics thema themen category categories cat section sections rubrik rubriken tema temas sujet place
    places region regions location locations city cities country countries search label labels collections products
""")
_DATE = re.compile(
    r"\b(?:19|20)[0-9]{2}\b|\b[0-9]{1,2}[./][0-9]{1,2}[./]|\b(?:min|mins|minutes?|Minuten|Uhr|lectura)\b"
)
_AUTHOR_LABEL = re.compile(
    r"(?:(?:written|posted|authored|words|story|text|article|recipe|geschrieben|verfasst|écrit|escrito|scritto|geschreven)"
    r"\s+(?:by|von|par|por|da|door)|author|autore?a?|auteure?|автор|作者|記者)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What one byline says: a text for each name; `near` if beside the headline; `evidence` is what makes it one.

    It is `sure` where each of its names is one for itself, or a conjunction joins it to the one before.
    """

    texts: tuple[str, ...]
    near: bool
    evidence: str
    sure: bool = True


def near(page: Page) -> tuple[Byline, ...]:
    """Return the bylines beside the headline, each part in the page's order."""
    return tuple(_found(page, span=page.near, near=True))


def far(page: Page) -> tuple[Byline, ...]:
    """Return the bylines below the headline's neighbourhood."""
    return tuple(_found(page, span=range(page.near.stop, len(page.runs)), near=False))


def may_go_on(page: Page, *, name: str) -> bool:
    """Tell at a glance whether other names may follow this one beside the headline."""
    runs = page.runs
    number = next((number for number in page.near if name in runs[number].text), None)
    return number is not None and any(names.is_full_name(run.text) for run in runs[number + 1 : number + 5])


def _found(page: Page, *, span: range, near: bool) -> list[Byline]:
    runs = page.runs
    found: list[Byline] = []
    number = span.start
    while number < span.stop and len(found) < 8:
        evidence = _evidence(runs, number=number, near=near)
        if evidence and not page.is_foreign(runs[number].element):
            texts, number, sure = _row(runs, number=number, stop=span.stop, near=near)
            found.append(Byline(texts, near, evidence, sure))
        number += 1
    return found


def _row(runs: list[Run], *, number: int, stop: int, near: bool) -> tuple[tuple[str, ...], int, bool]:
    """Return the texts of a byline that begins at a run, its last run, and whether it is sure.

    Names in equal elements belong together, unless what stands between them says what else somebody did.
    """
    first = runs[number]
    texts, last, sure = [_told(first.text)], number, True
    for following in range(number + 1, min(stop, number + 40)):
        run = runs[following]
        if following - last > 5 or len(run.text) > PROSE or _OTHER_LABEL.search(run.text):
            break
        joined = _CONJUNCTION.fullmatch(runs[following - 1].text) is not None
        alike = _signature(run) == _signature(first)
        evidence = _evidence(runs, number=following, near=near)
        if (joined or alike) and (evidence or (alike and names.is_full_name(run.text))):
            texts.append(_told(run.text))
            last, sure = following, sure and (joined or bool(evidence))
    return tuple(dict.fromkeys(texts)), last, sure


def _signature(run: Run) -> tuple[str, str | None, str | None]:
    parent = run.element.getparent()
    return str(run.element.tag), run.element.get("class"), parent.get("class") if parent is not None else None


def _told(text: str) -> str:
    match = _SAYS_BY.match(text)
    return text[match.end() :] if match else text


def _evidence(runs: list[Run], *, number: int, near: bool) -> str:
    """Return what makes a run a byline: it is said, marked, linked, signed, named; or nothing."""
    run = runs[number]
    if len(run.text) > _SHORT:
        return ""
    before = runs[number - 1].text[-60:] if number else ""
    text = _told(run.text)
    if not _may_be_name(text):
        return ""
    if text != run.text or _BY_LABEL.search(before):
        found = _said(run, text=text, label=run.text if text != run.text else before, near=near)
    else:
        found = "marked" if _is_marked(run.element) else _quiet_evidence(runs, number=number) if near else ""
    return "" if found and _OTHER_ROLE.search(before) else found


def _said(run: Run, *, text: str, label: str, near: bool) -> str:
    """Tell whether what says 'by' means the author: far from the headline, and in headings, it has to be called so."""
    marked, certain = _is_marked(run.element), _AUTHOR_LABEL.match(label) is not None
    if not (marked or certain or (near and run.element.tag not in _HEADINGS)):
        return ""
    account = certain and run.element.tag == "a"
    return "said" if account or _is_capital(text) else "marked" if marked else ""


def _quiet_evidence(runs: list[Run], *, number: int) -> str:
    """Return what makes a run beside the headline a byline though neither it nor its element says so."""
    run = runs[number]
    if _is_linked(run):
        return "linked"
    if not names.are_full_names(run.text.rstrip(_TRIMMINGS)) or any(
        True for _ in run.element.iterancestors("figure", "h1", "nav")
    ):
        return ""
    if _is_signature(run) and len(runs[number - 1].text) < PROSE and _begins_text(runs, number=number):
        return "signed"
    beside = [runs[other].text for other in (number - 1, number + 1) if 0 <= other < len(runs)]
    if any(len(text) < 50 and _DATE.search(text) for text in beside):
        link = next((element for element in _ancestry(run.element, steps=2) if element.tag == "a"), None)
        is_named = _is_plain_name(run, beside=beside) if link is None else _leads_to_name(link, text=run.text)
        return "named" if is_named else ""
    return ""


def _is_plain_name(run: Run, *, beside: list[str]) -> bool:
    """Tell whether a name that leads nowhere has a whole day beside it, and is no heading, cell, button or place."""
    parts = run.text.rstrip(_TRIMMINGS).split()
    if run.element.tag in _HEADINGS | _CELLS or parts[0].lower().strip(".") in _PLACES:
        return False
    if not (parts[0][0].isupper() and parts[-1][0].isupper()):
        return False
    called = " ".join(element.get("class") or "" for element in _ancestry(run.element, steps=1))
    return not _NO_PERSON.search(called) and any(len(text) < 50 and written.find(text) is not None for text in beside)


def _begins_text(runs: list[Run], *, number: int) -> bool:
    """Tell whether prose follows a run: in the next two, or in the next paragraph whose first letters stand in bold."""
    if sum(len(run.text) for run in runs[number + 1 : number + 3] if len(run.text) > _SHORT) >= PROSE:
        return True
    parent = runs[number].element.getparent()
    following = parent.getnext() if parent is not None else None
    return following is not None and following.tag == "p" and length(following) >= PROSE


def _may_be_name(text: str) -> bool:
    return 1 < len(text) <= 80 and text[0].isalpha() and len(text.split()) <= 12 and not text.endswith(("?", "!", "…"))


def _is_capital(text: str) -> bool:
    """Tell whether most words begin with a capital letter, or their script has none."""
    parts = [word for word in re.split(r"[,|·•(\d]", text)[0].split() if word[0].isalpha()]
    return bool(parts) and sum(not word[0].islower() for word in parts) * 3 >= len(parts) * 2


def _ancestry(element: HtmlElement, *, steps: int) -> Iterator[HtmlElement]:
    yield element
    for ancestor in islice(element.iterancestors(), steps):
        if ancestor.tag in {"body", "article", "main", "header"}:
            return
        yield ancestor


def _is_linked(run: Run) -> bool:
    """Tell whether a run is a link to the page of an author, and no part of a sentence."""
    link = next((element for element in _ancestry(run.element, steps=2) if element.tag == "a"), None)
    if link is None:
        return False
    said = "author" in (link.get("rel") or "").split()
    if not said and not _leads_to_person(link.get("href") or "", run.text):
        return False
    parent = link.getparent()
    return parent is None or parent.tag not in {"p", "li", "td", "blockquote"} or length(parent) <= 2 * _SHORT


@lru_cache(maxsize=10_000)
def _leads_to_person(address: str, text: str) -> bool:
    """Tell whether an address is that of an author's page: it says so, or it ends with the name in full."""
    try:
        path = unquote(urlsplit(address[:500]).path)
    except ValueError:
        return False
    segments = [segment for segment in path.lower().split("/") if segment]
    if not segments or len(segments[-1]) < 2:
        return False
    if not _AUTHOR_PATHS.isdisjoint(segments[:-1]):
        return True
    return not _PERSON_PATHS.isdisjoint(segments[:-1]) and _is_slug(segments[-1], text=text)


def _is_slug(segment: str, *, text: str) -> bool:
    wanted = letters(text)
    return len(wanted) > 4 and letters(segment).startswith(wanted[:-1])


def _leads_to_name(element: HtmlElement, *, text: str) -> bool:
    """Tell whether a link leads to a page that has the text for its name."""
    try:
        segments = urlsplit((element.get("href") or "")[:500]).path.lower().rstrip("/").split("/")
    except ValueError:
        return False
    return _is_slug(segments[-1], text=text) and _TOPIC_PATHS.isdisjoint(segments)


def _is_marked(element: HtmlElement) -> bool:
    """Tell whether an element, or what closely wraps it, is called a byline."""
    for ancestor in _ancestry(element, steps=3):
        marks = " ".join(filter(None, (ancestor.get("class"), ancestor.get("id"), ancestor.get("itemprop"))))
        if ancestor.tag in {"h1", "h2"} and ancestor is not element:
            return False
        if not marks:
            continue
        meaning = _meaning(marks)
        if meaning < 0:
            return False
        if meaning > 0:
            return length(ancestor) <= _SHORT
    return False


@lru_cache(maxsize=20_000)
def _meaning(marks: str) -> int:
    """Return 1 for names of bylines, -1 for names of what stands in bylines and is no name, else 0."""
    found = 0
    for name in marks.split():
        # Quirk: WordPress begins the name of every block with `wp-block-`, which says nothing of what it holds
        name = name.removeprefix("wp-block-")
        parts = {part.lower() for part in _SPLIT.split(name)}
        fused = {part for part in parts if part.startswith(("author", "byline")) or part.endswith(("author", "byline"))}
        if parts & _NO_BYLINE:
            if parts & _BYLINE or fused:
                return -1
        elif parts & _BYLINE or fused:
            found = 1
    return found


def _is_signature(run: Run) -> bool:
    """Tell whether a run is a paragraph of its own in bold letters: some newspapers begin the text with the author."""
    parent = run.element.getparent()
    return (
        run.element.tag in {"strong", "b"}
        and parent is not None
        and parent.tag == "p"
        and length(parent) == len(run.text)
    )
