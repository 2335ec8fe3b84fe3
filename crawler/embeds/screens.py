"""The screens for which a page is kept, and what media queries and lengths come to on them.

Pages offer one image in many sizes, and a browser loads one of them. Replay tools do not put the nearest size in the
place of one that is missing: it shows as a hole. So what is kept is what a browser would choose on each of the four
screens below, which between them see what nearly all readers do; and replay at 1280 x 800 looks right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_EM = 16.0  # pixels
_LONGEST_QUERY = 1000  # characters
_MOST_TOKENS = 60
_DEEPEST = 6
_UNITS: Final = {
    "px": 1.0,
    "em": _EM,
    "rem": _EM,
    "ch": 8.0,
    "ex": 8.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
}
_TOKEN = re.compile(r"\s*(?:([0-9]*\.?[0-9]+)([a-z%]*)|(calc|min|max|clamp)?(\()|([-+*/),]))", re.IGNORECASE)
_FEATURE = re.compile(r"\(\s*(-?[a-z-]+)\s*(?::\s*((?:[^()]|\([^()]*\))*?))?\s*\)", re.IGNORECASE)
_RANGE = re.compile(r"\(\s*(?:([^()<>=]+?)\s*(<=?|>=?)\s*)?(width|height)\s*(?:(<=?|>=?)\s*([^()<>=]+?))?\s*\)", re.I)
_KNOWN: Final = {
    "orientation": "landscape",
    "prefers-color-scheme": "light",
    "prefers-reduced-motion": "no-preference",
    "prefers-reduced-data": "no-preference",
    "prefers-contrast": "no-preference",
    "hover": "hover",
    "any-hover": "hover",
    "pointer": "fine",
    "any-pointer": "fine",
    "scripting": "enabled",
    "forced-colors": "none",
    "display-mode": "browser",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A browser window in CSS pixels, and how many real pixels each of them has."""

    width: float
    height: float
    density: float


SCREENS: Final = (
    Screen(width=1280, height=800, density=1),
    Screen(width=1280, height=800, density=2),
    Screen(width=1920, height=1080, density=1),
    Screen(width=390, height=844, density=2),
)


def applies(query: str, *, screen: Screen) -> bool | None:
    """Tells whether a media query holds on a screen; None when it asks for something that is not known here."""
    if len(query) > _LONGEST_QUERY:
        return None
    parts = [_alternative(part.strip().lower(), screen=screen) for part in query.split(",")]
    return _any(parts)


def _alternative(query: str, *, screen: Screen) -> bool | None:
    negated = query.startswith("not ")
    query = query.removeprefix("not ").removeprefix("only ").strip()
    if not query:
        return True
    found = _any([_all(part, screen=screen) for part in query.split(" or ")])
    return found if found is None or not negated else not found


def _all(query: str, *, screen: Screen) -> bool | None:
    facts = [_fact(part.strip(), screen=screen) for part in query.split(" and ")]
    if False in facts:
        return False
    return None if None in facts else True


def _any(facts: Sequence[bool | None]) -> bool | None:
    if True in facts:
        return True
    return None if None in facts else False


def _fact(part: str, *, screen: Screen) -> bool | None:
    if part in {"all", "screen"}:
        return True
    if part in {"print", "speech", "tty", "tv", "projection", "handheld", "braille", "embossed", "aural"}:
        return False
    feature = _FEATURE.fullmatch(part)
    if feature is not None:
        return _feature(feature[1], value=(feature[2] or "").strip(), screen=screen)
    between = _RANGE.fullmatch(part)
    return _range(between, screen=screen) if between is not None else None


def _feature(name: str, *, value: str, screen: Screen) -> bool | None:
    bound, _, what = name.rpartition("-") if name.startswith(("min-", "max-")) else ("", "", name)
    if what in {"width", "height"} and bound in {"min", "max", ""}:
        limit = length(value, screen=screen)
        size = screen.width if what == "width" else screen.height
        return None if limit is None else _holds(size, {"min": ">=", "max": "<=", "": "="}[bound], limit)
    if name.endswith(("resolution", "device-pixel-ratio")):
        return _resolution(name, value=value, screen=screen)
    if name == "orientation":
        return value == ("landscape" if screen.width >= screen.height else "portrait")
    return value in {_KNOWN[name], ""} if name in _KNOWN else None


