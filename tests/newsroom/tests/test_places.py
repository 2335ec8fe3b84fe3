"""What leads to a paper's articles: sitemaps, feeds, sections; and what leads on for ever."""

import html
import json
import re
from datetime import datetime
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from lxml import etree

from tests.newsroom.pages.feeds import FEEDS
from tests.newsroom.tests.reading import NOW, locations, promised, status_of, text_of


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


async def test_traps_lead_on_for_ever(paper, web):
    assert "/calendar/3026/12" in await text_of(web, paper.url + "calendar/3026/11")
    assert 'href="more/"' in await text_of(web, paper.url + "more/more/more/")
    first = re.findall(r"PHPSESSID=\w+", await text_of(web, paper.url + "letters"))
    then = re.findall(r"PHPSESSID=\w+", await text_of(web, f"{paper.url}letters/1?{first[0]}"))
    assert first[0] != then[0]
    assert "color=red&amp;sort=old" in await text_of(web, paper.url + "archive?color=red&sort=new")
