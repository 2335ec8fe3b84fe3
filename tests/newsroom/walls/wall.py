"""A consent wall: a page with an article beneath a banner, and what is so about it; and the choices that were made."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from html import escape
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from tests.newsroom.truth import Hit
from tests.newsroom.walls.reading import Piece, piece
from tests.newsroom.walls.wording import WORDS, Words

Outcome = Literal["none", "rejected", "acknowledged", "accepted", "hidden", "pay_wall", "failed"]
Article = Literal["shown", "hidden", "withheld"]


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall at `path`.

    `layer` is where refusing is offered: 1 on the banner itself, 2 behind its settings, 0 nowhere. `outcomes` are what
    may come of it under the policy "reject", best first. `accepts` says whether agreeing is offered. `platform` is the
    consent platform where it is one that others know. `banner` are strings that must be gone from sight and never
    reach the article's text. `article` says whether the article is there while the wall stands.

    `style`, `markup` and `script` make the banner; in them %OTHER% is the second origin, %MARKUP% the markup as a
    JavaScript string. `frames` are pages of the second origin by name: /walls/frame/<wall>/<name>.html. `static` puts
    the markup into the page itself. `gate` is a whole page that is served in its stead until there is a cookie.
    """

    name: str
    about: str
    _: KW_ONLY
    language: str = "en"
    platform: str | None = None
    layer: int = 1
    outcomes: tuple[Outcome, ...] = ("rejected",)
    accepts: bool = True
    article: Article = "shown"
    paragraphs: int = 5
    banner: tuple[str, ...] = ()
    style: str = ""
    markup: str = ""
    script: str = ""
    head: str = ""
    frames: Mapping[str, str] = field(default_factory=dict)
    static: bool = False
    gate: str = ""

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/walls/{self.name}.html"

    @property
    def piece(self) -> Piece:
        """The article beneath."""
        return piece(self.language, seed=self.name, paragraphs=self.paragraphs)

    @property
    def words(self) -> Words:
        """What banners say in its language."""
        return WORDS[self.language]

    @property
    def offers_reject(self) -> bool:
        """Whether it can be refused at all."""
        return self.layer > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that was pressed: `choice` is accept, reject, save, ack, pay, close, settings, policy, outside, ….

    `on` names the purposes that were switched on when it was saved; `label` is what stood on the thing.
    """

    wall: str
    choice: str
    on: tuple[str, ...] = ()
    label: str = ""

    @property
    def refuses(self) -> bool:
        """Whether everything that may be refused was."""
        return self.choice == "reject" or (self.choice == "save" and not self.on)


def choices_in(log: Iterable[Hit]) -> list[Choice]:
    """Returns the choices that beacons told, in order."""
    found = []
    for hit in list(log):
        parts = urlsplit(hit.path)
        if parts.path == "/walls/choice":
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            on = tuple(name for name in query.get("on", "").split(",") if name)
            found.append(Choice(wall=query["wall"], choice=query["choice"], on=on, label=query.get("label", "")))
        elif hit.method == "POST" and parts.path.startswith("/walls/form/"):
            posted = parse_qs(hit.body.decode("latin-1"))
            word, on = posted.get("choice", ["?"])[0], tuple(posted.get("on", ()))
            found.append(Choice(wall=parts.path.removeprefix("/walls/form/"), choice=word, on=on))
    return found


def js(value: object) -> str:
    """Returns a value as it may stand in a script element."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def button(name: str, label: str, *, tag: str = "button") -> str:
    """Returns a thing to press: a button, a link, a div, a span or a submit input."""
    text = escape(label)
    forms = {
        "button": f'<button type="button" id="{name}">{text}</button>',
        "a": f'<a href="#" id="{name}">{text}</a>',
        "div": f'<div class="btn" id="{name}">{text}</div>',
        "span": f'<span class="btn" tabindex="0" role="button" id="{name}">{text}</span>',
        "input": f'<input type="submit" id="{name}" value="{text}">',
    }
    return forms[tag]


def banner(words: Words, presses: Sequence[str], *, box: str = "bnr", css: str = "bnr", extra: str = "") -> str:
    """Returns a banner with the language's words and the things to press."""
    return (
        f'<div id="{box}" class="{css}"><h2>{escape(words.title)}</h2><p>{escape(words.text)} '
        f'<a href="/walls/policy.html">{escape(words.policy)}</a></p>{extra}<p class="row">{" ".join(presses)}</p></div>'
    )


def shown(choices: Mapping[str, str], *, box: str = "bnr", gone: str = "box.remove()", before: str = "") -> str:
    """Returns the script that shows the markup unless a choice is stored, and takes it away once one is made."""
    return (
        'if (!Wall.kept()) {\n  document.body.insertAdjacentHTML("beforeend", %MARKUP%);\n'
        f'  const box = document.getElementById("{box}");\n  {before}\n'
        f"  Wall.bind(box, {js(dict(choices))}, (choice) => {{ {gone}; }});\n}}"
    )


def said(words: Words, *more: str) -> tuple[str, ...]:
    """Returns the strings of a banner that must not survive it."""
    return (words.title, words.text, *more)
