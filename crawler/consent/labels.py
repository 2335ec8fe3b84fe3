"""What a button means, by its label alone. In doubt it agrees, or means nothing: then it is not pressed."""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import Final

from crawler.consent.vocabulary import Language, fold, parts_words, writable

_LONGEST: Final = 90  # characters; what says more is a text, not a label
_MONEY: Final = re.compile(
    r"(?:[€$£¥₹₽₴₺₪]|\b(?:eur|usd|chf|gbp|sek|nok|dkk)\b)\s?\d"
    r"|\d[\d.,]*\s?(?:[€$£¥₹₽₴₺₪円]|(?:eur|usd|chf|gbp|euro|zł|kč|kr|ft|lei|руб|грн|лв|tl)\b)",
    re.IGNORECASE,
)
_NO: Final = re.compile(r"\W*([^\W\d]+)[,;.!、，] ?(.+)")  # "Non, pas pour moi"
_SOMETHING_ELSE: Final = "… "  # the rest of a label is no label: "=yes" does not hold of it


class Meaning(Enum):
    """What pressing a button does to consent."""

    PAY = "pay"
    REJECT = "reject"
    NEEDED = "needed"
    SAVE = "save"
    SETTINGS = "settings"
    ACCEPT = "accept"
    SEEN = "seen"
    INFO = "info"
    OTHER = "other"


def meaning(label: str, *, spoken: Sequence[Language]) -> Meaning:
    """Returns what the label means in the languages its banner seems to be in, else in any."""
    if not label.strip() or len(label) > _LONGEST:
        return Meaning.OTHER
    if names_a_price(label):
        return Meaning.PAY
    likely = [one for one in spoken if one is spoken[0] or one.name == "signs"]
    if (says_no := _NO.match(label)) and _meant(fold(says_no[1]), likely) is Meaning.REJECT:
        rest = _meant(fold(says_no[2]), likely)
        return rest if rest in (Meaning.ACCEPT, Meaning.PAY, Meaning.SETTINGS) else Meaning.REJECT
    folded = fold(label)
    for said in (likely, spoken):
        if (found := _meant(folded, said)) is not Meaning.OTHER:
            return found
    return _meant_anywhere(folded)


@lru_cache(maxsize=4096)
def _meant_anywhere(folded: str) -> Meaning:
    """Tries all languages; a short word says "yes" in one and "no" in another: "está bien" is no Finnish "estä"."""
    known = writable(folded)
    found = _meant(folded, known)
    is_harmless = found in (Meaning.PAY, Meaning.ACCEPT, Meaning.INFO)
    return found if is_harmless or any(one.hints(found.value, folded=folded) for one in known) else Meaning.OTHER


def _meant(folded: str, spoken: Sequence[Language]) -> Meaning:
    """Tries one meaning after the other, since labels hold each other's words: "accept only necessary"."""
    if _says("pay", folded, spoken):
        return Meaning.PAY
    if _says("contrary", folded, spoken):
        return Meaning.ACCEPT
    if _says("reject", folded, spoken):
        return _refusing(folded, spoken)
    if _says("needed", folded, spoken):
        return Meaning.ACCEPT if _says("extra", folded, spoken) or _says("purpose", folded, spoken) else Meaning.NEEDED
    if _says("save", folded, spoken):
        return Meaning.ACCEPT if _says("all", folded, spoken) else Meaning.SAVE
    if _says("settings", folded, spoken):
        return Meaning.ACCEPT if _agrees_besides_its_nouns(folded, spoken) else Meaning.SETTINGS
    rest = (Meaning.ACCEPT, Meaning.SEEN, Meaning.INFO)
    return next((one for one in rest if _says(one.value, folded, spoken)), Meaning.OTHER)


def _says(subject: str, folded: str, spoken: Sequence[Language]) -> bool:
    return any(language.says(subject, folded=folded) for language in spoken)


def _without(subject: str, folded: str, spoken: Sequence[Language]) -> str:
    for language in spoken:
        folded = language.without(subject, folded=folded)
    return folded


def _refusing(folded: str, spoken: Sequence[Language]) -> Meaning:
    """Weighs a label that refuses in part: "accept all (you can still reject later)" does not refuse."""
    rest = f"{_without('reject', folded, spoken)}{_SOMETHING_ELSE}"
    if not _says("accept", rest, spoken):
        return Meaning.REJECT
    return Meaning.NEEDED if _says("needed", folded, spoken) else Meaning.ACCEPT


def _agrees_besides_its_nouns(folded: str, spoken: Sequence[Language]) -> bool:
    """Tells "accept settings" from "manage consent"."""
    return _says("accept", _without("noun", folded, spoken), spoken)


def meaning_beside_a_price(label: str, *, spoken: Sequence[Language], otherwise: Meaning) -> Meaning:
    """Weighs a label again where money is spoken of: "without tracking" is paid for, "manage or reject" leads on."""
    folded = fold(label)
    if _says("without", folded, spoken):
        return Meaning.PAY
    return Meaning.SETTINGS if _says("settings", folded, spoken) else otherwise


def names_a_price(text: str) -> bool:
    """Tells whether an amount of money stands in the text."""
    return _MONEY.search(text) is not None


def is_foreign(label: str, *, spoken: Sequence[Language]) -> bool:
    """Tells whether the label has words that no label of a consent banner has: "Accept the recipe".

    Known only of languages whose `plain` words are listed; other languages' labels never are.
    """
    if not spoken or not spoken[0].plain:
        return False
    return any(not _is_known(word, tuple(spoken)) for word in fold(label).split() if parts_words(word))


def _is_known(word: str, spoken: tuple[Language, ...]) -> bool:
    return (len(word) == 1 and not word.isdigit()) or any(one.knows(word) for one in spoken)
