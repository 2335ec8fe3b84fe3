"""What a page kept is written so that ReplayWeb.page finds it again."""

import json
from typing import Any

import pytest

from archive.state import cookies, header

URL = "https://courier.example/2026/11/bridge.html"


def stored(**kept: Any) -> dict[str, Any]:
    return {"cookies": [], "localStorage": {}, "sessionStorage": {}, **kept}


def read(value: str | None) -> Any:
    """As ReplayWeb.page reads it: a JSON text within JSON."""
    assert value is not None
    return json.loads(json.loads(value)["storage"])


def test_storage_of_the_page_is_told_in_pairs() -> None:
    """Its own alone: what frames of others kept is theirs."""
    kept = {"https://courier.example": {"choice": "reject"}, "https://ads.example": {"id": "7"}}
    session = {"https://courier.example": {"seen": "ÿ"}}
    told = read(header(stored(localStorage=kept, sessionStorage=session), url=URL))
    assert told == {"local": [["choice", "reject"]], "session": [["seen", "ÿ"]]}


def test_a_page_that_kept_nothing_has_no_header() -> None:
    """Nor one of which only others kept something."""
    assert header(stored(localStorage={"https://ads.example": {"id": "7"}}), url=URL) is None


def test_what_is_too_large_for_a_header_is_left_out() -> None:
    """The choice stays, whatever else is kept; and readers can read the record."""
    items = {"choice": "reject", **{f"cache-{n}": '"<' * 3000 for n in range(9)}}
    value = header(stored(localStorage={"https://courier.example": items}), url=URL)
    assert read(value)["local"][0] == ["choice", "reject"]
    assert len(value or "") < 24_000


def test_it_may_stand_in_a_script() -> None:
    """ReplayWeb.page puts it into one, as it is."""
    value = header(stored(localStorage={"https://courier.example": {"a": "</script>\r\nWARC-Type: x"}}), url=URL)
    assert "<" not in (value or "")
    assert (value or "").isprintable()
    assert read(value)["local"] == [["a", "</script>\r\nWARC-Type: x"]]


COOKIE = {"name": "choice", "value": "reject", "domain": ".courier.example", "path": "/"}


@pytest.mark.parametrize(
    ("cookie", "told"),
    [
        (COOKIE, "choice=reject"),
        ({**COOKIE, "domain": "courier.example", "path": "/2026"}, "choice=reject"),
        ({**COOKIE, "path": "/2025"}, ""),
        ({**COOKIE, "domain": "other.example"}, ""),
        ({**COOKIE, "domain": "rier.example"}, ""),
        ({**COOKIE, "httpOnly": True}, ""),
        ({**COOKIE, "value": "</script>"}, ""),
    ],
)
def test_cookies_are_those_that_scripts_of_the_page_could_read(cookie: dict[str, Any], told: str) -> None:
    """By host and path; what cannot stand in a script is left out."""
    assert cookies(stored(cookies=[cookie]), url=URL) == told
