"""The editions: one module a language, its word lists as data."""

from tests.newsroom.languages.ar import ARABIC
from tests.newsroom.languages.de import GERMAN
from tests.newsroom.languages.en import ENGLISH
from tests.newsroom.languages.es import SPANISH
from tests.newsroom.languages.fr import FRENCH
from tests.newsroom.languages.hi import HINDI
from tests.newsroom.languages.ja import JAPANESE
from tests.newsroom.languages.ru import RUSSIAN
from tests.newsroom.words import Language

LANGUAGES: dict[str, Language] = {
    language.code: language for language in (ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN, ARABIC, JAPANESE, HINDI)
}
