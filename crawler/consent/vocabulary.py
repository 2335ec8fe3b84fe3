"""The words of consent banners, in vocabulary.toml: which languages a text is in, and what is said of a subject."""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

_SIGNS: Final = "×✕✖✗╳⨉❌"
_MARKS: Final = (
    "\u0591-\u05c7\u0610-\u065f\u0900-\u0eff\u1000-\u109f"  # vowels that are no letters to `re`: Hebrew to Thai
)
_APART: Final = re.compile(rf"[^\w{_MARKS}{_SIGNS}]+|_+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")  # soft hyphens and their like: "Ab-lehnen"
_SEAM: Final = re.compile("(?<=[a-z0-9])(?=[\u0590-\uffff])|(?<=[\u0590-\uffff])(?=[a-z0-9])")  # 使用cookie来
_ALIKE: Final = str.maketrans({"ı": "i", "ς": "σ"})
_BEYOND_LATIN: Final = 0x370
_BEYOND_WORDS: Final = 0x0590  # from Hebrew on, a word may stand within another: only Hangul parts them, and inflects
_ALSO: Final[Mapping[str, str]] = {"no": "nb", "nn": "nb", "hr": "sr", "bs": "sr", "ms": "id"}
_GAP: Final = 40
_SHORT: Final = 3
_MOST_LANGUAGES: Final = 3
_OF_NONE: Final = frozenset(
    {"other", "soft", "context", "without", "purpose", "pressing", "thanks", "contrary"}
)  # what does not tell in which language a banner is
_DECLARED: Final = 2  # words that what a page says of its language counts for
_SHARED: Final = 6  # languages from which on a word tells none of them: "cookie"
_TELLING: Final = 6  # letters of a word that is looked for in languages the text is not in


def fold(text: str) -> str:
    """Returns the text's words in lower case, without accents and punctuation, a space before, between and behind."""
    seen = _UNSEEN.sub("", text.lower())
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", seen).translate(_ALIKE))
    words = _SEAM.sub(" ", unicodedata.normalize("NFC", plain))
    return f" {_APART.sub(' ', words).strip()} "


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
        stems = [text if parts_words(text) else text[1:] for text in texts]
        ends = "" if not written.endswith(".") else " "
        return cls(tuple(stem[:-1] + (ends if stem is stems[-1] else "") for stem in stems))

    @property
    def is_telling(self) -> bool:
        """Whether it is long enough to mean the same in a text of unknown language."""
        return not parts_words(self.parts[0]) or sum(len(part.strip()) for part in self.parts) >= _TELLING

    @property
    def words(self) -> list[str]:
        """Its single words, each as it is looked for: short ones only whole, since all begins with some letter."""
        if not parts_words(self.parts[0]):
            return [*self.parts]
        words = [word for part in self.parts for word in part.split()]
        return [f" {word}" if len(word) > _SHORT else f" {word} " for word in words]

    def span(self, folded: str) -> tuple[int, int] | None:
        """Returns where its first words begin and its last end, if the folded text has it."""
        at = self.place(folded)
        if at < 0:
            return None
        last = at if len(self.parts) == 1 else folded.find(self.parts[1], at + len(self.parts[0]) - 1)
        end = last + len(self.parts[-1])
        if parts_words(self.parts[-1]):
            end = folded.find(" ", end - self.parts[-1].endswith(" "))
        return at, end if end > at else len(folded)

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
    """One language's words, by what they are said for; `plain` are words of labels that say nothing by themselves.

    `scripts` are the blocks of 256 characters that it is written in, empty where those are Latin.
    """

    name: str
    phrases: Mapping[str, tuple[Phrase, ...]]
    plain: frozenset[str]
    scripts: frozenset[int]

    @classmethod
    def parse(cls, name: str, told: Mapping[str, Any]) -> "Language":
        """Reads one language of vocabulary.toml."""
        phrases = {
            subject: tuple(Phrase.parse(one) for one in written)
            for subject, written in told.items()
            if subject != "plain"
        }
        return cls(name, phrases, frozenset(fold(told.get("plain", "")).split()), _scripts(phrases))

    def without(self, subject: str, *, folded: str) -> str:
        """Returns the folded text without its phrases of this subject."""
        for phrase in self.phrases.get(subject, ()):
            while span := phrase.span(folded):
                folded = f"{folded[: span[0]].rstrip()} {folded[span[1] :].lstrip()}"
        return folded

    def knows(self, word: str) -> bool:
        """Tells whether a folded word may stand on a button of a consent banner."""
        padded = f" {word} "
        stems = (
            part
            for subject in self.phrases
            if subject not in _OF_NONE
            for one in self.phrases[subject]
            for part in one.words
        )
        return word in self.plain or any(stem in padded for stem in stems)

    def says(self, subject: str, *, folded: str) -> bool:
        """Tells whether the folded text has a phrase of this subject."""
        return any(phrase.place(folded) >= 0 for phrase in self.phrases.get(subject, ()))

    def hints(self, subject: str, *, folded: str) -> bool:
        """Tells whether the folded text has one of its longer phrases; short ones mean something else elsewhere."""
        return any(one.is_telling and one.place(folded) >= 0 for one in self.phrases.get(subject, ()))

    def count(self, subject: str, *, folded: str) -> int:
        """Tells how many different phrases of this subject the folded text has."""
        return sum(phrase.place(folded) >= 0 for phrase in self.phrases.get(subject, ()))

    def tells(self, folded: str) -> int:
        """Tells how many phrases the folded text has that speak for this language rather than for any."""
        return sum(
            phrase.place(folded) >= 0
            for subject, phrases in self.phrases.items()
            if subject not in _OF_NONE
            for phrase in phrases
            if phrase.parts not in _shared()
        )

    def places(self, subject: str, *, folded: str) -> list[int]:
        """Returns where the folded text first has each phrase of this subject that it has."""
        places = (phrase.place(folded) for phrase in self.phrases.get(subject, ()))
        return [place for place in places if place >= 0]


