"""A small grammar: templates with slots, filled from the word lists of a language.

`{who}` is replaced by one of the language's `who` phrases, `{n}` by a number, `{person}` by a full name. All phrases
stand in the lists in the form in which the templates need them, so that no language needs inflection here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Everything the newspaper can say in one language.

    `offset` is the desk's distance from UTC in minutes. `space` parts sentences, `names` is the order of a name's two
    parts with its separator. `labels` are the words around an article.
    """

    code: str
    locale: str
    direction: str = "ltr"
    offset: int
    space: str = " "
    names: str = "{given} {family}"
    given: tuple[str, ...]
    family: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]
    sentences: tuple[str, ...]
    titles: tuple[str, ...]
    standfirsts: tuple[str, ...]
    subheads: tuple[str, ...]
    items: tuple[str, ...]
    quotes: tuple[str, ...]
    captions: tuple[str, ...]
    comments: tuple[str, ...]
    tags: tuple[str, ...]
    labels: Mapping[str, str]


def person(language: Language, *, rng: Random) -> str:
    """Returns a full name."""
    return language.names.format(given=rng.choice(language.given), family=rng.choice(language.family))


def phrase(language: Language, templates: tuple[str, ...], *, rng: Random) -> str:
    """Returns one template with its slots filled, the first letter in upper case."""

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "n":
            return str(rng.randint(3, 980))
        if name == "person":
            return person(language, rng=rng)
        return _SLOT.sub(fill, rng.choice(language.slots[name]))

    text = _SLOT.sub(fill, rng.choice(templates))
    return text[:1].upper() + text[1:]


def fresh(language: Language, templates: tuple[str, ...], *, rng: Random, used: set[str]) -> str:
    """Returns a phrase that is not yet in `used`, and puts it there."""
    for _ in range(10_000):
        text = phrase(language, templates, rng=rng)
        if text not in used:
            used.add(text)
            return text
    raise ValueError(f"the word lists of {language.code} are too small for so many different phrases")


def several(text: str) -> tuple[str, ...]:
    """Returns the phrases of a text in which each is parted from the next by a bar or a new line."""
    return tuple(part.strip() for part in re.split(r"[|\n]", text) if part.strip())
