"""XML from strangers, into a tree that no entity, no DTD and no depth can blow up.

lxml neither expands entities nor fetches anything here, and keeps libxml2's own limits on depth and node size. What is
not well-formed is mended as text and read as far as it goes.
"""

import re
from collections.abc import Iterator, Mapping
from html.entities import html5
from typing import Any, Final

from lxml import etree

from archive.charsets import usable
from crawler.discovery.problems import Problems

HARDENED: Final[Mapping[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How every parser of lxml is told to take XML from strangers."""

MOST_AMPERSANDS: Final = 300_000  # in a document that is worth mending
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos)|([A-Za-z][A-Za-z0-9]{1,31}));|&")
_SURROGATE = re.compile(r"#(?:x0*d[89a-f]..$|0*5[67]\d{3}|0*55[3-9]\d\d)", re.IGNORECASE)  # lxml chokes on them
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}(?:\[.{0,100000}?\]\s*)?>", re.DOTALL)
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def parse_xml(body: bytes, *, charset: str | None, problems: Problems) -> etree._Element | None:
    """Read XML into its root element; None when there is none in it.

    Comments, processing instructions and the DTD are gone, references to entities other than XML's and HTML's too.
    `charset` is what HTTP said; the document's own word goes before it.
    """
    body = body.strip(b" \t\r\n\0") if not body.startswith((b"\xff\xfe", b"\xfe\xff")) else body
    root = None if b"<!DOCTYPE" in body or b"<!ENTITY" in body else _well_formed(body)
    if root is not None:
        return root
    return _mended(decode(body, charset=charset), problems=problems)


def decode(body: bytes, *, charset: str | None) -> str:
    """Decode by byte order mark, XML declaration, HTTP's word, or as UTF-8; never fails."""
    named = _ENCODING.search(body[:400])
    marked = next((encoding for bom, encoding in _BOMS if body.startswith(bom)), None)
    encoding = marked or usable(named[1].decode() if named else None) or usable(charset) or "utf-8"
    return body.decode(encoding, errors="replace")


def _parser(*, recover: bool, encoding: str | None = None) -> etree.XMLParser:
    return etree.XMLParser(recover=recover, encoding=encoding, **HARDENED)


def _well_formed(body: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(body, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _mended(text: str, *, problems: Problems) -> etree._Element | None:
    text = text.lstrip("\ufeff \t\r\n")
    if "<!ENTITY" in text:
        problems.note("entities")
    text = _without_doctype(_DECLARATION.sub("", text, count=1))
    root = _well_formed(text.encode(errors="replace"))
    if root is not None:
        return root
    problems.note("malformed")
    mended = "".join(_escaped(_FORBIDDEN.sub("", text)))
    try:
        return etree.fromstring(mended.encode(errors="replace"), _parser(recover=True, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _without_doctype(text: str) -> str:
    start = text.find("<!DOCTYPE")
    match = _DOCTYPE.match(text, start) if start >= 0 else None
    return text[:start] + text[match.end() :] if match else text


def _escaped(text: str) -> Iterator[str]:
    """Escape the ampersands that are none of XML's, but not in CDATA, where they stand for themselves."""
    start = 0
    if text.count("&") > MOST_AMPERSANDS:
        yield text.replace("&", "")
        return
    while (opened := text.find("<![CDATA[", start)) >= 0 and (closed := text.find("]]>", opened)) >= 0:
        yield _AMPERSAND.sub(_escape, text[start:opened])
        yield text[opened : closed + 3]
        start = closed + 3
    yield _AMPERSAND.sub(_escape, text[start:])


def _escape(match: re.Match[str]) -> str:
    if match[1]:
        return "" if _SURROGATE.match(match[1]) else match[0]
    return html5.get(f"{match[2]};", f"&amp;{match[0][1:]}") if match[2] else "&amp;"


def local_name(element: etree._Element) -> str:
    """Name an element without its namespace; mended documents may hold names that lxml itself refuses."""
    return str(element.tag).rpartition("}")[2]
