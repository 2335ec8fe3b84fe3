"""The containers of known consent platforms, by id and class: from autoconsent's rules, and a list of our own."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

import duckduckgo_autoconsent  # type: ignore[import-untyped]  # it has no annotations

from archive.articles.markup.text import words

# Of the names in the rules only those count that speak of consent; these platforms' names do not, and are theirs alone.
_OWN: Final = words("""
    #ccc #ccm-widget #ccm_notification #ensNotifyBanner #ensModalWrapper #fides-overlay #fides-overlay-wrapper
    #ketch-banner #ketch-modal #lanyard_root #pandectes-banner #pg-root-shadow-host #truendo_container #bnp_container
    #concentBanner #gdrp #politique_confidentialite #shopify-pc__banner #hu .hu-wrapper .axeptio_mount .axeptio_widget
    ._brlbs-bar-wrap ._brlbs-box-wrap .ch2-container .ch2-dialog .cli-popupbar-overlay .optanon-alert-box-wrapper
    .termsfeed-com---nb .trustarc_newcm_container .rodo-popup .fc-dialog-container .fc-dialog-overlay .fc-consent-root
    .T360PurposeOverviewBanner .disc-cp-modal__modal .wt-cck--container
    .avia-cookie-consent .avia-cookie-consent-wrap .avia-cookie-consent-modal .av-consent .pea_cook_wrapper
    .moove-gdpr-info-bar-hidden #moove_gdpr_cookie_info_bar #moove_gdpr_cookie_modal #cmplz-cookiebanner-container
    #BorlabsCookieBox #borlabs-cookie #cookie-law-info-bar #cookie-notice #gdpr-cookie-message #catapult-cookie-bar
    #eu-cookie-bar #CybotCookiebotDialog #CybotCookiebotDialogBodyUnderlay #usercentrics-root #usercentrics-cmp-ui
    #onetrust-consent-sdk #onetrust-banner-sdk #didomi-host #qc-cmp2-container #qc-cmp2-main #tarteaucitronRoot
    #cc-main #cc--main #klaro .klaro .orejime-Layer .osano-cm-window .cc-window .cc-banner #iubenda-cs-banner
    #truste-consent-track #sp-cc #CookieConsent #cookieConsent #cookiescript_injected #termly-code-snippet-support
    #cmpbox #cmpbox2 #cmpwrapper
""")
_SPEAKS: Final = re.compile(
    r"cook|consen|[_-]cmp|cmp[_-]|^.cmp|gdpr|dsgvo|rgpd|privac|ccpa|onetrust|didomi|usercentric|datenschutz|zustimm|klaro|"
    r"iubenda|truste|osano|quantcast|qc-cmp|borlabs|cky-|cmplz|evidon|termly|tarteau",
    re.IGNORECASE,
)
# Names of a page's state, and of what stands on ordinary pages too.
_MISLEADS: Final = re.compile(
    r"^.(?:has|no|non|with|show|lb-show|plug)[-_]|(?:open|opened|active|visible|visibility|shown?|enabled|required|accepted)$|"
    r"^.(?:cookies?|consent|cmp|gdpr|privacyarea|cookie-menu)$|policy|link|page|screen|btn|button|accept|reject|denied|close",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"([#.])((?:[\w-]|[^\x00-\x7f])+)(?![\w-]*\\)")
_CONDITION: Final = re.compile(r"\[[^\]]*\]|:[\w-]+\([^)]*\)")
_STEP: Final = re.compile(r"[\s>+~]+")


@cache
def names() -> frozenset[str]:
    """Returns ids ("#name") and classes (".name") of containers; read once a process, in some 150 ms."""
    rules = json.loads(duckduckgo_autoconsent.rules_json())
    found = {name for rule in rules for name in _names(rule)}
    return _OWN | {name for name in found if _SPEAKS.search(name) and not _MISLEADS.search(name)}


def _names(rule: dict[str, Any]) -> Iterator[str]:
    """Yields the names in the selectors of what a rule hides at once, and of what it takes for the open banner."""
    for selector in _selectors(rule.get("prehideSelectors", [])):
        yield from _of(_STEP.split(selector)[-1])
    for selector in _selectors(_shown(rule.get("detectPopup", []))):
        yield from _of(_STEP.split(selector)[0])


def _of(compound: str) -> Iterator[str]:
    yield from (kind + name for kind, name in _NAME.findall(compound))


def _selectors(told: Iterable[str]) -> Iterator[str]:
    for several in told:
        yield from (one.strip() for one in _CONDITION.sub("", several).split(",") if one.strip())


def _shown(steps: Iterable[Any]) -> Iterator[str]:
    """Yields the selectors of elements that a rule wants to see; one that reaches into a shadow root is a list."""
    for step in steps:
        if not isinstance(step, dict):
            continue
        for kind in ("visible", "exists"):
            told = step.get(kind)
            last = told[-1] if isinstance(told, list) and told else told
            if isinstance(last, str):
                yield last
        for inner in ("any", "then", "else"):
            yield from _shown(step.get(inner) or ())
