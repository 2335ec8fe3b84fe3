"""What a page needs, read from its HTML without running its scripts.

Scripts that load images late leave the address in an attribute of their own; the usual names are read here. What only a
script could put together is not found.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archive.charsets import usable
from crawler.discovery.html import plain
from crawler.embeds import css
from crawler.embeds.needs import Collection, Kind, Needs
from crawler.embeds.screens import SCREENS, Screen, applies
from crawler.embeds.srcset import candidates, chosen

LARGEST = 4 * 2**20  # bytes of a page that are read
MOST_ELEMENTS = 20_000
_LONGEST_MEDIA = 1001  # characters of a media query that are remembered: one more than `applies` reads

_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-img-src", "data-echo")
_LAZY_SETS: Final = ("data-srcset", "data-lazy-srcset", "data-original-set")
_BACKGROUNDS: Final = (
    "data-bg",
    "data-background",
    "data-background-image",
    "data-lazy-bg",
    "data-bg-src",
    "data-back",
)
_ELEMENTS: Final = (
    "img, amp-img, link, script[src], style, picture, video, audio, track, input[type=image i], object, embed, "
    "iframe, frame, use, image, feImage, body[background], table[background], td[background], th[background], [style], "
    + ", ".join(f"[{name}]" for name in _BACKGROUNDS)
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]{1,40})""", re.IGNORECASE)
_SCRIPTS: Final = frozenset({"", "module", "text/javascript", "application/javascript", "text/ecmascript"}) | frozenset(
    {"application/x-javascript", "application/ecmascript", "text/jscript", "text/livescript"}
)
_IMAGES: Final = frozenset({"", "image/avif", "image/webp", "image/apng", "image/png", "image/jpeg", "image/jpg"}) | {
    "image/gif",
    "image/svg+xml",
    "image/x-icon",
    "image/bmp",
}
_AS: Final[Mapping[str, Kind]] = {
    "style": "stylesheet",
    "script": "script",
    "worker": "script",
    "font": "font",
    "image": "image",
    "track": "track",
    "audio": "media",
    "video": "media",
    "fetch": "other",
}
_RELATIONS: Final[Mapping[str, Kind]] = {
    "stylesheet": "stylesheet",
    "modulepreload": "module",
    "icon": "image",
    "apple-touch-icon": "image",
    "apple-touch-icon-precomposed": "image",
    "apple-touch-startup-image": "image",
    "mask-icon": "image",
    "fluid-icon": "image",
    "manifest": "manifest",
}
_Attributes = Mapping[str, str | None]


def read_html(body: bytes, *, url: str, charset: str | None = None) -> Needs:
    """Reads a page found at `url`; `charset` is what its header declares, and goes before what the page declares."""
    page = _bounded(body[:LARGEST])
    tree = LexborHTMLParser(_utf8(page, charset=charset))
    found = Collection(base=_base(tree, url=url))
    for count, node in enumerate(tree.css(_ELEMENTS)):
        if count >= MOST_ELEMENTS:
            found.drop("too-many")
            break
        _element(node, found=found)
    return found.needs(without=url.partition("#")[0])


def _bounded(body: bytes) -> bytes:
    """Cuts a page where it would keep the parser busy; Latin-1 gives each byte one character, so lengths agree."""
    return body[: len(plain(body.decode("latin-1")))]


def _utf8(page: bytes, *, charset: str | None) -> bytes:
    """Brings a page into UTF-8, which the parser reads."""
    declared = _CHARSET.search(page[:4096])
    name = usable(charset) or usable(declared[1].decode() if declared else None) or "utf-8"
    if name.lower() in {"utf-8", "utf8"} or page.isascii():
        return page
    return page.decode(name, errors="replace").encode(errors="replace")


def _base(tree: LexborHTMLParser, *, url: str) -> str:
    node = tree.css_first("base[href]")
    return (Collection(base=url).resolve(node.attributes.get("href")) if node is not None else None) or url


def _element(node: LexborNode, *, found: Collection) -> None:
    """Adds what one element needs."""
    attributes = node.attributes
    read = _READERS.get((node.tag or "").lower())
    if read is not None:
        read(node, attributes, found)
    if style := attributes.get("style"):
        css.collect(style, found=found)
    for name in _BACKGROUNDS:
        if value := attributes.get(name):
            _background(value, found=found)


def _background(value: str, *, found: Collection) -> None:
    if "url(" in value.lower():
        css.collect(value, found=found)
    elif not value.lstrip().startswith(("#", "rgb", "var(", "linear-", "{", "[")) and ("/" in value or "." in value):
        found.add(value, "image")


def _image(node: LexborNode, attributes: _Attributes, found: Collection) -> None:
    """An image, as it is and as a lazy-loading script makes it."""
    found.add(attributes.get("src"), "image")
    for name in _LAZY:
        if value := attributes.get(name):
            found.add(value, "image")
    if node.parent is None or node.parent.tag != "picture":
        for text in _sets(attributes):
            _choose(text, sizes=_sizes(attributes), found=found)


def _sets(attributes: _Attributes) -> list[str]:
    return [text for name in ("srcset", *_LAZY_SETS) if (text := attributes.get(name))]


