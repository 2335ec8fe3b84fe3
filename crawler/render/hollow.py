"""Whether a page is nothing without its scripts, judged by the HTML that plain HTTP gave. Pure.

A page that has paragraphs is not hollow, whatever else it does with scripts; that is told by a glance at the bytes.
Only what has scripts and hardly a paragraph is parsed and looked at more closely. A short story with a button that says
"read more" may be the beginning of a longer one.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.browser.pages.expanders import LABELS
from crawler.browser.pages.shells import FEW_CHARACTERS, ROOTS, WAITING
from crawler.discovery.html import plain, unshadowed

Why = Literal["noscript-notice", "empty-root", "placeholder", "article-missing", "folded", "no-text"]

LARGEST: Final = 4 << 20  # bytes of a page that are looked at
_ENOUGH_PARAGRAPHS = 3
_PARAGRAPH = re.compile(rb"<p\b[^>]{0,400}>([^<]{60,})")
_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
_BESIDE: Final = (
    "script, style, noscript, template, nav, header, footer, aside, dialog, iframe, svg, select, "
    "[role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=dialog], [hidden]"
)
_STORIES: Final = "article, main, [role=main], [itemprop=articleBody], #content, #article, #story, .article-body"
_FILLED_LATER: Final = (
    "astro-island, turbo-frame[src], include-fragment[src], "
    "[hx-get][hx-trigger*=load], [hx-get][hx-trigger*=revealed], [hx-get][hx-trigger*=intersect], "
    "[data-hx-get][data-hx-trigger*=load], [data-hx-get][data-hx-trigger*=revealed]"
)
_HEADINGS: Final = "h1, h2, h3, h4, h5, h6"
_NOTICE = re.compile(r"java\s?-?script|ג'אווה|جافا ?سكريبت|जावास्क्रिप्ट|ジャバスクリプト|자바스크립트", re.IGNORECASE)
_BUTTONS: Final = "button, [role=button], [aria-expanded=false]"
_EXPANDERS: Final = frozenset(LABELS)
_BLOCKS: Final = "p, blockquote, pre, dd, td"
_HARDLY_ANY = 500  # characters, below which other signs decide
_SHORT_STORY = 1500  # characters; beyond them a button that says "read more" has something else to show
_DENSE: Final = 0x2E80  # Chinese, Japanese and Korean begin here
_SHORTEST = 40  # characters of a line that reads as a sentence
_FEW_LINKS = 5
_HEAVY = 3  # times the text, and the scripts do the work


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What a page shows without scripts: characters of sentences, links, and the weight of its scripts."""

    text: int
    links: int
    scripts: int
    noticed: bool
    empty_root: bool
    waiting: bool
    unfilled: bool
    has_title: bool | None
    folded: bool


def why_hollow(page: bytes, *, title: str | None = None, is_list: bool = False, is_home: bool = False) -> Why | None:
    """Tells why a page needs a browser; None when it can be read as it is.

    `page` is HTML without its content coding. `title` is what a feed or sitemap promised of an article; `is_list` means
    a home or section page, which is read for its links. `is_home` means the one that all else is found from: it is
    shown by a browser wherever it names few.
    """
    page = page[:LARGEST]
    if not _SCRIPT.search(page):
        return None
    if is_home:
        return "article-missing" if _look(page, title=None).links < _FEW_LINKS else None
    found, characters = _paragraphs(page)
    if found < _ENOUGH_PARAGRAPHS:
        return _judge(_look(page, title=title), is_list=is_list)
    if is_list or characters >= _SHORT_STORY:
        return None
    return _lacks_its_rest(_look(page, title=title))


def _paragraphs(page: bytes) -> tuple[int, int]:
    """Count paragraphs and their characters, up to a whole story of them.

    Those in noscript elements are none: nobody sees them who has scripts.
    """
    found = characters = 0
    for paragraph in _PARAGRAPH.finditer(page):
        start = paragraph.start()
        if page.rfind(b"<noscript", 0, start) <= page.rfind(b"</noscript", 0, start):
            found += 1
            characters += len(paragraph[1])
        if found >= _ENOUGH_PARAGRAPHS and characters >= _SHORT_STORY:
            break
    return found, characters


