"""The named rules of duckduckgo/autoconsent: which of them may fit a document, and how its engine is told.

The engine and its rules come with the package duckduckgo-autoconsent-py; they make no network call. Only the rules
whose first selectors are found in a document are sent to it: a page without a banner is never given the engine at all.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

import duckduckgo_autoconsent  # type: ignore[import-untyped]  # the package has no types

_SOURCEPOINT: Final = re.compile(
    r"//ccpa-(?:notice|pm)\.sp-prod\.net/|/(?:privacy-manager/|ccpa_pm/|us_pm/)?index\.html\?.*(?:message_id|requestUUID|consentUUID)="
)
# Platforms that the engine knows by code, not by a rule; read in its source.
_CODED: Final[Mapping[str, tuple[str, ...]]] = {
    "TrustArc-top": ("#truste-show-consent", "#truste-consent-track"),
    "Cybotcookiebot": ("#CybotCookiebotDialog", "#dtcookie-container", "#cookiebanner", "#cb-cookieoverlay"),
    "consentmanager.net": ("#cmpbox",),
    "Evidon": ("#_evidon_banner",),
    "Onetrust": ("#onetrust-banner-sdk", "#onetrust-pc-sdk"),
    "Klaro": (".klaro > .cookie-modal", ".klaro > .cookie-notice"),
    "Uniconsent": (".unic .unic-box", ".unic .unic-bar", ".unic .unic-modal"),
    "Conversant": (".cmp-root .cmp-receptacle",),
    "tiktok.com": ("tiktok-cookie-banner",),
    "Admiral": ("div > div[class*=Card] > div[class*=Frame] > div[class*=Pills] > button[class*=Pills__StyledPill]",),
}
_CONFIG: Final[Mapping[str, Any]] = {
    "enabled": True,
    "autoAction": None,  # it looks, and waits for our word: the page is photographed before the first click
    "disabledCmps": [],
    "enablePrehide": False,
    "enableCosmeticRules": True,
    "enableGeneratedRules": True,
    "enableHeuristicDetection": False,
    "enablePopupMutationObserver": False,
    "detectRetries": 2,
    "isMainWorld": True,  # no message `eval`: the engine evaluates its own snippets
    "heuristicMode": "off",  # it agreed where it should not, on 3 of 22 pages
    "logs": dict.fromkeys(("lifecycle", "rulesteps", "detectionsteps", "evals", "errors", "messages", "waits"), False),
}
_ALTERNATIVES: Final = re.compile(r"[,\\\\]|:not|:is|:where")
_QUOTED: Final = re.compile(r"\[[^\]]*\]")
_NAMES: Final = re.compile(r"[#.][A-Za-z_-][\w-]*")
_PRESSES: Final = ("click", "waitForThenClick")
_NESTED: Final = ("then", "else", "any")


@dataclass(frozen=True, slots=True)
class Rule:
    """One platform: where it may run, and the selectors of which one must be there."""

    name: str
    selectors: tuple[str, ...]
    in_main: bool = True
    in_frames: bool = False
    url: re.Pattern[str] | None = None
    told: Mapping[str, Any] | None = None  # None: coded in the engine

    def may_run(self, url: str, *, is_main: bool) -> bool:
        """Tells whether it is meant for such a document."""
        return (self.in_main if is_main else self.in_frames) and (self.url is None or self.url.search(url) is not None)

    @property
    def hides(self) -> bool:
        """Whether it takes the banner out of sight, and leaves the question open."""
        return bool(self.told and self.told.get("cosmetic"))

    @property
    def agrees(self) -> bool:
        """Whether refusing presses what agreeing presses: a notice without a choice, or a rule that gives up."""
        out, into = (list(_presses(self.told.get(way, ()))) if self.told else [] for way in ("optOut", "optIn"))
        return bool(out) and bool(into) and out[-1] == into[-1]


@cache
def rules() -> tuple[Rule, ...]:
    """Returns all rules that this release of the engine understands."""
    told = json.loads(duckduckgo_autoconsent.rules_json())
    coded = (Rule(name, selectors) for name, selectors in _CODED.items())
    sourcepoint = Rule("Sourcepoint-frame", ("body",), in_frames=True, url=_SOURCEPOINT)
    return (*coded, sourcepoint, *(rule for one in told if (rule := _rule(one)) is not None))


@cache
def named(name: str) -> Rule | None:
    """Returns the rule of that name, if there is one."""
    return next((rule for rule in rules() if rule.name == name), None)


def fitting(url: str, *, is_main: bool) -> tuple[int, ...]:
    """Returns the numbers of the rules that are meant for such a document."""
    return tuple(number for number, rule in enumerate(rules()) if rule.may_run(url, is_main=is_main))


@lru_cache(maxsize=64)
def described(numbers: tuple[int, ...]) -> str:
    """Returns rules as JSON: each number, with the selectors and their `names`. Few sites have rules of their own."""
    told = rules()
    return json.dumps([(number, [(one, names(one)) for one in told[number].selectors]) for number in numbers])


@cache
def names(selector: str) -> list[str]:
    """Returns the ids ("#a") and classes (".b") that a document must have for the selector to fit it.

    Looking for these first costs a tenth of asking for three hundred selectors. None of a selector with alternatives.
    """
    if _ALTERNATIVES.search(selector) or selector.startswith("xpath/"):
        return []
    return _NAMES.findall(_QUOTED.sub("", selector))


def engine() -> str:
    """Returns the engine's source."""
    return str(duckduckgo_autoconsent.bundle())


def initial(numbers: Sequence[int]) -> str:
    """Returns the message `initResp` with these rules, as one JSON string: parsed in the page, a tenth of the time."""
    told = [rule.told for rule in (rules()[number] for number in numbers) if rule.told]
    return json.dumps({"type": "initResp", "config": _CONFIG, "rules": {"autoconsent": told}})


def _rule(told: Mapping[str, Any]) -> Rule | None:
    selectors = tuple(_selectors(told["detectCmp"]))
    context = told.get("runContext") or {}
    if not selectors:
        return None
    url = re.compile(context["urlPattern"]) if context.get("urlPattern") else None
    return Rule(told["name"], selectors, context.get("main", True), context.get("frame", False), url, told)


def _selectors(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yields what one of which must exist for the steps to hold."""
    for step in steps:
        if step.get("negated"):
            continue
        for key in ("exists", "visible", "waitFor", "waitForVisible"):
            if key in step:
                yield from _alternatives(step[key] if isinstance(step[key], str) else step[key][0])
                return
        if "any" in step:
            for one in step["any"]:
                yield from _selectors([one])
            return


def _alternatives(selector: str) -> list[str]:
    """Parts a list of selectors, unless its commas stand within brackets."""
    return [selector] if re.search(r"[(\[\"']", selector) else [one.strip() for one in selector.split(",")]


def _presses(steps: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for step in steps:
        yield from (json.dumps(step[key]) for key in _PRESSES if key in step)
        for key in _NESTED:
            yield from _presses(step.get(key, ()))
