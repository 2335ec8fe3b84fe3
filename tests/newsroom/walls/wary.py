"""Walls that punish haste: words of two languages, choices out of sight, and what stands there after the choice."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from html import escape

from tests.newsroom.walls.nasty import pay_wall
from tests.newsroom.walls.shapes import BOTH, BOTTOM
from tests.newsroom.walls.wall import Wall, banner, button, js, said, shown
from tests.newsroom.walls.wording import WORDS


def _worded(
    name: str, about: str, *, language: str, accept: str, reject: str, style: str = BOTTOM, before: str = ""
) -> Wall:
    words = WORDS[language]
    return Wall(
        name, about, language=language, banner=said(words), style=style, script=shown(BOTH, before=before),
        markup=banner(words, [button("b2", accept), button("b1", reject)]),
    )  # fmt: skip


def _each() -> Wall:
    """Saved only once every purpose was answered, in a layer that no longer speaks of consent."""
    words = WORDS["fr"]
    rows = "".join(
        f'<p>{name} <button type="button" class="no">Refuser</button> <button type="button" class="yes">Accepter</button></p>'
        for name in ("Mesure", "Publicité")
    )
    second = f"<h2>Vos réglages</h2>{rows}<p><button type='button' id='b4' disabled>Enregistrer</button></p>"
    opened = (
        f"if (choice === 'settings') {{ box.innerHTML = {js(second)}; const answers = {{}}; const rows = [...box.querySelectorAll('p')].slice(0, 2);"
        "rows.forEach((row, n) => row.addEventListener('click', (event) => { answers[n] = event.target.className;"
        "if (Object.keys(answers).length === 2) box.querySelector('#b4').disabled = false; }));"
        "box.querySelector('#b4').addEventListener('click', () => { const on = Object.keys(answers).filter((n) => answers[n] !== 'no');"
        "Wall.tell('save', { on }); Wall.keep('save'); box.remove(); }); } else box.remove()"
    )
    return Wall(
        "refuse-each", "each purpose is refused for itself before one can save", language="fr", layer=2, banner=said(words), style=BOTTOM,
        markup=banner(words, [button("b2", words.accept), button("b3", words.settings)]),
        script=shown({"b2": "accept", "b3": "settings…"}, gone=opened),
    )  # fmt: skip


def _other_tab() -> Wall:
    words = WORDS["en"]
    switch = '<p>{0} <span role="switch" tabindex="0" aria-checked="{1}" data-name="{0}" style="display:inline-block;width:40px;height:20px;background:#8a8"></span></p>'
    tabs = (
        f'<div>{switch.format("Advertising", "false")}</div><div style="display:none"><h3>Legitimate interest</h3>'
        f"{switch.format('Measurement', 'true')}{switch.format('Development', 'true')}</div>"
    )
    return Wall(
        "other-tab", "its legitimate interests are switched on behind another tab", language="en", layer=2, banner=said(words), style=BOTTOM,
        markup=banner(words, [button("b4", words.save), button("b2", words.accept)], extra=tabs),
        script=shown({"b4": "save", "b2": "accept"}),
    )  # fmt: skip


def _asks_back() -> Wall:
    """Refused at first, it asks back in words that do not speak of consent; nobody knows what its "yes" means."""
    words = WORDS["en"]
    back = "<p>Are you sure? Parts of the site may look different.</p><button type='button' id='y'>Yes, I am sure</button><button type='button' id='n'>Go back</button>"
    return Wall(
        "asks-back", "asks back once it was refused", language="en", layer=0, outcomes=("hidden", "rejected"), style=BOTTOM,
        banner=(*said(words), "Are you sure?"), markup=banner(words, [button("b2", words.accept), button("b1", words.reject)]),
        script=shown({"b2": "accept", "b1": "reject…"}, gone=f"if (choice === 'reject') box.innerHTML = {js(back)}; else box.remove()"),
    )  # fmt: skip


def _built_anew() -> Wall:
    words = WORDS["sv"]
    inner = f"<h2>{escape(words.title)}</h2><p>{escape(words.text)}</p>{button('b2', words.accept)}{button('b1', words.reject)}"
    return Wall(
        "built-anew", "is built anew three times a second", language="sv", banner=said(words), style=BOTTOM,
        markup='<div id="bnr" class="bnr"></div>',
        script=(
            'if (!Wall.kept()) {\n  document.body.insertAdjacentHTML("beforeend", %MARKUP%);\n  const box = document.getElementById("bnr");\n'
            f"  const build = () => {{ box.innerHTML = {js(inner)}; Wall.bind(box, {js(BOTH)}, () => {{ clearInterval(again); box.remove(); }}); }};\n"
            "  const again = setInterval(build, 300);\n  build();\n}"
        ),
    )  # fmt: skip


WARY = (
    _worded("no-other-tongue", "whose words say no in one language and yes in another", language="es", accept="Está bien", reject="Ahora no"),
    _worded("unseen-hyphens", "parts its labels by soft hyphens", language="de", accept="Ak\u00adzep\u00adtie\u00adren", reject="Ab\u00adleh\u00adnen"),
    _worded("begins-with-no", "refuses in words that no list has", language="fr", accept="OK pour moi", reject="Non, pas pour moi"),
    _worded("beyond-body", "stands beside the body", language="da", accept=WORDS["da"].accept, reject=WORDS["da"].reject, before="document.documentElement.append(box);"),
    _each(),
    _other_tab(),
    _asks_back(),
    _built_anew(),
    pay_wall(
        "pay-without-tracking", language="de", accept="Zustimmen", pay="Ohne Tracking weiter mit Klarpass",
        text="Mit Werbung und Cookies nutzen, oder mit Klarpass ab 3,99 € monatlich werbefrei und ohne Tracking.",
    ),
)  # fmt: skip
