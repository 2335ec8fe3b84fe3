"""A site's own layouts win where they select anything, and only there and then."""

from datetime import date
from typing import Any

import pytest

from archive.articles import Hints, extract
from archive.articles.layout import Layout, digest, of_day

SENTENCES = [
    f"Sentence {number} of the story tells what the council said about the new ferry on the lake."
    for number in range(8)
]
PAGE = f"""<html lang="en"><head><title>Wrong title</title><meta property="og:type" content="article">
<meta property="og:title" content="Wrong title"></head><body><div class="top"><b class="head">The ferry sails</b>
<i class="who">By Ada Lane and Otto Berg</i><span class="when" title="2026-03-01T09:30">yesterday</span></div>
<div class="story"><p>{SENTENCES[0]}</p><div class="ad">Buy a boat today, for less.</div><p>{SENTENCES[1]}</p>
<script>let a = 1</script><p>{SENTENCES[2]}</p></div>
<article>{"".join(f"<p>{sentence}</p>" for sentence in SENTENCES[3:])}</article></body></html>"""
URL = "https://courier.example/2026/03/01/ferry"


def read(*layouts: Layout, **hints: Any) -> Any:
    found = extract(PAGE, URL, hints=Hints(layouts=layouts, **hints))
    assert found is not None
    return found


def test_what_a_layout_selects_wins() -> None:
    layout = Layout(title=".head", authors=".who", published=".when", body="div.story", drop=(".ad",))
    found = read(layout, timezone="Europe/Berlin")
    assert (found.title, found.authors) == ("The ferry sails", ("Ada Lane", "Otto Berg"))
    assert found.published == "2026-03-01T09:30:00+01:00"
    assert found.text == "\n\n".join(SENTENCES[:3])
    assert {name: found.sources[name] for name in ("title", "authors", "text")} == dict.fromkeys(
        ("title", "authors", "text"), "layout"
    )
    assert found.sources["published"] == "layout+timezone"


def test_where_a_layout_selects_nothing_the_page_is_read_as_ever() -> None:
    assert read(Layout(title=".no", authors=".no", published=".no", body=".no", drop=("p",))) == read()


def test_the_first_layout_that_selects_something_is_taken() -> None:
    assert read(Layout(title=".no", body="article"), Layout(title=".head", body="div.story")).title == "The ferry sails"
    assert read(Layout(body=".no"), Layout(body="div.story", drop=(".ad",))).text.startswith(SENTENCES[0])


def test_elements_within_each_other_give_their_text_once() -> None:
    assert read(Layout(body="div.story, div.story p", drop=("div.ad",))).text == "\n\n".join(SENTENCES[:3])


@pytest.mark.parametrize(
    ("day", "chosen"), [(date(2025, 12, 31), ["a", "b"]), (date(2026, 1, 1), ["c"]), (date(2030, 1, 1), ["d"])]
)
def test_layouts_are_those_of_the_day_of_the_capture(day: date, chosen: list[str]) -> None:
    """`until` is the first day on which a layout is over."""
    until = {"a": date(2026, 1, 1), "b": date(2026, 1, 1), "c": date(2027, 1, 1), "d": None}
    layouts = [Layout(until=end, title=name) for name, end in until.items()]
    assert [layout.title for layout in of_day(layouts, day)] == chosen


def test_a_digest_names_what_layouts_say() -> None:
    one, other = Layout(body="div.story"), Layout(body="div.text")
    assert digest([]) is None
    assert digest([one]) == digest([Layout.of({"body": "div.story", "of-a-later-version": 1})]) != digest([other])
    assert str(digest([one])).startswith("sha256:")
