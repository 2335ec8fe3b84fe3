"""Walls and pages with tempting buttons are what they say of themselves."""

import asyncio
import html
import re
from collections.abc import Iterator

import pytest
from playwright.async_api import BrowserContext, Locator, Page, Route
from playwright.async_api import TimeoutError as Overdue

from tests.newsroom import Newsroom
from tests.newsroom.browsing import chromium
from tests.newsroom.tempting import TEMPTING
from tests.newsroom.tests.reading import text_of
from tests.newsroom.walls import NPM_WALLS, WALLS, Choice, Wall
from tests.newsroom.walls.npm import FOLDER, fetched
from tests.newsroom.walls.wordpress import TEXT

REFUSALS = {
    "corner-card": "Continuer sans accepter",
    "only-necessary": "Nur notwendige Cookies",
    "misleading-words": "Continue without agreeing",
    "do-not-sell": "Do Not Sell or Share My Personal Information",
    "wordpress-reject": "Reject",
    "icon-buttons": "Reject all cookies",
    "no-other-tongue": "Ahora no",
    "unseen-hyphens": "Ab\u00adleh\u00adnen",
    "begins-with-no": "Non, pas pour moi",
}
# A closed shadow root is opened, so that a test can press what is in it.
OPENED = """const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (how) { return attach.call(this, { ...how, mode: "open" }); };"""


@pytest.fixture(scope="module")
def paper() -> Iterator[Newsroom]:
    with Newsroom(articles=5, seed=1) as room:
        yield room


def without_scripts(page: str) -> str:
    return html.unescape(re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))


async def test_a_wall_has_its_article_beneath_it_unless_it_keeps_it_back(paper, web):
    for wall in WALLS.values():
        page = without_scripts(await text_of(web, paper.url.rstrip("/") + wall.path))
        there = [paragraph in page for paragraph in wall.piece.paragraphs]
        assert there == [wall.article != "withheld"] * wall.paragraphs or len(there) < wall.paragraphs, wall.name
        assert any(there) == (wall.article != "withheld"), wall.name


async def test_the_body_that_a_wall_withholds_and_the_frames_of_walls_are_to_be_had(paper, web):
    for wall in WALLS.values():
        if wall.article == "withheld":
            body = html.unescape(await text_of(web, f"{paper.url}walls/body/{wall.name}.html"))
            assert all(paragraph in body for paragraph in wall.piece.paragraphs)
        for name in wall.frames:
            assert "<" in await text_of(web, f"{paper.other}/walls/frame/{wall.name}/{name}.html")


def test_no_word_of_a_banner_stands_in_the_article_beneath():
    for wall in (*WALLS.values(), *NPM_WALLS.values()):
        assert wall.banner
        assert not any(words in wall.piece.text for words in wall.banner), wall.name


def test_walls_come_in_many_languages_scripts_and_outcomes():
    languages = {wall.language for wall in WALLS.values()}
    assert len(languages) >= 20
    assert languages >= {"ru", "el", "ar", "he", "ja", "zh", "ko", "hi", "th"}
    outcomes = {wall.outcomes[0] for wall in WALLS.values()}
    assert outcomes == {"rejected", "acknowledged", "hidden", "pay_wall"}
    assert all(
        (wall.outcomes[0] == "rejected") == wall.offers_reject for wall in (*WALLS.values(), *NPM_WALLS.values())
    )


async def test_the_theme_of_a_blog_has_its_words_in_the_plain_html(paper, web):
    for name in ("wordpress-reject", "wordpress-save", "wordpress-bar"):
        page = await text_of(web, f"{paper.url}walls/{name}.html")
        assert TEXT in page
        assert ('id="reject"' in page) == (name == "wordpress-reject")


async def test_a_choice_stands_in_the_log_as_it_was_told(paper, web):
    async with web.get(f"{paper.url}walls/choice?wall=x&choice=save&on=maps,fonts&label=Save") as reply:
        assert reply.status == 204
    saved = paper.choices[-1]
    assert saved == Choice(wall="x", choice="save", on=("maps", "fonts"), label="Save")
    assert [saved.refuses, Choice(wall="x", choice="save").refuses] == [False, True]
    assert [Choice(wall="x", choice=word).refuses for word in ("reject", "accept", "ack")] == [True, False, False]


