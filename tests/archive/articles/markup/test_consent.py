"""Articles without a word of the consent banners on their pages, and articles about such banners whole."""
# ruff: noqa: E501 -- a sentence stays on its line

from html import escape

import pytest

from archive.articles import Article, Refusal, extract, read
from archive.articles.markup import platforms
from archive.articles.markup.wording import answers, speaks_of_consent
from tests.newsroom.walls import WALLS
from tests.newsroom.walls.wall import Wall
from tests.newsroom.walls.wording import WORDS

URL = "https://gazette.example/2026/03/10/gulls-win"
PARAGRAPHS = (
    "The gulls of the harbour won in court on Monday, for now, and celebrated on the roof of the fish market.",
    "Their lawyer said that nobody had expected the judge to come down to the quay with a bag of bread.",
    "The harbour master will appeal, he told this newspaper, as soon as he has washed his coat.",
)
WORDPRESS = """<div id="theme-modal" class="theme-modal"><div><h3>Privacy Preferences</h3><p>When you visit our website, it may store
information through your browser from specific services, usually in form of cookies. Here you can change your privacy preferences.
Please note that blocking some types of cookies may impact your experience on our website and the services we are able to offer.</p>
<ul><li><strong>Web fonts</strong> <label><input type="checkbox" checked> Click to enable/disable</label></li></ul>
<p><button>Save</button> <button>Accept All</button></p></div></div>"""


def page(*blocks: str, title: str = "Gulls win", head: str = "") -> str:
    return f"<html><head><title>{escape(title)}</title>{head}</head><body>{''.join(blocks)}</body></html>"


def semantic(title: str, paragraphs: tuple[str, ...]) -> str:
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    return f"<main><article><h1>{escape(title)}</h1><div>{body}</div></article></main>"


def plain(title: str, paragraphs: tuple[str, ...]) -> str:
    body = "".join(f"<p>{escape(one)}</p>" for one in paragraphs)
    return f'<div class="wrap"><h1>{escape(title)}</h1><div>{body}</div></div>'


def shadowed(markup: str) -> str:
    return f'<div id="host"><template shadowrootmode="open">{markup}</template></div>'


@pytest.mark.parametrize("wall", [wall for wall in WALLS.values() if wall.markup], ids=lambda wall: wall.name)
def test_no_wall_leaves_a_word_in_its_article(wall: Wall) -> None:
    """Wherever its markup stands in the page, in a shadow root too, the article is its paragraphs and nothing else."""
    piece = wall.piece
    for article in (semantic(piece.title, piece.paragraphs), plain(piece.title, piece.paragraphs)):
        for blocks in ((article, wall.markup), (wall.markup, article), (article, shadowed(wall.markup))):
            html = page(*blocks, title=piece.title, head=f"<style>{wall.style}</style>")
            found = extract(html, URL)
            assert found is not None
            assert (found.title, found.text) == (piece.title, piece.text)


@pytest.mark.parametrize("style", ["display: none !important", "visibility:hidden", ""])
def test_a_banner_that_was_hidden_leaves_no_word(style: str) -> None:
    """It still stands in the DOM of a rendered page, its buttons gone."""
    banner = f'<div style="{style}"><h2>Your privacy</h2><p>{WORDS["en"].text}</p></div>'
    found = extract(page(plain("Gulls win", PARAGRAPHS), banner), URL)
    assert found is not None
    assert found.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("around", ["{}", '<div id="page">{}</div>', "<footer>{}</footer>"])
def test_the_bar_of_a_theme_leaves_no_word(around: str) -> None:
    """One brief paragraph of news beneath far more words about preferences."""
    found = extract(page(plain("Gulls win", PARAGRAPHS[:1]), around.format(WORDPRESS)), URL)
    assert found is not None
    assert found.text == PARAGRAPHS[0]


def test_a_banner_within_the_article_goes_alone() -> None:
    """A placeholder for a video that waits for consent stands between its paragraphs."""
    waiting = "<div><p>Hier steht ein Video von VideoPlatz. Erst mit Ihrer Einwilligung wird es geladen, und Cookies werden gesetzt.</p><button>Alle Inhalte zulassen und akzeptieren</button></div>"
    first, *rest = (f"<p>{one}</p>" for one in PARAGRAPHS)
    found = extract(page("<article><h1>Gulls win</h1><div>", first, waiting, *rest, "</div></article>"), URL)
    assert found is not None
    assert found.text == "\n\n".join(PARAGRAPHS)


ABOUT = (
    "The council wants to forbid cookie banners that hide the button which rejects everything, and to fine whoever shows them.",
    "“Nobody reads these banners, and everybody accepts all cookies,” said the mayor, whose own site asks for consent twice.",
    "A baker who sells cookies beside the town hall has asked to be left out of the new rules on privacy.",
)


@pytest.mark.parametrize("made", [semantic, plain])
@pytest.mark.parametrize(
    "beside",
    [
        "",
        '<p><button>Save article</button> <button>Settings</button> <a href="#">Close</a></p>',
        '<div class="tools"><button>Save</button></div>',
    ],
)
def test_an_article_about_banners_is_whole(made, beside: str) -> None:
    """Also with buttons of the page's own beside it, whose words are those of banners."""
    html = page(made("Council fights cookie banners", ABOUT), beside, title="Council fights cookie banners")
    found = extract(html, URL)
    assert found is not None
    assert found.text == "\n\n".join(ABOUT)


def test_an_article_about_banners_under_a_banner_loses_only_the_banner() -> None:
    """The same words, once as news and once as a wall."""
    html = page(plain("Council fights cookie banners", ABOUT), WORDPRESS, title="Council fights cookie banners")
    found = extract(html, URL)
    assert found is not None
    assert found.text == "\n\n".join(ABOUT)


def test_a_page_that_only_asks_for_consent_is_none() -> None:
    """It stands in the article's place."""
    words = WORDS["pl"]
    gate = f"<main><h1>{words.title}</h1><p>{words.text}</p><form><input type=submit value='{words.accept}'></form><form><input type=submit value='{words.reject}'></form></main>"
    assert read(page(gate, title=words.title), URL) == Refusal("gate", "consent")


def test_what_an_open_shadow_root_shows_is_read() -> None:
    """An article that a component draws, as a browser serialises it."""
    found = extract(page(shadowed(semantic("Gulls win", PARAGRAPHS))), URL)
    assert isinstance(found, Article)
    assert found.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize("language", WORDS)
def test_the_words_of_a_language_are_known(language: str) -> None:
    """What its banners say, and every button."""
    words = WORDS[language]
    assert speaks_of_consent(words.text.casefold())
    for label in (words.accept, words.reject, words.settings, words.save, words.ok):
        assert answers(label.casefold())


def test_names_of_platforms_come_from_the_rules_and_mean_nothing_else() -> None:
    """Their containers are known; words that any page may use for its own are not."""
    names = platforms.names()
    assert {
        "#onetrust-banner-sdk",
        "#CybotCookiebotDialog",
        "#cmplz-cookiebanner-container",
        ".cky-consent-container",
    } <= names
    assert not {"#app", "#react-root", ".modal", ".banner", ".open", ".cookie", ".cookies", ".active", "#top"} & names
