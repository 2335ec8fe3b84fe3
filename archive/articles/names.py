"""Names of people out of bylines such as 'By Anna Berg and Tom Lee, Staff Writers'."""

import re
from collections.abc import Iterable, Iterator

from archive.articles.text import fold, letters, words

_WRITTEN = (
    r"(?:(?:written|posted|reported|published|story|words|text|report|reporting|article|commentary|analysis)\s+)?by"
)
_TOLD = re.compile(
    rf"^(?:{_WRITTEN}|von(?!\s+(?:der|den|dem|zu)\b)|vom|par|por|door|przez|автор|author|autor|autora|auteur|"
    r"(?:text|texte|texto|reporter|von|di|de|da)(?=\s*[:：])|โดย|作者|文(?=[:：/])|記者|记者|撰文|بقلم|कलमकार)(?:\s*[:：/]\s*|\s+)",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"^(?:di|de|da|av|af|van|от|كتب|لेखक)\s+", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*(?:[;|•、，]|&|\+)\s*|\s+[·/]\s+|\s*,?\s+(?:and|und|et|och|og|with|mit|avec)\s+|(?<=\S)と(?=\S)", re.IGNORECASE
)
# These conjunctions also stand inside of names (Ortega y Gasset): they part only what are names of two words or more.
_WEAK_SPLIT = re.compile(r"(\S+\s+\S.*?)\s+(?:y|e|i|en|ja|и|та|і|و|ve|con)\s+(\S+\s+\S.*)", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:staff|editors?|editorial|correspondents?|reporters?|journalists?|writers?|contributors?|columnists?|bureau|desk|"
    r"chief|producer|photographer|photos?|redaktion|redakteur(?:in)?|korrespondent(?:in)?|"
    r"reporterin|redacci[oó]n|redactor|"
    r"corresponsal|r[ée]daction|correspondant|journaliste|redazione|redactie|redaksjonen|redaktionen|redakcja|редакция|"
    r"корреспондент|newsroom|news|agency|agencies|agentur|agence|press|"
    r"admin|administrator|webmaster|team|guest|director|"
    r"manager|president|expert|analyst|specialist|intern|freelancer?|"
    r"special to|for the|author|anonymous|unknown|undefined|"
    r"media|magazine|times|post|herald|tribune|gazette|online|digital|publisher|company|inc|llc|ltd|gmbh|university)\b|"
    r"編集部|编辑|本報|本报|التحرير",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:view|more|posts?|share|follow|facebook|twitter|written|authored|authors|checked|reviewed|edited|updated|update|"
    r"sponsored|minutes?|read|comments?|by)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s+(?:last\s+)?(?:updated|published|posted|modified|reviewed|on|in|at|for|of|from)\b.*$", re.IGNORECASE
)
_NOBODY = re.compile(
    r"\b(?:staff|editors?|editorial|reporters?|writers?|contributors?|admin\w*|webmaster|guest|anonymous|unknown|"
    r"undefined|null|redaktion|redacci[oó]n|r[ée]daction|redazione|redactie|редакция|author|user)\b|_|編集部|编辑",
    re.IGNORECASE,
)
_DEGREES = words("md phd mba cpa cfp rn rd rdn esq jr sr ii iii dds jd pe ma msc bsc ba")
_ADDRESS = re.compile(r"https?:|www\.|@|\w\.(?:com|org|net|de|in|io|co|info|at|ch)\b|[0-9<>{}=_#?!]", re.IGNORECASE)
AGENCIES = words("""
    ap afp dpa reuters apa ats efe ansa pap tt ntb ritzau upi ani pti ians tass xinhua sid epd kna cna aap stt tanjug
    hina associatedpress agencefrancepresse deutschepresseagentur pressassociation europapress
""")


def people(values: Iterable[str], *, banned: frozenset[str] = frozenset(), shown: bool = False) -> tuple[str, ...]:
    """Return the people among bylines, each once, in order; at most 20.

    `banned` holds the folded names of organisations; `shown` says that the values were read off the page, where 'di',
    'de' or 'af' before a name mean 'by' and are no part of it.
    """
    found: dict[str, str] = {}
    for value in values:
        for part in _split(value[:500], shown=shown):
            name = _clean(part, banned=banned)
            if _is_person(name) and letters(name) not in banned and not (shown and _is_single_word(name)):
                found.setdefault(letters(name), name)
    return tuple(found.values())[:20]


def organisations(values: Iterable[str]) -> tuple[str, ...]:
    """Return the organisations among values that claim to be authors: no addresses, and nobody such as 'Staff'."""
    found = (fold(value) for value in values)
    return tuple(dict.fromkeys(name for name in found if 1 < len(name) <= 60 and letters(name) and _is_somebody(name)))[
        :3
    ]


def _is_somebody(name: str) -> bool:
    return not (re.match(r"https?:|www\.|/", name) or _NOBODY.search(name))


def _split(value: str, *, shown: bool) -> Iterator[str]:
    value = _TOLD.sub("", fold(value))
    value = _SHOWN.sub("", value) if shown else value
    if re.match(r"https?:|www\.|/", value):
        return
    for piece in _SPLIT.split(value):
        parts = [part for part in re.split(r"\s*,\s*", piece) if part]
        parts = [part for part in parts if len(parts) == 1 or not _is_degree(part)]
        # 'Doe, Jane' is one name; 'Jane Doe, John Roe' are two; 'Jane Doe, Staff Writer' is one with a role
        if len(parts) == 2 and all(" " not in part for part in parts) and not _ROLE.search(piece):
            yield f"{parts[1]} {parts[0]}"
        else:
            yield from (half for part in parts for half in _halves(part))


def _is_degree(part: str) -> bool:
    """Letters behind a name: MD, PhD, CEO."""
    return letters(part) in _DEGREES or (part.isupper() and part.isascii() and len(part.replace(".", "")) <= 5)


def _halves(part: str) -> tuple[str, ...]:
    match = _WEAK_SPLIT.fullmatch(part)
    return (match[1], match[2]) if match else (part,)


def _clean(part: str, *, banned: frozenset[str]) -> str:
    part = _TOLD.sub("", part)
    part = re.sub(r"\s*[(\[<][^)\]>]*[)\]>]?\s*", " ", part)
    part = _AFTER.sub("", re.split(r"\s+[-–—]\s+|\s*[:：]\s*", part)[0])
    part = fold(part).strip(" .,;:-–—|@'\"“”")
    last = part.rsplit(" ", 2)
    if len(last) == 3 and letters(last[1] + last[2]) in banned:
        return last[0]
    return part


def _is_single_word(name: str) -> bool:
    """One word read off a page is as likely a section or a date as a name; scripts without spaces have no words."""
    return " " not in name and all(ord(letter) < 0x2E80 for letter in name)


def _is_person(name: str) -> bool:
    if not 2 <= len(name) <= 60 or len(name.split()) > 6 or not letters(name):
        return False
    return not (_ADDRESS.search(name) or _NO_NAME.search(name) or _ROLE.search(name) or letters(name) in AGENCIES)
