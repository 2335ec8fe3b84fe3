"""What a button means, by its label alone."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from crawler.consent.vocabulary import Language, fold, languages

_LONGEST: Final = 90  # characters; what says more is a text, not a label
_MONEY: Final = re.compile(
    r"(?:[€$£¥₹₽₴₺₪]|\b(?:eur|usd|chf|gbp|sek|nok|dkk)\b)\s?\d"
    r"|\d[\d.,]*\s?(?:[€$£¥₹₽₴₺₪円]|(?:eur|usd|chf|gbp|euro|zł|kč|kr|ft|lei|руб|грн|лв|tl)\b)",
    re.IGNORECASE,
)


class Meaning(Enum):
    """What pressing a button does to consent. In the order in which a label is tried: "accept only necessary"."""

    PAY = "pay"
    REJECT = "reject"
    NEEDED = "needed"
    SAVE = "save"
    SETTINGS = "settings"
    ACCEPT = "accept"
    SEEN = "seen"
    OTHER = "other"


_IN_ORDER: Final = tuple(meaning for meaning in Meaning if meaning is not Meaning.OTHER)


def meaning(label: str, *, spoken: Sequence[Language]) -> Meaning:
    """Returns what the label means in the languages its banner seems to be in, else in any."""
    if not label.strip() or len(label) > _LONGEST:
        return Meaning.OTHER
    if names_a_price(label):
        return Meaning.PAY
    folded = fold(label)
    return _first(folded, spoken) or _first(folded, tuple(languages().values())) or Meaning.OTHER


def _first(folded: str, spoken: Sequence[Language]) -> Meaning | None:
    for one in _IN_ORDER:
        if any(language.says(one.value, folded=folded) for language in spoken):
            return one
    return None


def names_a_price(text: str) -> bool:
    """Tells whether an amount of money stands in the text."""
    return _MONEY.search(text) is not None
