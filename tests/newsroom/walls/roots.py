"""Walls in frames and shadow roots."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from html import escape

from tests.newsroom.walls.shapes import BOTH, BOTTOM
from tests.newsroom.walls.wall import Wall, banner, button, js, said, shown
from tests.newsroom.walls.wording import WORDS, Words

FRAME = "position:fixed;left:0;right:0;bottom:0;width:100%;height:240px;border:0;background:#fff;z-index:99"
CSS = "<style>.bnr{padding:1rem;background:#fff;color:#000}.row>*{margin-right:1rem}</style>"


def _content(words: Words) -> str:
    return CSS + banner(words, [button("b2", words.accept), button("b1", words.reject)])


def _telling(root: str = "document", top: str = "top") -> str:
    """Returns the script of a frame: it tells the page above what was chosen."""
    return f"<script>Wall.bind({root}, {js(BOTH)}, (choice) => {top}.postMessage({{ wall: Wall.name, choice }}, '*'));</script>"


def _framed(source: str) -> str:
    """Returns the script of a page that has its banner in a frame and takes it away when the frame tells of a choice."""
    return (
        "if (!Wall.kept()) {\n  const frame = document.createElement('iframe');\n"
        f"  frame.src = {js(source)}; frame.style.cssText = {js(FRAME)}; frame.title = 'Privacy';\n"
        "  document.body.append(frame);\n  addEventListener('message', (event) => {\n"
        "    if (event.data.wall !== Wall.name) return;\n"
        "    localStorage.setItem('choice-' + Wall.name, event.data.choice); frame.remove();\n  });\n}"
    )


def _iframe() -> Wall:
    words = WORDS["nl"]
    return Wall(
        "iframe", "in a frame of another site", language="nl", banner=said(words),
        script=_framed("%OTHER%/walls/frame/iframe/main.html"), frames={"main": _content(words) + _telling()},
    )  # fmt: skip


def _nested_iframe() -> Wall:
    words = WORDS["da"]
    inner = (
        '<iframe src="%BASE%/walls/frame/nested-iframe/inner.html" style="border:0;width:100%;height:220px"></iframe>'
    )
    return Wall(
        "nested-iframe", "in a frame of this site in a frame of another", language="da", banner=said(words),
        script=_framed("%OTHER%/walls/frame/nested-iframe/main.html"),
        frames={"main": inner, "inner": _content(words) + _telling()},
    )  # fmt: skip


def _shadow_in_frame() -> Wall:
    words = WORDS["pl"]
    inside = (
        '<div id="host"></div><script>const root = document.getElementById("host").attachShadow({ mode: "open" });'
        f"root.innerHTML = {js(_content(words))};</script>"
    )
    return Wall(
        "shadow-in-iframe", "in a shadow root in a frame of another site", language="pl", banner=said(words),
        script=_framed("%OTHER%/walls/frame/shadow-in-iframe/main.html"), frames={"main": inside + _telling("root")},
    )  # fmt: skip


def _srcdoc() -> Wall:
    words = WORDS["it"]
    inside = (
        '<meta charset="utf-8"><script src="/assets/js/wall.js" data-wall="srcdoc-iframe"></script>'
        + _content(words)
        + _telling()
    )
    script = _framed("").replace('frame.src = ""', f"frame.srcdoc = {js(inside)}")
    return Wall("srcdoc-iframe", "in a frame without an address", language="it", banner=said(words), script=script)


def _shadow(name: str, about: str, *, language: str, mode: str) -> Wall:
    words = WORDS[language]
    script = (
        "if (!Wall.kept()) {\n  const host = document.createElement('div');\n  document.body.append(host);\n"
        f"  const root = host.attachShadow({{ mode: '{mode}' }});\n"
        f"  root.innerHTML = {js(f'<style>{BOTTOM}</style>' + _content(words))};\n"
        f"  Wall.bind(root, {js(BOTH)}, () => host.remove());\n}}"
    )
    return Wall(name, about, language=language, banner=said(words), script=script)


def _nested() -> Wall:
    words = WORDS["sv"]
    script = (
        "customElements.define('privacy-inner', class extends HTMLElement {\n  connectedCallback() {\n"
        "    const root = this.attachShadow({ mode: 'open' });\n"
        f"    root.innerHTML = {js(_content(words))};\n"
        f"    Wall.bind(root, {js(BOTH)}, () => this.getRootNode().host.remove());\n  }}\n}});\n"
        "customElements.define('privacy-outer', class extends HTMLElement {\n  connectedCallback() {\n"
        "    this.attachShadow({ mode: 'open' }).innerHTML = "
        "'<div style=\"position:fixed;inset:auto 0 0 0;z-index:99\"><slot></slot><privacy-inner></privacy-inner></div>';\n  }\n});\n"
        "if (!Wall.kept()) document.body.append(document.createElement('privacy-outer'));"
    )
    return Wall("nested-shadow", "in a shadow root in a shadow root", language="sv", banner=said(words), script=script)


def _slotted() -> Wall:
    words = WORDS["uk"]
    presses = button("b2", words.accept) + button("b1", words.reject)
    inside = f"<p slot=text>{escape(words.text)}</p><p slot=buttons>{presses}</p>"
    script = (
        "if (!Wall.kept()) {\n  const host = document.createElement('div'); host.id = 'host';\n"
        "  host.attachShadow({ mode: 'open' }).innerHTML = "
        '\'<div style="position:fixed;inset:auto 0 0 0;background:#fff"><slot name="text"></slot><slot name="buttons"></slot></div>\';\n'
        f"  host.innerHTML = {js(inside)};\n"
        f"  document.body.append(host);\n  Wall.bind(host, {js(BOTH)}, () => host.remove());\n}}"
    )
    return Wall(
        "slotted-shadow",
        "its box is in a shadow root, its words and buttons are not",
        language="uk",
        banner=(words.text,),
        script=script,
    )


INSISTING = (
    "const deaf = (event) => { if (event.isTrusted) return; event.stopImmediatePropagation(); event.preventDefault(); };\n"
    "for (const name of ['pointerdown', 'mousedown', 'click']) addEventListener(name, deaf, true);\n"
)


def _declared(name: str, about: str, *, language: str, insists: bool = False) -> Wall:
    """In a closed root that stands in the page's HTML: the script within it alone gets at it."""
    words = WORDS[language]
    inner = f"<style>{BOTTOM}</style>{_content(words)}"
    script = (
        "customElements.define('privacy-wall', class extends HTMLElement {\n  connectedCallback() {\n"
        "    const root = this.attachInternals().shadowRoot;\n    if (Wall.kept()) return this.remove();\n"
        f"    Wall.bind(root, {js(BOTH)}, () => this.remove());\n  }}\n}});"
    )
    return Wall(
        name, about, language=language, banner=said(words), static=True, script=(INSISTING if insists else "") + script,
        markup=f'<privacy-wall><template shadowrootmode="closed">{inner}</template></privacy-wall>',
    )  # fmt: skip