def _sizes(attributes: _Attributes) -> str:
    """Quirk: `auto` means as wide as the layout makes it, which only a browser knows; the window is the most."""
    for name in ("sizes", "data-sizes"):
        value = (attributes.get(name) or "").strip()
        if value and value.lower() != "auto":
            return value.removeprefix("auto,")
    return ""


def _choose(text: str, *, sizes: str, found: Collection) -> None:
    offered = candidates(text)
    picked = chosen(offered, sizes=sizes)
    for url in picked:
        found.add(url, "image")
    found.drop("not-chosen", times=len({one.url for one in offered}) - len(picked))


def _picture(node: LexborNode, _: _Attributes, found: Collection) -> None:
    """The images that a browser takes for a picture element on each screen."""
    sources = [child.attributes for child in node.iter() if child.tag in {"source", "img"}][:50]
    picked: dict[str, None] = {}
    offered: set[str] = set()
    taken = [(screen, list(_taken(sources, screen=screen))) for screen in SCREENS]
    for attributes in sources:
        screens = [screen for screen, those in taken if attributes in those]
        for text in _sets(attributes):
            listed = candidates(text)
            offered.update(one.url for one in listed)
            by_screen = [chosen(listed, sizes=_sizes(attributes), screens=[screen]) for screen in screens]
            picked.update((url, None) for urls in by_screen for url in urls)
    for url in picked:
        found.add(url, "image")
    found.drop("not-chosen", times=len(offered) - len(picked))


def _taken(sources: Sequence[_Attributes], *, screen: Screen) -> Iterator[_Attributes]:
    """The sources of a picture that may be the one a browser takes: the first that holds, and doubtful ones before."""
    for attributes in sources:
        if (attributes.get("type") or "").partition(";")[0].strip().lower() not in _IMAGES or not _sets(attributes):
            continue
        holds = _applies((attributes.get("media") or "")[:_LONGEST_MEDIA], screen=screen)
        if holds is not False:
            yield attributes
        if holds:
            return


@lru_cache(maxsize=1024)
def _applies(query: str, *, screen: Screen) -> bool | None:
    """A site has a few dozen media queries, in every picture again."""
    return applies(query, screen=screen)


def _link(_: LexborNode, attributes: _Attributes, found: Collection) -> None:
    for relation in dict.fromkeys((attributes.get("rel") or "").lower().split()):
        kind = _RELATIONS.get(relation)
        if relation in {"preload", "prefetch"}:
            kind = _AS.get((attributes.get("as") or "").lower())
        if kind == "image" and (images := attributes.get("imagesrcset")):
            _choose(images, sizes=attributes.get("imagesizes") or "", found=found)
        if kind is not None:
            found.add(attributes.get("href"), kind)


def _script(_: LexborNode, attributes: _Attributes, found: Collection) -> None:
    """Quirk: `nomodule` scripts are for browsers of long ago; scripts of other types wait for consent, or are data."""
    if "nomodule" in attributes:
        found.drop("not-chosen")
    elif (kind := (attributes.get("type") or "").partition(";")[0].strip().lower()) in _SCRIPTS:
        found.add(attributes.get("src"), "module" if kind == "module" else "script")


def _style(node: LexborNode, _: _Attributes, found: Collection) -> None:
    css.collect(node.text(), found=found)


def _media(node: LexborNode, attributes: _Attributes, found: Collection) -> None:
    """A video or audio: its poster, and the first of its sources, which are one recording in several formats."""
    found.add(attributes.get("poster"), "image")
    found.add(attributes.get("data-poster"), "image")
    sources = [child.attributes for child in node.iter() if child.tag == "source"][:50]
    offered = [one.get("src") or one.get("data-src") for one in (attributes, *sources)]
    usable = [address for address in offered if address]
    if usable:
        found.add(usable[0], "media")
        found.drop("not-chosen", times=len(usable) - 1)


def _frame(_: LexborNode, attributes: _Attributes, found: Collection) -> None:
    found.add_frame(attributes.get("src") or next((attributes[name] for name in _LAZY if attributes.get(name)), None))


def _reference(node: LexborNode, attributes: _Attributes, found: Collection) -> None:
    found.add(attributes.get("href") or attributes.get("xlink:href"), "image")
    if node.tag == "image":
        found.add(attributes.get("src"), "image")


def _named(attribute: str, kind: Kind) -> Callable[[LexborNode, _Attributes, Collection], None]:
    def read(_: LexborNode, attributes: _Attributes, found: Collection) -> None:
        found.add(attributes.get(attribute), kind)

    return read


_READERS: Final[Mapping[str, Callable[[LexborNode, _Attributes, Collection], None]]] = {
    "img": _image,
    "amp-img": _image,
    "picture": _picture,
    "link": _link,
    "script": _script,
    "style": _style,
    "video": _media,
    "audio": _media,
    "track": _named("src", "track"),
    "input": _named("src", "image"),
    "object": _named("data", "other"),
    "embed": _named("src", "other"),
    "iframe": _frame,
    "frame": _frame,
    "use": _reference,
    "image": _reference,
    "feimage": _reference,
    "body": _named("background", "image"),
    "table": _named("background", "image"),
    "td": _named("background", "image"),
    "th": _named("background", "image"),
}
