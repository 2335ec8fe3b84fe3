"""The newspaper keeps its promises: what it says of itself is what it serves."""

import asyncio
import gzip
import html
import json
import re
import signal
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import aiohttp
import feedparser
import pytest
from lxml import etree

from tests.newsroom import Newsroom, Truth, big_newsroom
from tests.newsroom.bench import BigPaper, joined_crc
from tests.newsroom.pages.feeds import FEEDS
from tests.newsroom.paper import Paper
from tests.newsroom.registry import PAGES, answer
from tests.newsroom.wire import CLOSE, Reply, Request, assemble

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DECLARED = re.compile(rb'charset="?([\w-]+)')


@pytest.fixture(scope="module")
def paper() -> Iterator[Newsroom]:
    """A healthy paper that no test changes."""
    with Newsroom(articles=160, seed=1, now=NOW) as room:
        room.heal()
        yield room


@pytest.fixture
def fresh() -> Iterator[Newsroom]:
    """A small paper for a test that changes it."""
    with Newsroom(articles=60, seed=2, now=NOW) as room:
        yield room


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def text_of(web: aiohttp.ClientSession, url: str) -> str:
    """Returns a page as a browser reads it: the header's charset first, then the page's own."""
    async with web.get(url) as reply:
        assert reply.status == 200, url
        body = await reply.read()
        found = DECLARED.search(body)
        return body.decode(reply.get_encoding() if reply.charset or not found else found[1].decode())


async def status_of(web: aiohttp.ClientSession, url: str, **headers: str) -> int:
    async with web.get(url, headers=headers, allow_redirects=False) as reply:
        return reply.status


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


async def raw(room: Newsroom, path: str, *, accept: str = "gzip, br, deflate") -> bytes:
    """Returns the bytes of an answer as they came."""
    parts = urlsplit(room.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accept}\r\nConnection: close\r\n\r\n".encode())
    data = await reader.read()
    writer.close()
    return data


def locations(xml: str | bytes) -> list[str]:
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    return [node.text or "" for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


async def promised(web: aiohttp.ClientSession, room: Newsroom) -> list[str]:
    """Returns every URL that the sitemap index promises, as often as it does."""
    urls: list[str] = []
    for child in locations(await text_of(web, room.url + "sitemap_index.xml")):
        async with web.get(child) as reply:
            body = await reply.read()
            if reply.status == 200:
                urls += locations(gzip.decompress(body) if child.endswith(".gz") else body)
    return urls


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


async def test_the_sitemap_promises_each_article_exactly_once_and_a_few_that_come_to_nothing(paper, web):
    urls = await promised(web, paper)
    assert sorted(urls) == sorted([t.url for t in paper.truth] + [bad.url for bad in paper.bad])
    children = locations(await text_of(web, paper.url + "sitemap_index.xml"))
    assert sorted([await status_of(web, child) for child in children]) == [200] * 9 + [404, 500]


async def test_promises_that_are_bad_on_purpose_come_out_as_told(paper, web):
    statuses = {bad.outcome: await status_of(web, bad.url) for bad in paper.bad}
    assert statuses == {
        "not-found": 404, "gone": 410, "server-error": 500, "robots": 200, "off-site": 301, "section": 200,
    }  # fmt: skip


async def test_the_news_sitemap_has_the_last_two_days(paper, web):
    root = etree.fromstring((await text_of(web, paper.url + "news-sitemap.xml")).encode())
    space = "{http://www.google.com/schemas/sitemap-news/0.9}"
    titles = {node.text for node in root.iter(space + "title")}
    dates = [datetime.fromisoformat(node.text or "") for node in root.iter(space + "publication_date")]
    assert titles <= {truth.title for truth in paper.truth}
    assert len(dates) > 5
    assert (NOW - min(dates)).days <= 2
    assert {node.text for node in root.iter(space + "language")} > {"en"}


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.path)
async def test_feeds_parse_and_tell_of_articles_under_tracked_links(paper, web, feed):
    truths = {truth.title: truth for truth in paper.truth}
    body = await text_of(web, paper.url.rstrip("/") + feed.path)
    if feed.path.endswith(".json"):
        items = json.loads(body)["items"]
        found = [(item["title"], item["url"], [a["name"] for a in item["authors"]]) for item in items]
    else:
        parsed = feedparser.parse(body.encode())
        assert not parsed.bozo
        found = [(e.title, e.link, [a.name for a in e.get("authors", []) if a]) for e in parsed.entries]
    assert len(found) >= 5
    for title, link, _authors in found:
        assert re.sub(r"[?&]utm_source=rss&utm_medium=feed", "", link) == truths[title].url
    assert any(authors for _title, _link, authors in found)


