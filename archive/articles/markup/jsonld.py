"""JSON-LD as news sites write it: graphs, references, several objects, and broken JSON."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from archive.articles.markup.text import fold, words

MAX_SCRIPT = 2_000_000
MAX_NODES = 3000
MAX_DEPTH = 40
_LISTS = words("""
    itemListElement hasPart relatedLink mentions comment review liveBlogUpdate isBasedOn citation subjectOf
    significantLink associatedArticle blogPost blogPosts dataFeedElement workExample isRelatedTo video isPartOf
""")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)"
    r"|(?:-->|(?:(?://|/\*)|(?<!\s))\s*+\]\]>(?:\s*\*/)?)\s*$"
)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)  # one that does not end goes to the end
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")
_ARTICLE_TYPES = frozenset(
    {"BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting", "ScholarlyArticle", "Review"}
)
_MEDIA_TYPES = frozenset(
    {"VideoObject", "AudioObject", "PodcastEpisode", "RadioEpisode", "ImageGallery", "MediaGallery"}
)
_LIST_TYPES = {
    "CollectionPage": "section",
    "SearchResultsPage": "search",
    "ProfilePage": "author",
    "ContactPage": "static",
    "AboutPage": "static",
}


@dataclass(frozen=True, slots=True)
class Node:
    """One object of a page's JSON-LD; `listed` if it is only an item of a list, a related page or a comment."""

    data: Mapping[str, Any]
    types: frozenset[str]
    listed: bool

    @property
    def is_article(self) -> bool:
        """Whether its type is one of articles."""
        return any(name.endswith("Article") or name in _ARTICLE_TYPES for name in self.types)

    @property
    def is_list(self) -> str | None:
        """What kind of list or static page the object claims the page to be, if any."""
        return next((kind for name, kind in _LIST_TYPES.items() if name in self.types), None)


def load(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Return the objects of all JSON-LD scripts of a page in document order, references resolved one level deep."""
    roots = [root for script in scripts for root in _parse(script)]
    found = list(_walk(roots))
    by_id = _by_id(found)
    return tuple(Node(_resolved(data, by_id=by_id), types, listed) for data, types, listed in found)


def _parse(script: str) -> list[Any]:
    text = script.strip()[:MAX_SCRIPT]
    for repair in (_as_is, _unwrapped, _mended, _unescaped):
        try:
            return _objects(repair(text))
        except (ValueError, RecursionError):
            continue
    return []


def _objects(text: str) -> list[Any]:
    """Read one JSON value, or several written one after the other."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    while at < len(text) and len(found) < 100:
        value, end = decoder.raw_decode(text, at)
        found.append(value)
        rest = re.compile(r"[\s;,]*").match(text, end)
        at = rest.end() if rest else len(text)
    return found


def _as_is(text: str) -> str:
    return text


def _unwrapped(text: str) -> str:
    """Take off comment and CDATA marks."""
    return _WRAPPING.sub("", _WRAPPING.sub("", text)).strip()


def _mended(text: str) -> str:
    """Drop commas before a closing bracket, outside of strings."""
    text = _unwrapped(text).replace("\0", "")
    mended, at = [], 0
    for match in _STRING.finditer(text):
        mended += [text[at : match.start()], "\0"]
        at = match.end()
    outside = _TRAILING_COMMA.sub(r"\1", "".join([*mended, text[at:]]))
    strings = iter(_STRING.findall(text))
    return re.sub("\0", lambda _: next(strings), outside)


def _unescaped(text: str) -> str:
    return _mended(unescape(text))


def _walk(roots: list[Any]) -> Iterator[tuple[dict[str, Any], frozenset[str], bool]]:
    stack: list[tuple[Any, bool, int]] = [(root, False, 0) for root in reversed(roots)]
    count = 0
    while stack and count < MAX_NODES:
        value, listed, depth = stack.pop()
        if isinstance(value, dict):
            count += 1
            types = type_names(value)
            if types or "@id" in value:
                yield value, types, listed
            children = [(child, listed or key in _LISTS, depth + 1) for key, child in value.items()]
        elif isinstance(value, list):
            children = [(child, listed, depth + 1) for child in value]
        else:
            continue
        if depth < MAX_DEPTH:
            stack += [child for child in reversed(children) if isinstance(child[0], (dict, list))]


def type_names(value: Mapping[str, Any]) -> frozenset[str]:
    """Return an object's types without vocabulary prefixes."""
    return frozenset(
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for name in as_list(value.get("@type")) if isinstance(name, str)
    )


def as_list(value: Any) -> list[Any]:
    """Return a list of what JSON-LD may write as one value, as many, or not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _by_id(found: list[tuple[dict[str, Any], frozenset[str], bool]]) -> dict[str, dict[str, Any]]:
    by_id: dict[str, dict[str, Any]] = {}
    for data, _, _ in found:
        name = data.get("@id")
        if isinstance(name, str) and len(data) > 1 and len(data) > len(by_id.get(name, {})):
            by_id[name] = data
    return by_id


def _resolved(data: dict[str, Any], *, by_id: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {key: _referent(value, by_id=by_id) for key, value in data.items()}


def _referent(value: Any, *, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_referent(item, by_id=by_id) for item in value]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return by_id.get(value["@id"], value)
    return value


def texts(value: Any) -> list[str]:
    """Return the strings a value holds: itself, its items, or the `name`, `@value`, `url` of objects."""
    found: list[str] = []
    for item in as_list(value):
        if isinstance(item, dict):
            item = next((item[key] for key in ("name", "@value", "headline", "url", "@id") if item.get(key)), None)
            item = item[0] if isinstance(item, list) and item else item
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            item = str(item)
        if isinstance(item, str) and fold(item):
            found.append(fold(unescape(item)))
    return found


def first(value: Any) -> str | None:
    """Return the first string a value holds, or None."""
    return next(iter(texts(value)), None)


def medium(nodes: Iterable[Node]) -> Node | None:
    """Return the only film, sound or gallery that a page's JSON-LD tells of: without an article, it is the page."""
    found = [node for node in nodes if not node.listed and not node.types.isdisjoint(_MEDIA_TYPES)]
    return found[0] if len(found) == 1 else None
