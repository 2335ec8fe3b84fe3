"""Dates that a page shows its readers: beside the headline, and anywhere else on a line of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from archive.articles.markup.page import Page
from archive.articles.markup.runs import Run, is_within
from archive.articles.metadata import written

_SAYS_CHANGED = re.compile(
    r"updated?\b|modified|revised|reviewed|aktualisiert|geändert|mis à jour|modifié|actualizad|atualizad|modificado|"
    r"aggiornat|bijgewerkt|gewijzigd|oppdatert|uppdaterad|opdateret|päivitetty|zaktualizowano|aktualizovan|"
    r"frissítve|actualizat|обновлен|изменен|оновлен|güncelle|更新|수정|업데이트|cập nhật|diperbarui|تحديث|به‌روز|"
    r"עודכן|अपडेट|อัปเดต|ενημέρωση",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}|年|\d[/.]\d{1,2}[/.]\d|ת[א-ת]{0,3}[\"״][א-ת]")  # Hebrew years are written in letters
_LONGEST_LINE = 120
_BRIEF = 60  # characters of a line that is about its date; what is longer may tell of another day
_RIGHTS = re.compile(r"©|\(c\)|copyright|all rights", re.IGNORECASE)
_PICTURES = ("figure", "figcaption", "blockquote")
_MOST_LINES = 200  # that may hold a date, of those that are read


@dataclass(frozen=True, slots=True)
class Shown:
    """A date as the page shows it: `changed` if said to be of the last change, `brief` if its line says little else."""

    day: date
    changed: bool
    brief: bool


def beside(page: Page) -> Iterator[Shown]:
    """Yield the dates of the headline's neighbourhood."""
    headline = page.headline
    if headline is None:
        return
    for shown, run in _dated(page, span=page.near):
        if not is_within(run.element, outer=headline) and not page.is_foreign(run.element):
            yield shown


def elsewhere(page: Page) -> list[Shown]:
    """Return the dates that have a line to themselves: the article's own, else the only one that its page has."""
    lines = [
        (line, page.is_foreign(run.element)) for line, run in _dated(page, span=range(len(page.runs))) if line.brief
    ]
    mine = [line for line, is_foreign in lines if not is_foreign]
    return mine if mine or len({line.day for line, _ in lines}) > 1 else [line for line, _ in lines]


def _dated(page: Page, *, span: range) -> Iterator[tuple[Shown, Run]]:
    runs, language = page.runs, page.declared_language
    lines = (number for number in span if len(runs[number].text) <= _LONGEST_LINE and _YEAR.search(runs[number].text))
    for number in islice(lines, _MOST_LINES):
        run = runs[number]
        day = written.find(run.text, language=language)
        if day is not None:
            changed = _SAYS_CHANGED.search(f"{_label(runs, number=number)} {run.text}") is not None
            yield Shown(day, changed, _is_brief(run)), run


def _label(runs: list[Run], *, number: int) -> str:
    """Return what stands right before a line and may say what its date is of: no date itself."""
    before = runs[number - 1].text if number else ""
    return "" if len(before) <= _LONGEST_LINE and _YEAR.search(before) else before[-40:]


def _is_brief(run: Run) -> bool:
    return (
        len(run.text) <= _BRIEF
        and _RIGHTS.search(run.text) is None
        and not any(True for _ in run.element.iterancestors(*_PICTURES))
    )
