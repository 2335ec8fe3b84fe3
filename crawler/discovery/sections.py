"""Which links of a home page are the site's sections."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from archive.articles.judging.kinds import Shape
from crawler.discovery.pages import Link
from crawler.discovery.vocabulary import SERVICE_PHRASES, SERVICES
from crawler.sites.scope import Scope, shape_of

MOST_SECTIONS = 60
LONGEST_NAME = 40  # characters of a section's last segment
_WORD = re.compile(r"[^\W\d_]+")
_EDITION = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
_LISTS = frozenset({Shape.SECTION, Shape.OTHER})


def sections(links: Iterable[Link], *, scope: Scope, limit: int = MOST_SECTIONS) -> tuple[str, ...]:
    """Choose section pages among the links of a home page, in page order.

    When there are more than `limit`, those in menus and headers are chosen first.
    """
    found = [link for link in links if is_section(link.url, scope=scope)]
    chosen = {link.url for link in sorted(found, key=lambda link: not link.navigation)[:limit]}
    return tuple(link.url for link in found if link.url in chosen)


def is_section(url: str, *, scope: Scope) -> bool:
    """Tell whether a URL looks like a section page.

    It is on site and short, no list by tag or author, nothing legal and nothing for customers. The home page of another
    edition (/de/) is one too.
    """
    parts = urlsplit(url)
    segments = [segment for segment in unquote(parts.path).lower().split("/") if segment]
    if not segments or len(segments) > 4 or len(segments[-1]) > LONGEST_NAME or (parts.query and len(parts.query) > 40):
        return False
    if any(map(_is_service, segments)) or not scope.judge(url).allowed:
        return False
    kind = shape_of(url, article=scope.site.article)
    if kind is Shape.HOME:
        return _EDITION.fullmatch(segments[0]) is not None and url.rstrip("/") != scope.site.home.rstrip("/")
    return kind is Shape.SECTION or (kind in _LISTS and len(segments) <= 2 and not parts.query)


def _is_service(segment: str) -> bool:
    name = segment.rsplit(".", 1)[0] if segment.endswith((".html", ".htm", ".php", ".aspx")) else segment
    if any(phrase in name for phrase in SERVICE_PHRASES):
        return True
    words = _WORD.findall(name)
    return "".join(words) in SERVICES or bool(words and (words[0] in SERVICES or words[-1] in SERVICES))
