"""The editions: one module a language, its word lists as data."""

from tests.newsroom.languages.en import ENGLISH
from tests.newsroom.words import Language

LANGUAGES: dict[str, Language] = {language.code: language for language in (ENGLISH,)}