def _scripts(phrases: Mapping[str, tuple[Phrase, ...]]) -> frozenset[int]:
    found = [_blocks("".join(phrase.parts)) for of_subject in phrases.values() for phrase in of_subject]
    is_latin = sum(not blocks for blocks in found) * 4 > len(found)
    return frozenset() if is_latin else frozenset().union(*found)


def _blocks(text: str) -> frozenset[int]:
    """Returns the blocks of 256 characters that a text's letters beyond Latin are in."""
    return frozenset(ord(letter) >> 8 for letter in text if ord(letter) >= _BEYOND_LATIN)


@cache
def languages() -> Mapping[str, Language]:
    """Returns all languages of vocabulary.toml, by their code."""
    told = tomllib.loads(files("crawler.consent").joinpath("vocabulary.toml").read_text("utf-8"))
    return {name: Language.parse(name, words) for name, words in told.items()}


def is_known(code: str) -> bool:
    """Tells whether a page declares a language whose words we have, or none."""
    named = code.lower()[:2]
    return not named or _ALSO.get(named, named) in languages()


def parts_words(text: str) -> bool:
    """Tells whether the text is in a script whose words stand apart and begin with their stem."""
    return text.strip()[:1] < chr(_BEYOND_WORDS)


@lru_cache(maxsize=512)
def spoken(text: str, *, declared: str = "") -> tuple[Language, ...]:
    """Returns the languages that the text seems to be in, best first, English and symbols among them.

    `declared` is what the page says of itself ("de-AT"); banners often speak another language than their page.
    """
    folded = fold(text)
    named = declared.lower()[:2]
    named = _ALSO.get(named, named)
    scores = {one.name: one.tells(folded) + _DECLARED * (one.name == named) for one in writable(folded)}
    best = sorted(scores, key=lambda name: -scores[name])[:_MOST_LANGUAGES]
    return _known([*(name for name in best if scores[name]), named, "en", "signs"])


def writable(folded: str) -> tuple[Language, ...]:
    """Returns the languages that a folded text may be in by its letters."""
    return _written_in(_blocks(folded))


@lru_cache(maxsize=256)
def _written_in(blocks: frozenset[int]) -> tuple[Language, ...]:
    return tuple(one for one in languages().values() if not one.scripts or one.scripts & blocks)


@cache
def _shared() -> frozenset[tuple[str, ...]]:
    """Words that many languages have."""
    having = Counter(
        parts
        for one in languages().values()
        for parts in {phrase.parts for phrases in one.phrases.values() for phrase in phrases}
    )
    return frozenset(parts for parts, count in having.items() if count >= _SHARED)


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
