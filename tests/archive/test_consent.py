"""What was done about a banner, as records and articles tell it."""

import pytest

from archive.consent import Consent


def test_it_is_read_as_it_was_told() -> None:
    """All of it, and nothing of fields that a later version may add."""
    consent = Consent(
        outcome="rejected", platform="klaro", action="rule", label="I decline", clicks=1, milliseconds=412
    )
    assert consent.told() == {
        "outcome": "rejected",
        "platform": "klaro",
        "action": "rule",
        "label": "I decline",
        "clicks": 1,
        "milliseconds": 412,
    }
    assert Consent.parse({**consent.told(), "later": 1}) == consent


def test_what_no_banner_can_come_to_is_refused() -> None:
    """An outcome is one of the closed list."""
    with pytest.raises(ValueError, match="'won' is no outcome of a consent banner"):
        Consent.parse({"outcome": "won"})
