"""Days of other calendars as Gregorian ones: Solar Hijri, Islamic (Umm al-Qura), Hebrew, and Bikram Sambat.

Where a calendar follows observation or decree, its months are tabled for the years of news on the web, and a year
beyond is no date: a day told wrong is worse than none.
"""

from datetime import date, timedelta


def _cells(table: str) -> list[str]:
    return table.split()


# Umm al-Qura, Saudi Arabia's civil calendar, 1400 to 1461: the long months of each year, the first in the last bit.
_ISLAMIC_FIRST, _ISLAMIC_EPOCH = 1400, date(1979, 11, 20)
_ISLAMIC = _cells("""
    d4b 52a a57 4ae 976 56c b55 aaa a55 4ad 95d 2da 5d9 db2 ba4 b4a a55 2b5 575 b6a bd2 bc4 b89 a95 52d 5ad b6a 6d4 dc9
    d92 aa6 956 2ae 56d 36a b55 aaa 94d 49d 95d 2ba 5b5 5aa d55 a9a 92e 26e 55d ada 6d4 6a5 54b a97 54e aae 5ac ba9 d92
    b25 64b cab 55a
""")
# Bikram Sambat, the calendar of Nepal, 2050 to 2083: days beyond 29 of each year's months.
_NEPALI_FIRST, _NEPALI_EPOCH = 2050, date(1993, 4, 13)
_NEPALI = _cells("""
    232321110102 222322101011 223222101011 232321110011 232321110102 223222101011 223231101011 232321110012 132321110102
    223222101011 223321101011 232321110012 222322010102 223222101011 223321101011 232321110012 222322011002 223222101011
    223321101011 232321110012 222322011011 223222101011 232321101011 232321110012 222322101011 223222101011 232321110011
    232321110102 222322101011 223222101011 232321110011 232321110102 223222101011 223222101011
""")
_HEBREW_EPOCH = -1_373_428  # days before the first of January of the year 1
_CYCLE, _CYCLE_MONTHS = 19, 235


def solar_hijri(year: int, month: int, day: int) -> date:
    """Return a day of Iran's calendar by its arithmetic leap years (right from 1206 to 1498)."""
    _check(month, of=12, day=day, days=31)
    year += 1595
    days = -356033 + 365 * year + year // 33 * 8 + (year % 33 + 3) // 4 + day
    days += (month - 1) * 31 if month < 7 else (month - 7) * 30 + 186
    return date(1, 1, 1) + timedelta(days=days - 1)


def islamic(year: int, month: int, day: int) -> date:
    """Return a day of the Umm al-Qura calendar, 1400 to 1461."""
    years = [[29 + (int(bits, 16) >> number & 1) for number in range(12)] for bits in _ISLAMIC]
    return _tabled(years, year - _ISLAMIC_FIRST, month, day, epoch=_ISLAMIC_EPOCH)


def nepali(year: int, month: int, day: int) -> date:
    """Return a day of Bikram Sambat, 2050 to 2083."""
    years = [[29 + int(digit) for digit in digits] for digits in _NEPALI]
    return _tabled(years, year - _NEPALI_FIRST, month, day, epoch=_NEPALI_EPOCH)


def is_nepali_year(year: int) -> bool:
    """Tell whether a year is one of those of Bikram Sambat that are tabled."""
    return 0 <= year - _NEPALI_FIRST < len(_NEPALI)


def _tabled(years: list[list[int]], place: int, month: int, day: int, *, epoch: date) -> date:
    if not 0 <= place < len(years):
        raise ValueError("no such year")
    _check(month, of=12, day=day, days=years[place][month - 1] if 1 <= month <= 12 else 0)
    before = sum(map(sum, years[:place])) + sum(years[place][: month - 1])
    return epoch + timedelta(days=before + day - 1)


def hebrew(year: int, month: int, day: int) -> date:
    """Return a day of the Hebrew calendar; months count from Nisan, so that Tishri is the 7th, Adar II the 13th.

    The arithmetic of Reingold and Dershowitz, Calendrical Calculations, chapter 8.
    """
    months = 13 if _is_hebrew_leap(year) else 12
    _check(month, of=months, day=day, days=30)
    if day > _hebrew_month(year, month):
        raise ValueError("no such day")
    following = [*range(7, months + 1), *range(1, 7)]
    before = sum(_hebrew_month(year, other) for other in following[: following.index(month)])
    return date(1, 1, 1) + timedelta(days=_HEBREW_EPOCH + _hebrew_new_year(year) + before + day - 1)


def _is_hebrew_leap(year: int) -> bool:
    return (7 * year + 1) % _CYCLE < 7


def _hebrew_new_year(year: int) -> int:
    """Return the days from the epoch to the first of Tishri."""
    return _hebrew_elapsed(year) + _hebrew_delay(year)


def _hebrew_elapsed(year: int) -> int:
    months = (_CYCLE_MONTHS * year - (_CYCLE_MONTHS - 1)) // _CYCLE
    parts = 12_084 + 13_753 * months
    days = 29 * months + parts // 25_920
    return days + 1 if 3 * (days + 1) % 7 < 3 else days


def _hebrew_delay(year: int) -> int:
    """Return the days by which a new year is put off, so that no year has 356 days or 382."""
    before, this, after = (_hebrew_elapsed(other) for other in (year - 1, year, year + 1))
    return 2 if after - this == 356 else 1 if this - before == 382 else 0


def _hebrew_month(year: int, month: int) -> int:
    length = _hebrew_new_year(year + 1) - _hebrew_new_year(year)
    if month == 8:
        return 30 if length in {355, 385} else 29
    if month == 9:
        return 29 if length in {353, 383} else 30
    if month == 12:
        return 30 if _is_hebrew_leap(year) else 29
    return 29 if month in {2, 4, 6, 10, 13} else 30


def _check(month: int, *, of: int, day: int, days: int) -> None:
    if not (1 <= month <= of and 1 <= day <= days):
        raise ValueError("no such day")