async def test_the_home_page_announces_some_feeds_and_links_articles_under_marked_urls(paper, web):
    page = await text_of(web, paper.url)
    assert re.findall(r'rel="alternate" type="[^"]+" title="[^"]+" href="([^"]+)"', page) == ["/feed/", "/feed.json"]
    assert "?ref=home" in page
    assert "#comments" in page


async def test_sections_lead_to_each_of_their_articles_by_pagination(paper, web):
    for start, link in (("news/", r"/\d{4}/\d\d/\d\d/[^\"?#]+"), ("community", r"/community/[^\"?#]+")):
        seen: set[str] = set()
        url: str | None = urljoin(paper.url, start)
        while url:
            page = await text_of(web, url)
            seen |= set(re.findall(rf'<h2><a href="({link})"', page))
            onward = re.search(r'rel="next" href="([^"]+)"', page)
            url = urljoin(paper.url, html.unescape(onward[1])) if onward else None
        section = {"news/": "News", "community": "Community"}[start]
        assert seen == {urlsplit(t.url).path for t in paper.truth if t.section == section}


async def test_links_of_listing_pages_do_not_dangle(paper, web):
    for start in ("", "ar/", "de/archiv/", "sport/", "culture"):
        page = await text_of(web, paper.url + start)
        links = {urljoin(paper.url + start, html.unescape(link)) for link in re.findall(r' href="([^"]+)"', page)}
        bad = {link: status for link in links if (status := await status_of(web, link)) not in (200, 301, 302)}
        assert not bad


async def test_authors_and_tags_have_pages(paper, web):
    truth = next(t for t in reversed(paper.truth) if t.theme == "press" and t.authors and t.tags)
    page = await text_of(web, truth.url)
    paths = re.findall(r'href="(/(?:author|tag)/[^"]+)"', page)
    assert len(paths) == len(truth.authors) + len(truth.tags)
    for path in paths:
        assert truth.title in html.unescape(await text_of(web, urljoin(paper.url, path)))


async def test_replies_come_in_every_coding_and_framing_and_decode_to_the_same_page(paper, web):
    seen = set()
    for truth in paper.truth[:60]:
        async with web.get(truth.url, headers={"Accept-Encoding": "gzip, deflate, br"}) as reply:
            decoded = await reply.read()
            framing = "chunked" if "Transfer-Encoding" in reply.headers else "length"
            seen.add((reply.headers.get("Content-Encoding", "identity"), framing))
        async with web.get(truth.url, headers={"Accept-Encoding": "identity"}) as reply:
            assert await reply.read() == decoded
    assert {coding for coding, _ in seen} == {"gzip", "br", "deflate", "identity"}
    assert {framing for _, framing in seen} == {"chunked", "length"}


async def test_three_cookies_come_in_three_headers_and_some_servers_write_names_small(paper):
    truths = {truth.theme: truth for truth in paper.truth}
    press = await raw(paper, truths["press"].url.removeprefix(paper.url.rstrip("/")))
    modern = await raw(paper, truths["modern"].url.removeprefix(paper.url.rstrip("/")))
    assert press.partition(b"\r\n\r\n")[0].count(b"\r\nSet-Cookie: ") == 3
    assert b"\r\ncontent-type: text/html" in modern


async def test_charsets_are_told_in_the_header_or_in_the_page_only(paper, web):
    async with web.get(next(t for t in paper.truth if t.section == "Archiv").url) as reply:
        assert reply.headers["Content-Type"] == "text/html; charset=iso-8859-1"
        assert b"charset" not in await reply.read()
    async with web.get(next(t for t in paper.truth if t.section == "Новости").url) as reply:
        assert reply.headers["Content-Type"] == "text/html"
        assert b"charset=windows-1251" in await reply.read()


async def test_head_has_the_headers_of_get_and_no_body(paper, web):
    url = paper.truth[-1].url
    async with web.get(url) as got, web.head(url) as head:
        assert head.status == 200
        assert {k: v for k, v in head.headers.items() if k != "Date"} == dict(got.headers)


async def test_old_addresses_redirect_in_every_manner(paper, web):
    truth = next(t for t in paper.truth if t.theme == "press")
    number = re.search(r"/\?p=(\d+)", await text_of(web, truth.url))
    assert number
    for path, hops in ((f"old/{number[1]}.php", 1), (f"older/{number[1]}.php", 2), (f"node/{number[1]}", 1)):
        async with web.get(paper.url + path) as reply:
            assert (str(reply.url), len(reply.history)) == (truth.url, hops)
    async with web.get(paper.url + f"node/{number[1]}", allow_redirects=False) as reply:
        assert reply.headers["Location"].startswith("../")
    with pytest.raises(aiohttp.TooManyRedirects):
        await text_of(web, paper.url + "loop/a")


