"""Who wrote it and when goes where it stands above the text; what merely looks like it stays."""

import pytest

from archive.articles.body.head import without_byline

RUNNING = (
    "The ferry across the sound has not run since Tuesday, and the bakery on the far shore has had no flour since."
)
AUTHORS = ("Ida Storm", "Per Lund")


@pytest.mark.parametrize(
    "line",
    [
        "By Ida Storm • 4 May 2021",
        "By Ida Storm · 3 hours ago",
        "By Ida Storm · yesterday",
        "BY IDA STORM AND PER LUND | MAY 4, 2021",
        "Von Ida Storm – 4. Mai 2021, 14:05 Uhr",
        "Por Ida Storm | 4 de mayo de 2021",
        "Ida Storm, May 4, 2021 at 3:05 PM CET · 4 min read",
        "4 May 2021 • By Ida Storm, staff writer",
        "terça-feira, 4 de maio de 2021 às 20:13",
        "14:05 CET, May 4, 2021",
        "4. května 2021",
        "2021年5月4日",
        "2 days ago",
        "vor 3 Stunden",
    ],
)
def test_a_byline_above_the_text_goes(line: str) -> None:
    """With a name beside a number, or with a day, in whatever language."""
    assert without_byline([line, RUNNING], authors=AUTHORS) == [RUNNING]
    assert without_byline(["No bread", line, RUNNING], authors=AUTHORS) == ["No bread", RUNNING]


@pytest.mark.parametrize(
    "line",
    [
        "By Ida Storm's count there were 14 ferries",
        "Ida Storm",
        "Ferries in May 2021",
        "May 2021",
        "4 May 2021: the day without bread",
        "By 4 May 2021 the council has to answer",
        "Three hours ago, on the quay",
        "14 days",
        "24 Stunden",
        "In 14 Tagen",
        "2021年5月4日の渡し船",
        "2021年5月4日 渡し船",
        "2021",
        "1" * 90 + "aaa",
        "1a" * 44 + "aaa",
    ],
)
def test_a_line_of_the_text_stays(line: str) -> None:
    """A word that belongs to no byline, or no day, makes it a line of the text."""
    assert without_byline([line, RUNNING], authors=AUTHORS) == [line, RUNNING]


def test_within_the_text_a_day_stays() -> None:
    """Chronicles head their parts with days; so may the sixth line of a list."""
    chronicle = [RUNNING, "4 May 2021", RUNNING]
    assert without_byline(chronicle, authors=AUTHORS) == chronicle
    listed = ["Flour", "Salt", "Yeast", "Water", "Bread", "4 May 2021"]
    assert without_byline(listed, authors=AUTHORS) == listed
