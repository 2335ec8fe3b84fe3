"""Walls whose choices are in pieces: letter by letter, in a list to choose from, or asleep until the text was read."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from html import escape

from tests.newsroom.walls.shapes import BOTH, BOTTOM
from tests.newsroom.walls.wall import Wall, banner, button, said, shown
from tests.newsroom.walls.wording import WORDS

LETTER = '<span style="display:inline-block">{}</span>'


def _letters() -> Wall:
    words = WORDS["fi"]
    drawn = {
        name: button(name, "%").replace("%", "".join(LETTER.format(one) if one != " " else one for one in label))
        for name, label in (("b2", words.accept), ("b1", words.reject))
    }
    return Wall(
        "letters", "draws its labels letter by letter", language="fi", banner=said(words), style=BOTTOM,
        markup=banner(words, list(drawn.values())), script=shown(BOTH),
    )  # fmt: skip


def _levels() -> Wall:
    words = WORDS["da"]
    levels = {"all": words.accept, "some": f"{words.necessary} + {words.statistics}", "none": words.necessary}
    options = "".join(f'<option value="{value}">{escape(label)}</option>' for value, label in levels.items())
    tells = (
        "box.querySelector('#b4').addEventListener('click', () => { const level = box.querySelector('select').value;"
        "Wall.tell('save', { on: level === 'none' ? [] : [level] }); Wall.keep('save'); box.remove(); });"
    )
    return Wall(
        "levels", "has its choices in a list", language="da", layer=2, banner=said(words), style=BOTTOM,
        markup=banner(words, [f"<select>{options}</select>", button("b4", words.save)]),
        script=shown({}, before=tells),
    )  # fmt: skip


def _read_first() -> Wall:
    words = WORDS["en"]
    text = f'<div class="text" style="height:80px;overflow:auto">{f"<p>{escape(words.text)}</p>" * 9}</div>'
    wakes = (
        "const text = box.querySelector('.text'); box.querySelector('#b1').disabled = true; text.addEventListener('scroll', () => {"
        "if (text.scrollTop + text.clientHeight > text.scrollHeight - 4) box.querySelector('#b1').disabled = false; });"
    )
    return Wall(
        "read-first", "can be refused once its text was scrolled to the end", banner=said(words), style=BOTTOM,
        markup=banner(words, [button("b2", words.accept), button("b1", words.reject)], extra=text),
        script=shown(BOTH, before=wakes),
    )  # fmt: skip


PIECES = (_letters(), _levels(), _read_first())
