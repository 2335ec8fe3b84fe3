"""Which pages of an attempt were rendered, told by the records that a browser's capture leaves.

    response and request of each exchange … `urn:dom:<url>` … `urn:pageinfo:<url>`, the last

The last one proves that the capture is whole. Where it is missing, a crash came between, and the page's own answer is
read as if nobody had rendered it.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from archive import http1
from archive.cdxj import Capture
from archive.consent import Consent
from archive.records import Record

DOM: Final = "urn:dom:"
PAGEINFO: Final = "urn:pageinfo:"
_AT_ONCE: Final = 8  # records read side by side
_PAGES: Final = (200, 304, None)  # statuses of pages
_SAID_OF_THE_PAGE: Final = frozenset({"x-robots-tag", "tdm-reservation", "tdm-policy"})

Place = tuple[str, int]
"""File name and offset of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a rendered page's DOM does not say itself: the end of its consent banner, and what its answer's head said.

    `consent` is None where the page's facts do not tell of it.
    """

    consent: Consent | None
    headers: http1.Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderings:
    """The rendered pages of an attempt: by the place of their DOM, and the URLs whose own answers give no article."""

    doms: Mapping[Place, Rendering]
    urls: frozenset[str]

    def is_superseded(self, capture: Capture) -> bool:
        """Whether an article is read from another record: a page's answer, or a DOM whose capture is not whole."""
        if capture.url.startswith(DOM):
            return place_of(capture) not in self.doms
        return capture.url in self.urls


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A DOM, the facts that followed it, and the page's own answer before it, if there was one."""

    dom: Capture
    info: Capture
    answer: Capture | None


def place_of(capture: Capture) -> Place:
    """Where a capture lies."""
    return capture.filename, capture.offset


def page_url(capture: Capture) -> str:
    """The URL of the page that a capture is of."""
    return capture.url.removeprefix(DOM)


def renderings(captures: Iterable[Capture], *, read: Callable[[Capture], Record]) -> Renderings:
    """Finds the rendered pages among all captures of an attempt; `read` is called from several threads at once.

    Raises what `read` raises.
    """
    candidates = list(_candidates(captures))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        infos = list(pool.map(lambda one: _parsed(read(one.info).payload), candidates))
        rendered = [(one, info) for one, info in zip(candidates, infos, strict=True) if info.get("rendered") is True]
        heads = list(pool.map(lambda one: _headers(one[0].answer, read=read), rendered))
    doms = {}
    for (one, info), headers in zip(rendered, heads, strict=True):
        if _status(info) in _PAGES:
            doms[place_of(one.dom)] = Rendering(consent=_consent(info.get("consent")), headers=headers)
    urls = {url for one, info in rendered for url in (_subject(one.dom), info.get("url")) if isinstance(url, str)}
    return Renderings(doms=doms, urls=frozenset(urls))


def _candidates(captures: Iterable[Capture]) -> Iterator[_Candidate]:
    """Pairs each DOM with the facts that were written behind it and before the next DOM of that page."""
    by_page: dict[str, list[Capture]] = defaultdict(list)
    for capture in captures:
        by_page[_subject(capture)].append(capture)
    for url, about in by_page.items():
        if url and any(capture.url.startswith(DOM) for capture in about):
            yield from _paired(sorted(about, key=place_of))


def _subject(capture: Capture) -> str:
    """The address of the page that a record speaks of, as servers know it."""
    return page_url(capture).removeprefix(PAGEINFO).partition("#")[0]


def _paired(captures: Sequence[Capture]) -> Iterator[_Candidate]:
    dom: Capture | None = None
    answer: Capture | None = None
    for capture in captures:
        if capture.url.startswith(DOM):
            dom = capture
        elif not capture.url.startswith(PAGEINFO):
            answer = capture if capture.method == "GET" else answer
        elif dom is not None:
            yield _Candidate(dom=dom, info=capture, answer=answer)
            dom = None


def _headers(answer: Capture | None, *, read: Callable[[Capture], Record]) -> http1.Headers:
    """What the head of a page's own answer says of rights."""
    head = read(answer).http if answer else None
    return tuple(field for field in (head.headers if head else ()) if field[0].lower() in _SAID_OF_THE_PAGE)


def _parsed(payload: bytes) -> dict[str, Any]:
    try:
        info = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return info if isinstance(info, dict) else {}


def _status(info: Mapping[str, Any]) -> Any:
    """How the page was answered, where its facts tell."""
    urls = info.get("urls")
    own = urls.get(info.get("url")) if isinstance(urls, dict) else None
    return own.get("status") if isinstance(own, dict) else None


def _consent(told: Any) -> Consent | None:
    try:
        return Consent.parse(told) if isinstance(told, dict) else None
    except ValueError:
        return None
