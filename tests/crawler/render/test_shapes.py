"""The memory of which URLs need a browser."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.render.shapes import Look, Shapes, shape_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://valley.example/", "valley.example/"),
        ("https://Valley.example/2026/11/22/the-ferry-runs-again", "valley.example/0/0/0/*"),
        ("https://valley.example/news/the-ferry-runs-again-48211.html", "valley.example/news/*.html"),
        ("https://valley.example/app/story/4711?ref=home&id=3", "valley.example/app/story/0?id&ref"),
        ("https://valley.example/r%C3%A9gion/Story_One", "valley.example/*/*"),
    ],
)
def test_the_shape_of_a_url(url: str, shape: str) -> None:
    """Names stay, numbers are 0, titles are *."""
    assert shape_of(url) == shape


def test_a_shape_is_believed_after_three_pages_that_agree() -> None:
    """Then its pages go to the browser at once; other shapes do not."""
    shapes = Shapes({})
    for number in range(3):
        assert not shapes.goes_to_browser("https://valley.example/app/9", now=NOW)
        shapes.saw(f"https://valley.example/app/{number}", hollow=True, at=NOW)
    assert shapes.goes_to_browser("https://valley.example/app/9", now=NOW)
    assert not shapes.goes_to_browser("https://valley.example/news/9", now=NOW)


def test_a_shape_of_both_kinds_is_judged_page_by_page() -> None:
    """One plain page in four is enough."""
    shapes = Shapes({})
    for number in range(8):
        shapes.saw(f"https://valley.example/news/{number}", hollow=number % 4 > 0, at=NOW)
    assert not shapes.goes_to_browser("https://valley.example/news/9", now=NOW)
    assert shapes.was_hollow("https://valley.example/news/9")
    assert not shapes.was_hollow("https://valley.example/sport/9")


def test_after_a_week_one_page_is_looked_at_again() -> None:
    """A site that was rebuilt is found out; one that was not stays as it was."""
    old = Look(looks=5, hollow=5, at=NOW - timedelta(days=8))
    shapes = Shapes({"valley.example/app/0": old})
    assert not shapes.goes_to_browser("https://valley.example/app/1", now=NOW)
    assert shapes.goes_to_browser("https://valley.example/app/2", now=NOW)
    shapes.saw("https://valley.example/app/1", hollow=False, at=NOW)
    assert not shapes.goes_to_browser("https://valley.example/app/3", now=NOW)


def test_what_was_learned_is_told_of_shapes_that_were_hollow() -> None:
    """With absolute numbers, so that telling it twice changes nothing."""
    shapes = Shapes({"valley.example/app/0": Look(looks=2, hollow=2, at=NOW - timedelta(days=1))})
    shapes.saw("https://valley.example/app/1", hollow=True, at=NOW)
    shapes.saw("https://valley.example/news/1", hollow=False, at=NOW)
    assert shapes.told() == [
        {"note": "shape", "shape": "valley.example/app/0", "looks": 3, "hollow": 3, "at": "2026-11-22T12:00:00+00:00"}
    ]


def test_old_looks_fade() -> None:
    """A shape that turned plain is believed to be so before it was looked at as often as before."""
    shapes = Shapes({"valley.example/app/0": Look(looks=20, hollow=20, at=NOW)})
    for number in range(2):
        shapes.saw(f"https://valley.example/app/{number}", hollow=False, at=NOW)
    assert not shapes.goes_to_browser("https://valley.example/app/9", now=NOW)
