"""Text of a page: from bytes to characters, from characters to a tree, and white space folded."""

import re
from collections.abc import Sequence
from itertools import islice
from typing import cast

from lxml import etree, html
from w3lib.encoding import read_bom, to_unicode

from archive.articles.markup import encodings

MAX_BYTES = 20_000_000
MAX_MARKUP = 4_000_000
MAX_TAGS = 40_000  # of a thousand pages of news, the largest has 9,770
MAX_ELEMENTS = 20_000
_SCRIPT = re.compile(r"<(script|style)\b([^>]{0,2000})>", re.IGNORECASE)
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_NO_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}
# lxml.html's own lookup is a Python function that is called whenever an element is touched
_ELEMENTS = etree.ElementDefaultClassLookup(element=html.HtmlElement)
_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")


def decode(page: bytes | str, *, charset: str | None = None, headers: Sequence[tuple[str, str]] = ()) -> str:
    """Return a page's characters; at most 20 MB are read, bytes that mean nothing become U+FFFD.

    The order is that of the WHATWG HTML standard, section 13.2.3.2: byte order mark, transport, meta, then detection.
    What says that it is UTF-8 and is not goes to detection too. `charset` is what the transport said, if the caller
    knows; otherwise Content-Type in `headers` is read.
    """
    if isinstance(page, str):
        return page[:MAX_BYTES]
    page = page[:MAX_BYTES]
    bom, mark = read_bom(page)
    if bom is not None and mark is not None:
        return to_unicode(page[len(mark) :], bom)
    encoding = _declared(page, charset=charset, headers=headers)
    if encoding is None or encodings.is_not(page, encoding=encoding):
        encoding = encodings.detected(page)
    return to_unicode(page, encoding)


def _declared(page: bytes, *, charset: str | None, headers: Sequence[tuple[str, str]]) -> str | None:
    content_type = next((value for name, value in headers if name.lower() == "content-type"), None)
    declared = encodings.named(charset) or encodings.of_content_type(content_type) or encodings.of_page(page)
    # Quirk: a declaration that was read as ASCII cannot be UTF-16 (WHATWG HTML, 13.2.3.2: treat it as UTF-8)
    return "utf-8" if declared and declared.startswith(("utf-16", "utf-32")) else declared


def parse(page: str) -> html.HtmlElement | None:
    """Return a page's tree, or None for what has no elements at all.

    Bounded: of a page over 4 million characters the scripts are cut out; what is still beyond that or beyond 40,000
    tags is cut off.
    """
    if len(page) > MAX_MARKUP:
        page = _without_scripts(page)[:MAX_MARKUP]
    if page.count("<") > MAX_TAGS:
        page = page[: next(islice(re.finditer("<", page), MAX_TAGS, None)).start()]
    octets = _XML_DECLARATION.sub("", page, count=1).encode("utf-8", "replace").translate(None, _CONTROLS)
    octets = octets.replace("\ufffe".encode(), b"").replace("\uffff".encode(), b"").strip()
    if not octets:
        return None
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8", huge_tree=False)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = html.document_fromstring(octets, parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    return tree if isinstance(tree, html.HtmlElement) else None


def _without_scripts(page: str) -> str:
    """Cut out scripts and styles, but not JSON-LD, in one pass."""
    kept, at = [], 0
    while match := _SCRIPT.search(page, at):
        end = page.find(f"</{match[1]}", match.end())
        end = len(page) if end < 0 else end
        kept.append(page[at : end if "ld+json" in match[2] else match.start()])
        at = end
    return "".join([*kept, page[at:]])


def is_huge(tree: html.HtmlElement) -> bool:
    """Tell whether a tree has more elements than any page of news: such a page is read the cheap way."""
    return any(True for _ in islice(tree.iter(), MAX_ELEMENTS, None))


def select(path: etree.XPath, *, tree: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the elements that a path selects."""
    return cast("list[html.HtmlElement]", path(tree))


def fold(text: str | None) -> str:
    """Return text with every run of white space as one space, and none at its ends."""
    if not text:
        return ""
    if "\u200b" in text or "\u2060" in text or "\ufeff" in text:
        return _SPACES.sub(" ", text).strip()
    return " ".join(text.split())


def words(text: str) -> frozenset[str]:
    """Return the words of a vocabulary."""
    return frozenset(text.split())


def letters(text: str | None) -> str:
    """Return only the letters and digits of text, caseless: what stays equal when typography differs."""
    if not text:
        return ""
    if text.isascii():
        return text.translate(_NO_LETTERS).lower()
    pieces = (word if word.isalnum() else "".join(filter(str.isalnum, word)) for word in text.split())
    return "".join(pieces).casefold()
