"""Who wrote it and when, where that stands above the text as a line of its own that no element names."""

import re
from collections.abc import Sequence
from itertools import takewhile

from archive.articles.markup.text import letters, words
from archive.articles.metadata import written

_MOST = 5  # lines above the text, its title among them
_RUNNING = 100  # characters of a line that is the text itself
_LONGEST = 120
_WORD = re.compile(r"[^\W_]+")
_SHORT = re.compile(r"[^\W\d_\u0900-\uffff]{1,3}")  # the words beside a date: at, on, Uhr, às, CET
# With what is written on to it: 4th, 14h05, 2021年5月4日.
_NUMBER = re.compile(r"\d+(?:[^\W\d_]{1,2}\d+)*[^\W\d_]{0,2}")
_BY = words("by von par por door przez автор text words written writer reporter reporting story fotos photos")
_AGO = words("ago yesterday geleden sedan siden temu назад тому vor gestern heute hace atrás ontem ieri")
_ABOUT = words("""
    published posted updated modified last first edited created date hours hour minutes minute mins days weeks months
    read reading time staff editor correspondent veröffentlicht erstellt aktualisiert stand publié publiée modifié
    publicado actualizado actualizada atualizado atualizada pubblicato aggiornato gepubliceerd bijgewerkt publicerad
    uppdaterad publisert oppdatert opublikowano aktualizacja опубликовано обновлено minuti uren lesezeit lectura leitura
    lecture lettura stunden minuten tagen heures jours horas días minutos giorni timmar timer
""")


def without_byline(lines: Sequence[str], *, authors: Sequence[str]) -> list[str]:
    """Leave out the lines above the text that say nothing but who wrote it and when."""
    head = list(takewhile(lambda line: len(line) < _RUNNING or _is_line(line, authors=authors), lines[:_MOST]))
    return [line for line in head if not _is_line(line, authors=authors)] + list(lines[len(head) :])


def _is_line(line: str, *, authors: Sequence[str]) -> bool:
    """Tell whether each word of a line belongs to a byline or a date, and it has a day, or a name beside a number."""
    if len(line) > _LONGEST:
        return False
    said = [word.casefold() for word in _WORD.findall(line)]
    if _AGO.isdisjoint(said) and not any(map(_has_digit, said)):
        return False
    named = {word.casefold() for author in authors for word in _WORD.findall(author)}
    if not all(word in named or _is_usual(word) for word in said):
        return False
    whole = letters(line)
    signed = any(letters(author) in whole for author in authors if author)
    return signed or not _AGO.isdisjoint(said) or written.find(line) is not None


def _is_usual(word: str) -> bool:
    return (
        _SHORT.fullmatch(word) is not None
        or _NUMBER.fullmatch(word) is not None
        or word in _BY
        or word in _AGO
        or word in _ABOUT
        or written.names_day_or_month(word)
    )


def _has_digit(word: str) -> bool:
    return any(map(str.isdecimal, word))
