"""Dates as precise as they are written."""

import pytest

from archive.articles.metadata.dates import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-10", "2026-03-10"),
        ("2026-03-10T21:14:05Z", "2026-03-10T21:14:05+00:00"),
        ("2026-03-10T21:14:05.123Z", "2026-03-10T21:14:05+00:00"),
        ("2026-03-10T21:14+0530", "2026-03-10T21:14:00+05:30"),
        ("2026-03-10T21:14:05-07", "2026-03-10T21:14:05-07:00"),
        ("2026-03-10 21:14:05", "2026-03-10T21:14:05"),
        ("2026-03-10 21:14:05 UTC", "2026-03-10T21:14:05+00:00"),
        ("2026-03-10T9:05", "2026-03-10T09:05:00"),
        ("20260310", "2026-03-10"),
        ("20260310T211405Z", "2026-03-10T21:14:05+00:00"),
        ("2026/3/9 7:05", "2026-03-09T07:05:00"),
        ("Tue, 10 Mar 2026 21:14:05 +0100", "2026-03-10T21:14:05+01:00"),
    ],
)
def test_dates_for_machines(text, expected):
    """A day stays a day, a local time stays local, an offset stays."""
    moment = parse(text)
    assert moment is not None
    assert moment.iso() == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01", "2026-02-30", "0000-00-00", "1199-01-01", "-1", "9" * 80]
)
def test_what_is_no_date(text):
    """Nonsense is no date."""
    assert parse(text) is None
