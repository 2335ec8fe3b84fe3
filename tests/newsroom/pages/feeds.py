"""RSS, Atom and JSON feeds: of the whole paper, an edition, a section; some are announced, some only lie about."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from tests.newsroom.languages import LANGUAGES
from tests.newsroom.pages.kind import PageKind, document
from tests.newsroom.paper import Paper
from tests.newsroom.stories import Story
from tests.newsroom.themes import parts
from tests.newsroom.wire import Reply, Request, http_date

LENGTH = 20
MARK = "utm_source=rss&utm_medium=feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed: where it lies, its form, whose articles it tells of, and whether the edition's home page links to it.

    `edition` is a language, or nothing for the whole paper; `section` narrows it to the section of that name.
    """

    path: str
    mime: str
    edition: str = ""
    section: str = ""
    linked: bool = False


RSS = "application/rss+xml; charset=UTF-8"
ATOM = "application/atom+xml; charset=utf-8"
JSON = "application/feed+json"
FEEDS = (
    Feed(path="/feed/", mime=RSS, edition="en", linked=True),
    Feed(path="/rss.xml", mime=RSS),
    Feed(path="/atom.xml", mime=ATOM),
    Feed(path="/feed.json", mime=JSON, edition="en", linked=True),
    Feed(path="/sport/feed/", mime=RSS, edition="en", section="Sport"),
    Feed(path="/de/feed/", mime=RSS, edition="de", linked=True),
    Feed(path="/fr/feed/", mime=RSS, edition="fr", linked=True),
    Feed(path="/es/rss.xml", mime=RSS, edition="es"),
    Feed(path="/ru/atom.xml", mime=ATOM, edition="ru", linked=True),
    Feed(path="/ar/feed/", mime=RSS, edition="ar"),
    Feed(path="/ja/feed.json", mime=JSON, edition="ja", linked=True),
    Feed(path="/hi/feed/", mime=RSS, edition="hi"),
)


def feed_page(paper: Paper, _request: Request, match: re.Match[str]) -> Reply | None:
    """Returns the feed at that path."""
    feed = next((feed for feed in FEEDS if feed.path == match[0]), None)
    if feed is None:
        return None
    stories = [
        s for s in paper.latest if feed.edition in ("", s.section.language) and feed.section in ("", s.section.name)
    ]
    stories = stories[:LENGTH]
    text = WRITERS[feed.mime](paper, stories, feed)
    return document(text, mime=feed.mime, modified=max((s.changed for s in stories), default=None))


def tracked(paper: Paper, story: Story) -> str:
    """Returns the story's address as feeds give it, with tracking parameters."""
    return f"{paper.base}{story.href}{'&' if '?' in story.href else '?'}{MARK}"


def rss(paper: Paper, stories: Sequence[Story], feed: Feed) -> str:
    """Returns RSS 2.0 with dc:creator, and content:encoded for every second article."""
    site = LANGUAGES[feed.edition or "en"].labels
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(site['site'])}</title>\n<link>{paper.base}/</link>\n<description>{escape(site['tagline'])}</description>\n"
        f'<atom:link href="{paper.base}{feed.path}" rel="self" type="application/rss+xml"/>\n'
        + "".join(_item(paper, story) for story in stories)
        + "</channel>\n</rss>\n"
    )


def _item(paper: Paper, story: Story) -> str:
    creators = "".join(f"<dc:creator><![CDATA[{name}]]></dc:creator>" for name in story.authors)
    labels = "".join(f"<category>{escape(name)}</category>" for name in (story.section.name, *story.tags))
    content = f"<content:encoded><![CDATA[{parts.body(story.blocks)}]]></content:encoded>" if story.number % 2 else ""
    return (
        f"<item><title>{escape(story.title)}</title><link>{escape(tracked(paper, story))}</link>"
        f'<guid isPermaLink="false">{paper.base}/?p={story.id}</guid><pubDate>{http_date(story.moment)}'
        f"</pubDate>{creators}{labels}"
        f"<description>{escape(story.description)}</description>{content}</item>\n"
    )


def atom(paper: Paper, stories: Sequence[Story], feed: Feed) -> str:
    """Returns Atom 1.0."""
    site = LANGUAGES[feed.edition or "en"].labels
    newest = max((story.changed for story in stories), default=paper.now).isoformat()
    entries = "".join(_entry(paper, story) for story in stories)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<title>{escape(site['site'])}</title><id>{paper.base}{feed.path}</id><updated>{newest}</updated>"
        f'<link rel="self" href="{paper.base}{feed.path}"/><link rel="alternate" href="{paper.base}/"/>'
        f"\n{entries}</feed>\n"
    )


def _entry(paper: Paper, story: Story) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in story.authors)
    labels = "".join(f'<category term="{escape(name)}"/>' for name in (story.section.name, *story.tags))
    return (
        f'<entry xml:lang="{story.language.code}"><title>{escape(story.title)}</title><id>'
        f"{paper.base}/?p={story.id}</id>"
        f'<link rel="alternate" href="{escape(tracked(paper, story))}"/><published>{story.moment.isoformat()}'
        "</published>"
        f"<updated>{story.changed.isoformat()}</updated>{authors}{labels}<summary>{escape(story.description)}</summary></entry>\n"
    )


def json_feed(paper: Paper, stories: Sequence[Story], feed: Feed) -> str:
    """Returns JSON Feed 1.1."""
    site = LANGUAGES[feed.edition or "en"].labels
    value: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": site["site"],
        "home_page_url": f"{paper.base}/",
        "feed_url": paper.base + feed.path,
        "items": [_json_item(paper, story) for story in stories],
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def _json_item(paper: Paper, story: Story) -> dict[str, Any]:
    return {
        "id": f"{paper.base}/?p={story.id}",
        "url": tracked(paper, story),
        "title": story.title,
        "summary": story.description,
        "content_html": parts.body(story.blocks),
        "date_published": story.moment.isoformat(),
        "date_modified": story.changed.isoformat(),
        "authors": [{"name": name} for name in story.authors],
        "tags": list(story.tags),
        "language": story.language.code,
    }


WRITERS: dict[str, Callable[[Paper, Sequence[Story], Feed], str]] = {RSS: rss, ATOM: atom, JSON: json_feed}
PAGES = (PageKind(name="feed", pattern=r"/.*(?:feed/|\.xml|\.json)", answer=feed_page),)
