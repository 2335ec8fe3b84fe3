"""Walls that real consent scripts put up, as npm has them: scripts/consentscripts fetches what the lock file pins."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

import subprocess
from pathlib import Path

from tests.newsroom.walls.wall import Outcome, Wall, js

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / ".venv" / "consentscripts"
FILES = "/walls/npm-files/"


SAYS = {  # what scripts say whose words are their own
    "klaro": "Could we please enable some additional services",
    "klaro-must-consent": "Hier können Sie die Dienste, die wir auf dieser Website nutzen möchten",
    "klaro-no-decline": "Could we please enable some additional services",
    "tarteaucitron": "This site uses cookies and gives you control",
    "tarteaucitron-no-deny": "This site uses cookies and gives you control",
    "orejime": "We collect and process your personal information",
    "orejime-fr": "personnaliser les informations que nous collectons sur vous",
    "cookie-consent-js": "We use cookies to personalize content and analyze traffic",
    "cookie-consent-js-blocking": "Wir nutzen Cookies, um Inhalte zu personalisieren",
    "cookie-notice": "We use cookies to ensure that you have the best experience",
    "lmc-eu-cookie-consent-manager": "Díky Cookies budou naše stránky ještě lepší",
    "cookiesjsr": "We use a selection of our own and third-party cookies",
    "sandstreamdev-cookieconsent": "We would like to measure how you browse our website",
}


def fetched() -> Path:
    """Returns the folder of the consent scripts; fetches what is missing, which takes some seconds once."""
    said = subprocess.run([ROOT / "scripts" / "consentscripts"], check=True, capture_output=True, text=True)
    return Path(said.stdout.strip())


def _wall(
    package: str, *, scripts: tuple[str, ...] = (), styles: tuple[str, ...] = (), labels: dict[str, str], run: str,
    says: tuple[str, ...], name: str = "", markup: str = "", module: bool = False, platform: str | None = None, layer: int = 1,
    outcomes: tuple[Outcome, ...] = ("rejected",), language: str = "en", about: str = "", accepts: bool = True, style: str = "",
) -> Wall:  # fmt: skip
    """Returns the wall of a package (name@version); `labels` say what pressing which label means."""
    short = name or package.rpartition("@")[0].removeprefix("@").replace("/", "-")
    head = "".join(f'<link rel="stylesheet" href="{FILES}{package}/{path}">' for path in styles)
    kind = ' type="module"' if module else ""
    loaded = "".join(
        f'<script{kind} src="{path if "/npm-files/" in path else f"{FILES}{package}/{path}"}"></script>'
        for path in scripts
    )
    return Wall(
        f"npm/{short}", about or f"{package} as published", language=language, platform=platform, layer=layer,
        outcomes=outcomes, accepts=accepts, banner=says or (SAYS[short],), head=head, markup=f"{markup}{loaded}", static=True, style=style,
        script=f"Wall.watch({js(labels)});\naddEventListener('DOMContentLoaded', () => {{\n{run}\n}});",
    )  # fmt: skip


EN3 = {"Accept all": "accept", "Reject all": "reject", "Manage preferences": "settings", "Save preferences": "save"}
TEXT = "We use cookies to count our readers and to show advertisements on this newspaper."
OSANO = {"allow cookies": "accept", "deny cookies": "reject", "learn more about cookies": "policy"}
PURPOSES = [
    {"id": "statistics", "title": "Statistics", "description": "Counts our readers.", "cookies": ["stat"]},
    {"id": "advertising", "title": "Advertising", "description": "Shows advertisements.", "cookies": ["ad"]},
]
VANILLA_3 = """CookieConsent.run({
  hideFromBots: HIDES,
  guiOptions: GUI,
  categories: { necessary: { enabled: true, readOnly: true }, analytics: { enabled: true }, ads: {} },
  language: { default: "en", translations: { en: {
    consentModal: { title: "Cookies at the Courier", description: %s, acceptAllBtn: "Accept all", REJECT showPreferencesBtn: "Manage preferences" },
    preferencesModal: { title: "Preferences", acceptAllBtn: "Accept all", REJECT savePreferencesBtn: "Save preferences", closeIconLabel: "Close", sections: [
      { title: "Necessary", linkedCategory: "necessary" }, { title: "Analytics", linkedCategory: "analytics" }, { title: "Ads", linkedCategory: "ads" } ] } } } }
});""" % js(TEXT)  # noqa: UP031 -- braces of the script


def _vanilla(name: str, *, gui: str, rejects: bool, hides: bool = False) -> Wall:
    run = (
        VANILLA_3.replace("HIDES", js(hides))
        .replace("GUI", gui)
        .replace("REJECT", 'acceptNecessaryBtn: "Reject all",' if rejects else "")
    )
    return _wall(
        "vanilla-cookieconsent@3.1.0", name=name, scripts=("dist/cookieconsent.umd.js",), styles=("dist/cookieconsent.css",),
        labels=EN3, says=("Cookies at the Courier", TEXT), platform="cookieconsent3", run=run, layer=1 if rejects else 2,
        outcomes=("rejected", "none") if hides else ("rejected",),
        about="shows itself to no one whose navigator.webdriver is set" if hides else "",
    )  # fmt: skip


def _klaro(name: str, *, extra: dict[str, object], layer: int = 1, language: str = "en") -> Wall:
    config = {
        "lang": language, "acceptAll": True, "hideDeclineAll": False, **extra,
        "services": [
            {"name": "statistics", "title": "Statistics", "purposes": ["analytics"], "default": True},
            {"name": "advertising", "title": "Advertising", "purposes": ["marketing"], "default": True},
        ],
    }  # fmt: skip
    labels = {
        "That's ok": "accept", "I decline": "reject", "Accept all": "accept", "Accept selected": "save", "Let me choose": "settings",
        "Das ist ok": "accept", "Ich lehne ab": "reject", "Alle akzeptieren": "accept", "Ausgewählte akzeptieren": "save", "Lassen Sie mich wählen": "settings",
        "Ok": "accept", "Learn more": "settings", "Customize": "settings", "Accept": "accept", "Decline": "reject", "Realize": "accept",
    }  # fmt: skip
    return _wall(
        "klaro@0.7.22", name=name, scripts=("dist/klaro-no-css.js",), styles=("dist/klaro.min.css",), labels=labels, layer=layer,
        platform="Klaro", language=language, says=(), run=f"window.klaroConfig = {js(config)}; klaro.setup(window.klaroConfig);",
    )  # fmt: skip


def _osano(
    name: str, *, kind: str, labels: dict[str, str], layer: int, outcomes: tuple[Outcome, ...], position: str
) -> Wall:
    config = {
        "type": kind, "position": position, "palette": {"popup": {"background": "#237"}, "button": {"background": "#fd5"}},
        "content": {"message": TEXT, "href": "/walls/policy.html"},
    }  # fmt: skip
    return _wall(
        "cookieconsent@3.1.1", name=name, scripts=("build/cookieconsent.min.js",), styles=("build/cookieconsent.min.css",),
        labels=labels, says=(TEXT,), layer=layer, outcomes=outcomes, accepts=kind != "info",
        run=f"window.cookieconsent.initialise({js(config)});",
    )  # fmt: skip


def _tarteaucitron(name: str, *, orientation: str, deny: bool) -> Wall:
    options = {
        "privacyUrl": "", "hashtag": "#tac", "cookieName": f"tac-{name}", "orientation": orientation, "showAlertSmall": False,
        "cookieslist": False, "showIcon": False, "adblocker": False, "DenyAllCta": deny, "AcceptAllCta": True, "highPrivacy": True,
        "handleBrowserDNTRequest": False, "removeCredit": True, "mandatory": True, "mandatoryCta": False, "useExternalCss": True,
        "useExternalJs": False, "closePopup": False, "groupServices": False,
    }  # fmt: skip
    labels = {
        "Cookies : OK, accept all": "accept", "Cookies : Deny all cookies": "reject", "Personalize (modal window)": "settings", "Save": "save", "Allow all cookies": "accept",
        "Deny": "reject", "Allow": "accept", "✓ Accept all": "accept", "✗ Deny all": "reject",
    }  # fmt: skip
    run = (
        f"tarteaucitronForceLanguage = 'en'; tarteaucitron.init({js(options)}); tarteaucitron.services.courier = {{ key: 'courier', type: 'analytic', "
        "name: 'Courier Statistics', needConsent: true, cookies: [], js() {} }; (tarteaucitron.job = tarteaucitron.job || []).push('courier');"
    )
    return _wall(
        "tarteaucitronjs@1.34.0", name=name, scripts=("tarteaucitron.js",), styles=("css/tarteaucitron.css",), labels=labels,
        says=(), platform="tarteaucitron deny" if deny else "tarteaucitron.js", layer=1 if deny else 2, run=run,
    )  # fmt: skip


NPM: tuple[Wall, ...] = (
    _vanilla("vanilla-cookieconsent", gui="{}", rejects=True),
    _vanilla("vanilla-cookieconsent-hides", gui="{}", rejects=True, hides=True),
    _vanilla("vanilla-cookieconsent-settings", gui='{ consentModal: { layout: "box", position: "middle center" } }', rejects=False),
    _wall(
        "vanilla-cookieconsent@v2.9.2", name="vanilla-cookieconsent-2", scripts=("dist/cookieconsent.js",), styles=("dist/cookieconsent.css",),
        labels={"Accept all": "accept", "Reject all": "reject", "Save": "save", "Settings": "settings"},
        says=("Cookies at the Courier", TEXT), platform="cookieconsent2",
        run=f"""initCookieConsent().run({{ hide_from_bots: false, current_lang: "en", languages: {{ en: {{
  consent_modal: {{ title: "Cookies at the Courier", description: {js(TEXT)}, primary_btn: {{ text: "Accept all", role: "accept_all" }}, secondary_btn: {{ text: "Reject all", role: "accept_necessary" }} }},
  settings_modal: {{ title: "Settings", save_settings_btn: "Save", accept_all_btn: "Accept all", blocks: [{{ title: "Necessary", description: "x", toggle: {{ value: "necessary", enabled: true, readonly: true }} }}] }} }} }} }});""",
    ),
    _klaro("klaro", extra={}),
    _klaro("klaro-must-consent", extra={"mustConsent": True}, language="de"),
    _klaro("klaro-no-decline", extra={"hideDeclineAll": True}, layer=2),
    _osano("cookieconsent", kind="opt-in", labels=OSANO, layer=1, outcomes=("rejected",), position="bottom"),
    _osano("cookieconsent-opt-out", kind="opt-out", labels=OSANO, layer=1, outcomes=("rejected",), position="bottom-left"),
    _osano("cookieconsent-info", kind="info", labels={"dismiss cookie message": "ack", "learn more about cookies": "policy"}, layer=0, outcomes=("acknowledged", "hidden"), position="top"),
    _tarteaucitron("tarteaucitron", orientation="middle", deny=True),
    _tarteaucitron("tarteaucitron-no-deny", orientation="bottom", deny=False),
    _wall(
        "orejime@3.2.1", scripts=("dist/orejime-standard-en.js",), styles=("dist/orejime-standard.css",), says=(), layer=1,
        markup=f"<script>window.orejimeConfig = {js({'privacyPolicyUrl': '/walls/policy.html', 'purposes': PURPOSES})};</script>",
        labels={"Accept all": "accept", "Accept": "accept", "Decline": "reject", "Decline all": "reject", "Let me choose": "settings", "Save": "save", "Configure": "settings"},
        run="",
    ),
    _wall(
        "orejime@3.2.1", name="orejime-fr", scripts=("dist/orejime-standard-fr.js",), styles=("dist/orejime-standard.css",), says=(), layer=1, language="fr",
        markup=f"<script>window.orejimeConfig = {js({'privacyPolicyUrl': '/walls/policy.html', 'forceModal': True, 'purposes': PURPOSES})};</script>",
        labels={"Tout accepter": "accept", "Tout refuser": "reject", "Sauvegarder": "save", "Accepter": "accept", "Refuser": "reject"}, run="",
    ),
    _wall(
        "cookie-consent-js@2.1.12", scripts=("src/cookie-consent.js",), styles=("src/cookie-consent.css",), says=(),
        labels={"Accept all cookies": "accept", "Only accept technically necessary cookies": "reject", "privacy policy": "policy"},
        run=f"new CookieConsent({{ contentUrl: '{FILES}cookie-consent-js@2.1.12/cookie-consent-content', privacyPolicyUrl: '/walls/policy.html', lang: 'en' }});",
    ),
    _wall(
        "cookie-consent-js@2.1.12", name="cookie-consent-js-blocking", scripts=("src/cookie-consent.js",), styles=("src/cookie-consent.css",), says=(), language="de",
        labels={"Alle Cookies akzeptieren": "accept", "Nur technisch notwendige Cookies akzeptieren": "reject"},
        run=f"new CookieConsent({{ contentUrl: '{FILES}cookie-consent-js@2.1.12/cookie-consent-content', privacyPolicyUrl: '/walls/policy.html', lang: 'de', blockAccess: true }});",
    ),
    _wall(
        "cookie-notice@1.3.9", scripts=("dist/cookie.notice.js",), labels={"OK": "ack", "Ok": "ack", "I understand": "ack"}, says=(), layer=0, accepts=False,
        outcomes=("acknowledged", "hidden"), run="new cookieNoticeJS({ learnMoreLinkEnabled: true, learnMoreLinkHref: '/walls/policy.html' });",
    ),
    _wall(
        "cookie-though@1.7.3", scripts=("dist/lib.js",), says=(TEXT,),
        labels={"Accept these": "save", "Accept all": "accept", "Decline": "reject", "Customise": "settings"},
        run=f"""CookieThough.init({{ policies: [{{ id: "essential", label: "Essential", description: "Needed.", category: "essential" }}, {{ id: "statistics", label: "Statistics", description: "Counts.", category: "statistics" }}],
  essentialLabel: "Always on", permissionLabels: {{ accept: "Accept these", acceptAll: "Accept all", decline: "Decline" }}, cookiePreferenceKey: "cookie-though", header: {{ title: "Cookies at the Courier", description: {js(TEXT)} }},
  customizeLabel: "Customise", cookiePolicy: {{ url: "/walls/policy.html", label: "policy" }} }});""",
    ),
    _wall(
        "@porscheofficial/cookie-consent-banner@4.1.0", module=True, scripts=("dist/cookie-consent-banner/cookie-consent-banner.esm.js",), says=(TEXT,),
        labels={"Accept everything": "accept", "Only essential": "reject", "Save selection": "save"},
        markup='<cookie-consent-banner headline="Cookies at the Courier" btn-label-accept-and-continue="Accept everything" btn-label-select-all-and-continue="Accept everything" '
        'btn-label-only-essential-and-continue="Only essential" btn-label-persist-selection-and-continue="Save selection" content-settings-description="Choose." cookie-name="porsche" cookie-attributes=\'{"path":"/","expires":7}\' '
        '>'
        f"{TEXT}</cookie-consent-banner>",
        run="document.querySelector('cookie-consent-banner').availableCategories = [{ key: 'required', label: 'Required', isMandatory: true, description: 'Needed.' }, { key: 'analytics', label: 'Analytics', description: 'Counts.' }];",
    ),
    _wall(
        "@lmc-eu/cookie-consent-manager@2.6.0", scripts=("init.js",), styles=("LmcCookieConsentManager.min.css",), says=(), language="cs",
        labels={"Přijmout vše": "accept", "Přijmout nezbytné": "reject", "Odmítnout vše": "reject", "Přijmout všechny": "accept", "Uložit nastavení": "save", "vlastním nastavení": "settings"},
        run="initLmcCookieConsentManager('courier', { defaultLang: 'cs', autodetectLang: false, displayMode: 'force', consentCollectorApiUrl: null, config: { hide_from_bots: false } });", platform="cookieconsent2",
    ),
    _wall(
        "cookiecraft@1.0.11", about="a script that forgets a refusal with the next page", scripts=("dist/cookiecraft.min.js",), styles=("dist/cookiecraft.css",), says=(TEXT,), labels={**EN3, "Reject All": "reject", "Accept All": "accept", "Customize": "settings", "Save Preferences": "save"},
        run=f"new CookieCraft.CookieConsent({{ categories: {{ necessary: {{ enabled: true, readOnly: true, label: 'Essential' }}, analytics: {{ enabled: true, readOnly: false, label: 'Analytics' }} }}, translations: {{ title: 'Cookies at the Courier', description: {js(TEXT)} }} }}).init();",
    ),
    _wall(
        "cookies-eu-banner@3.0.0", scripts=("dist/cookies-eu-banner.global.js",), says=("By continuing to visit this site you accept the use of cookies",), labels={"Reject": "reject", "Accept": "accept"},
        markup='<template id="cookies-eu-banner-template"><div id="cookies-eu-banner" style="position:fixed;bottom:0;left:0;right:0;background:#ddd;padding:1rem">By continuing to visit this site you accept the use of cookies for '
        'statistics. <button id="cookies-eu-reject">Reject</button> <button id="cookies-eu-accept">Accept</button></div></template>',
        run="CookiesEuBanner.createCookiesBanner({ onAccept() {} });",
    ),
    _wall(
        "@demos-europe/dp-consent@1.3.0", scripts=("dist/dp-consent.browser.min.js",), says=("Diese Zeitung verwendet Cookies zur Statistik.",), language="de", labels={"Zustimmen": "accept", "Ablehnen": "reject", "Überprüfen": "settings", "Auswahl speichern": "save", "Speichern": "save"},
        run="DpConsent.dpConsent({ notice: 'Diese Zeitung verwendet Cookies zur Statistik.', onRevokeConsent() {}, onGrantConsent() {}, necessaryCookies: [{ name: 'session', explanation: 'nötig' }], optionalCookies: [{ name: 'stat', explanation: 'zählt' }] });",
    ),
    _wall(
        "@dmstr/cookie-consent@0.4.1", scripts=("dist/cookie-consent.js",), says=("We are using cookies for statistics",), labels={"Accept All": "accept", "Deny All": "reject", "SAVE": "save", "Open controls": "settings", "Close controls": "settings"},
        style=".cookie-consent-popup{display:none;position:fixed;bottom:0;left:0;width:100%;background:#fec;z-index:999;padding:1rem}.cookie-consent-popup.open{display:block}.cookie-consent-controls{max-height:0;overflow:hidden}.cookie-consent-controls.open{max-height:600px}",
        markup='<div class="cookie-consent-popup"><div><span class="cookie-consent-message">We are using cookies for statistics</span> <button class="cookie-consent-accept-all">Accept All</button> '
        '<button class="cookie-consent-deny-all">Deny All</button> <button class="cookie-consent-controls-open">Open controls</button></div><div class="cookie-consent-controls"><label>'
        '<input type="checkbox" data-cc-consent="statistics" name="statistics">Statistics</label><button class="cookie-consent-save">SAVE</button></div></div>',
        run="new CookieConsent({ name: 'dmstr' });",
    ),
    _wall(
        "@stormid/cookie-banner@1.0.3", scripts=("dist/index.umd.js",), says=("We use cookies to improve your experience on our site",), labels={"Accept all": "accept", "Reject all": "reject", "Your options": "policy"},
        style=".privacy-banner{position:fixed;bottom:0;background:#fff;padding:2rem;box-shadow:0 0 9px}",
        run="""const start = window.cookieBanner || window.StormidCookieBanner || window.index || window["@stormid/cookie-banner"] || window.CookieBanner;
