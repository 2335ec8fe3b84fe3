"""The headline in a page's address: most sites make the last part of it out of the words of the headline."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

_LEAST = 5  # words: of fewer, an address is as often made of what people search for
_LONGEST = 500
_PARTS = re.compile(r"[/.,;]")
_SPLIT = re.compile(r"[-_+\s]+")
_NUMBER = re.compile(r"\d{5,}|[a-z]{0,3}\d+[a-z\d]*\d")  # of the article, not of its headline
_WORD = re.compile(r"[a-z0-9]+")
_SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", **dict.fromkeys("'’‘`", None)})


def words_of(url: str | None) -> frozenset[str] | None:
    """Return the words of an address's last part that has any, in Latin letters; None where it has fewer than five."""
    try:
        path = unquote(urlsplit((url or "")[:8192]).path)[-_LONGEST:]
    except ValueError:
        return None
    part = max(_PARTS.split(path), key=lambda one: len(_SPLIT.findall(one)))
    found = (word for word in _SPLIT.split(_plain(part)) if word and not _NUMBER.fullmatch(word))
    words = frozenset(found)
    return words if len(words) >= _LEAST and all(map(_WORD.fullmatch, words)) else None


def spells(slug: frozenset[str], text: str) -> bool:
    """Tell whether each word of an address is one of the text's."""
    return slug <= set(_WORD.findall(_plain(text[:_LONGEST])))


def _plain(text: str) -> str:
    """Write letters as addresses do: small, without accents, umlauts as two letters."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text.casefold()).translate(_SPELLINGS))
    return "".join(letter for letter in text if not unicodedata.combining(letter))