async def test_print_and_amp_versions_name_the_article_as_canonical(paper, web):
    truth = next(t for t in paper.truth if t.theme == "press")
    number = re.search(r"/\?p=(\d+)", await text_of(web, truth.url))
    assert number
    for form in ("print", "amp"):
        page = await text_of(web, f"{paper.url}{form}/{number[1]}")
        assert f'<link rel="canonical" href="{truth.url}">' in page


async def test_pages_with_validators_answer_304(paper, web):
    truths = {truth.theme: truth for truth in paper.truth}
    for theme, names in (("press", {"ETag", "Last-Modified"}), ("modern", {"ETag"}), ("drupal", {"Last-Modified"})):
        async with web.get(truths[theme].url) as reply:
            headers = reply.headers
        assert {name for name in ("ETag", "Last-Modified") if name in headers} == names
        ask = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        for name in names:
            assert await status_of(web, truths[theme].url, **{ask[name]: headers[name]}) == 304
    async with web.get(truths["bare"].url) as reply:
        assert "ETag" not in reply.headers
        assert "Last-Modified" not in reply.headers
    async with web.get(paper.url + "feed/") as reply:
        etag = reply.headers["ETag"]
    assert await status_of(web, paper.url + "feed/", **{"If-None-Match": etag}) == 304
    assert await status_of(web, paper.url + "feed/", **{"If-None-Match": '"other"'}) == 200


async def test_traps_lead_on_for_ever(paper, web):
    assert "/calendar/3026/12" in await text_of(web, paper.url + "calendar/3026/11")
    assert 'href="more/"' in await text_of(web, paper.url + "more/more/more/")
    first = re.findall(r"PHPSESSID=\w+", await text_of(web, paper.url + "letters"))
    then = re.findall(r"PHPSESSID=\w+", await text_of(web, f"{paper.url}letters/1?{first[0]}"))
    assert first[0] != then[0]
    assert "color=red&amp;sort=old" in await text_of(web, paper.url + "archive?color=red&sort=new")


