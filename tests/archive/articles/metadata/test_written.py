"""Dates as people write them, in many languages, scripts and calendars."""
# ruff: noqa: E501 -- a table that is easier to read in long lines

from datetime import date

import pytest

from archive.articles.metadata.written import find

DAY = date(2025, 12, 17)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "December 17, 2025"), ("en", "Wednesday, 17th of December 2025"), ("en-GB", "17 Dec 2025"),
        ("en-US", "12/17/2025"), ("en-GB", "17/12/2025"), ("de", "Mittwoch, 17. Dezember 2025"), ("de-AT", "17.12.2025"),
        ("fr", "le 17 décembre 2025 à 8h"), ("fr", "17 déc. 2025"), ("es", "17 de diciembre de 2025"),
        ("it", "17 dicembre 2025"), ("pt-BR", "17 de dezembro de 2025"), ("nl", "17 december 2025"),
        ("sv", "17 december 2025"), ("da", "17. december 2025"), ("nb", "17. desember 2025"), ("is", "17. desember 2025"),
        ("fi", "17. joulukuuta 2025"), ("et", "17. detsember 2025"), ("lv", "2025. gada 17. decembris"),
        ("lt", "2025 m. gruodžio 17 d."), ("pl", "17 grudnia 2025"), ("cs", "17. prosince 2025"),
        ("sk", "17. decembra 2025"), ("hu", "2025. december 17."), ("ro", "17 decembrie 2025"), ("bg", "17 декември 2025"),
        ("ru", "17 декабря 2025 г."), ("uk", "17 грудня 2025"), ("be", "17 снежня 2025"), ("sr", "17. децембар 2025."),
        ("hr", "17. prosinca 2025."), ("sl", "17. december 2025"), ("mk", "17 декември 2025"), ("sq", "17 dhjetor 2025"),
        ("el", "17 Δεκεμβρίου 2025"), ("tr", "17 Aralık 2025 Çarşamba"), ("az", "17 dekabr 2025"),
        ("ka", "17 დეკემბერი 2025"), ("hy", "17 դեկտեմբերի 2025"), ("he", "17 בדצמבר 2025"), ("ca", "17 de desembre del 2025"),
        ("ar", "١٧ ديسمبر ٢٠٢٥"), ("ar", "17 ديسمبر/كانون الأول 2025"), ("ar-SY", "17 كانون الأول 2025"),
        ("ur", "17 دسمبر 2025"), ("hi", "१७ दिसंबर २०२५"), ("bn", "১৭ ডিসেম্বর ২০২৫"), ("ta", "17 டிசம்பர் 2025"),
        ("ja", "2025年12月17日 08:00"), ("zh", "2025年12月17日"), ("ko", "2025년 12월 17일"), ("ko", "2025. 12. 17."),
        ("vi", "17 tháng 12, 2025"), ("id", "17 Desember 2025"), ("ms", "17 Disember 2025"), ("sw", "17 Desemba 2025"),
        ("cy", "17 Rhagfyr 2025"), ("ga", "17 Nollaig 2025"), ("kk", "17 желтоқсан 2025"),
    ],
)  # fmt: skip
def test_the_gregorian_calendar(language, text):
    """Months are named, numbered or shortened, in the digits of the script."""
    assert find(text, language=language) == DAY


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "17 ธันวาคม พ.ศ. 2568"), ("th", "๑๗ ธ.ค. ๒๕๖๘"), ("th", "17/12/2568"), ("ja", "令和7年12月17日"),
        ("ne", "२ पुस २०८२"), ("ne", "२०८२ पुस २ गते"), ("ne", "पुस २, २०८२"), ("ne", "२०८२/०९/०२"),
        ("ar", "26 جمادى الآخرة 1447 هـ"), ("ar", "الأربعاء ٢٦ من جمادى الثانية ١٤٤٧"), ("he", 'כ"ז בכסלו תשפ"ו'),
        ("he", "כ״ז כסלו התשפ״ו"), ("zh-TW", "民國114年12月17日"), ("fa", "۲۶ آذر ۱۴۰۴"), ("fa", "۱۴۰۴/۰۹/۲۶"), ("prs", "۲۶ قوس ۱۴۰۴"),
    ],
)  # fmt: skip
def test_years_of_other_calendars(language, text):
    """Buddhist years, Japanese eras, the Republic of China's years, and the Solar Hijri calendar."""
    assert find(text, language=language) == DAY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 فروردین 1400", date(2021, 3, 21)),
        ("30 اسفند 1403", date(2025, 3, 20)),
        ("1 فروردین 1404", date(2025, 3, 21)),
        ("11 شهریور 1357", date(1978, 9, 2)),
    ],
)
def test_solar_hijri_years_begin_in_spring(text, expected):
    """Leap years come as the calendar has them."""
    assert find(text, language="fa") == expected


def test_the_page_may_not_say_its_language():
    """A month's name is read where all languages that have it mean the same month."""
    assert find("17 grudnia 2025") == DAY
    assert find("3 listopad 2025") is None
    assert find("3 listopad 2025", language="pl") == date(2025, 11, 3)
    assert find("3. listopad 2025", language="hr") == date(2025, 10, 3)


def test_day_and_month_are_told_apart_by_the_language():
    """Only Americans write the month first; a number over twelve is no month for anybody."""
    assert find("03/04/2025", language="en-US") == date(2025, 3, 4)
    assert find("03/04/2025", language="en-GB") == date(2025, 4, 3)
    assert find("13/04/2025", language="en-US") == find("04/13/2025", language="en-GB") == date(2025, 4, 13)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "5 minutes ago", "31 February 2025", "Room 12 Main 2025", "2025", "99/99/9999"]
)
def test_what_is_no_date(text):
    """Numbers beside words make no date."""
    assert find(text, language="en") is None


def test_a_gregorian_day_goes_before_one_of_faith():
    """Papers that print both mean the same day; the Gregorian one is exact."""
    assert find("12 رمضان 1446 هـ - 17 ديسمبر 2025", language="ar") == DAY
    assert find("כ״ז בכסלו תשפ״ו, 17.12.2025", language="he") == DAY
