"""What a home or section page gives: its links, its feeds, and where it goes on.

Every page of a crawl may pass through here, in its loop: so it is one parse by lexbor, one pass over the links, and
everything bounded.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from archive.charsets import usable
from crawler.discovery.html import plain, unshadowed
from crawler.sites.site import LONGEST_URL

LARGEST = 2 * 2**20  # characters of a page that are read
MOST_LINKS = 2000
MOST_FEEDS = 30
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "application/json"}
)
_NAVIGATION = "nav, header, [role=navigation], .menu, .navigation"
_COMMENT_FEED = re.compile(r"/comments/feed|[?&]feed=comments|/wp-json/|oembed")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PLAIN = re.compile(r"/(?!/)(?!.*/\.)[A-Za-z0-9_~%!$&'()*+,;=:@/?.-]{0,1000}")
_PAGE_WORDS = r"(?:page|seite|pagina|página|pag|strona|strana|side|sida|sivu|oldal|sayfa|страница|p)"
_PAGE_PATH = re.compile(rf"(?P<word>/{_PAGE_WORDS}[/-]?)(?P<number>\d{{1,5}})(?P<rest>/?(?:\.html?)?)$", re.IGNORECASE)
_PAGE_PARAMETERS = ("page", "paged", "p", "pagina", "seite", "pg")


class Link(NamedTuple):
    """A link of a page, absolute and without its fragment; `navigation` when it stands in a menu or a header.

    A tuple, because a page has hundreds and a dataclass takes four times as long to make.
    """

    url: str
    navigation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a page gives to go on with; links and feeds in page order, each once.

    `next` is the page's older neighbour. `nofollow` and `noindex` are what its robots meta asks.
    """

    links: tuple[Link, ...] = ()
    feeds: tuple[str, ...] = ()
    next: str | None = None
    canonical: str | None = None
    nofollow: bool = False
    noindex: bool = False


def read_page(body: bytes | str, *, url: str, charset: str | None = None) -> Listing:
    """Read a page found at `url`; bytes are read as `charset`, or as UTF-8, which suffices for addresses."""
    tree = LexborHTMLParser(plain(unshadowed(_decoded(body, charset=charset)[:LARGEST])))
    base = _base(tree, url=url)
    links = _links(tree, base=base)
    feeds, following, canonical = _head(tree, base=base)
    robots = _robots(tree)
    return Listing(
        links=links,
        feeds=feeds,
        next=_next(tree, links, claimed=following, base=base, url=url),
        canonical=canonical,
        nofollow=bool(robots & {"nofollow", "none"}),
        noindex=bool(robots & {"noindex", "none"}),
    )


def _decoded(body: bytes | str, *, charset: str | None) -> str:
    return body if isinstance(body, str) else body.decode(usable(charset) or "utf-8", errors="replace")


def _base(tree: LexborHTMLParser, *, url: str) -> str:
    node = tree.css_first("base[href]")
    return (_resolve(node.attributes.get("href"), base=url) if node is not None else None) or url


def _resolve(href: str | None, *, base: str) -> str | None:
    """Make a link absolute, without its fragment; None when it is no http(s) address."""
    href = (href or "").strip().replace("\n", "").replace("\t", "")
    if not href or href[0] == "#" or len(href) > LONGEST_URL:
        return None
    if _SCHEME.match(href) and not href.lower().startswith(("http:", "https:")):
        return None
    try:
        found = href if href.startswith(("https://", "http://")) else urljoin(base, href)
        host = urlsplit(found).hostname
    except ValueError:
        return None
    return found.partition("#")[0] if host and found.startswith(("https://", "http://")) else None


def _links(tree: LexborHTMLParser, *, base: str) -> tuple[Link, ...]:
    origin = _origin(base)
    navigation = _navigation(tree)
    found: dict[str, bool] = {}
    for node in tree.css("a[href]"):
        link = _quickly(node.attributes.get("href"), origin=origin, base=base)
        if link is not None:
            found[link] = found.get(link, False) or node.mem_id in navigation
            if len(found) >= MOST_LINKS:
                break
    return tuple(map(Link, found.keys(), found.values()))


