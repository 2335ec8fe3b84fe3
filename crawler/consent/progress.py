"""How far the settling of one page's banner has come."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.consent import Consent, Outcome
from crawler.consent.judging import Press, Way
from crawler.consent.labels import Meaning, meaning
from crawler.consent.vocabulary import fold, spoken

_OUTCOMES: dict[Way, Outcome] = {
    Way.REJECT: "rejected",
    Way.SAVE: "rejected",
    Way.ACCEPT: "accepted",
    Way.SEEN: "acknowledged",
}


@dataclass(slots=True)
class Progress:
    """What has been met and done so far."""

    platform: str | None = None
    action: str | None = None
    label: str | None = None
    outcome: Outcome = "none"
    detail: str | None = None
    clicks: int = 0
    hides: int = 0
    was_kept: bool = False  # by the page's cookies or storage, when something was pressed
    rule_is_tried: bool = False
    awaits_second_layer: bool = False
    is_in_settings: bool = False
    seen_at: float = 0.0
    met_at: float = 0.0
    pressed_at: float = 0.0
    answer: str = ""  # of the page to the last press
    pressed: Counter[tuple[str, str]] = field(default_factory=Counter)  # by the frame's URL and the folded label

    @property
    def has_moved_on(self) -> bool:
        """Whether the page answered the last press at once, so that what stands now is something new."""
        return self.answer in ("gone", "changed")

    @property
    def may_say_goodbye(self) -> bool:
        """Whether what stands may yet go, since it was told; not what heard it at once and did nothing."""
        return self.outcome in ("rejected", "accepted") and not (self.was_kept and self.answer == "same")

    def may_press(self, press: Press, *, where: str) -> bool:
        """Tells whether this was not pressed yet; once more where it went at that and came back."""
        times = self.pressed[where, fold(press.control.label)]
        return times == 0 or (times == 1 and self.answer == "gone")

    def meets(self, platform: str) -> None:
        """A banner is found."""
        self.platform, self.met_at = platform, time.monotonic()
        self.sees(self.met_at)

    def sees(self, at: float) -> None:
        """A banner stands there: its settling begins."""
        self.seen_at = self.seen_at or at

    def rule_begins(self) -> None:
        """A rule is about to press: if the page goes away under it, that was its doing."""
        self.action, self.outcome = "rule", "rejected"

    def rule_ran(self, told: Mapping[str, Any], *, policy: str, where: str) -> None:
        """Notes what autoconsent did."""
        self.pressed.update((where, fold(label)) for label in told["labels"])
        self.answer = ""
        self.pressed_at = time.monotonic() if told["presses"] else 0.0
        self.label, self.clicks = told["label"] or self.label, self.clicks + told["presses"]
        if told["label"] and not told["result"]:
            said = spoken(told["label"])
            self.awaits_second_layer = self.is_in_settings = meaning(told["label"], spoken=said) is Meaning.SETTINGS
        did_something = bool(told["result"] or told["presses"]) and not told["blocked"]
        is_done = did_something and not self.is_in_settings
        self.outcome = _outcome_of_rule(told, policy=policy) if is_done else "none"

    def presses(self, press: Press, *, where: str) -> None:
        """Notes a press that is about to happen."""
        self.pressed[where, fold(press.control.label)] += 1
        self.answer = ""
        self.label, self.clicks, self.pressed_at = press.control.label, self.clicks + 1, time.monotonic()
        self.action = "settings" if press.way in (Way.SETTINGS, Way.SAVE) or self.action == "settings" else "click"
        self.awaits_second_layer = self.is_in_settings = press.way is Way.SETTINGS
        if press.way in _OUTCOMES and not (press.way is Way.SEEN and self.outcome in ("rejected", "accepted")):
            self.outcome = _OUTCOMES[press.way]

    def presses_again(self) -> None:
        """The same is pressed once more, by the mouse."""
        self.clicks, self.pressed_at = self.clicks + 1, time.monotonic()

    def answered(self, how: str) -> None:
        """Notes what the page did upon a press: "gone", "changed" or "same"."""
        self.answer = how
        if how == "same":
            self.awaits_second_layer = False

    def leaves(self, press: Press, *, where: str) -> None:
        """Notes what is not to be pressed after all."""
        self.pressed[where, fold(press.control.label)] += 2

    def went_astray(self) -> None:
        """A press led to another page: it does not count as a choice."""
        self.outcome, self.detail = "none", "a button led to another page"

    def hide(self, *, says_thanks: bool = False) -> None:
        """Notes that what stands is about to be hidden: that undoes no choice which was kept, or thanked for."""
        self.hides += 1
        self.awaits_second_layer = False
        if self.outcome in ("rejected", "accepted") and (says_thanks or self.was_kept):
            self.detail = "what it said afterwards is hidden" if says_thanks else "it was kept, and is hidden"
            return
        self.outcome, self.action = "hidden", "hide"

    def ended(self, outcome: Outcome, *, detail: str | None = None) -> None:
        """Notes the end."""
        self.awaits_second_layer = False
        self.outcome, self.detail = outcome, detail

    def ran_out_of_time(self) -> None:
        """The page did not become free in time; where nothing was met, there is nothing to fail at."""
        if self.platform is not None:
            self.outcome, self.detail = "failed", "out of time"

    def told(self, *, seconds: float, before: Consent | None) -> Consent:
        """Returns the end of it all; an earlier end that nothing was added to stands as it was told."""
        found = Consent(
            outcome=self.outcome,
            platform=self.platform,
            action=self.action,
            label=self.label,
            clicks=self.clicks,
            milliseconds=round(1000 * seconds),
            detail=self.detail,
        )
        return before if before is not None and _is_same(before, found) else found


def _is_same(one: Consent, other: Consent) -> bool:
    return (one.outcome, one.platform, one.clicks, one.action) == (
        other.outcome,
        other.platform,
        other.clicks,
        other.action,
    )


def _outcome_of_rule(told: Mapping[str, Any], *, policy: str) -> Outcome:
    if told["cosmetic"] and not told["presses"]:
        return "hidden"
    if policy == "accept":
        return "accepted"
    label = str(told["label"])
    is_closing = bool(label) and meaning(label, spoken=spoken(label)) is Meaning.SEEN
    return "acknowledged" if is_closing else "rejected"
