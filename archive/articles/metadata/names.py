"""Names of people out of bylines such as 'By Anna Berg and Tom Lee, Staff Writers'."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from archive.articles.markup.text import fold, letters, words

_WRITTEN = (
    r"(?:(?:written|posted|reported|published|story|words|text|report|reporting|article|commentary|analysis)\s+)?by"
)
_TOLD = re.compile(
    rf"^(?:{_WRITTEN}|von(?!\s+(?:der|den|dem|zu)\b)|vom|par|por|door|przez|автор|author|autor|autora|auteur|"
    r"(?:text|texte|texto|reporter|von|di|de|da)(?=\s*[:：])|โดย|作者|文(?=[:：/])|記者|记者|撰文|بقلم|מאת|कलमकार)(?:\s*[:：/]\s*|\s+)",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"^(?:di|de|da|av|af|van|от|كتب|لेखक)\s+", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*(?:[;|•、，]|&|\+)\s*|\s+/\s+|\s+[·∙‧⋅]\s*|[·∙‧⋅]\s+|"
    r"\s*,?\s+(?:and|und|et|och|og|with|mit|avec)\s+|(?<=\S)と(?=\S)",
    re.IGNORECASE,
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
    r"media|magazine|times|post|herald|tribune|gazette|online|digital|publisher|company|inc|llc|ltd|gmbh|university|nachrichten|"
    r"noticias|notizie|nyheter|haberler)\b|"
    r"編集部|编辑|本報|本报|التحرير",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:view|more|posts?|share|follow|log|login|sign|subscribe|register|joined|articles|facebook|twitter|written|authored|authors|checked|reviewed|edited|updated|update|"
    r"sponsored|minutes?|read|comments?|by)\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s+(?:last\s+)?(?:updated|published|posted|modified|reviewed|on|in|at|for|of|from)\b.*$", re.IGNORECASE
)
_NOBODY = re.compile(
    r"staff|editors?|editorial|reporters?|writers?|contributors?|contributed|admin\w*|webmaster|guest|anonymous|unknown|"
    r"undefined|null|none|nan|redaktion\w*|redacci[oó]n|r[ée]daction|redazione|redactie|redaktsiya|редакция|author|autor|"
    r"user|super|team|desk|news|nachrichten|noticias|notizie|nieuws|nyheter|haberler|новости|newsroom|online|web|digital|board|our|the|by|la|el|die|der|le|de|di|and|content|post|site|"
    r"special|agencies|bureau|correspondents?|journalists?|編集部|编辑|[0-9]+",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s*(?:記者|记者|編集委員|論説委員|기자|특파원|논설위원)$"
)  # roles that follow a name in its script
_DEGREES = words("md phd mba cpa cfp rn rd rdn esq jr sr ii iii dds jd pe ma msc bsc ba")
_ADDRESS = re.compile(r"https?:|www\.|@|\w\.(?:com|org|net|de|in|io|co|info|at|ch)\b|[0-9<>{}=_#?!]", re.IGNORECASE)
_CAPITAL = re.compile(
    r"(?:[A-ZÀ-ÖØ-ÞΑ-ΩА-ЯĀ-Ž]\.?-?){1,3}|(?:[dODL]['’]|Mc|Mac|[Aa]l-)?[^\W\d_a-zß-öø-ÿ][^\W\d_]*(?:['’-][^\W\d_]+)*"
)
_PARTICLES = words(
    "de da do dos das del della di du des der den van von zu zum af av bin ibn al el la le ter ten y e i und"
)
_NO_NAMES = words("""
    a an the of for and to in on at with by my your our his her their how why what when where who best top new all more
    about account contact home page menu news blog article articles story stories post posts guide guides review
    reviews learn read reading sign log subscribe login register help support search shop store policy privacy terms
    press media editor editors editorial staff team health wellness business finance financial money marketing security
    technology tech science engineering product products company culture real estate services service solutions
    insurance travel food recipes sports sport life style lifestyle world politics opinion data design development
    digital software web mobile cloud video videos podcast podcasts photos gallery events jobs careers education
    learning training research report reports industry market markets management customer case study studies
    resources insights tips tools updates announcements community family kids parenting home garden art arts music
    fashion beauty fitness nutrition weather local national international regional state city county street university
    college school center centre institute hospital clinic north south east west united states kingdom york france
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday minute minutes min share follow comments key takeaways table contents overview
    introduction summary free trial demo get started book now
""")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\s*,")  # 'gazette.example, Springfield' is a publisher's address
_COMPANY = re.compile(r"[\s,](?:inc|llc|ltd|limited|gmbh|pc|plc|corp|pty|ag|s\.?r\.?l|b\.?v)\.?$", re.IGNORECASE)
# What an account is kept under, and nobody is called: letters that go on behind digits, or small ones with hyphens.
_ACCOUNT_KEY = re.compile(r"(?=.*[a-z][0-9]+[a-z])[a-z0-9-]{10,}|[a-z0-9]+(?:-[a-z0-9]+)+")
AGENCIES = words("""
    ap afp dpa reuters apa ats efe ansa pap tt ntb ritzau upi ani pti ians tass xinhua sid epd kna cna aap stt tanjug
    hina associatedpress agencefrancepresse deutschepresseagentur pressassociation europapress