def _insisting() -> Wall:
    words = WORDS["de"]
    return Wall(
        "insisting", "hears nothing but the mouse of a person", language="de", banner=said(words), style=BOTTOM,
        markup=banner(words, [button("b2", words.accept), button("b1", words.reject)]),
        script=INSISTING + shown(BOTH),
    )  # fmt: skip


def _insisting_in_frame() -> Wall:
    words = WORDS["es"]
    return Wall(
        "insisting-in-iframe", "in a frame of another site, hears nothing but the mouse of a person", language="es",
        banner=said(words), script=_framed("%OTHER%/walls/frame/insisting-in-iframe/main.html"),
        frames={"main": f"<script>{INSISTING}</script>{_content(words)}{_telling()}"},
    )  # fmt: skip


ROOTS = (
    _iframe(),
    _nested_iframe(),
    _shadow_in_frame(),
    _srcdoc(),
    _shadow("open-shadow", "in an open shadow root", language="pl", mode="open"),
    _shadow("closed-shadow", "in a closed shadow root", language="pt", mode="closed"),
    _nested(),
    _slotted(),
    _declared("declared-closed", "in a closed shadow root that stands in the HTML", language="fr"),
    _declared("insisting-closed", "the same, and hears nothing but the mouse of a person", language="nl", insists=True),
    _insisting(),
    _insisting_in_frame(),
)
