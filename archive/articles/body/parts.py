"""Articles of several pages: where the next one is, and one text of all of them.

A link is the next page when its address is the article's own with the number behind it, in one of the forms that sites
use. Where an address may as well be another article's ("-2" is what a second story of the same headline gets), the link
has to say that it leads to what comes next.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

MOST: Final = 20  # pages of one article
_SHORT: Final = 40  # characters: "No." may well be said twice
_LONGEST: Final = 2_000_000  # bytes that are looked at
_TAG = re.compile(rb"<(?:a|link)\s[^>]{0,2000}>", re.IGNORECASE)
_HREF = re.compile(rb"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_NEXT = re.compile(rb"""\srel\s*=\s*(?:"[^"]*\bnext\b[^"]*"|'[^']*\bnext\b[^']*'|next[\s>])""", re.IGNORECASE)
_WORDS: Final = ("page", "seite", "pagina", "strona", "part", "teil")
_PARAMETERS: Final = ("page", "p", "pg", "seite", "pagina", "pag", "strona", "part")
_NUMBERS = re.compile(r"(?:\d{1,2}|[\s|·•…«»‹›<>/-])+")
_END = re.compile(rb"(?:\.(?:html?|php|aspx?))?/*$", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)


def following(html: bytes, *, url: str, number: int) -> str | None:
    """Returns the address of the page with this number (2, 3, …) of the article that begins at `url`; None for none.

    `html` is the page before it. Pure, and cheap: every page of a crawl passes through here.
    """
    digits = str(number).encode()
    candidates = [(address, tag) for address, tag in _links(html) if _may_end_with(address, digits=digits)]
    if not candidates:
        return None
    sure, doubtful = (set(map(_plain, forms)) for forms in _forms(url, number))
    for address, tag in candidates:
        target = _absolute(address, base=url)
        if target and (_plain(target) in sure or (_plain(target) in doubtful and _NEXT.search(tag))):
            return target
    return None


def _links(html: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The addresses of a page's links as written, each with its tag."""
    for tag in _TAG.finditer(html[:_LONGEST]):
        href = _HREF.search(tag[0])
        yield (next(filter(None, href.groups()), b"") if href else b""), tag[0]


def _may_end_with(address: bytes, *, digits: bytes) -> bool:
    """Tell at a glance whether a path or a query may end with a number; what is escaped may be anything."""
    if digits not in address or b"&" in address:
        return digits in address
    whole = address.partition(b"#")[0].strip()
    path = _END.sub(b"", whole.partition(b"?")[0])
    return whole.endswith(digits) or path.endswith(digits)


def _forms(url: str, number: int) -> tuple[Iterator[str], Iterator[str]]:
    """The addresses that the page with this number may have: those that are sure, and those that need a word."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    suffix = _SUFFIX.search(path)
    end = suffix[0] if suffix else ""
    stem = path.removesuffix(end)
    queries = (f"{parts.query}&{name}={number}".lstrip("&") for name in _PARAMETERS)
    of_query = (urlunsplit(parts._replace(query=query, fragment="")) for query in queries)
    worded = (f"{stem}{mark}{word}{dash}{number}{end}" for word in _WORDS for mark in "/-,_" for dash in ("", "-", "/"))
    below = (f"{stem}/{number}{end}", f"{path}/{number}")
    sure = (urlunsplit(parts._replace(path=one, fragment="")) for one in (*worded, *below))
    doubtful = (urlunsplit(parts._replace(path=f"{stem}{mark}{number}{end}", fragment="")) for mark in "-_,")
    return iter([*of_query, *sure]), doubtful


def _absolute(address: bytes, *, base: str) -> str | None:
    try:
        target = urljoin(base, unescape(address.decode("utf-8", "replace")).strip()).partition("#")[0]
        return target if urlsplit(target).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _plain(url: str) -> tuple[str, str, str]:
    """What addresses are compared by: a slash at the end, and http or https, tell no two pages apart."""
    parts = urlsplit(url)
    return parts.netloc.lower(), parts.path.rstrip("/"), parts.query


def joined(texts: Sequence[str]) -> str:
    """Returns the text of pages in their order; a long paragraph that a later page repeats stands once.

    Page numbers alone are no paragraph.
    """
    kept: list[str] = []
    seen: set[str] = set()
    for text in texts:
        lines = (one for one in text.split("\n\n") if one and not _NUMBERS.fullmatch(one))
        new = [one for one in lines if len(one) < _SHORT or one not in seen]
        kept += new
        seen.update(new)
    return "\n\n".join(kept)
