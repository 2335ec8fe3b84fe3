"""The memory of which URLs need a browser."""

from datetime import UTC, datetime, timedelta

from crawler.render.forms import Forms, Look

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_form_is_believed_after_three_pages_that_agree() -> None:
    """Then its pages go to the browser at once; other forms do not."""
    forms = Forms({})
    for number in range(3):
        assert not forms.goes_to_browser("https://valley.example/app/9", now=NOW)
        forms.saw(f"https://valley.example/app/{number}", hollow=True, at=NOW)
    assert forms.goes_to_browser("https://valley.example/app/9", now=NOW)
    assert not forms.goes_to_browser("https://valley.example/news/9", now=NOW)


def test_a_form_of_both_kinds_is_judged_page_by_page() -> None:
    """One plain page in four is enough."""
    forms = Forms({})
    for number in range(8):
        forms.saw(f"https://valley.example/news/{number}", hollow=number % 4 > 0, at=NOW)
    assert not forms.goes_to_browser("https://valley.example/news/9", now=NOW)
    assert forms.was_hollow("https://valley.example/news/9")
    assert not forms.was_hollow("https://valley.example/sport/9")


def test_after_a_week_one_page_is_looked_at_again() -> None:
    """A site that was rebuilt is found out; one that was not stays as it was."""
    old = Look(looks=5, hollow=5, at=NOW - timedelta(days=8))
    forms = Forms({"valley.example/app/0": old})
    assert not forms.goes_to_browser("https://valley.example/app/1", now=NOW)
    assert forms.goes_to_browser("https://valley.example/app/2", now=NOW)
    forms.saw("https://valley.example/app/1", hollow=False, at=NOW)
    assert not forms.goes_to_browser("https://valley.example/app/3", now=NOW)


def test_what_was_learned_is_told_of_forms_that_were_hollow() -> None:
    """With absolute numbers, so that telling it twice changes nothing."""
    forms = Forms({"valley.example/app/0": Look(looks=2, hollow=2, at=NOW - timedelta(days=1))})
    forms.saw("https://valley.example/app/1", hollow=True, at=NOW)
    forms.saw("https://valley.example/news/1", hollow=False, at=NOW)
    assert forms.told() == [
        {"note": "form", "form": "valley.example/app/0", "looks": 3, "hollow": 3, "at": "2026-11-22T12:00:00+00:00"}
    ]


def test_old_looks_fade() -> None:
    """A form that turned plain is believed to be so before it was looked at as often as before."""
    forms = Forms({"valley.example/app/0": Look(looks=20, hollow=20, at=NOW)})
    for number in range(2):
        forms.saw(f"https://valley.example/app/{number}", hollow=False, at=NOW)
    assert not forms.goes_to_browser("https://valley.example/app/9", now=NOW)
