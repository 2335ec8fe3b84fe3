"""Pages that need scripts, pages that only look so, and the ways in which the newspaper is served."""

import asyncio
import html
import json
import re
from collections.abc import Iterator

import aiohttp
import pytest
from playwright.async_api import BrowserContext

from tests.newsroom import Newsroom, Truth
from tests.newsroom.browsing import chromium
from tests.newsroom.oddities import ODDITIES, Oddity
from tests.newsroom.sections import LADEN, SCRIPTED
from tests.newsroom.tests.reading import NOW

ALL_TEXT = """() => {
  const texts = [document.body.innerText];
  for (const node of document.querySelectorAll("*")) if (node.shadowRoot) texts.push(node.shadowRoot.textContent);
  return texts.join(" ");
}"""


@pytest.fixture(scope="module")
def paper() -> Iterator[Newsroom]:
    with Newsroom(articles=20, seed=1, now=NOW, scripts=True, secure=True) as room:
        room.heal()
        yield room


async def body_of(web: aiohttp.ClientSession, url: str) -> str:
    """Returns what a page says without its scripts."""
    async with web.get(url) as reply:
        assert reply.status == 200, url
        text = (await reply.text()).partition("<body")[2]
        return html.unescape(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))


def laden_with(truths: list[Truth], themes: set[str]) -> list[Truth]:
    return [truth for truth in truths if truth.theme in themes]


async def test_articles_that_need_a_browser_are_not_in_the_plain_page_and_all_others_are(paper, web):
    truths = laden_with(paper.truth, {section.theme for section in (*SCRIPTED, *LADEN)})
    assert [len(truths), sum(truth.needs_browser for truth in truths)] == [60, 40]
    for truth in truths:
        page = await body_of(web, truth.url)
        there = [paragraph in page for paragraph in truth.text.split("\n\n")]
        assert there == [not truth.needs_browser] * len(there), truth.url


def test_only_a_paper_with_scripts_has_such_articles(paper):
    with Newsroom(articles=20, seed=1, now=NOW) as plain:
        assert not any(truth.needs_browser for truth in plain.truth)
        titles = {truth.title for truth in plain.truth}
    assert titles < {truth.title for truth in paper.truth}
    assert len({truth.title for truth in paper.truth}) == len({truth.url for truth in paper.truth}) == 80


async def test_they_are_promised_like_all_others(paper, web):
    promised: set[str] = set()
    for year in range(2019, 2027):
        form = ".xml.gz" if year == 2022 else ".xml"
        async with web.get(f"{paper.url}sitemaps/{year}{form}") as reply:
            if reply.status == 200 and form == ".xml":
                promised |= set(re.findall(r"<loc>([^<]+)</loc>", await reply.text()))
    needing = {truth.url for truth in paper.truth if truth.needs_browser and truth.published[:4] != "2022"}
    assert needing <= promised
    async with web.get(f"{paper.url}rss.xml") as reply:
        assert "/story/" in await reply.text()


async def test_one_address_answers_two_posts_differently(paper, web):
    story = next(truth for truth in paper.truth if truth.theme == "graph")
    number = int(story.url.rpartition("-")[2])
    answers = []
    for name in ("Story", "Related"):
        async with web.post(
            f"{paper.url}scripted/graph", json={"operationName": name, "variables": {"id": number}}
        ) as reply:
            answers.append((await reply.json())["data"])
    assert answers[0]["story"]["title"] == story.title
    assert "related-posts" in answers[1]["related"]
    posts = [hit for hit in paper.log if hit.method == "POST" and hit.path == "/scripted/graph"]
    assert [json.loads(hit.body)["operationName"] for hit in posts[-2:]] == ["Story", "Related"]


async def test_what_is_not_to_be_posted_to_says_so(paper, web):
    async with web.post(f"{paper.url}about", data=b"x") as reply:
        assert reply.status == 405