(start.default || start)({ secure: false, policyURL: "/walls/policy.html", types: { performance: { title: "Performance", description: "Counts.", labels: { yes: "y", no: "n" }, fns: [] } },
  bannerTemplate: (model) => `<section role="dialog" aria-label="Your privacy" class="${(model.settings || model).classNames.banner}"><p>We use cookies to improve your experience on our site and show you personalised advertising.</p><button type="button" class="${(model.settings || model).classNames.acceptBtn}">Accept all</button><button type="button" class="${(model.settings || model).classNames.rejectBtn}">Reject all</button></section>`,
  formTemplate: () => "<form></form>" });""",
    ),
    _wall(
        "cookiesjsr@1.0.17", scripts=("dist/cookiesjsr.min.js",), styles=("dist/cookiesjsr.min.css",), says=(), platform="cookiesjsr",
        labels={"Accept all": "accept", "Deny all": "reject", "Settings": "settings", "Save": "save"},
        markup='<div id="cookiesjsr"></div><script>document.cookiesjsr = { apiUrl: "", configQuery: "/walls/npm-config/cookiesjsr.json" };</script>', run="",
    ),
    _wall(
        "@sandstreamdev/cookieconsent@1.0.1", about="a script whose refusal is behind its settings", scripts=("build/cookieconsent.min.js",), styles=("build/cookieconsent.min.css",), says=(), layer=2, outcomes=("rejected", "hidden"),
        labels={"Accept all": "accept", "Accept All": "accept", "Customize settings": "settings", "Save": "save", "Allow all": "accept"},
        run="const CC = window.CookieConsent; new CC({ type: 'opt-in', position: 'bottom', content: { privacyPolicyLink: '/walls/policy.html', cookiePolicyLink: '/walls/policy.html' } });",
    ),
    _wall(
        "@walltowall/cookie-banner@1.0.5", module=True, scripts=("dist/cookie-banner.js",), says=("This website uses cookies to improve your browsing experience",), labels={"Accept All": "accept", "Reject All": "reject"},
        markup="<cookie-banner storage-key='walltowall'><h2>Privacy Settings</h2><p>This website uses cookies to improve your browsing experience and analyze site traffic.</p></cookie-banner>", run="",
        style="cookie-banner::part(dialog){background:#fff;padding:1rem}",
    ),
    _wall(
        "@mozmeao/consent-banner@1.1.1", scripts=(f"{FILES}@mozmeao/cookie-helper@1.1.0/index.js", "index.js"), styles=("styles.css",), says=("We would like to set additional Cookies to understand our readers",),
        labels={"Accept All Additional Cookies": "accept", "Reject All Additional Cookies": "reject", "Cookie settings": "policy"},
        style=".moz-consent-banner{display:none}.moz-consent-banner.is-visible{display:block;position:fixed;bottom:0;background:#fff}",
        markup='<aside class="moz-consent-banner" id="moz-consent-banner" role="region" aria-label="Cookie Banner"><p>We would like to set additional Cookies to understand our readers better. We value your privacy.</p>'
        '<button type="button" id="moz-consent-banner-button-accept">Accept All Additional Cookies</button><button type="button" id="moz-consent-banner-button-reject">Reject All Additional Cookies</button>'
        '<a href="/walls/policy.html">Cookie settings</a></aside>',
        run="""const at = (id) => document.getElementById(`moz-consent-banner${id}`);
addEventListener("mozConsentOpen", () => { at("-button-accept").addEventListener("click", MozConsentBanner.onAcceptClick); at("-button-reject").addEventListener("click", MozConsentBanner.onRejectClick); at("").classList.add("is-visible"); });
addEventListener("mozConsentClose", () => at("").classList.remove("is-visible"));
MozConsentBanner.init({ helper: window.MozCookieHelper || window.CookieHelper, cookieDomain: null });""",
    ),
)  # fmt: skip
COOKIESJSR = {
    "config": {
        "cookie": {"name": "cookiesjsr", "expires": 31536000000},
        "interface": {
            "openSettingsHash": "#editCookieSettings",
            "translationQuery": f"{FILES}cookiesjsr@1.0.17/lang/%lang_id/translation.json",
            "availableLangs": ["en"],
            "defaultLang": "en",
            "showDenyAll": True,
        },
    },
    "services": {
        "functional": {"id": "functional", "services": []},
        "tracking": {
            "id": "tracking",
            "services": [{"key": "stat", "type": "tracking", "name": "Statistics", "needConsent": True}],
        },
    },
}
