"""Which container is a consent banner, and what to press in it: decisions without a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from crawler.consent.labels import Meaning, is_foreign, meaning, meaning_beside_a_price, names_a_price
from crawler.consent.sight import Container, Control, Switch
from crawler.consent.vocabulary import Language, fold, is_known, parts_words, spoken

_PERSONAL: Final = frozenset({"email", "password", "tel", "date", "number", "textarea", "file"})
_DECISIVE: Final = frozenset({Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT, Meaning.SEEN, Meaning.SAVE})
_ALTERNATIVES: Final = frozenset({Meaning.REJECT, Meaning.NEEDED, Meaning.SETTINGS, Meaning.SAVE})
_AGREEING: Final = frozenset({Meaning.ACCEPT, Meaning.NEEDED, Meaning.SAVE})  # "no, thanks" alone refuses anything
_CHOICES: Final = frozenset({Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT, Meaning.SAVE})
_COSTLY: Final = frozenset({Meaning.ACCEPT, Meaning.PAY})  # what is never pressed by mistake
_SAYS_MUCH: Final = 6  # of those, in what has no button at all: a tab that opens the settings again says less
_SAYS_LITTLE: Final = 3  # of those that one has nothing to tell cookies from cookies by
_SAYS_ENOUGH: Final = 2  # words beside those of its buttons; half as many characters where words are not parted
_SURE: Final = 3  # words of the subject at which nothing else can be meant
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

    @property
    def switches(self) -> list[Switch]:
        """What can be switched or chosen; of buttons that stay pressed those that do not answer a question."""
        said = spoken(self.container.text)
        switches = [
            one
            for one in self.container.switches
            if one.kind != "pressed" or meaning(one.label, spoken=said) is Meaning.OTHER
        ]
        return [*switches, *(option for one in self.lists for option in one)]

    @property
    def lists(self) -> list[tuple[Switch, ...]]:
        """The lists to choose from that are about consent; those of languages are not."""
        said = spoken(self.container.text)
        wanted = {Meaning.REJECT, Meaning.NEEDED, Meaning.ACCEPT}
        return [one for one in self.container.lists if wanted & {meaning(it.label, spoken=said) for it in one}]

    @property
    def repeated(self) -> list[Control]:
        """The refusals that are given one by one: "refuse" beside each purpose, and one button that keeps it all."""
        refusals = self.controls(Meaning.REJECT)
        labels = [fold(one.label) for one in refusals]
        return [one for one, label in zip(refusals, labels, strict=True) if labels.count(label) > 1]

    def controls(self, *wanted: Meaning) -> list[Control]:
        """Returns the usable controls of these meanings, without those whose press agrees as well."""
        return [
            one
            for one in self.container.controls
            if one.is_usable and self.meanings[one.number] in wanted and not self._agrees_around(one)
        ]

    def _agrees_around(self, one: Control) -> bool:
        outer = self.meanings.get(one.within) if one.within is not None else None
        return outer in _COSTLY and self.meanings[one.number] is not Meaning.ACCEPT

    @property
    def is_asleep(self) -> bool:
        """Whether it has no buttons yet, or some that do not work yet."""
        decisive = [one for one in self.container.controls if self.meanings[one.number] is not Meaning.OTHER]
        return not decisive or any(one.off for one in decisive)

    @property
    def agreeing(self) -> list[str]:
        """The labels that must not be pressed unless the policy is to accept."""
        return [one.label for one in self.container.controls if self.meanings[one.number] is Meaning.ACCEPT]

    @property
    def refusing(self) -> list[int]:
        """The numbers of what says "no" to one of several: radio buttons, buttons, and those that are pressed now."""
        said = spoken(self.container.text)
        radios = [one for one in self.container.switches if one.kind == "radio" and not one.on]
        return [
            *(one.number for one in radios if meaning(one.label, spoken=said) in (Meaning.REJECT, Meaning.NEEDED)),
            *(one.number for one in self.switches if one.kind == "pressed" and one.on),
            *(one.number for one in self.repeated),
            *(least.number for one in self.lists if (least := _least(one, said)) and not least.on),
        ]

    def is_harmless(self, label: str) -> bool:
        """Tells whether what bears this label may stay on: it is necessary, says "no", or is not about consent."""
        if meaning(label, spoken=spoken(self.container.text)) in (Meaning.REJECT, Meaning.NEEDED):
            return True
        beside = [one for one in self.container.lists if one not in self.lists]
        return any(label == option.label for one in beside for option in one)

    @property
    def may_wake(self) -> bool:
        """Whether it can be refused, only not yet."""
        return any(
            one.off and self.meanings[one.number] in (Meaning.REJECT, Meaning.NEEDED) for one in self.container.controls
        )

    @property
    def is_unclear(self) -> bool:
        """Whether a button stands there that may be a choice, in words we do not know: then "OK" may be the other."""
        unknown = (one for one in self.controls(Meaning.OTHER) if not (one.link or one.plain))
        return any(any(letter.isalpha() for letter in one.label) for one in unknown)

    @property
    def says_thanks(self) -> bool:
        """Whether nothing is left to decide in it."""
        return not set(self.meanings.values()) - {Meaning.SEEN, Meaning.INFO, Meaning.SETTINGS}


def banner(chain: Sequence[Container], *, language: str = "", second: bool = False) -> Banner | None:
    """Returns the innermost container of the chain that is a consent banner with something to decide.

    Where there is none, the innermost that speaks of nothing but consent, though it offers no button; else None. In a
    language that we cannot read, whatever speaks of cookies over the page is taken for these.
    `second`: its settings were opened, and what has switches and can be saved is taken for them.
    """
    judged = [
        one
        for container in chain
        if (one := _judge(container, language=language) or _again(container, language=language, second=second))
    ]
    return next((one for one in judged if set(one.meanings.values()) & _DECISIVE), next(iter(judged), None))


def _judge(container: Container, *, language: str) -> Banner | None:
    said = spoken(container.text, declared=language)
    meanings = _meanings(container, said)
    subject = _Subject.of(container, said)
    usable = {meanings[one.number] for one in container.controls if not one.leaves}
    is_pay_wall = _is_pay_wall(container, meanings, subject)
    is_unread = not is_known(language) and subject.is_core and container.how in _OVER
    is_consent = subject.is_consent or (is_pay_wall and subject.is_core) or is_unread
    if container.fields & _PERSONAL or not is_consent or _is_foreign(container, meanings, said, subject):
        return None
    if not subject.is_core and not (
        Meaning.ACCEPT in usable and usable & _ALTERNATIVES and _is_sure(container, subject)
    ):
        return None
    if _is_offer(meanings):
        return None
    has_choice = bool(usable & _CHOICES) or is_pay_wall
    if subject.has_other and not (is_pay_wall or usable & _AGREEING):
        return None
    notices = usable & _DECISIVE and (subject.weight >= 2 or subject.length < 400)
    if has_choice or notices or is_unread or (container.how in _OVER and subject.is_notice):
        return Banner(container, _as_told(container, meanings, said), is_pay_wall)
    return None


def _is_sure(container: Container, subject: "_Subject") -> bool:
    """Tells whether a text is about consent that has only such words as other dialogs have too."""
    return subject.weight >= (_SURE - 1 if container.switches else _SURE)


def _meaning(one: Control, said: Sequence[Language]) -> Meaning:
    """Returns what a button means; it agrees where only those hear it who have the page read to them."""
    shown = meaning(one.label, spoken=said)
    heard = meaning(one.aloud, spoken=said)
    return heard if heard in _COSTLY and shown in _DECISIVE else shown


def _meanings(container: Container, said: Sequence[Language]) -> dict[int, Meaning]:
    """Returns what the buttons mean; where money is spoken of, "without tracking" is what one pays for.

    So is the refusal itself where nothing else there can be what the money is for.
    """
    found = {one.number: _meaning(one, said) for one in container.controls}
    if not names_a_price(container.text):
        return found
    for one in container.controls:
        if found[one.number] in (Meaning.REJECT, Meaning.OTHER):
            found[one.number] = meaning_beside_a_price(one.label, spoken=said, otherwise=found[one.number])
    if Meaning.ACCEPT not in found.values() or Meaning.PAY in found.values():
        return found
    return {number: Meaning.PAY if one is Meaning.REJECT else one for number, one in found.items()}


def _as_told(container: Container, meanings: Mapping[int, Meaning], said: Sequence[Language]) -> Mapping[int, Meaning]:
    """Takes for agreement what closes a notice by its label, where the text says that to close or press it agrees."""
    folded = fold(container.text)
    is_closing = any(one.says("closing", folded=folded) for one in said)
    is_pressing = Meaning.ACCEPT not in meanings.values() and any(one.says("pressing", folded=folded) for one in said)
    is_agreeing = is_pressing and any(one.says("accept", folded=folded) for one in said)

    def agrees(one: Control) -> bool:
        is_named = is_pressing and _times(fold(one.label), folded) > 1  # beside the button itself
        return is_closing or (len(one.label) > 1 and (is_agreeing or is_named))

    seen = [one for one in container.controls if meanings[one.number] is Meaning.SEEN]
    return {**meanings, **{one.number: Meaning.ACCEPT for one in seen if agrees(one)}}


def _times(words: str, folded: str) -> int:
    return folded.replace(" ", "  ").count(words.replace(" ", "  "))


def _is_offer(meanings: Mapping[int, Meaning]) -> bool:
    """Tells whether the question is whether to pay, and nothing else."""
    has = set(meanings.values())
    return {Meaning.PAY, Meaning.REJECT} <= has and not has & {Meaning.ACCEPT, Meaning.NEEDED, Meaning.SETTINGS}


def _again(container: Container, *, language: str, second: bool) -> Banner | None:
    """Judges what need not speak of consent any more: settings that were opened, and what a press left standing."""
    if not (second or container.met) or container.fields & _PERSONAL:
        return None
    said = spoken(container.text, declared=language)
    meanings = _meanings(container, said)
    subject = _Subject.of(container, said)
    is_second = container.switches and {Meaning.SAVE, Meaning.REJECT} & set(meanings.values())
    if not (is_second or container.met) or _is_foreign(container, meanings, said, subject):
        return None
    if (subject.has_other and not is_second) or _is_of_the_page(container, subject):
        return None
    return Banner(container, _as_told(container, meanings, said), is_pay_wall=False)


def _is_of_the_page(container: Container, subject: "_Subject") -> bool:
    """Tells whether nothing is left of a banner but what it stood in: the links of a footer."""
    return subject.weight == 0 and len(container.controls) > 1 and all(one.leaves for one in container.controls)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a container speaks of."""

    weight: int
    is_core: bool
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
        core = max(one.count("subject", folded=folded) - one.count("soft", folded=folded) for one in said)
        words = _words_beside_labels(container, folded)
        is_first = min(others, default=first + 1) > first
        own = said[0].count("subject", folded=folded) - said[0].count("soft", folded=folded)
        is_meant = own > 1 or words <= _SAYS_LITTLE or _is_of_the_web(folded, said[0])
        is_consent = subject > 0 and words >= _SAYS_ENOUGH and is_first and is_meant
        return cls(subject + topic, core > 0, bool(others), is_consent, len(folded), words)


