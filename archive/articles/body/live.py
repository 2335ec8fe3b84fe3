"""The entries of a live blog: from JSON-LD, from microdata, or from how the page lays them out."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import lru_cache
from itertools import islice, takewhile

from lxml.etree import XPath
from lxml.html import HtmlElement

from archive.articles.markup import chrome, jsonld
from archive.articles.markup.blocks import paragraphs
from archive.articles.markup.page import Page, is_foreign
from archive.articles.markup.text import fold, letters, select
from archive.articles.metadata import dates
from archive.articles.model import Entry

Found = tuple[tuple[Entry, ...], str | None]
_MOST = 1_000
_FEWEST = 2
_BLOCKS = ("div", "section", "ol", "ul", "main", "article")
_MAY_BE = re.compile(r"live|ticker", re.IGNORECASE)
_TIMES = XPath("descendant::time[@datetime]")
_NAMES = frozenset(
    {
        "liveblog", "liveblogs", "live", "liveticker", "ticker", "livefeed", "liveposts", "liveupdates", "livetext",
        "liveentries", "livecoverage", "livestream", "livecenter", "livecentre",
    }
)  # fmt: skip


def entries(page: Page) -> Found:
    """Return the entries of a live blog in the page's order, and where they were read; none for other pages."""
    said = _of_json_ld(page)
    if said:
        return said, "json-ld"
    marked = _all(page.properties.get("liveBlogUpdate", []))
    if marked:
        return marked, "microdata"
    shown = _of_layout(page)
    return (shown, "dom") if shown else ((), None)


def whole(prose: str, *, entries: Sequence[Entry]) -> str:
    """Return the text of a page with entries: what was read of it, or its beginning and the entries if some lack."""
    if not entries:
        return prose
    shown = letters(prose)
    if all(letters(entry.text) in shown for entry in entries):
        return prose
    told = letters("".join(entry.text for entry in entries))
    beginning = takewhile(lambda line: letters(line) not in told, filter(None, prose.split("\n\n")))
    return "\n\n".join([*beginning, *(entry.text for entry in entries)])


def _of_json_ld(page: Page) -> tuple[Entry, ...]:
    if page.main is None:
        return ()
    updates = jsonld.as_list(page.main.data.get("liveBlogUpdate"))[:_MOST]
    found = (_said(update, number=number) for number, update in enumerate(updates, 1) if isinstance(update, dict))
    return tuple(entry for entry in found if entry.text)


def _said(update: dict[str, object], *, number: int) -> Entry:
    moment = dates.parse(jsonld.first(update.get("datePublished")) or "")
    headline, text = jsonld.first(update.get("headline")), jsonld.first(update.get("articleBody"))
    parts = dict.fromkeys(part for part in (headline, text) if part)
    name = update.get("@id") or update.get("url")
    return Entry(
        id=name if isinstance(name, str) else str(number),
        time=moment.iso() if moment else None,
        text="\n\n".join(parts),
    )


def _of_layout(page: Page) -> tuple[Entry, ...]:
    """Read the blocks, each with a time and text of its own, of a container that is named after live coverage."""
    named = (element for element in page.tree.iter(*_BLOCKS) if _is_named(element))
    for container in islice((element for element in named if not is_foreign(element)), 20):
        found = _all(list(islice(_blocks(container), _MOST)))
        if len({entry.time for entry in found}) >= _FEWEST and all(entry.text for entry in found):
            return found
    return ()


def _is_named(element: HtmlElement) -> bool:
    return _names_live(element.get("class") or "") or _names_live(element.get("id") or "")


@lru_cache(maxsize=20_000)
def _names_live(names: str) -> bool:
    if not _MAY_BE.search(names) or len(names) > 500:
        return False
    return any(chrome.is_called(name, cores=_NAMES) for name in names.split())


def _blocks(container: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the siblings of which each holds a time: the widest blocks that do not hold two."""
    times = select(_TIMES, tree=container)
    if len(times) < _FEWEST:
        return
    parent = _around(times[0], times[-1], within=container)
    for block in parent:
        if isinstance(block.tag, str) and len(select(_TIMES, tree=block)) == 1:
            yield block


def _around(first: HtmlElement, last: HtmlElement, *, within: HtmlElement) -> HtmlElement:
    outer = set(last.iterancestors())
    return next((one for one in first.iterancestors() if one in outer), within)


def _all(blocks: Sequence[HtmlElement]) -> tuple[Entry, ...]:
    found = [_entry(block, number=number) for number, block in enumerate(blocks[:_MOST], 1)]
    return tuple(entry for entry in found if entry.text)


def _entry(block: HtmlElement, *, number: int) -> Entry:
    """Read one block: its id, the first time in it, and its paragraphs less that time."""
    own = deepcopy(block)
    own.tail = None
    shown = next(iter(select(_TIMES, tree=own)), None)
    moment = dates.parse(shown.get("datetime") or "") if shown is not None else None
    labels = {letters(time.text_content()) for time in own.iter("time")}
    chrome.prune(own)
    lines = [line for line in paragraphs(own) if letters(line) not in labels]
    name = fold(block.get("id") or block.get("data-id") or block.get("itemid"))
    return Entry(id=name or str(number), time=moment.iso() if moment else None, text="\n\n".join(lines))