async def test_assets_are_what_their_names_say(paper, web):
    truth = paper.truth[-1]
    number = re.search(r"/img/(\d+)-", await text_of(web, truth.url))
    assert number
    begins = {"png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "svg": b"<svg", "webp": b"RIFF"}
    for form, start in begins.items():
        async with web.get(f"{paper.url}assets/img/{number[1]}-64.{form}") as reply:
            assert (await reply.read()).startswith(start)
    for path in ("assets/css/main.css", "assets/css/type.css", "assets/js/site.js", "assets/fonts/ornaments.ttf"):
        assert await status_of(web, paper.url + path) == 200


async def test_a_few_articles_fail_once_and_then_never_again(fresh, web):
    first = [await status_of(web, truth.url) for truth in fresh.truth]
    again = [await status_of(web, truth.url) for truth in fresh.truth]
    assert sorted(status for status in first if status != 200) == [429, 500, 503]
    assert set(again) == {200}
    assert {hit.status for hit in fresh.log if hit.path} == {200, 429, 500, 503}


async def test_what_is_new_appears_everywhere(fresh, web):
    added = fresh.publish_new(2)
    assert fresh.truth[-2:] == added
    paths = ("", "rss.xml", "atom.xml", "news-sitemap.xml", "sitemaps/2026.xml")
    pages = {path: html.unescape(await text_of(web, fresh.url + path)) for path in paths}
    for truth in added:
        page = html.unescape(await text_of(web, truth.url))
        assert truth.title in page
        language = "" if truth.language == "en" else f"{truth.language}/"
        assert truth.title in html.unescape(await text_of(web, fresh.url + language))
        assert truth.title in pages["rss.xml"]
        assert truth.title in pages["atom.xml"]
        assert truth.title in pages["news-sitemap.xml"]
        assert truth.url in pages["sitemaps/2026.xml"]


async def test_a_revision_changes_text_validators_and_lastmod(fresh, web):
    fresh.heal()
    truth = next(t for t in fresh.truth if t.theme == "press")
    async with web.get(truth.url) as reply:
        etag = reply.headers["ETag"]
    revised = fresh.revise(truth, "The first paragraph was wrong.\n\nThis one is right.")
    assert revised.text == "The first paragraph was wrong.\n\nThis one is right."
    assert revised.modified > truth.modified
    async with web.get(truth.url, headers={"If-None-Match": etag}) as reply:
        assert reply.status == 200
        assert "The first paragraph was wrong." in await reply.text()
    assert revised in fresh.truth
    assert truth not in fresh.truth


async def test_paths_can_be_down_and_slow_on_demand(fresh, web):
    fresh.down(r"^/contact$", 503, times=2, retry_after=1)
    fresh.delay(r"^/about$", 0.01)
    async with web.get(fresh.url + "contact") as reply:
        assert (reply.status, reply.headers["Retry-After"]) == (503, "1")
    assert [await status_of(web, fresh.url + "contact") for _ in range(2)] == [503, 200]
    assert "1887" in await text_of(web, fresh.url + "about")


async def test_robots_txt_can_be_replaced_or_broken(fresh, web):
    own = await text_of(web, fresh.url + "robots.txt")
    assert own.count("Sitemap: ") == 2
    assert "Disallow: /private/" in own
    assert "Crawl-delay" not in own
    fresh.set_robots("User-agent: *\nDisallow: /\n")
    assert await text_of(web, fresh.url + "robots.txt") == "User-agent: *\nDisallow: /\n"
    fresh.set_robots(503)
    assert await status_of(web, fresh.url + "robots.txt") == 503
    fresh.set_robots(None)
    assert await text_of(web, fresh.url + "robots.txt") == own


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


def test_a_reply_may_be_any_bytes_in_any_steps():
    request = Request.read(b"GET / HTTP/1.1")
    steps = (b"HTTP/1.1 200 \r\nBROKEN", 0.5, CLOSE)
    assert assemble(Reply(steps=steps), request=request) == steps
    odd = Reply(status=200, reason="Fine, really", headers=(("X-tWiCe", "1"), ("X-tWiCe", "2")), body=b"abc", chunk=2)
    assert assemble(odd, request=request) == (
        b"HTTP/1.1 200 Fine, really\r\nX-tWiCe: 1\r\nX-tWiCe: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
    )


async def test_pipelined_requests_are_answered_in_their_order(paper):
    parts = urlsplit(paper.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    close = "\r\nConnection: close"
    asked = "".join(
        f"GET /{name} HTTP/1.1\r\nHost: x{close if name == 'no' else ''}\r\n\r\n" for name in ("about", "no")
    )
    writer.write(asked.encode())
    data = await reader.read()
    writer.close()
    assert re.findall(rb"HTTP/1.1 (\d+)", data) == [b"200", b"404"]


async def test_the_access_log_counts_each_request(tmp_path, web):
    file = tmp_path / "access.jsonl"
    with Newsroom(articles=20, seed=3, now=NOW, access_log=file) as room:
        await status_of(web, room.url + "about", **{"X-Mark": "7"})
        await status_of(web, room.url + "nowhere?x=1")
        hits = room.log
        lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(hit.method, hit.path, hit.status) for hit in hits] == [
        ("GET", "/about", 200),
        ("GET", "/nowhere?x=1", 404),
    ]
    assert ("X-Mark", "7") in hits[0].headers
    assert [(line["path"], line["status"]) for line in lines] == [("/about", 200), ("/nowhere?x=1", 404)]


def test_the_command_says_where_it_is_writes_the_truth_and_ends_quietly(tmp_path: Path):
    truth = tmp_path / "truth.jsonl"
    command = (sys.executable, "-m", "tests.newsroom", "--articles", "20", "--truth", str(truth))
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate()
    assert re.fullmatch(r"The Valley Courier is at http://127\.0\.0\.1:\d+/\n", line)
    assert (rest, errors, process.returncode) == ("", "", 0)
    assert sum("truth" in json.loads(line) for line in truth.read_text().splitlines()) == 20


async def test_big_pages_are_whole_gzip_members_with_titles_of_their_own(web):
    with big_newsroom(pages=12) as room:
        urls = locations(await text_of(web, room.url + "sitemaps/0.xml"))
        pages = [await text_of(web, url) for url in urls]
        hits = room.log
    assert len({re.findall("<title>(.*?)</title>", page)[0] for page in pages}) == 12
    assert [unquote(hit.path) for hit in hits][1:] == [urlsplit(url).path for url in urls]


def test_big_pages_pass_the_sum_check_of_gzip_and_have_the_size_told():
    paper = BigPaper(base="http://paper.test", pages=3, now=NOW)
    request = Request.read(f"GET {paper.paths[2]} HTTP/1.1".encode())
    reply = b"".join(step for step in paper.respond(request) if isinstance(step, bytes))
    body = reply.partition(b"\r\n\r\n")[2]
    assert 50_000 < len(body) < 75_000
    assert len(gzip.decompress(body)) > 150_000


def test_sums_of_joined_data_are_those_of_the_whole():
    first, second = b"some news from the valley", b" and some more"
    assert joined_crc(zlib.crc32(first), zlib.crc32(second), size=len(second)) == zlib.crc32(first + second)