""")


def people(
    values: Iterable[str],
    *,
    banned: frozenset[str] = frozenset(),
    own: frozenset[str] = frozenset(),
    shown: bool = False,
) -> tuple[str, ...]:
    """Return the people among bylines, each once, in order; at most 20.

    `banned` holds the folded names of organisations, `own` those of the site, with which the names of its desks begin;
    `shown` says that the values were read off the page, where 'di', 'de' or 'af' before a name mean 'by' and are no
    part of it.
    """
    found: dict[str, str] = {}
    for value in values:
        if _DOMAIN.match(value):
            continue
        cleaned = (_clean(part, banned=banned) for part in _split(value[:500], shown=shown))
        wanted = (name for name in cleaned if _is_person(name) and letters(name) not in banned)
        named = [name for name in wanted if not (shown and _is_no_shown_name(name))]
        for name in _without_desks(named, own=own):
            found.setdefault(letters(name), name)
    return tuple(found.values())[:20]


def _without_desks(found: list[str], *, own: frozenset[str]) -> list[str]:
    """Return one byline's names without its desks, if any are left: 'Courier North' is where 'Ida Storm' works."""
    people = [name for name in found if " " not in name or letters(name.split()[0]) not in own]
    return people or found


def organisations(values: Iterable[str], *, shown: bool = False) -> tuple[str, ...]:
    """Return the organisations among values that claim to be authors: no addresses, and nobody such as 'Staff'.

    `shown` says that the values were read off the page, where they may be anything: there an organisation has a capital
    letter and four words at most.
    """
    found = (_TOLD.sub("", fold(value)) for value in values)
    wanted = (name for name in found if 1 < len(name) <= 60 and letters(name) and _is_somebody(name))
    return tuple(dict.fromkeys(name for name in wanted if not shown or _is_shown_organisation(name)))[:3]


def _is_shown_organisation(name: str) -> bool:
    return (
        len(name.split()) <= 4
        and (name != name.lower() or not name.isascii())
        and not (_NO_NAME.search(name) or re.search(r"[0-9]{2}|[.:]$", name))
    )


def is_full_name(text: str) -> bool:
    """Tell whether a text has the form of a person's name in Latin, Greek or Cyrillic letters, and could be no heading.

    Two to five words, each with a capital letter or a particle of names, and none of a heading's usual words.
    """
    parts = text.replace("\u2019", "'").split()
    if not 2 <= len(parts) <= 5 or len(text) > 40 or text.isupper() or not _is_person(text):
        return False
    capital = [part for part in parts if _CAPITAL.fullmatch(part)]
    return (
        len(capital) >= 2
        and all(part in capital or part.lower() in _PARTICLES for part in parts)
        and _NO_NAMES.isdisjoint(part.lower().strip(".") for part in parts)
    )


def are_full_names(text: str) -> bool:
    """Tell whether a text is a person's name in full, or several parted by strokes."""
    return all(is_full_name(part.strip()) for part in text[:200].split("/"))


def is_login(name: str) -> bool:
    """Tell whether a name is that of an account rather than of a person: one word of Latin letters, not capitalised."""
    return name.isascii() and " " not in name and not (name.istitle() and name.isalpha())


def _is_somebody(name: str) -> bool:
    """Tell whether a name says more than that somebody wrote: 'Harbour Team' does, 'Editorial Team' does not."""
    if re.match(r"https?:|www\.|/", name) or "_" in name or re.search(r"\b(?:editorial|staff)\b", name, re.IGNORECASE):
        return False
    if _COMPANY.search(name) or _ACCOUNT_KEY.fullmatch(name):
        return False
    return any(_NOBODY.fullmatch(word) is None for word in re.findall(r"[^\W_]+", name))


def _split(value: str, *, shown: bool) -> Iterator[str]:
    value = _TOLD.sub("", fold(value))
    value = _SHOWN.sub("", value) if shown else value
    if re.match(r"https?:|www\.|/", value):
        return
    for piece in chain.from_iterable(map(_slashed, _SPLIT.split(value))):
        parts = [part for part in re.split(r"\s*,\s*", piece) if part]
        parts = [part for part in parts if len(parts) == 1 or not _is_degree(part)]
        # 'Doe, Jane' is one name; 'Jane Doe, John Roe' are two; 'Jane Doe, Staff Writer' is one with a role
        if len(parts) == 2 and all(" " not in part for part in parts) and not _ROLE.search(piece):
            yield f"{parts[1]} {parts[0]}"
        else:
            yield from (half for part in parts for half in _halves(part))


def _slashed(piece: str) -> list[str]:
    """Part 'Ida Storm/Per Lund' where both are names in full."""
    parts = piece.split("/")
    return parts if len(parts) > 1 and are_full_names(piece) else [piece]


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
    part = _BEHIND.sub("", fold(part).strip(" .,;:-–—|@/·∙‧⋅'\"“”"))
    last = part.rsplit(" ", 2)
    if len(last) == 3 and letters(last[1] + last[2]) in banned:
        return last[0]
    return part


def _is_no_shown_name(name: str) -> bool:
    """Tell whether what was read off a page may be anything: one word, or words without a capital letter.

    One word is as likely a section or a date as a name; scripts without spaces have no words, nor capital letters.
    """
    if " " in name:
        return name.isascii() and name == name.lower()
    return all(ord(letter) < 0x2E80 for letter in name)


def _is_person(name: str) -> bool:
    if not 2 <= len(name) <= 60 or len(name.split()) > 6 or not letters(name):
        return False
    if _COMPANY.search(name) or _ACCOUNT_KEY.fullmatch(name):
        return False
    return not (_ADDRESS.search(name) or _NO_NAME.search(name) or _ROLE.search(name) or letters(name) in AGENCIES)