async def test_the_article_of_an_odd_page_is_in_its_html_as_told(paper, web):
    shown = {"whole": "all", "late": "none", "never": "none", "part": "first"}
    for odd in ODDITIES.values():
        hop = "?hop=3" if odd.name == "redirected" else ""
        page = await body_of(web, paper.url.rstrip("/") + odd.path + hop)
        there = [paragraph in page for paragraph in odd.piece.paragraphs]
        kinds = {"all": [True] * len(there), "none": [False] * len(there), "first": [True] + [False] * (len(there) - 1)}
        assert there == kinds[shown[odd.shows]], odd.name


async def test_odd_answers_are_as_odd_as_they_should_be(paper, web):
    api = f"{paper.url}odd/api/"
    async with web.get(f"{api}big?mb=3") as reply:
        assert len(await reply.read()) == 3 << 20
    async with web.get(f"{api}basic") as reply:
        assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, 'Basic realm="members"')
    for name in ("reset", "short"):
        with pytest.raises(aiohttp.ClientPayloadError):
            async with web.get(api + name) as reply:
                await reply.read()
    async with web.get(f"{api}events?name=event-stream") as reply:
        assert (await reply.content.readuntil(b"\n\n")) == b": hello\n\n"
        assert (await reply.content.readuntil(b"\n\n")).startswith(b"event: story\ndata: {")
    with pytest.raises(TimeoutError):
        async with web.get(f"{api}never", timeout=aiohttp.ClientTimeout(total=0.2)):
            pass


async def test_the_second_origin_is_another_site_and_serves_the_same(paper, web):
    assert re.fullmatch(r"http://localhost:\d+", paper.other)
    async with web.options(f"{paper.other}/odd/api/query") as reply:
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
    async with web.get(f"{paper.other}/odd/frame/outer.html") as reply:
        assert f"{paper.url}odd/frame/inner.html" in await reply.text()


async def test_over_tls_the_paper_calls_itself_by_that_address(paper, web):
    assert paper.certificate
    truth = paper.truth[-1]
    url = truth.url.replace(paper.url, paper.secure_url)
    async with web.get(url, ssl=paper.certificate.trusting()) as reply:
        page = await reply.text(errors="replace")
    assert paper.secure_url in page
    assert paper.url not in page


async def shows(context: BrowserContext, url: str, paragraphs: list[str]) -> None:
    """Waits until a page shows all these paragraphs, scrolling on meanwhile."""
    page = await context.new_page()
    await page.goto(url, wait_until="commit")
    while True:
        text = await page.evaluate(ALL_TEXT)
        if all(paragraph in text for paragraph in paragraphs):
            break
        await page.mouse.wheel(0, 1500)
        if more := await page.query_selector("#more"):
            await more.click()
        await page.wait_for_timeout(50)
    await page.close()


async def test_chromium_brings_every_article_that_needs_it_over_http_2_as_well(paper):
    """One article of each kind by HTTP/2 over TLS, each odd page by HTTP/1.1."""
    assert paper.certificate
    firsts = {truth.theme: truth for truth in paper.truth if truth.needs_browser}
    wanted = [(truth.url.replace(paper.url, paper.secure_url), truth.text.split("\n\n")) for truth in firsts.values()]
    late: list[Oddity] = [odd for odd in ODDITIES.values() if odd.needs_browser]
    wanted += [(paper.url.rstrip("/") + odd.path, list(odd.piece.paragraphs)) for odd in late]
    turns = asyncio.Semaphore(5)

    async def one(url: str, paragraphs: list[str]) -> None:
        async with turns, asyncio.timeout(200):
            await shows(context, url, paragraphs)

    async with chromium(paper.certificate.chromium) as browser:
        context = await browser.new_context()
        await asyncio.gather(*(one(*each) for each in wanted))
    hits = [
        hit
        for hit in paper.log
        if "Chrome" in dict(hit.headers).get("user-agent", dict(hit.headers).get("User-Agent", ""))
    ]
    assert {hit.protocol for hit in hits} == {"http/1.1", "h2"}
    assert len(wanted) > 20
