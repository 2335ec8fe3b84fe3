"""Dates as people write them: month names of many languages, digits of any script, and some other calendars' years.

Month names are those of the CLDR (Babel). Beside the Gregorian calendar: the Buddhist years of Thailand, the Japanese
eras, the years of the Republic of China, and the Solar Hijri calendar of Iran and Afghanistan.
"""

import re
import unicodedata
from datetime import date, timedelta
from functools import cache, lru_cache

from babel import Locale

from archive.articles.text import fold, words

# Those whose months are read where the page's own language, and English, know none.
_LANGUAGES = sorted(
    words("""
    en de fr es it pt nl sv da nb nn fi is et lv lt pl cs sk hu ro bg ru uk be sr
    hr bs sl mk sq el tr az ar ar_SY ar_DZ fa he hi bn ur ta te ml mr gu kn pa ne si th
    id ms vi sw af ca eu gl cy ga hy ka kk uz sr_Latn lb mt fil am km lo my
    """)
)
_WORD = r"[^\W\d_][^\d\s,;:|/()]{1,20}"
_GLUE = r"(?:\s*(?:de|del|d['’]|of|ta['’]|di|den|the|i|gada|m\.|г\.|พ\.ศ\.?|ค\.ศ\.?)(?=[\s\d]|$))?"
_ORDINAL = r"(?:st|nd|rd|th|er|ère|e|º|ª|°|:?a|\.|-?го|-?е|-ro|d\.?)?"
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}}){_ORDINAL}{_GLUE}\s*(?:d['’])?({_WORD})((?:\s{_WORD}|/[^\d/]{{3,16}})?)\.?,?{_GLUE}\s*(\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(rf"({_WORD})\.?\s+(\d{{1,2}}){_ORDINAL},?{_GLUE}\s+(\d{{4}})(?!\d)", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"(?<!\d)(\d{{4}})\.?,?{_GLUE}\s+({_WORD})\s+(\d{{1,2}})(?!\d)", re.IGNORECASE)
_YEAR_DAY = re.compile(rf"(?<!\d)(\d{{4}})\.{_GLUE}\s+(\d{{1,2}})\.\s+({_WORD})", re.IGNORECASE)  # Latvian
_EAST_ASIAN = re.compile(
    r"(令和|平成|昭和|民國|民国)?\s*(\d{1,4}|元)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*(?:[日일號号]|(?!\d))"
)
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s*tháng\s*(\d{1,2}),?\s*(?:năm\s*)?(\d{4})(?!\d)", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})(?!\d)")
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_SOLAR_HIJRI = {
    name: number
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    )
    for number, name in enumerate(names.split(), 1)
}
_MONTH_FIRST_REGIONS = frozenset({"en", "en-us", "en-ph", "es-us"})


@lru_cache(maxsize=4_000)
def find(text: str, *, language: str | None = None) -> date | None:
    """Return the first date written in a short text, or None; `language` is a tag such as `pt-BR`."""
    text = _latin_digits(fold(text)[:300])
    if not re.search(r"\d", text):
        return None
    tag = (language or "").lower().replace("_", "-")
    for attempt in (_east_asian, _vietnamese, _worded, _numbered):
        try:
            found = attempt(text, tag)
        except (ValueError, OverflowError):
            continue
        if found is not None and 1600 <= found.year <= 2100:
            return found
    return None