def _is_of_the_web(folded: str, language: Language) -> bool:
    """Tells whether a text that speaks of cookies can mean those of a web site; known of some languages only."""
    return "context" not in language.phrases or language.says("context", folded=folded)


def _words_beside_labels(container: Container, folded: str) -> float:
    rest = folded
    for control in sorted((one for one in container.controls if not one.plain), key=lambda one: -len(one.label)):
        rest = rest.replace(fold(control.label), " ", 1)
    words = rest.split()
    return sum(1 if parts_words(word) else len(word) / 2 for word in words)


def _is_foreign(
    container: Container, meanings: Mapping[int, Meaning], said: Sequence[Language], subject: _Subject
) -> bool:
    """Tells whether most of what one can decide here is about something else than consent."""
    decisive = [
        one for one in container.controls if meanings[one.number] in _DECISIVE and not (one.leaves or one.plain)
    ]
    foreign = [one for one in decisive if is_foreign(one.label, spoken=said)]
    is_sure = subject.is_core and subject.weight >= _SURE
    rest = [one for one in decisive if one not in foreign]
    if {meanings[one.number] for one in rest} == {Meaning.REJECT} and not container.met:
        # "No, thanks" alone: to something else, if that is beside it.
        is_declined = all(any(one.says("thanks", folded=fold(it.label)) for one in said) for it in rest)
        unread = [one for one in container.controls if meanings[one.number] is Meaning.OTHER]
        foreign += [one for one in unread if not (one.link or one.plain) and is_foreign(one.label, spoken=said)]
        if is_declined or not is_sure:
            return bool(foreign)
    if is_sure:
        return 0 < len(foreign) == len(decisive)
    accepting = [one for one in decisive if meanings[one.number] is Meaning.ACCEPT]
    is_of_another = bool(accepting) and not container.met and all(one in foreign for one in accepting)
    return is_of_another or len(foreign) * 2 > len(decisive)


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
    if one.repeated and (keeping := _keeping(one)):
        return keeping
    if refusal := _first(one, (Meaning.REJECT, Way.REJECT)):
        return refusal
    if one.is_pay_wall:
        return None
    return _first_by_parts(one)


