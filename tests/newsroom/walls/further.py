"""Further walls: platforms by the names their markup bears, and more of what the web comes up with."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from html import escape

from tests.newsroom.walls.shapes import BOTH, BOTTOM, MODAL
from tests.newsroom.walls.wall import Outcome, Wall, banner, button, js, said, shown
from tests.newsroom.walls.wording import WORDS


def _platform(name: str, platform: str, markup: str, *, language: str, before: str = "", cookie: str = "") -> Wall:
    """Returns a wall in the markup of a platform that rules know; REJECT and ACCEPT are its two labels."""
    words = WORDS[language]
    filled = (
        markup.replace("TEXT", escape(words.text))
        .replace("REJECT", escape(words.reject))
        .replace("ACCEPT", escape(words.accept))
    )
    gone = (f"document.cookie = {js(cookie)}; " if cookie else "") + "box.remove()"
    return Wall(
        name, f"the markup of {platform}, in words of our own", language=language, platform=platform, banner=(words.text,), style=BOTTOM,
        markup=f'<div id="bnr">{filled}</div>', script=shown(BOTH, before=before, gone=gone),
    )  # fmt: skip


def _plain(
    name: str,
    about: str,
    *,
    language: str = "en",
    before: str = "",
    gone: str = "box.remove()",
    style: str = BOTTOM,
    tag: str = "button",
) -> Wall:
    words = WORDS[language]
    return Wall(
        name, about, language=language, banner=said(words), style=style, script=shown(BOTH, before=before, gone=gone),
        markup=banner(words, [button("b2", words.accept, tag=tag), button("b1", words.reject, tag=tag)]),
    )  # fmt: skip


def _alone(
    name: str,
    about: str,
    *,
    language: str,
    label: str,
    choice: str,
    text: str = "",
    style: str = BOTTOM,
    before: str = "",
    gone: str = "box.remove()",
    outcomes: tuple[Outcome, ...] = ("hidden",),
) -> Wall:
    """Returns a wall with a single button that does not refuse."""
    words = WORDS[language]
    markup = banner(words, [button("b2", label)]).replace(escape(words.text), escape(text or words.text))
    return Wall(
        name, about, language=language, layer=0, outcomes=outcomes, banner=(words.title, text or words.text), style=style, markup=markup,
        accepts=choice == "accept", script=shown({"b2": choice}, before=before, gone=gone),
    )  # fmt: skip


def _objections() -> Wall:
    """Refused only by whoever unticks both lists behind the settings: consent, and legitimate interest."""
    words = WORDS["de"]
    rows = "".join(
        f'<p><label><input type="checkbox" name="{kind}-{n}"{" checked" if kind == "interest" else ""}> {label} {n}</label></p>'
        for kind, label in (("consent", "Einwilligung"), ("interest", "Berechtigtes Interesse"))
        for n in range(1, 7)
    )
    first = banner(words, [button("b2", words.accept), button("b3", "Zwecke anzeigen", tag="a")])
    second = f'<div class="bnr" style="display:none;max-height:70vh;overflow:auto">{rows}<p>{button("b4", words.save)} {button("b5", words.accept)}</p></div>'
    script = shown(
        {"b2": "accept", "b3": "settings…", "b4": "save", "b5": "accept"}, box="all",
        gone="if (choice === 'settings') box.children[1].style.display = 'block'; else box.remove()",
    )  # fmt: skip
    return Wall(
        "objections", "two lists behind the settings, the legitimate interests all ticked", language="de", layer=2, banner=said(words), style=BOTTOM,
        markup=f'<div id="all">{first}{second}</div>', script=script,
    )  # fmt: skip


def _settings_elsewhere() -> Wall:
    """Its settings open in a frame of another site."""
    words = WORDS["fr"]
    frame = (
        f'<h2>{escape(words.settings)}</h2><p><label><input type="checkbox" name="marketing" checked> {words.marketing}</label></p>'
        f"{button('b4', words.save)}{button('b1', words.reject)}<script>Wall.bind(document, {js({'b4': 'save', 'b1': 'reject'})}, (choice) => parent.postMessage({{ wall: Wall.name, choice }}, '*'));</script>"
    )
    open_frame = (
        "if (choice === 'settings') { const frame = document.createElement('iframe'); frame.src = '%OTHER%/walls/frame/settings-in-iframe/main.html'; "
        "frame.style.cssText = 'position:fixed;inset:10%;width:80%;height:80%;background:#fff;z-index:999'; document.body.append(frame); "
        "addEventListener('message', (event) => { localStorage.setItem('choice-' + Wall.name, event.data.choice); frame.remove(); box.remove(); }); } else box.remove()"
    )
    return Wall(
        "settings-in-iframe", "its settings open in a frame of another site", language="fr", layer=2, banner=said(words), style=BOTTOM,
        markup=banner(words, [button("b2", words.accept), button("b3", words.settings)]), frames={"main": frame},
        script=shown({"b2": "accept", "b3": "settings…"}, gone=open_frame),
    )  # fmt: skip


BLUR = "document.querySelector('main').style.filter = 'blur(9px)'; document.querySelector('main').inert = true;"
CLEAR = "document.querySelector('main').style.filter = ''; document.querySelector('main').inert = false; box.remove()"
FURTHER = (
    _platform("like-complianz", "Complianz banner", '<div id="cmplz-cookiebanner-container"><div class="cmplz-cookiebanner bnr"><p>TEXT</p><button id="b2" class="cmplz-accept">ACCEPT</button><button id="b1" class="cmplz-deny">REJECT</button></div></div>', language="nl", cookie="cmplz_banner-status=dismissed; path=/"),
    _platform("like-iubenda", "iubenda", '<div id="iubenda-cs-banner" class="bnr"><p>TEXT</p><button id="b2" class="iubenda-cs-accept-btn">ACCEPT</button><button id="b1" class="iubenda-cs-reject-btn">REJECT</button></div>', language="it"),
    _platform("like-cookieyes", "cookieyes", '<div class="cky-overlay"></div><div class="cky-consent-container bnr"><p>TEXT</p><button id="b2" data-cky-tag="accept-button">ACCEPT</button><button id="b1" data-cky-tag="reject-button">REJECT</button></div>', language="es"),
    _platform("like-moove", "Moove", '<div id="moove_gdpr_cookie_info_bar" class="bnr"><p>TEXT</p><button id="b2" class="moove-gdpr-infobar-allow-all">ACCEPT</button><button id="b1" class="moove-gdpr-infobar-reject-btn">REJECT</button></div>', language="pl"),
    _plain("in-flow", "pushes the article down instead of covering it", language="en", style=".bnr{background:#ffd;padding:2rem;border:1px solid}", before="document.body.prepend(box);"),
    _plain("popover", "a popover in the top layer", language="ru", style="", before="box.popover = 'manual'; box.showPopover();"),
    _plain("inert-blurred", "makes the article inert and blurs it", language="ja", style=MODAL.replace("#000a", "#0003"), before=BLUR, gone=CLEAR),
    _plain("slow-goodbye", "thanks for two seconds before it goes", language="sv", gone="box.querySelector('.row').textContent = '…'; setTimeout(() => box.remove(), 2000)"),
    _plain("asks-again", "asks by confirm() whether one is sure", language="cs", gone="confirm('Opravdu?'); box.remove()"),
    _plain("submit-inputs", "its buttons are submit inputs", language="tr", tag="input"),
    _plain("shuffled", "has new names for its classes and places for its buttons each time", language="uk", before="box.className += ' x' + Math.random().toString(36).slice(2); if (Math.random() < .5) box.querySelector('.row').prepend(box.querySelector('#b1'));"),
    _alone("closing-agrees", "whose × is agreement", language="en", label="×", choice="accept", text="We use cookies for advertising. By closing this message you agree to all of them."),
    _alone("blurred-accept-only", "blurs the article until one agrees", language="de", label=WORDS["de"].accept, choice="accept", style=MODAL.replace("#000a", "#0003"), before=BLUR, gone=CLEAR),
    _alone("by-reading-on", "says that reading on is agreement, and has a × that only closes", language="en", label="Close", choice="close", text="This site uses cookies. By reading on you accept our use of cookies.", outcomes=("acknowledged", "hidden")),
    _objections(),
    _settings_elsewhere(),
)  # fmt: skip
