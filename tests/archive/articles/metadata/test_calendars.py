"""Days of other calendars: known ones, the ends of months and years, and days that there are not."""

from datetime import date, timedelta

import pytest

from archive.articles.metadata.calendars import hebrew, islamic, nepali, solar_hijri


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (islamic(1400, 1, 1), date(1979, 11, 20)), (islamic(1446, 9, 1), date(2025, 3, 1)),
        (islamic(1461, 12, 29), date(2040, 1, 14)), (hebrew(5760, 7, 1), date(1999, 9, 11)),
        (hebrew(5785, 7, 1), date(2024, 10, 3)), (hebrew(5784, 12, 10), date(2024, 2, 19)),
        (hebrew(5784, 13, 1), date(2024, 3, 11)), (hebrew(5786, 1, 1), date(2026, 3, 19)),
        (nepali(2050, 1, 1), date(1993, 4, 13)), (nepali(2082, 9, 2), date(2025, 12, 17)),
        (solar_hijri(1403, 12, 30), date(2025, 3, 20)), (solar_hijri(1404, 1, 1), date(2025, 3, 21)),
    ],
)  # fmt: skip
def test_known_days(day, expected):
    """New years, leap months, and the first and last days of the tables."""
    assert day == expected


def test_every_month_begins_where_the_one_before_it_ends():
    """No day is told twice, and none is left out."""
    for year in range(1400, 1461):
        assert islamic(year + 1, 1, 1) - islamic(year, 1, 1) in {timedelta(days=days) for days in (353, 354, 355)}
    for year in range(2050, 2083):
        assert nepali(year + 1, 1, 1) - nepali(year, 1, 1) in {timedelta(days=365), timedelta(days=366)}
    for year in range(5700, 5800):
        assert (hebrew(year + 1, 7, 1) - hebrew(year, 7, 1)).days in {353, 354, 355, 383, 384, 385}
        assert hebrew(year, 7, 1).isoweekday() not in {7, 3, 5}


@pytest.mark.parametrize(
    ("calendar", "year", "month", "day"),
    [
        (islamic, 1399, 1, 1), (islamic, 1462, 1, 1), (islamic, 1446, 13, 1), (islamic, 1446, 1, 31),
        (islamic, 1446, 0, 1),
        (nepali, 2049, 1, 1), (nepali, 2084, 1, 1), (nepali, 2082, 1, 32), (nepali, 2082, 1, 0),
        (hebrew, 5785, 13, 1), (hebrew, 5785, 10, 30), (hebrew, 5785, 1, 31), (solar_hijri, 1404, 13, 1),
    ],
)  # fmt: skip
def test_days_that_are_not(calendar, year, month, day):
    """Beyond the tables, and beyond a month's end."""
    with pytest.raises(ValueError, match="no such"):
        calendar(year, month, day)
