"""Which container is a consent banner, and what to press in it: decisions without a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from crawler.consent.labels import Meaning, is_foreign, meaning, names_a_price
from crawler.consent.sight import Container, Control
from crawler.consent.vocabulary import Language, fold, parts_words, spoken

_PERSONAL: Final = frozenset({"email", "password", "tel", "date", "number", "textarea", "file"})
_DECISIVE: Final = frozenset({Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT, Meaning.SEEN, Meaning.SAVE})
_CHOICES: Final = frozenset({Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT, Meaning.SAVE})
_SAYS_MUCH: Final = 6  # of those, in what has no button at all: a tab that opens the settings again says less
_SAYS_ENOUGH: Final = 2  # words beside those of its buttons; half as many characters where words are not parted
_LONG: Final = 1500  # characters from which on a text without buttons is no notice any more
_OVER: Final = frozenset({"fixed", "sticky", "dialog", "cover", "frame"})


class Way(Enum):
    """How a press helps."""

    REJECT = "rejected"
    ACCEPT = "accepted"
    SEEN = "acknowledged"
    SETTINGS = "settings"
    SAVE = "save"


_HASTE: Final = (Way.REJECT, Way.ACCEPT, Way.SAVE, Way.SEEN, Way.SETTINGS)


@dataclass(frozen=True, slots=True)
class Press:
    """What to press next; with SAVE, all that is ticked is unticked before."""

    control: Control
    way: Way

    @property
    def haste(self) -> int:
        """Its place among presses that are possible at once: the lowest goes first."""
        return _HASTE.index(self.way)


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
    def is_asleep(self) -> bool:
        """Whether it has no buttons yet, or some that do not work yet."""
        decisive = [one for one in self.container.controls if self.meanings[one.number] is not Meaning.OTHER]
        return not decisive or any(one.off for one in decisive)

    @property
    def agrees_when_closed(self) -> bool:
        """Whether it takes its closing for agreement."""
        folded = fold(self.container.text)
        return any(one.says("closing", folded=folded) for one in spoken(self.container.text))

    @property
    def agreeing(self) -> list[str]:
        """The labels that must not be pressed unless the policy is to accept."""
        return [one.label for one in self.container.controls if self.meanings[one.number] is Meaning.ACCEPT]

    @property
    def refusing_switches(self) -> list[int]:
        """The numbers of what stands for "no" among several, as a pair of radio buttons does."""
        said = spoken(self.container.text)
        return [
            one.number
            for one in self.container.switches
            if one.kind == "radio"
            and not one.on
            and meaning(one.label, spoken=said) in (Meaning.REJECT, Meaning.NEEDED)
        ]


def banner(chain: Sequence[Container], *, language: str = "", second: bool = False) -> Banner | None:
    """Returns the innermost container of the chain that is a consent banner with something to decide.

    Where there is none, the innermost that speaks of nothing but consent, though it offers no button; else None.
    `second`: its settings were opened, and what has switches and can be saved is taken for them.
    """
    judged = [
        one
        for container in chain
        if (one := _judge(container, language=language) or (_second_layer(container, language) if second else None))
    ]
    return next((one for one in judged if set(one.meanings.values()) & _DECISIVE), next(iter(judged), None))


def _judge(container: Container, *, language: str) -> Banner | None:
    said = spoken(container.text, declared=language)
    meanings = {one.number: meaning(one.label, spoken=said) for one in container.controls}
    subject = _Subject.of(container, said)
    usable = {meanings[one.number] for one in container.controls if not one.leaves}
    if container.fields & _PERSONAL or not subject.is_consent or _is_foreign(container, meanings, said):
        return None
    is_pay_wall = _is_pay_wall(container, meanings, subject)
    has_choice = bool(usable & _CHOICES) or is_pay_wall
    if subject.has_other and not has_choice:
        return None
    notices = usable & _DECISIVE and (subject.weight >= 2 or subject.length < 400)
    if has_choice or notices or (container.how in _OVER and subject.is_notice):
        return Banner(container, meanings, is_pay_wall)
    return None


def _second_layer(container: Container, language: str) -> Banner | None:
    said = spoken(container.text, declared=language)
    meanings = {one.number: meaning(one.label, spoken=said) for one in container.controls}
    is_one = container.switches and {Meaning.SAVE, Meaning.REJECT} & set(meanings.values())
    if not is_one or container.fields & _PERSONAL or _is_foreign(container, meanings, said):
        return None
    return Banner(container, meanings, is_pay_wall=False)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a container speaks of."""

    weight: int
    has_other: bool
    is_consent: bool
    length: int
    words: float

    @property
    def is_notice(self) -> bool:
        """Whether it is a notice, even without a button."""
        return self.weight >= 2 and self.words >= _SAYS_MUCH and self.length < _LONG

    @classmethod
    def of(cls, container: Container, said: Sequence[Language]) -> "_Subject":
        """Weighs the text beside the labels: a footer's links speak of cookies too, and say nothing."""
        folded = fold(container.text)
        subject = max(one.count("subject", folded=folded) for one in said)
        topic = max(one.count("topic", folded=folded) for one in said)
        others = [place for one in said for place in one.places("other", folded=folded)]
        first = min((place for one in said for place in one.places("subject", folded=folded)), default=len(folded))
        words = _words_beside_labels(container, folded)
        is_consent = subject > 0 and words >= _SAYS_ENOUGH and min(others, default=first) >= first
        return cls(subject + topic, bool(others), is_consent, len(folded), words)