def _first_by_parts(one: Banner) -> Press | None:
    switches = one.switches
    if switches and (saving := _first(one, (Meaning.SAVE, Way.SAVE))):
        return saving
    if press := _first(one, (Meaning.NEEDED, Way.REJECT), (Meaning.SETTINGS, Way.SETTINGS)):
        return press
    usable = {one.meanings[control.number] for control in one.container.controls if not control.leaves}
    if switches:
        return None if usable & _CHOICES else _confirming(one)
    if usable & _CHOICES:
        return _first(one, (Meaning.INFO, Way.SETTINGS))
    return None if one.is_unclear else _first(one, (Meaning.SEEN, Way.SEEN))


def _keeping(one: Banner) -> Press | None:
    """Finds what keeps the choices, though it may not work before they are made."""
    wanted = [it for it in one.container.controls if one.meanings[it.number] is Meaning.SAVE]
    return next((Press(it, Way.SAVE) for it in wanted if not (it.leaves or it.pressed or it.plain)), None)


def _least(options: Sequence[Switch], said: Sequence[Language]) -> Switch | None:
    """Finds what allows the least."""
    order = (Meaning.REJECT, Meaning.NEEDED)
    meant = [(it, meaning(it.label, spoken=said)) for it in options]
    return min((one for one in meant if one[1] in order), key=lambda one: order.index(one[1]), default=(None,))[0]


def _confirming(one: Banner) -> Press | None:
    """Finds the "OK" beneath what can be switched: it keeps that. A cross keeps nothing."""
    seen = [it for it in one.controls(Meaning.SEEN) if not it.plain and len(it.label) > 1]
    return Press(seen[0], Way.SAVE) if len(seen) == 1 else None


def _first(one: Banner, *wishes: tuple[Meaning, Way]) -> Press | None:
    for wanted, way in wishes:
        if controls := [it for it in one.controls(wanted) if not it.plain or way is Way.REJECT]:
            repeated = {it.number for it in one.repeated}
            return Press(
                min(controls, key=lambda it: (it.plain, it.link, it.number in repeated, len(it.label) > 40)), way
            )
    return None