def _judge(looked: _Looked, *, is_list: bool) -> Why | None:
    if is_list and looked.links >= (_FEW_LINKS if looked.empty_root or looked.noticed or looked.waiting else 1):
        return None
    if not is_list and (why := _lacks_its_rest(looked)):
        return why
    if looked.text >= _HARDLY_ANY:
        return None
    if looked.noticed and looked.text < FEW_CHARACTERS:
        return "noscript-notice"
    if looked.empty_root:
        return "empty-root"
    if looked.text >= FEW_CHARACTERS:
        return None
    if looked.waiting:
        return "placeholder"
    if is_list or looked.has_title is False:
        return "article-missing"
    if looked.text:  # a brief
        return None
    return "no-text" if looked.scripts > _HEAVY * FEW_CHARACTERS else None


def _lacks_its_rest(looked: _Looked) -> Why | None:
    """Whether an article goes on behind a button, or in an element that scripts fill once it is seen."""
    if looked.folded and looked.text < _SHORT_STORY:
        return "folded"
    return "placeholder" if looked.unfilled and looked.text < _HARDLY_ANY else None


def _look(page: bytes, *, title: str | None) -> _Looked:
    tree = LexborHTMLParser(plain(unshadowed(page.decode("utf-8", "replace"))))
    notices = [node.text() or node.html or "" for node in tree.css("noscript")]
    scripts = sum(_weight(node) for node in tree.css("script"))
    roots = tree.css(ROOTS)
    empty_root = bool(roots) and all(_characters(node) < FEW_CHARACTERS for node in roots)
    waiting = bool(tree.css_first(WAITING))
    body = tree.body
    for node in tree.css(_BESIDE):
        node.decompose()
    links = len({node.attributes.get("href") for node in tree.css("a[href]")})
    shown = _letters(body.text(separator=" ") if body else "")
    for node in tree.css(_HEADINGS):
        node.decompose()
    stories = tree.css(_STORIES)
    text = max((_characters(node) for node in stories), default=0) if stories else _characters(body)
    buttons = [node for story in stories for node in story.css(_BUTTONS)]
    later = [node for story in stories for node in story.css(_FILLED_LATER)] if stories else tree.css(_FILLED_LATER)
    return _Looked(
        text=text,
        links=links,
        scripts=scripts,
        noticed=any(_NOTICE.search(notice) for notice in notices),
        empty_root=empty_root,
        waiting=waiting,
        unfilled=any(_characters(node) < _SHORTEST for node in later),
        has_title=_letters(title) in shown if title else None,
        folded=any(_label(node) in _EXPANDERS for node in buttons),
    )


def _weight(script: LexborNode) -> int:
    """Characters of a script's source; one that lies elsewhere counts as a good deal. Data are no script."""
    kind = (script.attributes.get("type") or "").lower()
    if kind and "javascript" not in kind and kind != "module":
        return 0
    return 2000 if "src" in script.attributes else len(script.text() or "")


def _characters(node: LexborNode | None) -> int:
    """The characters of what reads as sentences: labels, menus and dates are none."""
    if node is None:
        return 0
    blocks = sum(_length(block.text(separator="")) for block in node.css(_BLOCKS))
    return max(blocks, sum(map(_length, node.text(separator="\n").split("\n"))))


def _length(line: str) -> int:
    """The characters of a line that reads as a sentence; those of scripts that write no spaces count twice."""
    line = " ".join(line.split())
    length = len(line) + sum(ord(one) > _DENSE for one in line)
    return length if length >= _SHORTEST else 0


def _label(button: LexborNode) -> str:
    return " ".join(button.text().casefold().split()).strip(" .…»›>+")


def _letters(text: str) -> str:
    """A text without what differs between two places that say the same: case, spaces, punctuation."""
    return "".join(filter(str.isalnum, text.casefold()))
