"""Walls whose "OK" or "Reject" is not what it says: it agrees by the small print, costs money, or turns into another."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from html import escape

from tests.newsroom.walls.shapes import BOTH, BOTTOM, MODAL
from tests.newsroom.walls.wall import Outcome, Wall, button, shown
from tests.newsroom.walls.wording import WORDS


def _ok(name: str, about: str, *, language: str, text: str, label: str) -> Wall:
    markup = f'<div id="bnr" class="bnr"><p>{escape(text)} <a href="/walls/policy.html">{escape(WORDS[language].policy)}</a></p>{button("b2", label)}</div>'
    return Wall(
        name, about, language=language, layer=0, outcomes=("hidden",), banner=(text,), style=BOTTOM, markup=markup,
        script=shown({"b2": "accept"}),
    )  # fmt: skip


def _dear(name: str, *, language: str, text: str, accept: str, reject: str) -> Wall:
    """Returns a wall whose refusal has to be paid for, as only its text says."""
    markup = f'<div id="bnr" class="bnr"><h2>{escape(WORDS[language].title)}</h2><p>{escape(text)}</p>{button("b2", accept)} {button("b6", reject)}</div>'
    outcomes: tuple[Outcome, ...] = ("pay_wall",)
    return Wall(
        name, "refusing costs money, as only its text says", language=language, layer=0, outcomes=outcomes, banner=(text,),
        style=MODAL, markup=markup, script=shown({"b2": "accept", "b6": "pay"}),
    )  # fmt: skip


def _turning() -> Wall:
    text = "We use cookies and similar technologies for advertising."
    turns = (
        "const no = box.querySelector('#b1'); no.addEventListener('pointerover', () => { no.textContent = 'Accept all'; });"
        "no.addEventListener('click', () => { Wall.tell(no.textContent === 'Accept all' ? 'accept' : 'reject'); Wall.keep('x'); box.remove(); });"
    )
    return Wall(
        "turning-label", "whose 'Reject' says 'Accept' once a pointer is over it, and does so", layer=0, outcomes=("hidden",), banner=(text,),
        style=BOTTOM, markup=f'<div id="bnr" class="bnr"><p>{text}</p>{button("b2", "Accept all")} {button("b1", "Reject all")}</div>',
        script=shown({"b2": "accept"}, before=turns),
    )  # fmt: skip


def _in_footer() -> Wall:
    words = WORDS["it"]
    links = "".join(f'<a href="/{name.lower()}/">{name}</a> ' for name in ("Sport", "Cultura", "Contatti"))
    markup = (
        f'<footer id="foot" style="position:sticky;bottom:0;background:#fff"><nav>{links}</nav>'
        f'<div id="bnr"><p>{escape(words.text)}</p>{button("b2", words.accept)} {button("b1", words.reject)}</div></footer>'
    )
    return Wall(
        "in-footer", "part of a sticky footer, whose links stay", language="it", banner=(words.text,), markup=markup,
        script=shown(BOTH),
    )  # fmt: skip


GUILE = (
    _ok("ok-agrees", "whose 'OK' agrees, as its text says", language="en", label="OK",
        text="We and our partners use cookies for advertising. By clicking OK you consent to all of them."),
    _ok("ok-agrees-de", "whose 'OK' agrees, in German", language="de", label="OK",
        text="Wir verwenden Cookies für Werbung. Mit Klick auf „OK“ stimmen Sie der Nutzung aller Cookies zu."),
    _ok("understood-agrees", "whose 'Understood' agrees, as its text says in words that no list has", language="ru", label="Понятно",
        text="Мы используем файлы cookie для рекламы. Нажимая «Понятно», вы соглашаетесь с их использованием."),
    _dear("dear-refusal", language="de", accept="Alle akzeptieren", reject="Ablehnen",
          text="Wir und unsere Partner verwenden Cookies für Werbung. Ablehnen können Sie mit einem Abo für 3,99 € im Monat."),
    _turning(),
    _in_footer(),
)  # fmt: skip