def _words_beside_labels(container: Container, folded: str) -> float:
    rest = folded
    for control in sorted((one for one in container.controls if not one.plain), key=lambda one: -len(one.label)):
        rest = rest.replace(fold(control.label), " ", 1)
    words = rest.split()
    return sum(1 if parts_words(word) else len(word) / 2 for word in words)


def _is_foreign(container: Container, meanings: Mapping[int, Meaning], said: Sequence[Language]) -> bool:
    """Tells whether most of what one can decide here is about something else than consent."""
    decisive = [
        one for one in container.controls if meanings[one.number] in _DECISIVE and not (one.leaves or one.plain)
    ]
    foreign = [one for one in decisive if is_foreign(one.label, spoken=said)]
    return len(foreign) * 2 > len(decisive)


def _is_pay_wall(container: Container, meanings: Mapping[int, Meaning], subject: _Subject) -> bool:
    """Tells whether one may only pay or agree; what refuses for money is no refusal (labels.py calls that PAY)."""
    has = set(meanings.values())
    if Meaning.PAY not in has or has & {Meaning.REJECT, Meaning.NEEDED}:
        return False
    return Meaning.ACCEPT in has or (names_a_price(container.text) and subject.weight >= 2)


def next_press(one: Banner, *, policy: str, is_told: bool = False) -> Press | None:
    """Decides what to press: refuse, else allow the necessary, else the settings, else close what leaves no choice.

    `is_told`: the choice was made, and the banner still stands: it wants it confirmed or itself closed.
    """
    if is_told and (press := _first(one, (Meaning.SAVE, Way.SAVE), (Meaning.SEEN, Way.SEEN))):
        return press
    if policy == "accept":
        return _first(one, (Meaning.ACCEPT, Way.ACCEPT), (Meaning.SAVE, Way.ACCEPT), (Meaning.SEEN, Way.SEEN))
    switches = one.container.switches
    if refusal := _first(one, (Meaning.REJECT, Way.REJECT)):
        return refusal
    if one.is_pay_wall:
        return None
    if switches and (saving := _first(one, (Meaning.SAVE, Way.SAVE))):
        return saving
    if press := _first(one, (Meaning.NEEDED, Way.REJECT), (Meaning.SETTINGS, Way.SETTINGS)):
        return press
    usable = {one.meanings[control.number] for control in one.container.controls if not control.leaves}
    if switches or usable & _CHOICES:
        return _first(one, (Meaning.INFO, Way.SETTINGS)) if not switches else None
    return None if one.agrees_when_closed else _first(one, (Meaning.SEEN, Way.SEEN))


def _first(one: Banner, *wishes: tuple[Meaning, Way]) -> Press | None:
    for wanted, way in wishes:
        if controls := [it for it in one.controls(wanted) if not it.plain or way is Way.REJECT]:
            return Press(min(controls, key=lambda control: (control.plain, control.link, len(control.label) > 40)), way)
    return None
