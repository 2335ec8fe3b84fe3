"""Walls by their shape: bars, cards, dialogs, and the many things that a button can be made of."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from html import escape

from tests.newsroom.walls.wall import Wall, banner, button, js, said, shown
from tests.newsroom.walls.wording import WORDS

BOTTOM = ".bnr{position:fixed;left:0;right:0;bottom:0;background:#fff;padding:1rem 2rem;box-shadow:0 0 20px #0006;z-index:90}"
TOP = ".consent-strip{position:sticky;top:0;background:#222;color:#fff;padding:.6rem 1rem;z-index:9}.consent-strip a{color:#fff}"
CARD = (
    "#c0rner{position:fixed;right:1rem;bottom:1rem;width:22rem;background:#fffbe8;padding:1rem;border:1px solid #998}"
)
FULL = (
    ".veil{position:fixed;inset:0;background:#123;color:#fff;z-index:2147483647;display:grid;place-content:center;"
    "padding:10vw}.veil a{color:#9cf}html.stop,html.stop body{overflow:hidden!important;height:100%}"
)
MODAL = (
    ".bnr{position:fixed;inset:0;background:#000a;z-index:99;display:flex;align-items:center;justify-content:center;"
    "flex-direction:column;color:#fff}.bnr a{color:#fff}"
)
BOTH = {"b1": "reject", "b2": "accept"}


def _both(language: str, *, tag: str = "button") -> list[str]:
    words = WORDS[language]
    return [button("b1", words.reject, tag=tag), button("b2", words.accept, tag=tag)]


def _bar(
    name: str, about: str, *, language: str, tag: str = "button", gone: str = "box.remove()", style: str = BOTTOM
) -> Wall:
    """Returns a wall whose banner has both buttons, made of that tag."""
    return Wall(
        name, about, language=language, banner=said(WORDS[language]), style=style,
        markup=banner(WORDS[language], _both(language, tag=tag)), script=shown(BOTH, gone=gone),
    )  # fmt: skip


def _top() -> Wall:
    words = WORDS["de"]
    markup = (
        f'<div class="consent-strip" role="region" aria-label="Cookie"><span>{escape(words.text)}</span> '
        f"{button('x1', words.accept)} {button('x2', words.reject)}</div>"
    )
    script = (
        "const strip = document.querySelector('.consent-strip');\nif (Wall.kept()) strip.remove();\n"
        f"else {{ document.body.prepend(strip); Wall.bind(strip, {js({'x1': 'accept', 'x2': 'reject'})}, () => strip.remove()); }}"
    )
    return Wall(
        "top-bar", "a sticky strip at the top, in the page's own HTML", language="de", banner=(words.text,),
        style=TOP, markup=markup, script=script, static=True,
    )  # fmt: skip


def _card() -> Wall:
    words = WORDS["fr"]
    markup = (
        f'<aside id="c0rner"><p><b>{escape(words.title)}</b></p><p>{escape(words.text)}</p>'
        f"{button('ok', words.accept)}{button('no', 'Continuer sans accepter', tag='a')}</aside>"
    )
    return Wall(
        "corner-card", "a card in the corner; refusing is a small link", language="fr",
        banner=said(words, "Continuer sans accepter"), style=CARD, markup=markup,
        script=shown({"ok": "accept", "no": "reject"}, box="c0rner"),
    )  # fmt: skip


def _full() -> Wall:
    words = WORDS["es"]
    return Wall(
        "full-screen", "covers everything and locks scrolling", language="es", banner=said(words), style=FULL,
        markup=banner(words, _both("es"), box="veil", css="veil"),
        script=shown(
            BOTH, box="veil", before="document.documentElement.classList.add('stop');",
            gone="document.documentElement.classList.remove('stop'); box.remove()",
        ),
    )  # fmt: skip


def _dialog() -> Wall:
    words = WORDS["it"]
    markup = (
        f'<dialog id="dlg"><h2>{escape(words.title)}</h2><p>{escape(words.text)}</p>{" ".join(_both("it"))}</dialog>'
    )
    return Wall(
        "dialog-element", "a <dialog> in the top layer", language="it", banner=said(words), markup=markup,
        script=shown(BOTH, box="dlg", before="box.showModal();", gone="box.close()"),
    )  # fmt: skip


def _icon() -> Wall:
    words = WORDS["en"]
    markup = banner(words, [
        '<button id="b2" aria-label="Accept all cookies">✓</button>', '<button id="b1" aria-label="Reject all cookies">✕</button>',
    ])  # fmt: skip
    return Wall(
        "icon-buttons", "buttons without words, named by aria-label", banner=said(words), style=BOTTOM,
        markup=markup, script=shown(BOTH),
    )  # fmt: skip


def _necessary() -> Wall:
    words = WORDS["de"]
    presses = [button("b2", words.accept), button("b1", "Nur notwendige Cookies"), button("b3", words.settings)]
    return Wall(
        "only-necessary", "refusing is called 'only necessary cookies'", language="de", banner=said(words), style=BOTTOM,
        markup=banner(words, presses), script=shown({**BOTH, "b3": "settings…"}, gone="if (choice !== 'settings') box.remove()"),
    )  # fmt: skip


def _misleading() -> Wall:
    words = WORDS["en"]
    presses = [button("b2", "Accept all (you can still reject later)"), button("b1", "Continue without agreeing")]
    return Wall(
        "misleading-words", "the button that accepts says 'reject', the one that refuses does not", banner=said(words),
        style=BOTTOM, markup=banner(words, presses), script=shown(BOTH),
    )  # fmt: skip


def _sell() -> Wall:
    text = "We may sell or share personal information collected through cookies, including with advertisers."
    markup = (
        f'<div id="ccpa" class="bnr"><p>{text}</p>{button("b1", "Do Not Sell or Share My Personal Information")} '
        f"{button('b2', 'OK')}</div>"
    )
    return Wall(
        "do-not-sell", "the American kind", banner=(text,), style=BOTTOM, markup=markup,
        outcomes=("rejected", "acknowledged"), script=shown({"b1": "reject", "b2": "ack"}, box="ccpa"),
    )  # fmt: skip


def _late_buttons() -> Wall:
    words = WORDS["en"]
    markup = banner(words, _both("en")).replace("<button", "<button disabled")
    before = "setTimeout(() => box.querySelectorAll('button').forEach((b) => { b.disabled = false; }), 700);"
    return Wall(
        "late-buttons", "its buttons sleep for 0.7 seconds", banner=said(words), style=BOTTOM, markup=markup,
        script=shown(BOTH, before=before),
    )  # fmt: skip


SHAPES = (
    _bar("bottom-bar", "the plainest banner there is", language="en"),
    _top(),
    _card(),
    _full(),
    _dialog(),
    _bar("link-buttons", "its buttons are links", language="uk", tag="a"),
    _bar("div-buttons", "its buttons are divs without a role", language="ro", tag="div"),
    _bar("span-buttons", "its buttons are spans with a role", language="sv", tag="span"),
    _bar(
        "fade-out", "fades for 0.9 seconds, and takes clicks meanwhile", language="fi",
        style=BOTTOM + ".bnr{transition:opacity .9s}",
        gone="box.style.opacity = 0; setTimeout(() => { box.style.display = 'none'; }, 900)",
    ),
    _bar(
        "slide-out", "slides below the screen and stays in the DOM", language="da",
        style=BOTTOM + ".bnr{transition:transform .6s}", gone="box.style.transform = 'translateY(120%)'",
    ),
    Wall(
        "brief-modal", "one paragraph of news under a modal full of words", language="he", paragraphs=1, style=MODAL,
        banner=said(WORDS["he"]), markup=banner(WORDS["he"], _both("he")), static=True,
        script="const box = document.getElementById('bnr');\nif (Wall.kept()) box.style.display = 'none';\n"
        f"else Wall.bind(box, {js(BOTH)}, () => {{ box.style.display = 'none'; }});",
    ),
    _icon(), _necessary(), _misleading(), _sell(), _late_buttons(),
)  # fmt: skip
