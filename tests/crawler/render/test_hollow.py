"""Which pages are nothing without their scripts."""

import pytest

from crawler.render.hollow import why_hollow

STORY = "<p>" + "The ferry runs again from Monday, says the harbour master, every half hour until dusk. " * 2 + "</p>"
APP = '<script src="/static/app.js"></script>'
LONG = "The headline of another story, which is as long as headlines are"
HEAD = "<!doctype html><html><head><title>Valley</title></head><body>"
MENU = "<header><nav>" + "".join(f'<a href="/s{n}">Section {n} of the paper</a>' for n in range(12)) + "</nav></header>"
TEASERS = "<aside>" + "".join(f'<a href="/t{n}">{"A teaser for another story " * 4}</a>' for n in range(9)) + "</aside>"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (f'{HEAD}<div id="root"></div>{APP}', "empty-root"),
        (f'{HEAD}{MENU}<div id="__next"><div class="bar"></div></div>{APP}', "empty-root"),
        (f"{HEAD}<app-root>Loading</app-root>{APP}", "empty-root"),
        (
            f"{HEAD}<noscript>You need to enable JavaScript to run this app.</noscript><div></div>{APP}",
            "noscript-notice",
        ),
        (f"{HEAD}{MENU}<main><article aria-busy='true'><h1>Ferry</h1></article></main>{TEASERS}{APP}", "placeholder"),
        (f"{HEAD}{MENU}<article><h1></h1><div></div></article>{TEASERS}{APP}", "article-missing"),
        (f"{HEAD}<article>{STORY}<button>Read more…</button></article>{APP}", "folded"),
        (f"{HEAD}<article>{STORY * 4}<button>Continue reading</button></article>{APP}", "folded"),
        (f"{HEAD}<main><h1>{LONG}</h1><div hx-get='/part' hx-trigger='load'>Wait</div></main>{APP}", "placeholder"),
        (f"{HEAD}<article>{STORY}<astro-island client='visible'></astro-island></article>{APP}", "placeholder"),
        (f"{HEAD}<main><h1>{LONG}</h1><h2>{LONG}</h2><h2>{LONG}</h2><h2>{LONG}</h2></main>{APP}", "article-missing"),
        (
            f"{HEAD}<my-app><template shadowrootmode='open'><slot></slot></template></my-app>{APP}",
            "article-missing",
        ),
        (f"{HEAD}{MENU}<main></main><script>{'render();' * 2000}</script>", "article-missing"),
    ],
)
def test_a_page_that_shows_nothing_without_scripts(page: str, why: str) -> None:
    """It says by what it was told."""
    assert why_hollow(page.encode(), title="The ferry runs again") == why


@pytest.mark.parametrize(
    "page",
    [
        f"{HEAD}{MENU}<article>{STORY * 4}</article>{APP}",
        f"{HEAD}{MENU}<article>{STORY}</article>{APP}",
        f'{HEAD}<div id="root"><article>{STORY * 3}</article></div>{APP}',
        f"{HEAD}<noscript>Please enable JavaScript for comments.</noscript><article>{STORY}</article>{APP}",
        f"{HEAD}<h1>The ferry runs again</h1><div>Nothing else.</div>",
        f"{HEAD}<h1>The ferry runs again</h1><p>It runs on Monday, every half hour until dusk.</p>{APP}",
        f"{HEAD}<article><h1>渡し船</h1><p>{'港の管理者によると、月曜日から再び運航する。' * 8}</p></article>{APP}",
        f"{HEAD}<article>{STORY * 10}<button>Read more</button></article>{APP}",
        f"{HEAD}<article>{STORY * 2}<turbo-frame src='/poll'>{STORY}</turbo-frame></article>{APP}",
        f"{HEAD}<article>{STORY}</article><turbo-frame src='/comments'></turbo-frame>{APP}",
        f"{HEAD}<article>{STORY}</article><aside><button>Read more</button></aside>{APP}",
        f"{HEAD}<article><h1>The ferry runs again</h1><ul><li>Every half hour until dusk</li></ul></article>",
    ],
)
def test_a_page_that_can_be_read_as_it_is(page: str) -> None:
    """Scripts or none, there is an article."""
    assert why_hollow(page.encode(), title="The ferry runs again") is None


def test_a_list_is_judged_by_its_links() -> None:
    """A section page needs no paragraphs; one whose links only scripts bring has none."""
    links = "".join(f'<a href="/story-{number}">Story {number}</a>' for number in range(9))
    assert why_hollow(f"{HEAD}<main>{links}</main>{APP}".encode(), is_list=True) is None
    assert why_hollow(f'{HEAD}<main><a href="/only">The only story</a></main>{APP}'.encode(), is_list=True) is None
    assert why_hollow(f'{HEAD}{MENU}<div id="app"></div>{APP}'.encode(), is_list=True) == "empty-root"
    assert why_hollow(f"{HEAD}{MENU}<main></main>{APP}".encode(), is_list=True) == "article-missing"


def test_a_home_page_that_names_few_stories_is_shown_by_a_browser() -> None:
    """Everything else is found from it; what it says of itself, and its menus, are no stories."""
    few = f'{HEAD}{MENU}<main>{STORY * 4}<h2><a href="/only">The only story</a></h2></main>'
    links = "".join(f'<a href="/story-{number}">Story {number}</a>' for number in range(9))
    assert why_hollow(f"{few}{APP}".encode(), is_list=True, is_home=True) == "article-missing"
    assert why_hollow(few.encode(), is_list=True, is_home=True) is None
    assert why_hollow(f"{few}{links}{APP}".encode(), is_list=True, is_home=True) is None
    assert why_hollow(f"{few}{APP}".encode(), is_list=True) is None


def test_text_in_a_shadow_root_is_text() -> None:
    """A declarative shadow root shows without scripts; what an ordinary template within it holds does not."""
    inner = f"<template>{STORY}</template><article>{STORY}</article>"
    page = f"{HEAD}<my-app><template shadowrootmode='open'>{inner}</template></my-app>{APP}"
    assert why_hollow(page.encode(), title=None) is None
    bare = page.replace("shadowrootmode='open'", "")
    assert why_hollow(bare.encode(), title=None) == "no-text"


def test_paragraphs_in_a_noscript_are_no_article() -> None:
    """Nobody with scripts sees them, and nobody without reads them as the story."""
    page = f"{HEAD}<noscript>{STORY * 4}</noscript><div id='root'></div>{APP}"
    assert why_hollow(page.encode(), title="The ferry runs again") == "empty-root"


@pytest.mark.parametrize("page", [b"", b"<script>", b"\xff\xfe\x00", b"<p>" * 100_000, b"<div>" * 50_000 + b"<script>"])
def test_garbage_is_judged_all_the_same(page: bytes) -> None:
    """It ends in a verdict, whichever."""
    assert why_hollow(page) in {None, "no-text", "article-missing"}
