"""Dates that a page shows its readers, beside what it tells machines."""

import pytest

from archive.articles.markup.page import Page
from archive.articles.markup.text import parse
from archive.articles.metadata import dates
from archive.articles.model import Hints

PROSE = "<p>The ferry across the sound has not run since 3 May 2019, and the bakery on the far shore has no flour.</p>"
TOLD = '<meta property="article:published_time" content="2024-07-05T08:00:00Z">'


def page(inner: str, *, head: str = "", served: str = "") -> Page:
    html = (
        f"<html lang=en><head><title>No ferry</title>{head}</head><body><h1>No ferry</h1>{inner}{PROSE}</body></html>"
    )
    tree = parse(html)
    assert tree is not None
    headers = (("Date", served),) if served else ()
    return Page(tree=tree, url="https://sound.example/no-ferry", headers=headers, hints=Hints(), promise=None)


def test_an_earlier_day_beside_the_headline_is_when_it_was_first_published():
    """Systems that a site moved to tell machines the day of the move."""
    assert dates.published(page("<p>4 May 2021</p>", head=TOLD)) == ("2021-05-04", "dom")


@pytest.mark.parametrize(
    "line",
    [
        "<p>Updated 4 May 2021</p>",
        "<p>8 July 2024</p>",
        "<p>4 July 2024</p>",
        "<figure><figcaption>The quay, 4 May 2021</figcaption></figure>",
        "<p>The quay was built long before the ferry came to the far shore, on 4 May 1921</p>",
        "<p>© 4 May 2021</p>",
        "<p>07/05/2024</p>",
        "<p>05/07/2024</p>",
    ],
)
def test_other_days_beside_the_headline_say_nothing(line):
    """Changes, later days, the same moment in another time zone, captions, prose, rights, and months for days."""
    assert dates.published(page(line, head=TOLD)) == ("2024-07-05T08:00:00+00:00", "opengraph")


def test_what_is_known_to_be_the_last_change_is_no_first_publication():
    """Though it comes before the date that is said to be that of publication."""
    changed = '<meta property="article:modified_time" content="2021-05-04">'
    assert dates.published(page("<p>4 May 2021</p>", head=TOLD + changed)) == ("2024-07-05T08:00:00+00:00", "opengraph")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (PROSE * 9 + "<p>Harbour news</p><div>4 May 2021</div>", ("2021-05-04", "dom")),
        ('<script>window.s={"publishedAt":"2021-05-04T08:00:00Z"}</script>', ("2021-05-04", "script")),
        ("<aside><ul><li><time class=published datetime=2021-05-04>4/5</time></ul></aside>", ("2021-05-04", "dom")),
        (PROSE * 9 + "<div>Last updated: 4 May 2021</div>", ("2021-05-04", "dom+modified")),
        ("<table><tr><td>4 May 2021<p>No bread</table>", ("2021-05-04", "dom")),
        ("<meta name=data content='{&quot;datePublished&quot;:&quot;2021-05-04&quot;}'>", ("2021-05-04", "script")),
        (PROSE * 9 + "<nav><p>4 May 2021</p><p>5 May 2021</p></nav>", None),
        ('<script>a={"publishedAt":"2021-05-04"};b={"publishedAt":"2022-05-04"}</script>', None),
        (PROSE, None),
        ("<p>© 2021 The Sound</p><img src=/2021/05/04/quay.jpg>", None),
    ],
)
def test_the_last_resort(inner, expected):
    """A line or a time that is only a date, what scripts agree on, the last change; never prose or a bare year."""
    assert dates.searched(page(inner)) == expected


def test_no_article_is_younger_than_its_capture():
    """A day after the page was served is no date of it."""
    inner = PROSE * 9 + "<div>4 May 2021</div>"
    assert dates.searched(page(inner, served="Mon, 01 Mar 2021 10:00:00 GMT")) is None
    assert dates.searched(page(inner, served="Tue, 04 May 2021 10:00:00 GMT")) == ("2021-05-04", "dom")


def test_the_same_moment_with_its_offset_is_preferred():
    """A time on the page tells where it was noon."""
    local = "<time datetime=2024-07-04T23:00:00-09:00>July 4</time><time datetime=2024-07-05T23:00:00-09:00>x</time>"
    assert dates.published(page(local, head=TOLD)) == ("2024-07-04T23:00:00-09:00", "dom")
