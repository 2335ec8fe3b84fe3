"""Autoconsent's rules: which may fit, and how its engine is told of them."""

import json

import pytest

from crawler.consent.rules import engine, fitting, initial, named, names, rules


def test_every_rule_of_the_package_can_be_looked_for() -> None:
    """A rule without a selector could never be found."""
    assert len(rules()) > 1000
    assert all(rule.selectors for rule in rules())


def test_a_sites_own_rules_are_looked_for_on_that_site_only() -> None:
    def all_of(url: str) -> set[str]:
        return {rules()[number].name for number in fitting(url, is_main=True)}

    assert "bbc.com" in all_of("https://www.bbc.com/news")
    assert "bbc.com" not in all_of("https://valley-courier.example/")
    assert "Onetrust" in all_of("https://valley-courier.example/")


def test_frames_have_rules_of_their_own() -> None:
    address = "https://cdn.example/index.html?message_id=7"
    in_frame = {rules()[number].name for number in fitting(address, is_main=False)}
    assert "Sourcepoint-frame" in in_frame
    assert "Onetrust" not in in_frame


@pytest.mark.parametrize(
    ("selector", "needed"),
    [
        ("#cmpbox", ["#cmpbox"]),
        ("div.a.b > #c [href='x.html']", [".a", ".b", "#c"]),
        (".a, .b", []),
        ("#wrap:not(.hidden)", []),
        ("[class*=cookie]", []),
        ("xpath///div[@id='x']", []),
    ],
)
def test_what_a_document_must_have_for_a_selector_to_fit(selector: str, needed: list[str]) -> None:
    assert names(selector) == needed


def test_the_engine_is_told_of_the_fitting_rules_alone_and_waits_for_our_word() -> None:
    number = next(at for at, rule in enumerate(rules()) if rule.name == "didomi")
    told = json.loads(initial([number]))
    assert told["type"] == "initResp"
    assert [rule["name"] for rule in told["rules"]["autoconsent"]] == ["didomi"]
    assert told["config"]["autoAction"] is None
    assert told["config"]["heuristicMode"] == "off"
    assert told["config"]["isMainWorld"] is True


def test_rules_that_only_hide_or_press_what_agrees_are_known_as_such() -> None:
    """Such a banner is better settled by hand."""
    hiding, agreeing, refusing = named("cc_banner"), named("worldbank"), named("didomi")
    assert hiding is not None
    assert agreeing is not None
    assert refusing is not None
    assert (hiding.hides, agreeing.agrees, refusing.hides, refusing.agrees) == (True, True, False, False)


def test_the_engine_reads_and_sets_the_names_that_we_take_away() -> None:
    """Private to the package; should a new release call them otherwise, this tells."""
    source = engine()
    for name in ("window.autoconsentSendMessage", "window.autoconsentReceiveMessage", "window.autoconsentHeuristics"):
        assert name in source
