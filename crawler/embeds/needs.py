"""One thing that a page needs, and its URL as a browser would ask for it.

Pages spell addresses in every way that browsers forgive. A capture is found again only under the URL that a browser
asks for at replay, so the rules here are those of the URL standard (https://url.spec.whatwg.org), and nothing is taken
out of a query.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, cast, get_args
from urllib.parse import quote, urljoin, urlsplit

LONGEST_URL = 8192  # characters; servers refuse longer ones, and so does `archive.urls`
MOST_NEEDS = 500  # of a page or a stylesheet
MOST_ADDRESSES = 5000  # that are looked at for them

Kind = Literal["stylesheet", "script", "module", "font", "image", "frame", "track", "manifest", "other", "media"]

_KINDS: Final[frozenset[str]] = frozenset(get_args(Kind))
_BY_ENDING: Final[Mapping[str, Kind]] = {
    "css": "stylesheet",
    **dict.fromkeys(("js", "mjs"), "script"),
    **dict.fromkeys(("woff", "woff2", "ttf", "otf"), "font"),
    **dict.fromkeys(("mp4", "m4v", "webm", "mov", "ogv", "mp3", "m4a", "ogg", "opus", "wav"), "media"),
}
_BLANK = " \t\n\f\r"
_WITHIN = re.compile(r"[\t\n\r]")
_SLASHES = re.compile(r"(https?:)[/\\]+", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_ABSOLUTE = re.compile(r"https?://[a-z0-9.-]{1,253}(?::[0-9]{1,4})?/(?!.*/\.)[!$-&(-;=?-Z_a-z~\[\]|]*")
_PATH = re.compile(r"/(?!/)(?!.*/\.)[!$-&(-;=?-Z_a-z~\[\]|]*")
_ENCODED = re.compile(r"[^\x21-\x7e]+|[\"<>`{}^\\]")
_TEMPLATE = re.compile(r"\{\{|\$\{|\{[a-zA-Z_.]{1,40}\}|%%[A-Z_]")  # a script's pattern for an address, and none


class Need(NamedTuple):
    """A URL, absolute and without its fragment, and what is expected there.

    A tuple, because a page has dozens and a dataclass takes four times as long to make.
    """

    url: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a page or stylesheet needs, in its order, each URL once.

    `frames` are documents within the page, which are fetched where they are the site's own. `dropped` counts what is
    not listed, by reason: `too-long`, `too-many`, `not-chosen` (a size or format that no ordinary screen shows).
    """

    needs: tuple[Need, ...] = ()
    frames: tuple[str, ...] = ()
    dropped: Mapping[str, int]


class Collection:
    """Needs as they are found; `base` is what their addresses are relative to."""

    def __init__(self, *, base: str) -> None:
        self.base = base
        self._origin = origin(base)
        self._looked_at = 0
        self._found: dict[str, Kind] = {}
        self._frames: dict[str, None] = {}
        self._dropped: Counter[str] = Counter()

    def add(self, href: str | None, kind: Kind) -> None:
        """Adds an address as it is written; what leads nowhere on the web is passed over."""
        url = self.resolve(href)
        if url is None:
            return
        if url not in self._found and len(self._found) >= MOST_NEEDS:
            self._dropped["too-many"] += 1
            return
        self._found.setdefault(url, kind)

    def add_all(self, needs: Iterable[Need]) -> None:
        """Adds needs found elsewhere."""
        for need in needs:
            if need.url in self._found or len(self._found) < MOST_NEEDS:
                self._found.setdefault(need.url, need.kind)
            else:
                self._dropped["too-many"] += 1

    def add_frame(self, href: str | None) -> None:
        """Adds the address of a document within the page."""
        url = self.resolve(href)
        if url is not None and len(self._frames) < MOST_NEEDS:
            self._frames.setdefault(url)

    def drop(self, reason: str, *, times: int = 1) -> None:
        """Counts what is not wanted."""
        if times:
            self._dropped[reason] += times

    def resolve(self, href: str | None) -> str | None:
        """Makes an address absolute; None for what is no web address: empty, `data:`, `blob:`, a bare fragment."""
        text = (href or "").strip(_BLANK)
        if not text or text[0] == "#" or text[:5].lower() == "data:":
            return None
        self._looked_at += 1
        if len(text) > LONGEST_URL or self._looked_at > MOST_ADDRESSES:
            self._dropped["too-long" if len(text) > LONGEST_URL else "too-many"] += 1
            return None
        if _PATH.fullmatch(text):
            return self._origin + text
        return text if _ABSOLUTE.fullmatch(text) else absolute(text, base=self.base)

    def needs(self, *, without: str = "") -> Needs:
        """What was found, but for the page itself: an empty or clumsy `src` names it."""
        found = tuple(Need(url, kind) for url, kind in self._found.items() if url != without)
        return Needs(needs=found, frames=tuple(self._frames), dropped=dict(self._dropped))


def absolute(href: str, *, base: str) -> str | None:
    """Resolves an address as browsers do: white space and backslashes forgiven, what needs it percent-encoded."""
    text = _WITHIN.sub("", href).partition("#")[0]
    if not text or _TEMPLATE.search(text) or (_SCHEME.match(text) and text[:4].lower() != "http"):
        return None
    path, mark, rest = text.partition("?")
    if start := _SLASHES.match(path):
        path = f"{start[1]}//{path[start.end() :]}"
    try:
        parts = urlsplit(urljoin(base, path.replace("\\", "/") + mark + rest))
        host, port = parts.hostname, parts.port
        if parts.scheme not in {"http", "https"} or not host:
            return None
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return None
    place = (f"[{name}]" if ":" in name else name) + (f":{port}" if port is not None else "")
    query = _encoded(parts.query).replace("'", "%27")
    target = _encoded(parts.path or "/") + (f"?{query}" if query else "")
    url = f"{parts.scheme}://{place}{target}"
    return url if len(url) <= LONGEST_URL and not _ENCODED.search(place) else None


def kind_of(told: str | None, *, url: str) -> Kind:
    """The kind that was told of a URL; by its ending where that is none of ours."""
    if told in _KINDS:
        return cast("Kind", told)
    return _BY_ENDING.get(url.partition("?")[0].rpartition(".")[2].lower(), "image")


def _encoded(text: str) -> str:
    return _ENCODED.sub(lambda found: quote(found[0].encode(errors="replace")), text)


def origin(url: str) -> str:
    """Returns scheme, host and port of an absolute URL."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{re.split(r'[/?#]', rest, maxsplit=1)[0]}"
