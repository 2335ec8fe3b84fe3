"""Banners as others might build them: each is one page, with what may be pressed on it and what shall come of it."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error

from crawler.consent import Settler
from tests.crawler.consent.papers import Paper, bar, button, page

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKS = "We use cookies and similar technologies to improve your experience."
BOTH: Mapping[str, str] = {"accept": "Accept all", "reject": "Reject all"}
FIXED = "position:fixed;bottom:0;left:0;right:0;background:#fff"


@dataclass(frozen=True, slots=True)
class Variant:
    html: str
    pressed: tuple[str, ...] = ("reject",)
    outcome: str = "rejected"


def later(markup: str, milliseconds: int) -> str:
    escaped = markup.replace("`", "").replace("</script", "<\\/script")
    return (
        f"<script>setTimeout(() => document.body.insertAdjacentHTML('beforeend', `{escaped}`), {milliseconds})</script>"
    )


def listening(labels: Mapping[str, str]) -> str:
    """Buttons that are nothing but words in a box, with listeners that no attribute tells of."""
    made = "".join(f"<div id=l-{choice}>{label}</div>" for choice, label in labels.items())
    listen = "".join(
        f"document.getElementById('l-{choice}').addEventListener('click', () => choose('{choice}'));"
        for choice in labels
    )
    return f"<div data-wall style='{FIXED}'><p>{ASKS}</p>{made}</div><script>{listen}</script>"


RADIOS = "".join(
    f"<p>{name} <label><input type=radio name={name} value=yes checked>Allow</label>"
    f"<label><input type=radio name={name} value=no>Deny</label></p>"
    for name in ("Statistics", "Advertising")
)
SAVES = """<script>function save() {
  const on = [...document.querySelectorAll("input:checked")].filter((one) => one.value === "yes").length;
  choose(on ? "some" : "none");
}</script>"""
PILLS = (
    """<style>.pill{display:inline-block;width:40px;height:20px;background:#ccc}.pill.on{background:green}</style>"""
)

SLOTS = f"""<script>
customElements.define("my-button", class extends HTMLElement {{
  connectedCallback() {{ this.attachShadow({{ mode: "open" }}).innerHTML = "<button><slot></slot></button>" }}
}});
customElements.define("my-box", class extends HTMLElement {{
  connectedCallback() {{
    this.attachShadow({{ mode: "open" }}).innerHTML = `<div style="{FIXED}"><slot name=text></slot><slot></slot></div>`;
  }}
}});</script>"""
ROOTED = (
    f"<b-x><template shadowrootmode=closed><p>{ASKS}</p>"
    + "".join(f"<button onclick=\"top.choose('{choice}')\">{label}</button>" for choice, label in BOTH.items())
    + "</template></b-x>"
)


def letters(label: str) -> str:
    return "".join(f"<span style='display:inline-block'>{one}</span>" for one in label)


