"""crawler.discovery.dates: read what is written, guess nothing."""

from datetime import UTC, datetime

import pytest

from crawler.discovery.dates import date_in_url, read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-06", datetime(2024, 5, 6, tzinfo=UTC)),
        ("2024-05-06T10:11Z", datetime(2024, 5, 6, 10, 11, tzinfo=UTC)),
        ("2024-05-06T10:11:12+02:00", datetime(2024, 5, 6, 8, 11, 12, tzinfo=UTC)),
        ("2024-05-06T10:11:12.5+0200", datetime(2024, 5, 6, 8, 11, 12, 500000, tzinfo=UTC)),
        ("2024-05-06T10:11:12.123456789Z", datetime(2024, 5, 6, 10, 11, 12, 123456, tzinfo=UTC)),
        ("2024-05-06T10:11:12", datetime(2024, 5, 6, 10, 11, 12, tzinfo=UTC)),
        (" 2024-05-06 10:11:12\n", datetime(2024, 5, 6, 10, 11, 12, tzinfo=UTC)),
        ("Mon, 06 May 2024 10:11:12 +0200", datetime(2024, 5, 6, 8, 11, 12, tzinfo=UTC)),
        ("06 May 2024 10:11:12 GMT", datetime(2024, 5, 6, 10, 11, 12, tzinfo=UTC)),
    ],
)
def test_w3c_and_rfc_dates_of_any_precision_are_read(text, expected):
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "yesterday",
        "0001-01-01T00:00:00",
        "1970-01-01",
        "2024-13-01",
        "2024-02-30",
        "9999-12-31T23:59:59-10:00",
        "0000-00-00",
        "1" * 100,
        "2024-05-06T10:11:12Zulu",
        "Mon, 99 May 2024 10:11:12",
        "{}",
    ],
)
def test_what_is_no_date_is_none(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2024/05/17/slug", datetime(2024, 5, 17, tzinfo=UTC)),
        ("/sport/2024-05-17-slug.html", datetime(2024, 5, 17, tzinfo=UTC)),
        ("/20240517/slug", datetime(2024, 5, 17, tzinfo=UTC)),
        ("/world/2024/may/17/slug", datetime(2024, 5, 17, tzinfo=UTC)),
        ("/2024/5/7/slug", datetime(2024, 5, 7, tzinfo=UTC)),
        ("/2024/05/slug", datetime(2024, 5, 1, tzinfo=UTC)),
        ("/2024/02/30/slug", None),
        ("/2024/xyz/17/", None),
        ("/2024/", None),
        ("/story-20240517123/", None),
        ("/slug", None),
        ("/?d=/2024/05/17/", None),
    ],
)
def test_the_date_in_a_path_is_read(path, expected):
    assert date_in_url(f"https://a.example{path}") == expected
