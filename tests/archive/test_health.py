"""Which runs read worse than a site's runs used to, and which do not although they differ."""

import random

import pytest

from archive.health import Health, faults, health_of, together


def run(
    articles: int = 20, *, refused: int = 0, words: int = 400, untitled: int = 0, undated: int = 0, unsigned: int = 0
) -> Health:
    return Health(
        words=tuple(words + 7 * number for number in range(articles)),
        untitled=untitled,
        undated=undated,
        unsigned=unsigned,
        kinds={"article": articles},
        refused={"empty": refused} if refused else {},
    )


def told(*runs: Health) -> list[str]:
    return [fault.told for fault in faults(runs)]


PAST = [run() for _ in range(10)]


@pytest.mark.parametrize(
    ("now", "measure", "words"),
    [
        (run(2, refused=18), "articles", "articles from 2 of 20 pages (18 empty), where 100% is usual"),
        (run(0, refused=9), "articles", "articles from 0 of 9 pages (9 empty), where 100% is usual"),
        (run(words=80), "words", "texts of 146 words (median), where 467 are usual"),
        (run(words=2000), "words", "texts of 2066 words (median), where 467 are usual"),
        (run(untitled=20), "titles", "a title in 0 of 20 articles, where 100% is usual"),
        (run(undated=19), "dates", "a date in 1 of 20 articles, where 100% is usual"),
        (run(unsigned=12), "authors", "authors in 8 of 20 articles, where 100% is usual"),
    ],
)
def test_what_breaks_is_named_by_the_first_run_that_shows_it(now: Health, measure: str, words: str) -> None:
    (fault,) = faults([*PAST, now])
    assert (fault.measure, fault.told) == (measure, words)


def test_one_past_run_suffices_when_it_was_large() -> None:
    assert told(run(40), run(1, refused=9)) == ["articles from 1 of 10 pages (9 empty), where 100% is usual"]


def test_a_site_like_ever_has_no_fault() -> None:
    """Also one that never had any authors, or whose dates cannot be read."""
    assert told(*PAST, run()) == []
    assert told(*[run(unsigned=20, undated=20) for _ in range(9)]) == []
    assert told(*PAST, run(19, refused=1), run(20, untitled=1)) == []


def test_a_site_without_a_past_is_not_judged() -> None:
    assert told() == told(run()) == told(run(9), run(0, refused=9)) == []


def test_small_runs_are_taken_together_before_they_are_judged() -> None:
    """One bad page of a small site is no fault, nor are four; five are."""
    past, broken = [run(2) for _ in range(30)], run(0, refused=1)
    assert [bool(told(*past, *[broken] * number)) for number in range(6)] == [False] * 4 + [False, True]


def test_a_fault_stands_until_it_is_mended_or_usual() -> None:
    broken = run(0, refused=20)
    assert told(*PAST, *[broken] * 5)
    assert told(*PAST, broken, run()) == []
    assert told(*PAST, *[broken] * 12) == []


def test_runs_without_pages_do_not_count() -> None:
    assert told(*PAST, run(0, refused=20), Health(refused={}), Health(refused={}))


def test_a_site_that_varies_does_not_cry_wolf() -> None:
    """Small sites of all kinds, whose runs vary as chance will have it: 200 of 60 runs each, judged after every run."""
    rng = random.Random(7)
    alarms = 0
    for _ in range(200):
        good, signed, size = rng.uniform(0.5, 1), rng.uniform(0, 1), rng.randint(1, 12)
        runs: list[Health] = []
        for _ in range(60):
            pages = rng.randint(0, size)
            articles = sum(rng.random() < good for _ in range(pages))
            words = tuple(round(rng.lognormvariate(6, 0.6)) for _ in range(articles))
            unsigned = sum(rng.random() > signed for _ in words)
            runs.append(Health(words=words, unsigned=unsigned, refused={"static": pages - articles}))
        alarms += sum(bool(faults(runs[: end + 1])) for end in range(0, 60, 6))
    assert alarms <= 2


def test_lines_are_measured_and_added_up() -> None:
    line = {"word_count": 9, "title": "A", "published": "2026-11-20", "authors": ["Ada"], "kind": "article"}
    bare = {"word_count": 4, "title": None, "published": None, "authors": [], "kind": "brief"}
    one = health_of([line, bare], refused={"empty": 2})
    assert one == Health(
        words=(9, 4), untitled=1, undated=1, unsigned=1, kinds={"article": 1, "brief": 1}, refused={"empty": 2}
    )
    whole = together([one, health_of([line], refused={"empty": 1, "static": 1})])
    assert (whole.pages, whole.articles, whole.kinds) == (7, 3, {"article": 2, "brief": 1})
    assert whole.refused == {"empty": 3, "static": 1}
    assert together([one, health_of([line], refused=None)]).refused is None