VARIANTS: Mapping[str, Variant] = {
    "links in a sentence": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS} You may {button('accept', 'accept', form='link')} or "
            f"{button('decline', 'reject', form='link')} them.</p></div>"
        )
    ),
    "div with onclick": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p>{button('Allow', 'accept', form='div')}"
            f"{button('Decline', 'reject', form='div')}</div>"
        )
    ),
    "words with listeners": Variant(page(listening(BOTH))),
    "input buttons": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p>{button('Agree', 'accept', form='input')}"
            f"{button('Disagree', 'reject', form='input')}</div>"
        )
    ),
    "comes after three seconds": Variant(page(later(bar(ASKS, BOTH), 3000))),
    "fades in": Variant(
        page(
            "<style>@keyframes in{from{opacity:0}to{opacity:1}}</style>"
            + bar(ASKS, BOTH, attributes="class=x").replace("class=x", "id=fader")
            + "<style>#fader{animation:in .8s}</style>"
        )
    ),
    "yes and no as radio buttons": Variant(
        page(
            f"{SAVES}<div data-wall style='{FIXED}'><p>{ASKS}</p>{RADIOS}"
            "<button onclick=save()>Save my choices</button></div>"
        ),
        pressed=("none",),
    ),
    "refusing leads away": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p>{button('Accept', 'accept')}"
            "<a href='/cookies/reject'>Reject all</a></div>"
        ),
        pressed=(),
        outcome="hidden",
    ),
    "only agreeing, locked by a wheel listener and a blur": Variant(
        page(
            bar(ASKS, {"accept": "I agree"})
            + "<style>main{filter:blur(8px)} body{overflow:hidden!important}</style>"
            + "<script>addEventListener('wheel', (event) => event.preventDefault(), {passive: false})</script>"
        ),
        pressed=(),
        outcome="hidden",
    ),
    "a modal dialog over a backdrop": Variant(
        page(
            f"<div data-wall style='position:fixed;inset:0;background:#0008'></div><dialog data-wall id=d><p>{ASKS}</p>"
            f"{button('Accept', 'accept')}{button('No, thanks', 'reject')}</dialog><script>d.showModal()</script>"
        )
    ),
    "a popover": Variant(
        page(
            f"<div popover=manual data-wall id=p><p>{ASKS}</p>{button('Accept', 'accept')}"
            f"{button('Use essential cookies only', 'reject')}</div><script>p.showPopover()</script>"
        )
    ),
    "beneath the header, in the flow": Variant(
        page("").replace(
            "<main>", f"<div data-wall><p>{ASKS}</p>{button('OK', 'ok')}{button('Refuse', 'reject')}</div><main>"
        )
    ),
    "asks twice": Variant(
        page(
            f"<div data-wall style='{FIXED}' id=first><p>{ASKS}</p>{button('Accept', 'accept')}"
            '<button onclick="first.innerHTML = second.innerHTML">Reject all</button></div>'
            f"<template id=second><p>Are you sure that you want no cookies?</p>{button('Accept after all', 'accept')}"
            f"{button('Yes, continue without', 'reject')}</template>"
        )
    ),
    "a newsletter beside it": Variant(
        page(
            bar(ASKS, BOTH)
            + "<div style='position:fixed;top:30%;left:30%;width:40%;background:#fff'><h2>Our newsletter</h2>"
            + f"<p>We respect your privacy.</p><input type=email>{button('No thanks', 'newsletter')}</div>"
        )
    ),
    "in an element that holds the page": Variant(
        page("")
        .replace("<main>", "<div id=app style='position:fixed;inset:0;overflow:auto'><main>")
        .replace(
            "</main>", f"</main><div data-wall class=notice><p>{ASKS}</p>{button('Reject', 'reject')}</div></div>"
        ),
    ),
    "labels letter by letter": Variant(page(bar(ASKS, {"accept": letters("Agree"), "reject": letters("Disagree")}))),
    "labels in slots": Variant(
        page(
            f"<my-box data-wall><p slot=text>{ASKS}</p><my-button onclick=\"choose('accept')\">Agree</my-button>"
            "<my-button onclick=\"choose('reject')\">Disagree</my-button></my-box>" + SLOTS
        )
    ),
    "a refusal that is kept, and the banner stays": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p>"
            "<button onclick=\"choices.push('reject'); localStorage.consent = 'none'\">Reject all</button></div>"
        )
    ),
    "a refusal that is kept under any name, and the banner stays": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p>"
            "<button onclick=\"choices.push('reject'); document.cookie = 'courier=%5B%5D'\">Reject all</button></div>"
        )
    ),
    "a press that is counted, and the banner stays": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p>"
            "<button onclick=\"document.cookie = 'pressed=1'\">Reject all</button></div>"
        ),
        pressed=(),
        outcome="hidden",
    ),
    "a refusal within the button that agrees": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p><div role=button onclick=\"choose('accept')\">Accept all "
            "<span>or <a href='#' onclick=\"choices.push('reject')\">reject all</a></span></div></div>"
        ),
        pressed=(),
        outcome="hidden",
    ),
    "buttons in a row that listens": Variant(
        page(bar(ASKS, BOTH).replace("<p>", "<div onclick='event.stopPropagation()'><p>") + "</div>"),
    ),
    "a label that turns before the mouse is down": Variant(
        page(
            f"<div data-wall style='{FIXED}'><p>{ASKS}</p>{button('Accept all', 'accept')}"
            "<button onpointerover=\"this.textContent = 'Accept all'\" onmousedown=\"choose('accept')\">Reject all"
            "</button></div>"
        ),
        pressed=(),
        outcome="hidden",
    ),
    "a label that counts the seconds": Variant(
        page(
            bar(ASKS, {"accept": "Accept all", "reject": "Reject all (9)"})
            + "<script>document.querySelectorAll('button')[1].addEventListener('pointerover', (event) =>"
            " { event.target.textContent = 'Reject all (8)' })</script>"
        )
    ),
    "a refusal that wakes late": Variant(
        page(
            bar(ASKS, BOTH).replace(
                "<button onclick=\"choose('reject')", "<button disabled id=r onclick=\"choose('reject')"
            )
            + "<script>setTimeout(() => { r.disabled = false }, 2500)</script>"
        )
    ),
    "a closed root in the html of a frame in a frame": Variant(
        page(
            f'<iframe data-wall style="{FIXED};width:100%;height:300px" srcdoc="'
            + escape(f'<iframe style="width:90%;height:200px" srcdoc="{escape(ROOTED)}"></iframe>')
            + '"></iframe>'
        )
    ),
}


def tempting(text: str, *labels: str, lang: str = "en") -> Variant:
    """A box that is no banner: whatever is pressed in it is noted."""
    made = "".join(button(label, "pressed") for label in labels)
    return Variant(page(f"<div style='{FIXED}' role=dialog>{text}{made}</div>", lang=lang), (), "none")