def _navigation(tree: LexborHTMLParser) -> set[int]:
    """Identify the links in menus; menus within menus are read again and again, so there is a bound on that."""
    found: set[int] = set()
    read = 0
    for menu in tree.css(_NAVIGATION):
        nodes = menu.css("a[href]")
        found.update(node.mem_id for node in nodes)
        read += len(nodes) + 1
        if read > MOST_LINKS:
            break
    return found


def _quickly(href: str | None, *, origin: str, base: str) -> str | None:
    """Resolve a link; the commonest kind without urllib, which would cost more than the parsing."""
    return origin + href if href and _PLAIN.fullmatch(href) else _resolve(href, base=base)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _head(tree: LexborHTMLParser, *, base: str) -> tuple[tuple[str, ...], str | None, str | None]:
    feeds: dict[str, None] = {}
    following = canonical = None
    for node in tree.css("link[rel][href]"):
        attributes = node.attributes
        relations = (attributes.get("rel") or "").lower().split()
        target = _resolve(attributes.get("href"), base=base)
        if target is None:
            continue
        if "alternate" in relations and _is_feed(attributes.get("type"), target) and len(feeds) < MOST_FEEDS:
            feeds.setdefault(target)
        if "next" in relations:
            following = following or target
        if "canonical" in relations:
            canonical = canonical or target
    return tuple(feeds), following, canonical


def _is_feed(kind: str | None, target: str) -> bool:
    """Tell a feed of articles; WordPress also announces its comments and its API."""
    return (kind or "").partition(";")[0].strip().lower() in _FEED_TYPES and not _COMMENT_FEED.search(target)


def _robots(tree: LexborHTMLParser) -> set[str]:
    contents = [
        node.attributes.get("content") or "" for node in tree.css("meta[name=robots i], meta[name=microfiche i]")
    ]
    return {word.strip() for content in contents for word in content.lower().split(",")}


def _next(tree: LexborHTMLParser, links: Iterable[Link], *, claimed: str | None, base: str, url: str) -> str | None:
    """Find the next page: as the head says, as a link says, or the link whose number follows ours."""
    if claimed and claimed != url:
        return claimed
    node = tree.css_first("a[rel~=next][href]")
    target = _resolve(node.attributes.get("href"), base=base) if node is not None else None
    if target and target != url:
        return target
    known = {link.url for link in links}
    return next((candidate for candidate in following_pages(url) if candidate in known), None)


def following_pages(url: str) -> Iterator[str]:
    """Spell what the page after `url` may be called: /page/3 after /page/2, ?page=2 after none.

    /sport may go on at /sport/page/2/, /sport/2/, /sport?page=2 and their like.
    """
    url = url.partition("#")[0]
    numbered = _PAGE_PATH.search(urlsplit(url).path)
    if numbered:
        path, following = urlsplit(url).path, f"{numbered['word']}{int(numbered['number']) + 1}{numbered['rest']}"
        yield url.replace(path, path[: numbered.start()] + following, 1)
        return
    for name in _PAGE_PARAMETERS:
        yield from _with_parameter(url, name)
    folder = url.partition("?")[0].rstrip("/")
    for word in (
        "page/2",
        "page/2/",
        "2",
        "2/",
        "page-2",
        "page-2/",
        "seite/2",
        "seite/2/",
        "seite-2",
        "pagina/2",
        "pagina/2/",
    ):
        yield f"{folder}/{word}"


def _with_parameter(url: str, name: str) -> Iterator[str]:
    """Count a parameter up, or add it as 2; `p` is not added to others, as it names an article on WordPress."""
    path, _, query = url.partition("?")
    number = re.search(rf"(?:^|&){name}=(\d{{1,5}})(?=&|$)", query)
    if number:
        yield f"{path}?{query[: number.start(1)]}{int(number[1]) + 1}{query[number.end(1) :]}"
    elif not query:
        bare = path.rstrip("/")
        yield from (f"{start}?{name}=2" for start in dict.fromkeys((path, bare, f"{bare}/")))
    elif name != "p":
        yield f"{path}?{query}&{name}=2"
        yield f"{path}?{name}=2&{query}"
