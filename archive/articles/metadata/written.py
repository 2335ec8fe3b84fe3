"""Dates as people write them: month names of many languages, digits of any script, and some other calendars' years.

Month names are those of the CLDR (Babel). Beside the Gregorian calendar: the Buddhist years of Thailand, the Japanese
eras, the years of the Republic of China, the Solar Hijri calendar of Iran and Afghanistan, Nepal's Bikram Sambat, and,
where a line has no other date, the Islamic and the Hebrew calendar.
"""

import re
import unicodedata
from datetime import date
from functools import cache, lru_cache

from babel import Locale

from archive.articles.markup.text import fold, words
from archive.articles.metadata import calendars

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


def _numbered_names(*rows: str) -> dict[str, int]:
    """Return the place of each name in its row; other spellings of one follow behind strokes, `_` is a space."""
    named = ((name, number) for row in rows for number, names in enumerate(row.split(), 1) for name in names.split("/"))
    return {name.replace("_", " "): number for name, number in named}


_SOLAR_HIJRI = _numbered_names(
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
)
_ISLAMIC = _numbered_names(
    "محرم صفر ربيع_الأول ربيع_الآخر/ربيع_الثاني جمادى_الأولى جمادى_الآخرة/جمادى_الثانية رجب شعبان رمضان شوال"
    " ذو_القعدة/ذي_القعدة ذو_الحجة/ذي_الحجة"
)
_NEPALI = _numbered_names(
    "वैशाख/बैशाख/वैशाष जेठ/जेष्ठ/ज्येष्ठ असार/आषाढ साउन/श्रावण भदौ/भाद्र असोज/आश्विन कात्तिक/कार्तिक मंसिर/मङ्सिर/मार्ग"
    " पुस/पुष/पौष माघ फागुन/फाल्गुन चैत/चैत्र"
)
_HEBREW = _numbered_names(
    "ניסן אייר/איר סיוון/סיון תמוז אב/מנחם_אב אלול תשרי חשוון/חשון/מרחשוון כסלו/כסליו טבת שבט"
    " אדר/אדר_א/אדר_א׳ אדר_ב/אדר_ב׳"
)


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_ISLAMIC_DATE = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s+(?:من\s+)?({_any_of(_ISLAMIC)})\s*,?\s*(?:عام\s+|سنة\s+)?(1[34]\d\d)(?!\d)"
)
_HEBREW_DATE = re.compile(
    r"(?<!\w)([א-ל][׳']|[יכל][\"״][א-ט]|ט[\"״][וז])\s+ב?"
    rf"({_any_of(_HEBREW)})\s+(?:ה[׳']?)?(ת[א-ת]{{0,3}}[\"״][א-ת])(?!\w)"
)
_MAY_BE_DATE = re.compile(r"\d|ת[א-ת]{0,3}[\"״][א-ת]")  # Hebrew years are written in letters
_LETTER_NUMBERS = dict(
    zip("אבגדהוזחטיכלמנסעפצקרשת", [*range(1, 11), *range(20, 100, 10), *range(100, 500, 100)], strict=True)
)
_MONTH_FIRST_REGIONS = frozenset({"en", "en-us", "en-ph", "es-us"})


@lru_cache(maxsize=4_000)
def find(text: str, *, language: str | None = None) -> date | None:
    """Return the first date written in a short text, or None; `language` is a tag such as `pt-BR`."""
    text = _latin_digits(fold(text)[:300])
    if not _MAY_BE_DATE.search(text):
        return None
    tag = (language or "").lower().replace("_", "-")
    for attempt in (_east_asian, _vietnamese, _worded, _numbered, _islamic, _hebrew):
        try:
            found = attempt(text, tag)
        except (ValueError, OverflowError):
            continue
        if found is not None and 1600 <= found.year <= 2100:
            return found
    return None


def names_day_or_month(word: str) -> bool:
    """Tell whether a case-folded word is of the name of a month or of a day of the week, in any of the languages."""
    return word in _calendar_words()


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
        return calendars.solar_hijri(int(year), _SOLAR_HIJRI[key], int(day))
    if key in _NEPALI and calendars.is_nepali_year(int(year)):
        return calendars.nepali(int(year), _NEPALI[key], int(day))
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
            return calendars.solar_hijri(one, two, three)
        if tag.startswith("ne") and calendars.is_nepali_year(one):
            return calendars.nepali(one, two, three)
        return date(_gregorian_year(one), two, three)
    if len(match[4]) != 4 or len(match[1]) > 2:
        return None
    month_first = one <= 12 and (two > 12 or (match[2] == "/" and tag in _MONTH_FIRST_REGIONS))
    return date(_gregorian_year(three), one if month_first else two, two if month_first else one)


def _islamic(text: str, _tag: str) -> date | None:
    match = _ISLAMIC_DATE.search(text)
    return calendars.islamic(int(match[3]), _ISLAMIC[match[2]], int(match[1])) if match else None


def _hebrew(text: str, _tag: str) -> date | None:
    match = _HEBREW_DATE.search(text)
    if match is None:
        return None
    year, month, day = 5000 + _letter_number(match[3]), _HEBREW[match[2]], _letter_number(match[1])
    return calendars.hebrew(year, month, day)


def _letter_number(text: str) -> int:
    return sum(_LETTER_NUMBERS.get(sign, 0) for sign in text)


def _gregorian_year(year: int) -> int:
    return year - 543 if 2400 <= year <= 2700 else year


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


@cache
def _calendar_words() -> frozenset[str]:
    """Return the words of the names of months and days in all languages; read once, as all months are."""
    named = (Locale.parse(name) for name in _LANGUAGES)
    forms = (of for locale in named for of in (locale.months, locale.days))
    texts = (text for of in forms for width in of.values() for names in width.values() for text in names.values())
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]+", text.casefold()))
