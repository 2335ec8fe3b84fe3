"""Walls that make it hard: locks, articles kept back, settings behind settings, reloads, no choice at all."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from collections.abc import Mapping
from html import escape

from tests.newsroom.walls.shapes import BOTH, BOTTOM, FULL, MODAL
from tests.newsroom.walls.wall import Outcome, Wall, banner, button, js, said, shown
from tests.newsroom.walls.wording import WORDS, Words

LOCK = "document.body.style.cssText = 'overflow:hidden;position:fixed;width:100%;height:100vh';"
UNLOCK = "document.body.style.cssText = ''; box.remove()"


def _both(words: Words) -> list[str]:
    return [button("b2", words.accept), button("b1", words.reject)]


def _simple(
    name: str, about: str, *, language: str, script: str, style: str = BOTTOM, article: str = "shown",
    outcomes: tuple[Outcome, ...] = ("rejected",),
) -> Wall:  # fmt: skip
    words = WORDS[language]
    return Wall(
        name, about, language=language, banner=said(words), style=style, markup=banner(words, _both(words)),
        script=script, article=article, outcomes=outcomes,  # type: ignore[arg-type]  # one of the words of Article
    )  # fmt: skip


def _late() -> Wall:
    script = shown(BOTH).replace("if (!Wall.kept()) {", "if (!Wall.kept()) setTimeout(() => {", 1)[:-1] + "}, 1500);"
    return _simple("late", "comes 1.5 seconds after the page has loaded", language="ru", script=script)


def _on_scroll() -> Wall:
    script = shown(BOTH).replace("if (!Wall.kept()) {", "if (!Wall.kept()) addEventListener('scroll', () => {", 1)
    script = script[:-1] + "}, { once: true });"
    return _simple(
        "on-scroll", "comes with the first scrolling", language="tr", script=script, outcomes=("rejected", "none")
    )


def _layers(
    name: str, about: str, *, language: str, toggles: str, outcomes: tuple[Outcome, ...] = ("rejected",)
) -> Wall:
    """Returns a wall that is refused behind its settings: everything is on, and must be switched off and saved."""
    words = WORDS[language]
    first = banner(words, [button("b2", words.accept), button("b3", words.settings)])
    second = (
        f'<div id="prefs" class="bnr" style="display:none"><h2>{escape(words.settings)}</h2>{toggles}'
        f"<p>{button('b4', words.save)} {button('b5', words.accept)}</p></div>"
    )
    script = shown(
        {"b2": "accept", "b3": "settings…", "b4": "save", "b5": "accept"}, box="all",
        gone="if (choice === 'settings') { box.children[0].style.display = 'none'; box.children[1].style.display = 'block'; }"
        " else box.remove()",
    )  # fmt: skip
    return Wall(
        name, about, language=language, layer=2, banner=said(words), style=BOTTOM, outcomes=outcomes,
        markup=f'<div id="all">{first}{second}</div>', script=script,
    )  # fmt: skip


def boxes(words: Words) -> str:
    """Returns the purposes with checkboxes, all on."""
    rows = {"": words.necessary, "statistics": words.statistics, "marketing": words.marketing}
    return "".join(
        f'<p><label><input type="checkbox" name="{name or "necessary"}" checked{"" if name else " disabled"}> '
        f"{escape(label)}</label></p>"
        for name, label in rows.items()
    )


def switches(words: Words) -> str:
    """Returns the purposes with switches that are no inputs, all on."""
    rows = {"": words.necessary, "statistics": words.statistics, "marketing": words.marketing}
    return "".join(
        f'<p><span role="switch" tabindex="0" aria-checked="true" data-name="{name or "necessary"}" aria-label="{escape(label)}"'
        f'{"" if name else " aria-disabled=true"} class="sw"></span> {escape(label)}</p>'
        for name, label in rows.items()
    )


SWITCH = ".sw{display:inline-block;width:40px;height:20px;border-radius:10px;background:#aaa}.sw[aria-checked=true]{background:#070}"


def _withheld() -> Wall:
    fetch = (
        "fetch('/walls/body/article-withheld.html').then((r) => r.text())"
        ".then((html) => { document.getElementById('text').innerHTML = html; })"
    )
    script = shown(BOTH, gone=f"box.remove(); {fetch}") + f" else {fetch};"
    return _simple(
        "article-withheld", "the article is fetched once there is a choice", language="hi", article="withheld", style=MODAL,
        script=script,
    )  # fmt: skip


def _hidden() -> Wall:
    show = "document.getElementById('story').style.display = ''"
    return _simple(
        "article-hidden", "the article is out of sight until there is a choice", language="ar", article="hidden", style=MODAL,
        script=shown(BOTH, gone=f"box.remove(); {show}") + f" else {show};",
    )  # fmt: skip


def pay_wall(name: str, *, language: str, text: str, pay: str, accept: str) -> Wall:
    """Returns a wall where one may agree or pay."""
    markup = (
        f'<div id="pur" class="veil"><h2>{escape(WORDS[language].title)}</h2><p>{escape(text)}</p>'
        f"<p>{button('b2', accept)} {button('b6', pay)}</p></div>"
    )
    return Wall(
        name, "agree to be tracked, or pay", language=language, layer=0, outcomes=("pay_wall",), style=FULL,
        banner=said(WORDS[language], text)[::2], markup=markup,
        script=shown(
            {"b2": "accept", "b6": "pay"}, box="pur", before="document.documentElement.classList.add('stop');",
            gone="document.documentElement.classList.remove('stop'); box.remove()",
        ),
    )  # fmt: skip


def _without(
    name: str, about: str, *, language: str, presses: Mapping[str, tuple[str, str]], outcomes: tuple[Outcome, ...],
    locked: bool = False,
) -> Wall:  # fmt: skip
    """Returns a wall that cannot be refused; `presses` are id: (choice, label)."""
    words = WORDS[language]
    markup = banner(words, [button(name, label) for name, (_choice, label) in presses.items()])
    return Wall(
        name, about, language=language, layer=0, outcomes=outcomes, banner=said(words),
        accepts=any(choice == "accept" for choice, _label in presses.values()),
        style=MODAL if locked else BOTTOM, markup=markup,
        script=shown(
            {name: choice for name, (choice, _label) in presses.items()}, before=LOCK if locked else "",
            gone=UNLOCK if locked else "box.remove()",
        ),
    )  # fmt: skip


def _reload_loop() -> Wall:
    words = WORDS["en"]
    script = (
        'document.body.insertAdjacentHTML("beforeend", %MARKUP%);\n'
        "for (const [id, word] of [['b1', 'reject'], ['b2', 'accept']]) {\n"
        "  document.getElementById(id).addEventListener('click', () => { Wall.tell(word); location.reload(); });\n}"
    )
    return Wall(
        "reload-loop", "reloads on any choice and never remembers it", banner=said(words), style=BOTTOM, layer=0,
        outcomes=("hidden",), markup=banner(words, _both(words)), script=script,
    )  # fmt: skip


def _form() -> Wall:
    words = WORDS["pl"]

    def one(choice: str, label: str) -> str:
        return f'<form method="post" action="/walls/form/form-post"><input type="hidden" name="choice" value="{choice}"><input type="submit" value="{escape(label)}"></form>'

    gate = (
        f'<!doctype html><html lang="pl"><head><meta charset="utf-8"><title>{escape(words.title)}</title></head><body>'
        f"<main><h1>{escape(words.title)}</h1><p>{escape(words.text)}</p>{one('accept', words.accept)}{one('reject', words.reject)}"
        "</main></body></html>"
    )
    return Wall(
        "form-post", "a whole page before the page; its forms post the choice", language="pl", article="withheld",
        banner=said(words), gate=gate, script="fetch('/walls/body/form-post.html').then((r) => r.text())"
        ".then((html) => { document.getElementById('text').innerHTML = html; })",
        outcomes=("rejected", "failed"),
    )  # fmt: skip


def _comes_back() -> Wall:
    return _simple(
        "comes-back", "is put back into the page twice when it is taken out without a choice", language="cs",
        script="let times = 0;\nconst put = () => {\n" + shown(BOTH) + "\n};\nput();\n"
        "new MutationObserver(() => {\n"
        "  if (!Wall.kept() && !document.getElementById('bnr') && times++ < 2) setTimeout(put, 150);\n"
        "}).observe(document.body, { childList: true });",
    )  # fmt: skip


def _then_newsletter() -> Wall:
    words = WORDS["en"]
    promo = (
        '<div id="promo" class="bnr"><h2>Never miss a story</h2><p>Get our letter every morning.</p><input type="email">'
        '<button id="n1">Accept and subscribe</button> <button id="n2">No thanks, reject</button></div>'
    )
    return Wall(
        "then-newsletter", "once it is gone, a newsletter dialog comes, which is nobody's consent", banner=said(words),
        style=BOTTOM, markup=banner(words, _both(words)),
        script=f"const promo = {js(promo)};\n" + shown(BOTH, gone=(
            "box.remove(); setTimeout(() => { document.body.insertAdjacentHTML('beforeend', promo);"
            " Wall.bind(document.getElementById('promo'), { n1: 'newsletter…', n2: 'newsletter…' }); }, 200)"
        )),
    )  # fmt: skip


NASTY = (
    _late(),
    _on_scroll(),
    _simple("scroll-lock", "fixes the body in its place", language="ja", style=MODAL, script=shown(BOTH, before=LOCK, gone=UNLOCK)),
    _hidden(),
    _withheld(),
    _layers("two-step", "refused behind its settings, by unticking", language="ko", toggles=boxes(WORDS["ko"])),
    _layers("switches", "the same, with role=switch", language="el", toggles=f"<style>{SWITCH}</style>" + switches(WORDS["el"])),
    _simple("reload", "reloads the page on a choice", language="nl", script=shown(BOTH, gone="location.reload()")),
    _reload_loop(),
    _comes_back(),
    pay_wall(
        "pay-or-accept", language="de", accept="Mit Werbung weiterlesen", pay="Jetzt Pur-Abo für 3,99 € abschließen",
        text="Lesen Sie mit Werbung und Tracking kostenlos weiter und stimmen Sie der Speicherung von Cookies zu, oder "
        "abonnieren Sie unser Pur-Angebot ohne Werbung für 3,99 € im Monat.",
    ),
    pay_wall(
        "pay-or-accept-fr", language="fr", accept="Accepter et continuer gratuitement", pay="S'abonner pour 2 € par mois",
        text="Acceptez les cookies publicitaires pour lire gratuitement, ou abonnez-vous pour 2 € par mois et naviguez sans "
        "traceurs.",
    ),
    _without(
        "acknowledge", "tells, and asks nothing", language="hu", presses={"b7": ("ack", WORDS["hu"].ok)},
        outcomes=("acknowledged", "hidden"),
    ),
    _without("no-button", "text alone", language="zh", presses={}, outcomes=("hidden",)),
    _without("no-button-locked", "text alone over a locked page", language="th", presses={}, outcomes=("hidden",), locked=True),
    _without(
        "accept-only", "nothing but agreement", language="pt", presses={"b2": ("accept", WORDS["pt"].accept)}, outcomes=("hidden",),
    ),
    _without(
        "accept-only-locked", "nothing but agreement, over a locked page", language="es",
        presses={"b2": ("accept", WORDS["es"].accept)}, outcomes=("hidden",), locked=True,
    ),
    _form(),
    _then_newsletter(),
)  # fmt: skip