async def test_a_wall_of_forms_needs_no_script(paper, web):
    url = f"{paper.url}walls/form-post.html"
    assert WALLS["form-post"].words.text in await text_of(web, url)
    form = f"{paper.url}walls/form/form-post"
    async with web.post(form, data={"choice": "reject"}, allow_redirects=False) as reply:
        assert (reply.status, reply.headers["Location"]) == (303, "/walls/form-post.html")
        cookie = reply.headers["Set-Cookie"].split(";")[0]
    async with web.get(url, headers={"Cookie": cookie}) as reply:
        assert WALLS["form-post"].words.text not in await reply.text()
    assert paper.choices[-1] == Choice(wall="form-post", choice="reject")


async def test_pages_with_tempting_buttons_have_an_article_and_no_outcome(paper, web):
    assert len(TEMPTING) >= 20
    for page in TEMPTING.values():
        text = html.unescape(await text_of(web, paper.url.rstrip("/") + page.path))
        assert all(paragraph in text for paragraph in page.piece.paragraphs)
        assert page.outcomes == ("none",)
        assert "<button" in text or "<a href=" in text or "<iframe" in text


async def test_consent_scripts_are_served_as_they_were_published(paper, web):
    assert fetched() == FOLDER
    packages = {
        path
        for wall in NPM_WALLS.values()
        for path in re.findall(r'"/walls/npm-files/([^"]+)"', wall.head + wall.markup)
    }
    assert len({path.rpartition("@")[0] for path in packages}) >= 18
    for path in packages:
        async with web.get(f"{paper.url}walls/npm-files/{path}") as reply:
            assert await reply.read() == (FOLDER / path).read_bytes(), path
    async with web.get(f"{paper.url}walls/npm-files/../../pyvenv.cfg") as reply:
        assert reply.status == 404


async def open_roots(route: Route) -> None:
    """The same for those that stand in the HTML."""
    reply = await route.fetch()
    text = (await reply.text()).replace('shadowrootmode="closed"', 'shadowrootmode="open"')
    await route.fulfill(response=reply, body=text)


async def refusal(page: Page, wall: Wall) -> Locator:
    """Returns the thing that refuses, once it is there, in whatever frame."""
    label = REFUSALS.get(wall.name, wall.words.reject)
    while True:
        for frame in page.frames:
            for found in (
                frame.get_by_text(label, exact=True),
                frame.get_by_label(label),
                frame.get_by_role("button", name=label),
            ):
                if await found.count() == 1 and await found.is_visible():
                    return found
        await page.wait_for_timeout(50)


async def press(context: BrowserContext, paper: Newsroom, wall: Wall) -> None:
    """Refuses a wall, waits until its words are out of sight and its article is in it, and looks at it once more."""
    page = await context.new_page()
    await page.goto(paper.url.rstrip("/") + wall.path)
    if wall.name == "on-scroll":
        await page.mouse.wheel(0, 400)
    await (await refusal(page, wall)).click()
    await page.get_by_text(wall.piece.paragraphs[0]).wait_for()
    await gone(page, wall)
    await page.reload()
    await gone(page, wall)
    await page.close()


async def gone(page: Page, wall: Wall) -> None:
    """Waits until no frame shows the banner's words within the window."""
    while any([await in_sight(frame.get_by_text(wall.banner[-1]).first) for frame in page.frames]):
        await page.wait_for_timeout(50)


async def in_sight(words: Locator) -> bool:
    """Tells whether words are to be seen; of those that go away meanwhile, that they have to be looked at again."""
    try:
        box = await words.bounding_box(timeout=1000) if await words.count() and await words.is_visible() else None
    except Overdue:
        return True
    return box is not None and box["y"] < words.page.viewport_size["height"]


AWKWARD = ("wordpress-save", "form-post", "read-first")  # more than one click, or a way of their own


async def test_walls_that_are_refused_on_their_first_layer_let_go_and_tell_it_once(paper):
    walls = [wall for wall in WALLS.values() if wall.layer == 1 and wall.name not in AWKWARD]
    turns = asyncio.Semaphore(4)

    async def one(wall: Wall) -> None:
        async with turns, asyncio.timeout(200):
            await press(context, paper, wall)

    async with chromium() as browser:
        context = await browser.new_context()
        await context.add_init_script(OPENED)
        await context.route("**/*-closed.html", open_roots)
        await asyncio.gather(*(one(wall) for wall in walls))
    pressed = {wall.name: [choice.choice for choice in paper.choices if choice.wall == wall.name] for wall in walls}
    assert pressed == {wall.name: ["reject"] for wall in walls}
