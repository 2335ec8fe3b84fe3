"""What a stylesheet needs: its imports, images and fonts.

One pass of one pattern whose every branch matches whatever comes, so that its time grows with the text alone. A
stylesheet that is broken is read as far as it makes sense.
"""

import re
from itertools import islice

from crawler.embeds.needs import Collection, Needs

LARGEST = 4 * 2**20  # characters that are read
MOST_TOKENS = 250_000  # a stylesheet of a megabyte has a fifth of that
_TOKEN = re.compile(
    r"""
    /\*.*?(?:\*/|\Z)
    | (?P<at>@(?:import|namespace|font-face)\b)
    | (?P<url>url\(\s*+(?:"(?P<double>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"?+
                         |'(?P<single>[^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'?+
                         |(?P<bare>[^\s"'()\\]*+(?:\\(?:[0-9a-f]{1,6}+\s?+|.)[^\s"'()\\]*+)*+)))
    | (?P<sets>image-set\()
    | type\(\s*+["']?+[^"')]{0,100}+["']?+
    | format\(\s*+["']?+(?P<format>[a-z0-9-]{0,40}+)["']?+
    | (?P<source>\bsrc\s{0,20}+:)
    | "(?P<text>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"?+
    | '(?P<quoted>[^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'?+
    | (?P<end>[;{}])
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
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
    reader = _Reader(found)
    for token in islice(_TOKEN.finditer(text[:LARGEST]), MOST_TOKENS):
        reader.take(token)
    reader.end()


class _Reader:
    """Where in a stylesheet we are, as far as it matters for addresses."""

    def __init__(self, found: Collection) -> None:
        self._found = found
        self._at = ""  # the rule that began and whose address is awaited
        self._in_set = False
        self._face: list[tuple[str, str]] | None = None  # addresses and formats of a font, while in its rule

    def take(self, token: re.Match[str]) -> None:
        match token.lastgroup:
            case "end":
                self._end(token["end"])
            case "url" | "text" | "quoted":
                self._address(token)
            case "at":
                self._begin(token["at"].lower())
            case "sets":
                self._in_set = True
            case "source":
                if self._face is not None:
                    self._drop_face()
                    self._face = []
            case "format":
                if self._face:
                    self._face[-1] = (self._face[-1][0], token["format"].lower())

    def end(self) -> None:
        self._end("}")

    def _begin(self, rule: str) -> None:
        if rule == "@font-face":
            self._end("}")
            self._face = []
        else:
            self._at = rule

    def _address(self, token: re.Match[str]) -> None:
        is_url = token.lastgroup == "url"
        if not (is_url or self._at or self._in_set):
            return
        groups = ("double", "single", "bare") if is_url else ("text", "quoted")
        text = unescaped(next(token[group] for group in groups if token[group] is not None))
        if self._at:
            if self._at == "@import":
                self._found.add(text, "stylesheet")
            self._at = ""
        elif self._face is not None:
            if is_url:
                self._face.append((text, ""))
        elif is_url or self._in_set:
            self._found.add(text, "image")

    def _end(self, sign: str) -> None:
        self._at = ""
        self._in_set = False
        if sign == "}" and self._face is not None:
            self._choose_face()
            self._face = None

    def _choose_face(self) -> None:
        """Takes the first address that a browser of today would: it stops at the first format it knows."""
        usable = [url for url, kind in self._face or () if _is_usable(url, kind=kind)]
        if usable:
            self._found.add(usable[0], "font")
        self._found.drop("not-chosen", times=len(self._face or ()) - bool(usable))

    def _drop_face(self) -> None:
        self._found.drop("not-chosen", times=len(self._face or ()))


def _is_usable(url: str, *, kind: str) -> bool:
    path = re.split(r"[?#]", url, maxsplit=1)[0].lower()
    return kind.removesuffix("-variations") in _FORMATS and not path.endswith(_OLD)


def unescaped(text: str) -> str:
    """Undoes the escapes of a CSS string or URL (CSS Syntax Module Level 3, section 4.3.7)."""
    return _ESCAPE.sub(_letter, text) if "\\" in text else text


def _letter(escape: re.Match[str]) -> str:
    if escape[1]:
        code = int(escape[1], 16)
        return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
    return escape[3] or ""
