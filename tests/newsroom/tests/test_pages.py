"""The newspaper keeps its promises: what it says of an article is what its page says."""

import asyncio
import html
import json
import re

import aiohttp
import pytest

from tests.newsroom import Truth
from tests.newsroom.paper import Paper
from tests.newsroom.registry import PAGES, answer
from tests.newsroom.tests.reading import NOW, text_of
from tests.newsroom.wire import Request, assemble


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    """Pages by address, kept so that each is fetched once."""
    return {}


async def pages_of(web: aiohttp.ClientSession, truths: list[Truth], *, printed: dict[str, str]) -> list[str]:
    """Returns the pages of articles."""
    if not printed:
        texts = await asyncio.gather(*(text_of(web, truth.url) for truth in truths))
        printed.update(zip((truth.url for truth in truths), texts, strict=True))
    return [printed[truth.url] for truth in truths]


async def test_every_article_answers_with_its_title_and_each_of_its_paragraphs(paper, web, printed):
    truths = paper.truth
    assert len({truth.url for truth in truths}) == len({truth.title for truth in truths}) == 160
    for truth, source in zip(truths, await pages_of(web, truths, printed=printed), strict=True):
        page = html.unescape(source)
        assert truth.title in page
        for paragraph in truth.text.split("\n\n"):
            assert paragraph in page, truth.url


async def test_every_field_of_the_truth_stands_on_the_page_in_a_conventional_form(paper, web, printed):
    truths = paper.truth
    for truth, source in zip(truths, await pages_of(web, truths, printed=printed), strict=True):
        page = html.unescape(source)
        assert f">{truth.title}</" in page
        assert re.search(rf"<title>[^<]*{re.escape(truth.title)}[^<]*</title>", page)
        assert f'="{truth.published}"' in page
        assert all(re.search(rf'byline">[^\n]*{re.escape(name)}', page) for name in truth.authors)
        assert re.search(rf'class="breadcrumb"[^\n]*>{re.escape(truth.section)}</a></nav>', page)
        assert all(re.search(rf'rel="tag" href="/tag/[^"]+">{tag}</a>', page) for tag in truth.tags)
        assert ("application/ld+json" in page) == (truth.theme in ("press", "modern"))
        assert ('property="og:title"' in page) == (truth.theme != "bare")


async def test_structured_data_agrees_with_the_truth(paper, web, printed):
    truths = paper.truth
    for truth, page in zip(truths, await pages_of(web, truths, printed=printed), strict=True):
        if truth.theme not in ("press", "modern"):
            continue
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert found
        data = json.loads(found[1])
        article = next(n for n in data.get("@graph", [data]) if n["@type"].endswith("NewsArticle"))
        assert article["headline"] == truth.title
        assert [author["name"] for author in article.get("author", [])] == list(truth.authors)
        assert (article["datePublished"], article["articleSection"]) == (truth.published, truth.section)
        assert tuple(article.get("keywords", ())) == truth.tags


def test_the_paper_has_many_languages_scripts_themes_and_shapes_of_urls(paper):
    truths = paper.truth
    assert {truth.language for truth in truths} == {"en", "de", "fr", "es", "ru", "ar", "ja", "hi"}
    assert {truth.theme for truth in truths} == {"press", "modern", "drupal", "bare"}
    assert {truth.published[:4] for truth in truths} == {str(year) for year in range(2019, 2027)}
    assert {len(truth.authors) for truth in truths} == {0, 1, 2}
    assert {len(truth.published) for truth in truths} == {10, 25}
    assert any("/article?id=" in truth.url for truth in truths)
    assert any("%D8" in truth.url for truth in truths)
    assert sum("\n\n" not in truth.text for truth in truths) > 10


def test_no_sentence_repeats_within_an_article_and_no_chrome_stands_in_a_text(paper):
    for truth in paper.truth:
        sentences = [s for s in re.split(r"(?<=[.。।?!؟])\s*", truth.text) if len(s) > 12]
        assert len(sentences) == len(set(sentences)), truth.url
        assert not any(words in truth.text for words in truth.chrome)


async def test_chrome_stands_around_a_single_paragraph(paper, web):
    truth = next(t for t in paper.truth if "\n\n" not in t.text and t.theme == "press" and t.language == "en")
    page = await text_of(web, truth.url)
    for words in ("Scroll Top", "Related Posts", "Leave a comment", "You must be logged in to post a comment."):
        assert words in page
    assert "When you visit our website, it may store information through your browser" in page


def replies(*, seed: int) -> dict[str, bytes]:
    """Returns a paper's replies, by path, as bytes."""
    paper = Paper(base="http://paper.test", seed=seed, articles=30, now=NOW)
    paper.faults.clear()
    paths = [story.href for story in paper.stories] + [
        "/",
        "/ja/",
        "/feed/",
        "/sitemap_index.xml",
        "/assets/img/20-64.jpg",
    ]
    requests = [Request.read(f"GET {path} HTTP/1.1\r\nHost: paper.test".encode()) for path in paths]
    steps = {request.target: assemble(answer(paper, request), request=request) for request in requests}
    return {path: b"".join(s for s in found if isinstance(s, bytes)) for path, found in steps.items()}


def test_the_same_seed_prints_the_same_paper_to_the_byte_and_another_seed_another():
    assert replies(seed=5) == replies(seed=5)
    assert replies(seed=5)["/"] != replies(seed=6)["/"]


def test_kinds_of_pages_have_names_of_their_own():
    names = [kind.name for kind in PAGES]
    assert len(names) == len(set(names))
