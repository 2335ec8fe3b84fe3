"""`scripts/bench articles` tells what an extractor got right."""

import gzip
import json
from pathlib import Path

import pytest

from tests.bench import articles
from tests.bench.scoring import days, names, overlap, plain, score

PAGE = """<html lang="en"><head><title>Bridge closes | The Courier</title><meta name="author" content="Ann Low">
<meta property="article:published_time" content="2026-11-20T09:00:00+01:00"><meta property="og:type" content="article">
</head><body><article><h1>Bridge closes</h1>{}</article></body></html>"""
SENTENCES = [
    f"Paragraph {number} says that the old bridge over the river stays closed until spring." for number in range(9)
]


def test_the_body_is_compared_by_runs_of_four_words() -> None:
    assert overlap("one two three four five", "zero one two three four") == (1, 2, 2)
    assert overlap("only three words", "only three words") == (1, 1, 1)
    assert overlap("", "a b c d e") == (0, 0, 2)
    assert overlap("橋は春まで", "橋は春まで閉鎖") == (2, 2, 4)


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("By Ann Low and Bo Ek", {"ann low", "bo ek"}),
        (["Ann Low", "Bo Ek; Cy Oz"], {"ann low", "bo ek", "cy oz"}),
        ("von Ann Low | Bo Ek", {"ann low", "bo ek"}),
        (None, set()),
    ],
)
def test_people_are_compared_as_a_set(written: list[str] | str | None, people: set[str]) -> None:
    assert names(written) == people


def test_a_moment_may_mean_the_day_here_and_in_utc() -> None:
    assert days("2026-11-20T00:30:00+01:00") == {"2026-11-20", "2026-11-19"}
    assert days("2026-11-20") == {"2026-11-20"}
    assert days("yesterday") == days(None) == frozenset()


def test_case_and_punctuation_do_not_tell_titles_apart() -> None:
    assert plain("“Bridge” Closes—at last!") == plain("bridge closes at last") == "bridge closes at last"


def test_a_field_counts_where_the_truth_has_it() -> None:
    truths = [
        {"title": "A", "authors": "Ann Low", "date": "2026-11-20", "body": "one two three four five"},
        {"title": "B", "body": "one two three four"},
    ]
    found = [
        {
            "title": "a!",
            "authors": ["Bo Ek"],
            "published": "2026-11-20T09:00:00Z",
            "text": "one two three four",
            "cpu": 1.0,
        },
        {"title": "C", "authors": ["Staff"], "published": None, "text": "one two three four", "cpu": 3.0},
    ]
    told = score(truths, found)
    assert told.rates == {"title": 0.5, "author": 0.0, "date": 1.0, "none": 0.0}
    assert (told.precision, told.recall, told.f1, told.speed) == (1.0, 0.75, pytest.approx(6 / 7), 0.5)


def test_what_an_extractor_does_not_read_is_not_held_against_it() -> None:
    told = score([{"title": "A", "authors": "Ann Low", "body": "a b c d"}], [{"title": "A", "text": "", "cpu": 1.0}])
    assert (told.rates, told.f1) == ({"title": 1.0}, 0.0)


def test_our_extractor_reads_a_folder_of_pages(tmp_path: Path) -> None:
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    truth = {"title": "Bridge closes", "authors": ["Ann Low"], "date": "2026-11-20", "body": "\n\n".join(SENTENCES)}
    page = {"id": "1", "url": "https://courier.example/2026/11/20/bridge", "html": PAGE.format(body), "truth": truth}
    with gzip.open(tmp_path / "valley.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(page) + "\n")
    (told,) = articles.compare(tmp_path, only=[articles.OURS]).scores["valley"].values()
    assert (told.pages, told.failed, told.f1) == (1, 0, 1.0)
    assert told.rates == {"title": 1.0, "author": 1.0, "date": 1.0}
