"""Which container is a consent banner, and what to press in it: decisions without a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from crawler.consent.labels import Meaning, meaning
from crawler.consent.sight import Container, Control
from crawler.consent.vocabulary import Language, fold, spoken

_PERSONAL: Final = frozenset({"email", "password", "tel", "date", "number", "textarea"})
_DECISIVE: Final = frozenset({Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT, Meaning.SEEN, Meaning.SAVE})
_CHOICES: Final = frozenset({Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT, Meaning.SETTINGS, Meaning.SAVE})


@dataclass(frozen=True, slots=True)
class Banner:
    """A container that is a consent banner, with what its buttons mean."""

    container: Container
    meanings: Mapping[int, Meaning]  # by the control's number
    is_pay_wall: bool

    def controls(self, *wanted: Meaning) -> list[Control]:
        """Returns the usable controls of these meanings."""
        return [one for one in self.container.controls if one.is_usable and self.meanings[one.number] in wanted]

    @property
    def agreeing(self) -> list[str]:
        """The labels that must not be pressed unless the policy is to accept."""
        return [one.label for one in self.container.controls if self.meanings[one.number] is Meaning.ACCEPT]


class Way(Enum):
    """How a press helps."""

    REJECT = "rejected"
    ACCEPT = "accepted"
    SEEN = "acknowledged"
    SETTINGS = "settings"
    SAVE = "save"


@dataclass(frozen=True, slots=True)
class Press:
    """What to press next; with SAVE, all that is ticked is unticked before."""

    control: Control
    way: Way


def banner(chain: Sequence[Container], *, language: str = "") -> Banner | None:
    """Returns the innermost container of the chain that is a consent banner with something to decide, or None."""
    for container in chain:
        said = spoken(container.text, declared=language)
        meanings = {one.number: meaning(one.label, spoken=said) for one in container.controls}
        usable = {meanings[one.number] for one in container.controls if not one.leaves}
        if usable & _DECISIVE and _is_consent(container, said, usable):
            return Banner(container, meanings, _is_pay_wall(meanings))
    return None


def _is_consent(container: Container, said: Sequence[Language], usable: set[Meaning]) -> bool:
    if container.fields & _PERSONAL:
        return False
    folded = fold(container.text)
    subject = max(one.count("subject", folded=folded) for one in said)
    topic = max(one.count("topic", folded=folded) for one in said)
    other = any(one.says("other", folded=folded) for one in said)
    if not subject or len(folded) < 12:
        return False
    has_choice = bool(usable & {Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT, Meaning.SAVE})
    if other and (not has_choice or _first_of("other", said, folded) < _first_of("subject", said, folded)):
        return False
    return has_choice or subject + topic >= 2 or len(folded) < 400


def _first_of(subject: str, said: Sequence[Language], folded: str) -> int:
    """Returns where the text first comes to a subject: what a dialog is for, it says first."""
    places = [place for one in said for place in one.places(subject, folded=folded)]
    return min(places, default=len(folded))


def _is_pay_wall(meanings: Mapping[int, Meaning]) -> bool:
    """Tells whether one may only pay or agree; what refuses for money is no refusal (labels.py calls that PAY)."""
    has = set(meanings.values())
    if has & {Meaning.REJECT, Meaning.NEEDED} or Meaning.ACCEPT not in has:
        return False
    return Meaning.PAY in has


def next_press(one: Banner, *, policy: str) -> Press | None:
    """Decides what to press: refuse, else allow the necessary, else the settings, else close what leaves no choice."""
    if policy == "accept":
        return _first(one, (Meaning.ACCEPT, Way.ACCEPT), (Meaning.SAVE, Way.ACCEPT), (Meaning.SEEN, Way.SEEN))
    refusal = _first(one, (Meaning.REJECT, Way.REJECT), (Meaning.NEEDED, Way.REJECT))
    if refusal or one.is_pay_wall:
        return refusal
    if one.container.toggles and (saving := _first(one, (Meaning.SAVE, Way.SAVE))):
        return saving
    if setting := _first(one, (Meaning.SETTINGS, Way.SETTINGS)):
        return setting
    leaves_choice = any(meaning in _CHOICES for meaning in one.meanings.values())
    return None if leaves_choice else _first(one, (Meaning.SEEN, Way.SEEN))


def _first(one: Banner, *wishes: tuple[Meaning, Way]) -> Press | None:
    for wanted, way in wishes:
        if controls := one.controls(wanted):
            return Press(min(controls, key=lambda control: (control.link, len(control.label) > 40)), way)
    return None
