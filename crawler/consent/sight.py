"""What the page's scripts tell of a document, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Something that can be pressed.

    `aloud` is what those hear who have the page read to them. `within` is the control that holds nothing but this one
    and words of its own: it is pressed as well.
    """

    number: int
    label: str
    aloud: str = ""
    within: int | None = None
    leaves: bool = False  # a link to another document
    off: bool = False  # disabled
    pressed: bool = False  # by us, earlier
    link: bool = False
    plain: bool = False  # nothing but its words says that it is a button

    @property
    def is_usable(self) -> bool:
        """Whether it may be pressed at all."""
        return not (self.leaves or self.off or self.pressed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A checkbox, a switch, a radio button, a button that stays pressed or an option of a list; not disabled."""

    number: int
    label: str
    on: bool
    kind: str = "checkbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An element that stands out of the page and speaks of consent.

    `how` it stands out: fixed, sticky, dialog, cover, bar, instead (of an article), or frame for the document of a
    frame that stands out. `covers` is its share of the window, `fields` are the kinds of its inputs, `lists` the
    options of those that one chooses from. `met`: something in it was pressed before.
    """

    number: int
    how: str
    text: str
    covers: float = 0.0
    controls: tuple[Control, ...] = ()
    switches: tuple[Switch, ...] = ()
    lists: tuple[tuple[Switch, ...], ...] = ()
    fields: frozenset[str] = frozenset()
    met: bool = False

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> "Container":
        """Reads what look.js describes."""
        return cls(
            number=told["number"],
            how=told["how"],
            text=f"{told['title']} {told['text']}".strip(),
            covers=told["covers"],
            controls=tuple(Control(**control) for control in told["controls"]),
            switches=tuple(Switch(**switch) for switch in told["switches"]),
            lists=tuple(tuple(Switch(**option) for option in one) for one in told["lists"]),
            fields=frozenset(told["fields"]),
            met=told["met"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One look at one document: chains of containers, innermost first; rules that may fit; whether more is coming.

    `opaque` counts elements that show what no script can see: closed shadow roots that the parser made.
    """

    chains: tuple[tuple[Container, ...], ...] = ()
    rules: tuple[int, ...] = ()
    coming: bool = False
    language: str = ""
    opaque: int = 0

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> "Sight":
        """Reads what look.js tells."""
        return cls(
            chains=tuple(tuple(Container.parse(one) for one in chain) for chain in told["chains"]),
            rules=tuple(told["rules"]),
            coming=told["coming"],
            language=told["lang"],
            opaque=told["opaque"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The first question to a page: whether something stands there that may be a banner, or is expected to.

    `timers` is how many seconds the page's timers still run.
    """

    stands: bool = True
    expected: bool = True
    timers: float = 0.0
    opaque: int = 0

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> "Glance":
        """Reads what glance.js tells."""
        return cls(
            stands=told["stands"], expected=told["expected"], timers=told["timers"] / 1000, opaque=told["opaque"]
        )
