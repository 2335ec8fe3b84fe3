"""Pages laden with scripts that need none of them: what must not be taken for a hollow page."""

import json
from collections.abc import Callable

from tests.newsroom.themes import modern, scripted
from tests.newsroom.themes.parts import ArticleView

ADS = "window.auctions = " + json.dumps(
    [
        {"slot": f"slot-{i}", "sizes": [[300, 250], [728, 90]], "bidders": [{"name": f"b-{n}"} for n in range(30)]}
        for i in range(120)
    ]
)
NOTICE = '<noscript><p class="notice">JavaScript is required to comment and to play our quiz.</p></noscript>'


def served(view: ArticleView) -> str:
    """Returns an application's page that the server has drawn already, with the state that it was drawn from."""
    held = json.dumps({"props": scripted.told(view), "page": "/[slug]"}, ensure_ascii=False).replace("</", "<\\/")
    extra = f'<script id="__STATE__" type="application/json">{held}</script>' + "".join(
        f'<script src="/assets/js/chunk-{i}.js" defer></script>' for i in range(1, 6)
    )
    return _with(view, before='<div id="__root">', after=f"</div>{extra}{_pixel()}")


def laden(view: ArticleView) -> str:
    """Returns an ordinary page under a hundred kilobytes of advertising, with empty roots for comments and a quiz."""
    extra = (
        f'<div id="root"></div><div id="app" class="quiz"></div>{NOTICE}<script>{ADS};</script>'
        '<script src="/assets/js/chunk-1.js" async></script><script>if (!window.fetch) { location = "/old"; }</script>'
    )
    return _with(view, before="", after=extra + _pixel())


def redrawn(view: ArticleView) -> str:
    """Returns a page that is whole, and that its script draws once more just as it is."""
    held = json.dumps(scripted.told(view), ensure_ascii=False).replace("</", "<\\/")
    extra = (
        f"{scripted.COURIER}<script>addEventListener('load', () => {{ const main = document.querySelector('main'); "
        f"Courier.render({held}, main); }});</script>{NOTICE}"
    )
    return _with(view, before="", after=extra)


LOOKS: dict[str, Callable[[ArticleView], str]] = {"served": served, "laden": laden, "redrawn": redrawn}


def _with(view: ArticleView, *, before: str, after: str) -> str:
    text = modern.article(view)
    head, mark, rest = text.partition('<body class="theme-modern">\n')
    assert mark
    return head + mark + before + rest.replace("</body>", f"{after}</body>")


def _pixel() -> str:
    return '<noscript><iframe src="/assets/img/7-1.svg" height="0" width="0" title="pixel"></iframe></noscript>'