OTHERS = {
    "a letter that names the policy": tempting(
        "<h2>The morning letter</h2><p>We use your personal data and cookies as our privacy policy says, to send you"
        " the best of the day.</p>",
        "Accept",
        "No thanks",
    ),
    "an offer that one declines with thanks": tempting(
        "<h2>Das Wichtigste am Morgen</h2><p>Wir verarbeiten Ihre personenbezogenen Daten und setzen Cookies, wie es"
        " unsere Datenschutzerklärung sagt.</p>",
        "Jetzt bestellen",
        "Nein danke",
        lang="de",
    ),
    "new terms that name the policy": tempting(
        "<h2>Nouvelles conditions d'utilisation</h2><p>Nos conditions et notre politique de cookies changent.</p>",
        "Accepter",
        "Refuser",
        lang="fr",
    ),
    "a recipe in French": tempting(
        "<h3>Cookies aux noix</h3><p>Nous utilisons des cookies de la veille pour le fond de tarte.</p>",
        "Accepter la recette",
        "Refuser",
        "Enregistrer",
        lang="fr",
    ),
    "a quiz": tempting(
        "<h3>Quiz: Was wissen Sie über Cookies und Einwilligung?</h3>",
        "Ablehnen",
        "Zustimmen",
        "Überspringen",
        lang="de",
    ),
    "a petition": tempting(
        "<b>Petition: reject all tracking cookies in schools</b><p>4,000 have signed.</p>", "Sign", "Decline"
    ),
    "a comment to be judged": tempting(
        "<h2>Comment by Anna</h2><p>“We use cookies at home, and I consent to every one of them!”</p>",
        "Approve",
        "Reject",
    ),
    "a player in the corner": tempting(
        "<p>Video of another site. By loading it you consent to its cookies.</p>", "Load video", "Always load", "Close"
    ),
}
VARIANTS = {**VARIANTS, **OTHERS}
LANGUAGES: Mapping[str, tuple[str, str, str]] = {
    "ja": ("当サイトではクッキーを使用しています。", "すべて同意する", "同意しない"),
    "ar": ("نستخدم ملفات تعريف الارتباط لتحسين تجربتك.", "قبول الكل", "رفض الكل"),
    "hi": ("हम आपके अनुभव को बेहतर बनाने के लिए कुकीज़ का उपयोग करते हैं।", "सभी स्वीकार करें", "सभी अस्वीकार करें"),
    "ru": ("Мы используем файлы cookie, чтобы сайт работал лучше.", "Принять все", "Только необходимые"),
    "el": ("Χρησιμοποιούμε cookies για να βελτιώσουμε την εμπειρία σας.", "Αποδοχή όλων", "Συνέχεια χωρίς αποδοχή"),
    "he": ("אנו משתמשים בעוגיות כדי לשפר את החוויה שלך.", "אשר הכל", "דחה הכל"),
    "ko": ("이 사이트는 쿠키를 사용합니다.", "모두 동의", "필수만 허용"),
    "zh": ("本网站使用Cookie来改善您的体验。", "全部接受", "仅接受必要的"),
    "th": ("เว็บไซต์นี้ใช้คุกกี้เพื่อพัฒนาประสบการณ์ของคุณ", "ยอมรับทั้งหมด", "ปฏิเสธทั้งหมด"),
    "de": ("Wir und unsere Partner verwenden Cookies.", "Zustimmen", "Weiter ohne Zustimmung"),
}  # fmt: skip


Seen = tuple[str, list[str], bool]
AT_ONCE = 3  # pages
_MOST = 30.0  # seconds, on however busy a machine


def _address(name: str) -> str:
    return name.replace(" ", "-").replace(",", "")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def seen(browser: Browser, paper: Paper) -> Mapping[str, Seen]:
    """What became of each page, all opened side by side."""
    pages = {name: variant.html for name, variant in VARIANTS.items()}
    for language, (asks, accept, reject) in LANGUAGES.items():
        pages[language] = page(bar(asks, {"accept": accept, "reject": reject}), lang="")
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(name: str, html: str) -> Seen:
        async with turns:
            return await opened(browser, paper.put(_address(name), html))

    found = await asyncio.gather(*(one(name, html) for name, html in pages.items()))
    return dict(zip(pages, found, strict=True))


async def opened(browser: Browser, url: str) -> Seen:
    """Returns the outcome, what was pressed, and whether one is on the page and can scroll it."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        tab = await context.new_page()
        settler = await Settler.attach(tab, policy="reject")
        await tab.goto(url)
        await settler.settle(seconds=_MOST)
        consent = await settler.settle_late()
        await tab.mouse.move(600, 300)
        await tab.mouse.wheel(0, 300)
        with contextlib.suppress(Error):  # a page that cannot be scrolled, told below
            await tab.wait_for_function("scrollY > 0 || document.getElementById('app')", timeout=10_000)
        pressed = list(await tab.evaluate("window.choices"))
        scrolls = await tab.evaluate("scrollY > 0 || document.getElementById('app') !== null")
        return consent.outcome, pressed, tab.url == url and scrolls
    finally:
        await context.close()


@pytest.mark.parametrize("name", VARIANTS)
async def test_a_banner_however_it_is_built_is_refused_or_hidden(seen: Mapping[str, Seen], name: str) -> None:
    """And the page is free."""
    variant = VARIANTS[name]
    assert seen[name] == (variant.outcome, list(variant.pressed), True)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_banner_is_refused_in_its_language(seen: Mapping[str, Seen], language: str) -> None:
    """Also where the page does not say which that is."""
    assert seen[language] == ("rejected", ["reject"], True)
