"""The words of consent banners, in vocabulary.toml: which languages a text is in, and what is said of a subject."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_SIGNS: Final = "×✕✖✗╳⨉❌"
_MARKS: Final = (
    "\u0591-\u05c7\u0610-\u065f\u0900-\u0eff\u1000-\u109f"  # vowels that are no letters to `re`: Hebrew to Thai
)
_APART: Final = re.compile(rf"[^\w{_MARKS}{_SIGNS}]+|_+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_ALIKE: Final = str.maketrans({"ı": "i", "ς": "σ"})
_BEYOND_WORDS: Final = 0x0590  # from Hebrew on, a word may stand within another: only Hangul parts them, and inflects
_GAP: Final = 40
_MOST_LANGUAGES: Final = 3


def fold(text: str) -> str:
    """Returns the text's words in lower case, without accents and punctuation, a space before, between and behind."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()).translate(_ALIKE))
    return f" {_APART.sub(' ', unicodedata.normalize('NFC', plain)).strip()} "


@dataclass(frozen=True, slots=True)
class Phrase:
    """One entry of the vocabulary, ready to be looked for in a folded text."""

    parts: tuple[str, ...]
    is_all: bool = False

    @classmethod
    def parse(cls, written: str) -> "Phrase":
        """Reads the notation that vocabulary.toml explains at its head."""
        if written.startswith("="):
            return cls((fold(written[1:]),), is_all=True)
        texts = [fold(part) for part in written.split("*")]
        stems = [text if text.strip()[:1] < chr(_BEYOND_WORDS) else text[1:] for text in texts]
        ends = "" if not written.endswith(".") else " "
        return cls(tuple(stem[:-1] + (ends if stem is stems[-1] else "") for stem in stems))

    def place(self, folded: str) -> int:
        """Returns where the folded text has it first; -1 where it does not."""
        if self.is_all:
            return 0 if folded == self.parts[0] else -1
        at = folded.find(self.parts[0])
        if len(self.parts) == 1 or at < 0:
            return at
        behind = folded[at + len(self.parts[0]) - 1 :][: _GAP + len(self.parts[1])]
        return at if self.parts[1] in behind else -1


@dataclass(frozen=True, slots=True)
class Language:
    """One language's words, by what they are said for."""

    name: str
    phrases: Mapping[str, tuple[Phrase, ...]]

    def says(self, subject: str, *, folded: str) -> bool:
        """Tells whether the folded text has a phrase of this subject."""
        return any(phrase.place(folded) >= 0 for phrase in self.phrases.get(subject, ()))

    def count(self, subject: str, *, folded: str) -> int:
        """Tells how many different phrases of this subject the folded text has."""
        return sum(phrase.place(folded) >= 0 for phrase in self.phrases.get(subject, ()))

    def places(self, subject: str, *, folded: str) -> list[int]:
        """Returns where the folded text first has each phrase of this subject that it has."""
        places = (phrase.place(folded) for phrase in self.phrases.get(subject, ()))
        return [place for place in places if place >= 0]


@cache
def languages() -> Mapping[str, Language]:
    """Returns all languages of vocabulary.toml, by their code."""
    told = tomllib.loads(files("crawler.consent").joinpath("vocabulary.toml").read_text("utf-8"))
    return {
        name: Language(
            name, {subject: tuple(Phrase.parse(phrase) for phrase in phrases) for subject, phrases in words.items()}
        )
        for name, words in told.items()
    }


def spoken(text: str, *, declared: str = "") -> tuple[Language, ...]:
    """Returns the languages that the text seems to be in, best first, English and symbols among them.

    `declared` is what the page says of itself ("de-AT"); banners often speak another language than their page.
    """
    folded = fold(text)
    known = languages()
    scores = {
        name: sum(one.count(subject, folded=folded) for subject in one.phrases if subject != "other")
        for name, one in known.items()
    }
    best = sorted(scores, key=lambda name: -scores[name])[:_MOST_LANGUAGES]
    named = [declared.lower()[:2].replace("no", "nb").replace("hr", "sr").replace("bs", "sr")]
    return _known([*(name for name in best if scores[name]), *named, "en", "signs"])


def _known(names: Iterable[str]) -> tuple[Language, ...]:
    known = languages()
    return tuple(known[name] for name in dict.fromkeys(names) if name in known)


@cache
def consent_words() -> tuple[str, ...]:
    """Returns what a page's text is searched for, folded and in all languages: the first sign of a consent banner."""
    return tuple(
        dict.fromkeys(
            phrase.parts[0].strip()
            for one in languages().values()
            for phrase in one.phrases.get("subject", ())
            if len(phrase.parts) == 1
        )
    )
