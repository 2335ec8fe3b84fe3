"""Pages that are nothing without scripts: each look brings its article in by another way.

The scripts stand in static/courier.js and its neighbours; what they ask for in pages/scripted.py.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

from tests.newsroom.themes import parts
from tests.newsroom.themes.parts import ArticleView, PageView
from tests.newsroom.words import Language

COURIER = '<script src="/assets/js/courier.js"></script>\n'
SPINNER = '<div class="skeleton" aria-busy="true"><div></div><div></div><div></div></div>'


def told(view: ArticleView) -> dict[str, Any]:
    """Returns what the scripts are told of an article."""
    story = view.story
    return {
        "id": story.id,
        "title": story.title,
        "lead": story.description,
        "byline": parts.byline(story),
        "day": parts.day(story, css="date"),
        "crumbs": parts.breadcrumb(story, mark="/"),
        "picture": {"src": f"/assets/img/{story.id}-800.jpg", "caption": story.caption},
        "blocks": [{"kind": block.kind, "texts": block.texts} for block in story.blocks],
        "tags": parts.tags(story),
        "related": parts.related(view),
        "canonical": view.url,
        "facts": {"@context": "https://schema.org", **parts.news_article(view)},
    }


def page(view: PageView) -> str:
    """Returns a list: an empty root in the application, one that goes on as one scrolls, an ordinary page elsewhere."""
    if view.section is not None and view.section.theme == "app":
        return _hollow(view.language, title=view.language.labels["site"], root=_root())
    if view.section is not None and view.section.theme == "stream":
        view = replace(
            view, main=f'{view.main}<div id="more">…</div><script src="/assets/js/courier-list.js"></script>'
        )
    head = f"<title>{escape(view.title)} – {escape(view.language.labels['site'])}</title>\n{view.head}"
    body = f"{parts.masthead(view.language)}<main>{view.main}</main>{parts.footer(view.language)}"
    return parts.document(language=view.language, charset="utf-8", head=head, body=body, theme="modern")


def app(view: ArticleView) -> str:
    """Returns the single page of an application: nothing but a root, whatever the address."""
    return _hollow(view.story.language, title=view.story.language.labels["site"], root=_root())


def shell(view: ArticleView) -> str:
    """Returns a page that is whole but for its article, which an XMLHttpRequest brings as HTML."""
    script = (
        f'const x = new XMLHttpRequest(); x.open("GET", "/scripted/fragment/{view.story.id}.html");\n'
        'x.onload = () => { document.getElementById("story").outerHTML = x.responseText; }; x.send();'
    )
    return _shell(view, place=f'<article id="story">{SPINNER}</article>', script=script)


def graph(view: ArticleView) -> str:
    """Returns a page that posts two questions to one address, for the article and for what is related."""
    script = (
        'const ask = (operationName) => fetch("/scripted/graph", { method: "POST", headers: { "Content-Type": '
        '"application/json" },\n  body: JSON.stringify({ operationName, variables: { id: '
        f"{view.story.id} }} }}) }}).then((reply) => reply.json());\n"
        'ask("Story").then(({ data }) => { Courier.render(data.story, document.getElementById("story")); return '
        'ask("Related"); })\n  .then(({ data }) => document.getElementById("story").insertAdjacentHTML("afterend", '
        "data.related));"
    )
    return _shell(view, place=f'<article id="story">{SPINNER}</article>', script=script)


def state(view: ArticleView) -> str:
    """Returns a page that has its article in the state of an application which is yet to be drawn."""
    held = json.dumps({"props": {"story": told(view)}, "build": "c0ffee"}, ensure_ascii=False).replace("</", "<\\/")
    script = (
        'const held = JSON.parse(document.getElementById("__STATE__").textContent);\n'
        'requestAnimationFrame(() => Courier.render(held.props.story, document.getElementById("__root")));'
    )
    place = f'<div id="__root"></div><script id="__STATE__" type="application/json">{held}</script>'
    return _shell(view, place=place, script=script, framed=False)


def stream(view: ArticleView) -> str:
    """Returns a page whose paragraphs are fetched two by two as one scrolls."""
    return _shell(view, place='<article id="story"></article><div id="end"></div>', script="", file="stream")


def element(view: ArticleView) -> str:
    """Returns a page whose article is in the shadow root of an element of its own."""
    place = f'<courier-story data-id="{view.story.id}"></courier-story>'
    return _shell(view, place=place, script="", file="element", framed=False)


def packed(view: ArticleView) -> str:
    """Returns a page whose article is packed into a script, with a notice for those who have none."""
    packet = base64.b64encode(json.dumps(told(view)).encode()).decode()
    script = f'Courier.render(JSON.parse(atob("{packet}")), document.getElementById("story"));'
    notice = "<noscript><p>Please enable JavaScript to read the Courier. / Включите JavaScript.</p></noscript>"
    return _shell(view, place=f'{notice}<article id="story"></article>', script=script)


def worker(view: ArticleView) -> str:
    """Returns a page whose article is fetched by a worker made of a blob."""
    script = (
        "const code = `onmessage = async ({ data }) => postMessage(await (await fetch(data)).json())`;\n"
        'const hand = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));\n'
        'hand.onmessage = ({ data }) => Courier.render(data, document.getElementById("story"));\n'
        f'hand.postMessage(location.origin + "/scripted/story/{view.story.id}.json");'
    )
    return _shell(view, place=f'<article id="story">{SPINNER}</article>', script=script)


def module(view: ArticleView) -> str:
    """Returns a page drawn by a module that imports another when it runs."""
    return _shell(view, place='<div id="root"></div>', script="", file="module", framed=False)


LOOKS: dict[str, Callable[[ArticleView], str]] = {
    "app": app,
    "shell": shell,
    "graph": graph,
    "state": state,
    "stream": stream,
    "element": element,
    "packed": packed,
    "worker": worker,
    "module": module,
}


def _root() -> str:
    return (
        '<noscript>You need to enable JavaScript to run this app.</noscript><div id="app"></div>'
        '<script src="/assets/js/courier.js"></script><script src="/assets/js/courier-app.js"></script>'
    )


def _hollow(language: Language, *, title: str, root: str) -> str:
    return (
        f'<!doctype html><html lang="{language.code}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/assets/css/main.css">'
        f'<link rel="icon" href="/favicon.ico"></head><body class="theme-modern">{root}</body></html>\n'
    )


def _shell(view: ArticleView, *, place: str, script: str, file: str = "", framed: bool = True) -> str:
    """Returns a page with everything but the article; without `framed` not even the masthead."""
    story = view.story
    title = f"{story.title} – {story.language.labels['site']}"
    head = parts.head_of_article(view, title=title) + (parts.opengraph(view) if framed else "")
    loaded = f'<script type="module" src="/assets/js/courier-{file}.js" data-id="{story.id}"></script>' if file else ""
    main = f'<main data-id="{story.id}">{place}</main>{COURIER}<script>{script}</script>{loaded}'
    body = parts.masthead(story.language) + main + parts.footer(story.language) if framed else main
    return parts.document(language=story.language, charset="utf-8", head=head, body=body, theme="modern")
