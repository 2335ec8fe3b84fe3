"""What a stylesheet needs: its imports, images and fonts.

One pass of one pattern whose every branch matches whatever comes, so that its time grows with the text alone. A
stylesheet that is broken is read as far as it makes sense.
"""

import re
from itertools import islice

from crawler.embeds.needs import MOST_NEEDS, Collection, Needs

LARGEST = 4 * 2**20  # characters that are read
MOST_TOKENS = 250_000  # a stylesheet of a megabyte has a tenth of that
_STRING = r"""(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?+|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?+)"""
_ADDRESS = rf"""(?:{_STRING}|[^\s"'()\\]*+(?:\\(?:[0-9a-f]{{1,6}}+\s?+|.)[^\s"'()\\]*+)*+)"""
_FLAGS = re.VERBOSE | re.DOTALL | re.IGNORECASE
_MARKS = ("url(", "@import", "image-set(")  # all that leads out of a stylesheet has one of them
_TOKEN = re.compile(
    rf"""
    [^@/"'(]*+
    (?: /\*.*?(?:\*/|\Z)
      | (?<=url)\(\s*+(?P<url>{_ADDRESS})
      | @import\b\s*+(?:url\(\s*+(?P<sheet>{_ADDRESS})|(?P<text>{_STRING}))?+
      | @font-face\s*+\{{(?P<face>[^{{}}]*+)
      | @namespace\b[^;{{}}]*+
      | (?<=image-set)\((?P<set>[^;{{}}]*+)
      | {_STRING}
      | .
      | \Z
    )
    """,
    _FLAGS,
)
_IN_SET = re.compile(rf"""type\(\s*+{_ADDRESS}|url\(\s*+(?P<url>{_ADDRESS})|(?P<text>{_STRING})""", _FLAGS)
_IN_FACE = re.compile(
    rf"""
    /\*.*?(?:\*/|\Z)
    | (?P<begin>\bsrc\s{{0,20}}+:)
    | url\(\s*+(?P<url>{_ADDRESS})
    | format\(\s*+(?P<format>{_ADDRESS})
    | {_STRING}
    """,
    _FLAGS,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(\n)|(.))", re.DOTALL)
_FORMATS = frozenset({"", "woff2", "woff", "truetype", "opentype", "collection"})
_OLD = (".eot", ".svg", ".svgz")  # font formats that no browser of today reads


def read_css(text: str, *, base: str) -> Needs:
    """Reads a stylesheet, a style element or the value of a style attribute; `base` is its own address."""
    found = Collection(base=base)
    collect(text, found=found)
    return found.needs(without=base)


def collect(text: str, *, found: Collection) -> None:
    """Adds what a stylesheet needs to what is found already."""
    lowered = text.lower()
    if not any(mark in lowered for mark in _MARKS):
        return
    for token in islice(_TOKEN.finditer(text[:LARGEST]), MOST_TOKENS):
        match token.lastgroup:
            case None:
                pass
            case "url":
                found.add(_address(token["url"]), "image")
            case "sheet" | "text":
                found.add(_address(token["sheet"] or token["text"]), "stylesheet")
            case "set":
                _images(token["set"], found=found)
            case "face":
                _font(token["face"], found=found)


def _images(text: str, *, found: Collection) -> None:
    """Adds the images of a set; browsers choose among them by the screen's density."""
    for token in islice(_IN_SET.finditer(text), MOST_NEEDS):
        if token.lastgroup:
            found.add(_address(token[token.lastgroup]), "image")


def _font(rule: str, *, found: Collection) -> None:
    """Adds the one address of a font that a browser of today takes: of the last list the first format it knows."""
    offered: list[tuple[str, str]] = []
    before = 0
    for token in islice(_IN_FACE.finditer(rule), MOST_NEEDS):
        match token.lastgroup:
            case "begin":
                before += len(offered)
                offered = []
            case "url":
                offered.append((_address(token["url"]), ""))
            case "format" if offered:
                offered[-1] = (offered[-1][0], _address(token["format"]).lower())
    usable = [url for url, kind in offered if _is_usable(url, kind=kind)]
    if usable:
        found.add(usable[0], "font")
    found.drop("not-chosen", times=before + len(offered) - bool(usable))


def _is_usable(url: str, *, kind: str) -> bool:
    path = re.split(r"[?#]", url, maxsplit=1)[0].lower()
    return kind.removesuffix("-variations") in _FORMATS and not path.endswith(_OLD)


def _address(text: str) -> str:
    """Undoes quotes and escapes of an address (CSS Syntax Module Level 3, section 4.3.7)."""
    if text[:1] in {'"', "'"}:
        text = text[1:].removesuffix(text[0])
    return _ESCAPE.sub(_letter, text) if "\\" in text else text


def _letter(escape: re.Match[str]) -> str:
    if escape[1]:
        code = int(escape[1], 16)
        return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    return escape[3] or ""
