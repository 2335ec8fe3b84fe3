"""HTML from strangers, made ready for a parser: cut where it would keep one busy for minutes, shadow roots opened.

Quirk: parsers of the HTML standard take time that grows with the square of two things. At many a tag they look through
all open elements: 100 KB of `<div>` take a second, 1 MB minutes. And they compare each attribute of a tag with all the
others. Lexbor does both; pages that people write have little of either.
"""

import re
from collections import Counter

FEW_TAGS = 6000
DEEPEST = 1000  # elements within elements
LONGEST_TAG = 16_000  # characters, unless most of them are in few attributes
MOST_ATTRIBUTES = 1000

_LONG = re.compile(rf"<[^<]{{{LONGEST_TAG + 1},}}+")
_TOKEN = re.compile(
    r"""<!--.*?(?:-->|$)|<(/?)([a-z][a-z0-9:-]*)(?:"[^"]*"|'[^']*'|[^"'>])*""", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"""[a-z](?:"[^"]*"|'[^']*'|[^"'>])*""", re.IGNORECASE)
_TEMPLATE = re.compile(r"<(/?)template\b([^>]{0,120})>", re.IGNORECASE)  # bounded: tags need not end
_SHADOW = re.compile(r"\sshadowrootmode\s*=", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_NEVER_DEEP = frozenset({
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("p", "li", "dt", "dd", "td", "th", "tr", "tbody", "thead", "tfoot", "colgroup", "option", "optgroup", "rt", "rp"),
})  # fmt: skip


def plain(page: str) -> str:
    """Cut a page where its elements nest deeper, or a tag has more attributes, than any author's."""
    return _shallow(_short(page))


def unshadowed(page: str) -> str:
    """Return a page whose declarative shadow roots are plain elements, so that what they hold is found.

    Quirk: to a parser without scripts they are templates, and what is in a template is not in the page.
    """
    if not _SHADOW.search(page):
        return page
    opened: list[bool] = []  # whether each open template is a shadow root

    def named(tag: re.Match[str]) -> str:
        if not tag[1]:
            opened.append(_SHADOW.search(tag[2]) is not None)
        is_root = opened[-1] if opened else False
        if tag[1] and opened:
            opened.pop()
        return f"<{tag[1]}div>" if is_root else tag[0]

    return _TEMPLATE.sub(named, page)


def _short(page: str) -> str:
    for found in _LONG.finditer(page):
        if _attributes(found[0][1:]) > MOST_ATTRIBUTES:
            return page[: found.start()]
    return page


def _attributes(piece: str) -> int:
    tag = _TAG.match(piece)
    return len(_QUOTED.sub("", tag[0]).split()) if tag else 0


def _shallow(page: str) -> str:
    """Count open elements by name; what has no end tag, or may lack it, does not count."""
    if page.count("<") <= FEW_TAGS:
        return page
    opened: Counter[str] = Counter()
    depth = 0
    for token in _TOKEN.finditer(page):
        name = (token[2] or "").lower()
        if not name or name in _NEVER_DEEP:
            continue
        if not token[1]:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            return page[: token.start()]
    return page