def _resolution(name: str, *, value: str, screen: Screen) -> bool | None:
    number = re.fullmatch(r"([0-9]*\.?[0-9]+)(dppx|x|dpi|dpcm)?(?:/1)?", value)
    if number is None:
        return None
    asked = float(number[1]) / {"dpi": 96.0, "dpcm": 37.8}.get(number[2] or "", 1.0)
    return _holds(screen.density, ">=" if "min-" in name else "<=" if "max-" in name else "=", asked)


def _range(between: re.Match[str], *, screen: Screen) -> bool | None:
    size = screen.width if between[3].lower() == "width" else screen.height
    for text, sign, turned in ((between[1], between[2], True), (between[5], between[4], False)):
        if sign is None:
            continue
        limit = length(text, screen=screen)
        if limit is None:
            return None
        if not (_holds(limit, sign, size) if turned else _holds(size, sign, limit)):
            return False
    return True


def _holds(left: float, sign: str, right: float) -> bool:
    return (left > right and ">" in sign) or (left < right and "<" in sign) or (left == right and "=" in sign)


def length(text: str, *, screen: Screen) -> float | None:
    """Returns a CSS length in pixels, sums and the like included; None when it cannot be told."""
    tokens = _tokens(text.strip().lower())
    if not tokens:
        return None
    try:
        value, rest = _sum(tokens, screen=screen, depth=0)
    except (ValueError, IndexError, ZeroDivisionError, OverflowError):
        return None
    return value if not rest else None


_Token = tuple[str, str]  # a number and its unit, or a sign and nothing


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text) and len(tokens) <= _MOST_TOKENS:
        found = _TOKEN.match(text, at)
        if found is None:
            return []
        at = found.end()
        tokens.append((found[1], found[2]) if found[1] else ((found[3] or "calc") + "(" if found[4] else found[5], ""))
    return tokens if len(tokens) <= _MOST_TOKENS else []


def _sum(tokens: list[_Token], *, screen: Screen, depth: int) -> tuple[float, list[_Token]]:
    value, tokens = _product(tokens, screen=screen, depth=depth)
    while tokens and tokens[0][0] in {"+", "-"}:
        more, rest = _product(tokens[1:], screen=screen, depth=depth)
        value, tokens = (value + more if tokens[0][0] == "+" else value - more), rest
    return value, tokens


def _product(tokens: list[_Token], *, screen: Screen, depth: int) -> tuple[float, list[_Token]]:
    value, tokens = _term(tokens, screen=screen, depth=depth)
    while tokens and tokens[0][0] in {"*", "/"}:
        more, rest = _term(tokens[1:], screen=screen, depth=depth)
        value, tokens = (value * more if tokens[0][0] == "*" else value / more), rest
    return value, tokens


def _term(tokens: list[_Token], *, screen: Screen, depth: int) -> tuple[float, list[_Token]]:
    text, unit = tokens[0]
    if depth > _DEEPEST:
        raise ValueError("nested too deep")
    if text == "-":
        value, rest = _term(tokens[1:], screen=screen, depth=depth + 1)
        return -value, rest
    if not text.endswith("("):
        return float(text) * _unit(unit, screen=screen), tokens[1:]
    values: list[float] = []
    rest = tokens
    while not values or rest[0][0] == ",":
        value, rest = _sum(rest[1:], screen=screen, depth=depth + 1)
        values.append(value)
    if rest[0][0] != ")":
        raise ValueError("not closed")
    return _of(text, values), rest[1:]


def _of(name: str, values: Sequence[float]) -> float:
    if name == "clamp(":
        low, middle, high = values
        return max(low, min(middle, high))
    return {"min(": min, "max(": max}[name](values) if name in {"min(", "max("} else values[0]


def _unit(unit: str, *, screen: Screen) -> float:
    if not unit:
        return 1.0
    if unit.endswith(("vw", "vi")) or unit == "%":
        return screen.width / 100
    if unit.endswith(("vh", "vb")):
        return screen.height / 100
    if unit in {"vmin", "vmax"}:
        return (min if unit == "vmin" else max)(screen.width, screen.height) / 100
    if unit not in _UNITS:
        raise ValueError("no unit")
    return _UNITS[unit]
