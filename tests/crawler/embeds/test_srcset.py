"""Which sizes of an image are kept: those that browsers load on ordinary screens."""

# ruff: noqa: E501  a table is read by its rows

import pytest

from crawler.embeds.screens import SCREENS, Screen, applies, length
from crawler.embeds.srcset import MOST_CANDIDATES, Candidate, candidates, chosen, slot_width

DESKTOP, SHARP, WIDE, PHONE = SCREENS


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("a.jpg", [Candidate("a.jpg", density=1.0)]),
        ("a.jpg, b.jpg 2x", [Candidate("a.jpg", density=1.0), Candidate("b.jpg", density=2.0)]),
        ("a.jpg 1x,b.jpg 1.5x", [Candidate("a.jpg", density=1.0), Candidate("b.jpg", density=1.5)]),
        (" \n a.jpg  400w ,\n b.jpg 800w ", [Candidate("a.jpg", width=400.0), Candidate("b.jpg", width=800.0)]),
        ("a.jpg 400w 300h", [Candidate("a.jpg", width=400.0)]),
        ("i/w_4,h_3/a.jpg 4w, b.jpg 8w", [Candidate("i/w_4,h_3/a.jpg", width=4.0), Candidate("b.jpg", width=8.0)]),
        ("data:image/gif;base64,R0l= 1x, b.jpg 2x", [Candidate("data:image/gif;base64,R0l=", density=1.0), Candidate("b.jpg", density=2.0)]),
        ("a.jpg 0w, b.jpg 5q", [Candidate("b.jpg", density=1.0)]),
        (",,,", []),
        ("", []),
    ],
)  # fmt: skip
def test_candidates_are_read_as_the_standard_says(written: str, found: list[Candidate]) -> None:
    """URLs may hold commas, descriptors may lack; what is broken is passed over."""
    assert candidates(written) == found


@pytest.mark.parametrize(
    ("query", "on_desktop", "on_phone"),
    [
        ("(max-width: 700px)", False, True),
        ("(min-width: 48em)", True, False),
        ("screen and (min-width:1000px)", True, False),
        ("only screen and (max-width: 400px)", False, True),
        ("print", False, False),
        ("not print", True, True),
        ("not all and (min-width: 1000px)", False, True),
        ("(width >= 700px)", True, False),
        ("(300px <= width < 1280px)", False, True),
        ("(min-width: 1000px), (orientation: portrait)", True, True),
        ("(orientation: landscape)", True, False),
        ("(prefers-color-scheme: dark)", False, False),
        ("(-webkit-min-device-pixel-ratio: 1.5)", False, True),
        ("(min-resolution: 192dpi)", False, True),
        ("(min-width: calc(40em + 20px))", True, False),
        ("(color-gamut: p3)", None, None),
        ("(min-width: 5parsec)", None, None),
        ("", True, True),
        ("((((", None, None),
    ],
)
def test_media_queries(query: str, on_desktop: bool | None, on_phone: bool | None) -> None:
    """True, false, or not known here."""
    assert (applies(query, screen=DESKTOP), applies(query, screen=PHONE)) == (on_desktop, on_phone)


@pytest.mark.parametrize(
    ("written", "pixels"),
    [
        ("700px", 700), ("50vw", 640), ("10em", 160), ("2rem", 32), ("100%", 1280), ("50vh", 400), ("0", 0),
        ("calc(100vw - 80px)", 1200), ("calc((100vw - 80px) / 3)", 400), ("calc(50vw*2 + -80px)", 1200),
        ("min(100vw, 700px)", 700), ("max(100vw,700px)", 1280), ("clamp(200px, 30vw, 300px)", 300),
        ("auto", None), ("", None), ("12quux", None), ("calc(1px", None), ("calc(1px / 0)", None), ("-" * 50 + "1px", None),
        ("(" * 50 + "1px" + ")" * 50, None),
    ],
)  # fmt: skip
def test_lengths(written: str, pixels: float | None) -> None:
    """Units and sums come to pixels on a screen of 1280 by 800; anything else is not known."""
    assert length(written, screen=DESKTOP) == pixels


@pytest.mark.parametrize(
    ("sizes", "desktop", "phone"),
    [
        ("", 1280, 390),
        ("100vw", 1280, 390),
        ("(max-width: 700px) 100vw, 700px", 700, 390),
        ("(min-width: 1000px) calc((100vw - 80px) / 2), 50vw", 600, 195),
        ("(color-gamut: p3) 10px, 300px", 300, 300),
        ("nonsense, 200px", 200, 200),
        ("auto, 320px", 320, 320),
    ],
)
def test_slots(sizes: str, desktop: float, phone: float) -> None:
    """The first entry that holds tells how wide an image is shown."""
    assert (slot_width(sizes, screen=DESKTOP), slot_width(sizes, screen=PHONE)) == (desktop, phone)


WIDTHS = ", ".join(f"{width}.jpg {width}w" for width in (200, 400, 600, 800, 1000, 1200, 1600, 2000, 2400, 3000))


@pytest.mark.parametrize(
    ("written", "sizes", "screen", "url"),
    [
        (WIDTHS, "100vw", DESKTOP, "1600.jpg"),
        (WIDTHS, "100vw", SHARP, "2400.jpg"),
        (WIDTHS, "100vw", WIDE, "2000.jpg"),
        (WIDTHS, "100vw", PHONE, "800.jpg"),
        (WIDTHS, "(max-width: 700px) 100vw, 700px", DESKTOP, "800.jpg"),
        (WIDTHS, "(max-width: 700px) 100vw, 700px", SHARP, "1600.jpg"),
        ("a 1x, b 2x, c 3x", "", DESKTOP, "a"),
        ("a 1x, b 2x, c 3x", "", SHARP, "b"),
        ("a 3x", "", DESKTOP, "a"),
        ("b 2x, a", "", DESKTOP, "a"),
    ],
)
def test_the_choice_is_that_of_chromium(written: str, sizes: str, screen: Screen, url: str) -> None:
    """At a density of one the smallest that is large enough, above it the nearest by geometric mean."""
    assert chosen(candidates(written), sizes=sizes, screens=[screen]) == [url]


def test_of_ten_sizes_four_are_kept() -> None:
    """One for each of the screens, in the order of the srcset."""
    assert chosen(candidates(WIDTHS), sizes="100vw") == ["800.jpg", "1600.jpg", "2000.jpg", "2400.jpg"]
    assert chosen(candidates("a 1x, b 2x, c 3x"), sizes="") == ["a", "b"]


def test_endless_candidates_are_bounded() -> None:
    """So many are read, whatever comes."""
    assert len(candidates("a 1x," * 100_000)) == MOST_CANDIDATES
    assert len(candidates("a(" * 100_000)) <= MOST_CANDIDATES