def _latin_digits(text: str) -> str:
    """Write the digits of every script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def _east_asian(text: str, _tag: str) -> date | None:
    match = _EAST_ASIAN.search(text)
    if match is None:
        return None
    year = 1 if match[2] == "元" else int(match[2])
    return date(_gregorian_year(year + _ERAS.get(match[1], 0)), int(match[3]), int(match[4]))


def _vietnamese(text: str, _tag: str) -> date | None:
    match = _VIETNAMESE.search(text)
    return date(int(match[3]), int(match[2]), int(match[1])) if match else None


def _worded(text: str, tag: str) -> date | None:
    for match in _DAY_FIRST.finditer(text):
        found = _made(match[4], word=match[2], more=match[3], day=match[1], tag=tag)
        if found:
            return found
    for pattern, (year, word, day) in ((_MONTH_FIRST, (3, 1, 2)), (_YEAR_FIRST, (1, 2, 3)), (_YEAR_DAY, (1, 3, 2))):
        for match in pattern.finditer(text):
            found = _made(match[year], word=match[word], more="", day=match[day], tag=tag)
            if found:
                return found
    return None


def _made(year: str, *, word: str, more: str, day: str, tag: str) -> date | None:
    key = _key(word)
    if key in _SOLAR_HIJRI and int(year) < 1600:
        return _solar_hijri(int(year), _SOLAR_HIJRI[key], int(day))
    month = _month(word + more, tag=tag) or _month(word, tag=tag)
    return date(_gregorian_year(int(year)), month, int(day)) if month else None


def _numbered(text: str, tag: str) -> date | None:
    """Read three numbers; day and month are told apart by the language where both could be either."""
    match = _NUMBERS.search(text)
    if match is None:
        return None
    one, two, three = int(match[1]), int(match[3]), int(match[4])
    if len(match[1]) == 4:
        if 1300 <= one < 1500 and tag.startswith(("fa", "ps", "prs")):
            return _solar_hijri(one, two, three)
        return date(_gregorian_year(one), two, three)
    if len(match[4]) != 4 or len(match[1]) > 2:
        return None
    month_first = one <= 12 and (two > 12 or (match[2] == "/" and tag in _MONTH_FIRST_REGIONS))
    return date(_gregorian_year(three), one if month_first else two, two if month_first else one)


def _gregorian_year(year: int) -> int:
    return year - 543 if 2400 <= year <= 2700 else year


def _solar_hijri(year: int, month: int, day: int) -> date:
    """Convert a date of the Solar Hijri calendar by its arithmetic leap years (right from 1206 to 1498)."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError("no such day")
    year += 1595
    days = -356033 + 365 * year + year // 33 * 8 + (year % 33 + 3) // 4 + day
    days += (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186
    return date(1, 1, 1) + timedelta(days=days - 1)


def _month(word: str, *, tag: str) -> int | None:
    key = _key(word)
    for language in dict.fromkeys((tag.split("-")[0], "en")):
        if language in _LANGUAGES:
            for spelling in (key, key.removeprefix("ב")):
                if spelling in _months(language):
                    return _months(language)[spelling]
    return _all_months().get(key)


def _key(word: str) -> str:
    """Return a month's name as it is compared: without case, dots, accents on capitals, or a comma behind it."""
    return (
        fold(unicodedata.normalize("NFKC", word).replace("İ", "i").split("/")[0])
        .lower()
        .strip("., '’")
        .replace(".", "")
    )


@cache
def _months(language: str) -> dict[str, int]:
    """Return the months of a language by every form of their names; Arabic has three sets of them."""
    found: dict[str, int] = {}
    for name in (other for other in _LANGUAGES if other == language or other.startswith(f"{language}_")):
        for forms in Locale.parse(name).months.values():
            for width in ("wide", "abbreviated"):
                found.update((_key(text), number) for number, text in forms[width].items() if len(_key(text)) > 1)
    return {key: number for key, number in found.items() if not key.isdecimal()} | _ALSO.get(language, {})


_ALSO = {"en": {"sept": 9}, "de": {"jänner": 1, "feber": 2, "maerz": 3}, "es": {"setiembre": 9}}


@cache
def _all_months() -> dict[str, int]:
    """Return the names that mean the same month in every language that has them; read once, in some 300 ms."""
    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for key, number in _months(language).items():
            found.setdefault(key, set()).add(number)
    return {key: next(iter(numbers)) for key, numbers in found.items() if len(numbers) == 1}
