"""The bar of a WordPress theme, with and without a button that refuses."""
# ruff: noqa: E501 -- HTML, CSS and scripts stay in one piece

from tests.newsroom.walls.wall import Wall, button, js

TITLE = "Privacy Preferences"
TEXT = (
    "When you visit our website, it may store information through your browser from specific services, usually in form of "
    "cookies. Here you can change your privacy preferences. Please note that blocking some types of cookies may impact your "
    "experience on our website and the services we are able to offer."
)
STYLE = (
    ".theme-privacy-modal{position:fixed;inset:0;background:#0008;z-index:9999;display:flex}.theme-privacy-modal>div{margin:auto;"
    "background:#fff;max-width:42rem;padding:2rem}.theme-privacy-bar{position:fixed;bottom:0;left:0;right:0;background:#fff;"
    "padding:1rem;z-index:9998;box-shadow:0 0 8px #0005}.theme-privacy-modal[hidden],.theme-privacy-bar[hidden]{display:none}"
)
KINDS = {"maps": "Maps and videos", "fonts": "Web fonts", "analytics": "Visitor statistics"}


def _modal(*, reject: bool) -> str:
    rows = "".join(
        f'<li><strong>{label}</strong> <label><input type="checkbox" name="{name}" checked> Click to enable/disable</label></li>'
        for name, label in KINDS.items()
    )
    presses = [
        button("save", "Save"),
        button("accept", "Accept All"),
        *([button("reject", "Reject")] if reject else []),
    ]
    return (
        f'<div id="theme-modal" class="theme-privacy-modal"><div><h3>{TITLE}</h3><p>{TEXT}</p><ul>{rows}</ul>'
        f"<p>{' '.join(presses)}</p></div></div>"
    )


def _script(choices: dict[str, str]) -> str:
    return (
        "const box = document.getElementById('theme-modal');\nif (Wall.kept()) box.hidden = true;\n"
        f"else Wall.bind(box, {js(choices)}, () => {{ box.hidden = true; }});"
    )


def _bar() -> Wall:
    bar = (
        '<div id="theme-bar" class="theme-privacy-bar"><p>This website uses cookies and third party services. '
        f"{button('settings', 'Settings')} {button('ok', 'I Agree')}</p></div>"
    )
    script = (
        "const bar = document.getElementById('theme-bar'), box = document.getElementById('theme-modal');\n"
        "box.hidden = true;\nif (Wall.kept()) bar.hidden = true;\n"
        "Wall.bind(bar, { settings: 'settings…', ok: 'accept' }, (choice) => {\n"
        "  if (choice === 'settings') box.hidden = false; else bar.hidden = true;\n});\n"
        "Wall.bind(box, { save: 'save', accept: 'accept' }, () => { box.hidden = true; bar.hidden = true; });"
    )
    return Wall(
        "wordpress-bar", "a theme's bar: 'I Agree', or the settings with everything on", layer=2, paragraphs=1,
        banner=(TITLE, TEXT, "This website uses cookies and third party services."), style=STYLE, static=True,
        markup=bar + _modal(reject=False), script=script,
    )  # fmt: skip


WORDPRESS = (
    Wall(
        "wordpress-reject", "a theme's dialog that can be refused, over one paragraph", paragraphs=1, banner=(TITLE, TEXT),
        style=STYLE, markup=_modal(reject=True), static=True,
        script=_script({"save": "save", "accept": "accept", "reject": "reject"}),
    ),
    Wall(
        "wordpress-save", "a theme's dialog without 'Reject': untick and save", layer=1, paragraphs=2, banner=(TITLE, TEXT),
        style=STYLE, markup=_modal(reject=False), static=True, script=_script({"save": "save", "accept": "accept"}),
    ),
    _bar(),
)  # fmt: skip
