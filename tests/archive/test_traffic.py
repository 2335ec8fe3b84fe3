"""Traffic: silence is counted only while someone asks, and a drip is silence."""

import pytest

from archive.traffic import Traffic


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_nobody_asks_so_nobody_is_silent():
    clock = Clock()
    traffic = Traffic(clock)
    assert traffic.silent() == 0.0
    with traffic.request():
        pass
    clock.now += 60
    assert traffic.silent() == 0.0


def test_silence_begins_with_the_question():
    clock = Clock()
    traffic = Traffic(clock)
    clock.now += 60
    with traffic.request():
        clock.now += 7
        assert traffic.silent() == 7.0


def test_bytes_are_movement_and_a_drip_is_none():
    """Sixty-four kilobytes at a time: a byte a second would never end."""
    clock = Clock()
    traffic = Traffic(clock)
    with traffic.request():
        clock.now += 40
        traffic.passed(65535)
        assert traffic.silent() == 40.0
        traffic.passed(1)
        assert traffic.silent() == 0.0


def test_a_request_that_ends_well_is_movement_and_one_that_fails_is_none():
    clock = Clock()
    traffic = Traffic(clock)
    with traffic.request():
        clock.now += 10
        with pytest.raises(ValueError, match="refused"), traffic.request():
            raise ValueError("refused")
        assert traffic.silent() == 10.0
        with traffic.request():
            clock.now += 5
        assert traffic.silent() == 0.0
