"""Pages are read back from WARC files and extracted, in processes of their own.

A page may be a bomb: each is extracted under a time limit that ends the process, and a process that dies takes one
page with it, which is counted, and never the rest.
"""

import ctypes
import gc
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from archive import articles, http1
from archive.articles import Article, Refusal
from archive.articles.body.parts import following
from archive.articles.layout import digest, of_day
from archive.cdxj import Capture
from archive.contentcoding import Bounds
from archive.errors import ArchiveError, ServiceError
from archive.facts import Facts, Part
from archive.originals import Reference
from archive.promise import Promise
from archive.records import Record, read_record
from archive.rendered import Rendering, page_url
from archive.urls import canonical

_PAGES_A_BATCH = 16
_LARGEST_PAGE = 32 << 20
_LAST_WORDS = 2.0  # seconds
_NO_START = "the processes that extract articles end as they start; make room in memory, or set microfiche up anew"
_PR_SET_PDEATHSIG = 1
_YOUNG = 20_000  # objects that are new before the collector looks: pages make many, and hardly any in circles
PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})  # media types that are extracted


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """A revisit record, and where the record that holds its bytes lies: locally, and (`original`) in the archive.

    `position` and `length` are its gzip member's in the local file. `headers` are the revisit's own; a 304 has none
    that speak of the page. `record_id` and `date` are the revisit's.
    """

    position: int
    length: int
    original: Reference
    record_id: str
    date: str
    headers: http1.Headers | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page lies: a local file that holds its bytes, the line of its index, and what is behind a revisit.

    With a `rendering` it is a rendered DOM; with a `part` it is a further page of another page's article.
    """

    path: str
    capture: Capture
    promise: Promise | None = None
    part: Part | None = None
    behind: Behind | None = None
    rendering: Rendering | None = None

    @property
    def url(self) -> str:
        """The page's URL."""
        return page_url(self.capture)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a page gave: an article still without an id, or None and in `outcome` why.

    `outcome` is the article's kind when there is one; `promised` tells whether the page was fetched as an article.
    `capture` is the published provenance but for the object's key, which follows from `filename`; so is `revisit`,
    with its own. `layouts` is the digest of the site's layouts that were in force on the day of the capture.
    `part` tells of a further page of an article, `next` is the second page that a first one names, and an `unchanged`
    page was answered by 304.
    """

    url: str
    filename: str
    capture: dict[str, Any]
    article: Article | None
    outcome: str
    promised: bool
    revisit: dict[str, Any] | None = None
    layouts: str | None = None
    part: Part | None = None
    next: str | None = None
    unchanged: bool = False


def read_at(path: Path, capture: Capture) -> Record:
    """Reads one record of a local WARC file; raises `ArchiveError` when it is not what the index says."""
    with path.open("rb") as file:
        file.seek(capture.offset)
        return read_record(file.read(capture.length))


def _read(place: Place) -> Record:
    """Reads the record that holds the page's bytes."""
    if place.behind is None:
        return read_at(Path(place.path), place.capture)
    with Path(place.path).open("rb") as file:
        file.seek(place.behind.position)
        return read_record(file.read(place.behind.length))


class Extractors:
    """A pool of extracting processes; a context manager. Started when first needed; `done` counts pages read."""

    def __init__(self, *, processes: int | None = None, seconds_a_page: float = 60.0) -> None:
        self._seconds = seconds_a_page
        self._processes = processes or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self.done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool:
            # The executor has no public word for it, and typeshed takes it for something else.
            manager: threading.Thread | None = self._pool._executor_manager_thread  # type: ignore[assignment]  # noqa: SLF001
            self._pool.shutdown(wait=False, cancel_futures=True)
            if manager is not None:
                # Quirk: Python 3.11 prints a traceback where the interpreter ends just as this thread does. It takes
                # milliseconds, or as long as the pages that are being read: these are not waited for.
                manager.join(_LAST_WORDS)
            self._pool = None

    def warm(self) -> None:
        """Starts the processes now, so that they have their libraries when the first page comes."""
        for _ in range(self._processes):
            self._started().submit(os.getpid)

    def extract(self, places: Iterable[Place], *, facts: Facts) -> Iterator[Draft]:
        """Yields a draft for each page, in order. Blocks while it works."""
        asked = (_with_promise(place, facts) for place in places)
        batches = iter(lambda: list(itertools.islice(asked, _PAGES_A_BATCH)), [])
        for window in iter(lambda: list(itertools.islice(batches, 4 * self._processes)), []):
            yield from self._window(window, facts)

    def _window(self, batches: Sequence[list[Place]], facts: Facts) -> Iterator[Draft]:
        waiting = [(batch, self._submit(batch, facts)) for batch in batches]
        for batch, future in waiting:
            try:
                drafts = future.result()
            except BrokenProcessPool:
                drafts = [self._alone(place, facts) for place in batch]
            self.done += len(drafts)
            yield from drafts

    def _alone(self, place: Place, facts: Facts) -> Draft:
        """Extracts one page of a batch that broke its process: only the page that breaks it is lost, and named.

        In a process that nobody shares: what others extract meanwhile could break that of the pool. Raises ServiceError
        where it ends as it starts: no page is to blame for that, and none may be counted as one that gives no article.
        """
        with _pool(1) as own:
            try:
                own.submit(os.getpid).result()
            except BrokenProcessPool as error:
                raise ServiceError(_NO_START) from error
            try:
                return own.submit(draft_all, [place], facts.hints, seconds=self._seconds).result()[0]
            except BrokenProcessPool:
                return _draft(place, _read(place), article=None, outcome="extractor-died")

    def _submit(self, places: list[Place], facts: Facts) -> "Future[list[Draft]]":
        try:
            return self._started().submit(draft_all, places, facts.hints, seconds=self._seconds)
        except BrokenProcessPool:  # processes that had nothing to do were killed
            self._restart()
            return self._started().submit(draft_all, places, facts.hints, seconds=self._seconds)

    def _restart(self) -> None:
        with self._lock:
            if self._pool and self._pool._broken:  # noqa: SLF001  the executor has no public word for it
                self._pool.shutdown(wait=False)
                self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = _pool(self._processes)
            return self._pool


def _pool(processes: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["archive.warmed"])
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)


def _with_promise(place: Place, facts: Facts) -> Place:
    key = canonical(place.url)
    return replace(place, promise=facts.promises.get(key), part=facts.parts.get(key))


def _begin() -> None:
    """Ends this process with its parent (Linux), leaves Ctrl-C to the command, and looks for garbage less."""
    gc.set_threshold(_YOUNG, 20, 20)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def draft_all(places: Sequence[Place], hints: articles.Hints, *, seconds: float) -> list[Draft]:
    """Extracts a batch; runs in a process of the pool."""
    drafts = []
    for place in places:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        drafts.append(draft(place, hints=hints))
        signal.setitimer(signal.ITIMER_REAL, 0)
    return drafts


def draft(place: Place, *, hints: articles.Hints) -> Draft:
    """Reads one page back and extracts it."""
    record = _read(place)
    content = record.content(bounds=Bounds(size=_LARGEST_PAGE))
    headers = _headers(place, record)
    layouts = of_day(hints.layouts, date.fromisoformat(place.capture.timestamp[:8]))
    hints = replace(hints, layouts=layouts)
    if place.part is not None:
        return _draft(place, record, article=_read_part(content.data, headers=headers, hints=hints), outcome="part")
    read = articles.read(content.data, place.url, headers=headers, hints=hints, promise=place.promise)
    if isinstance(read, Refusal):
        return _draft(place, record, article=None, outcome=read.word)
    drafted = _draft(place, record, article=read, outcome=read.kind)
    unchanged = place.behind is not None and place.behind.headers is None
    return replace(
        drafted, layouts=digest(layouts), next=following(content.data, url=place.url, number=2), unchanged=unchanged
    )


def _read_part(page: bytes, *, headers: http1.Headers, hints: articles.Hints) -> Article | None:
    """Reads a further page of an article; whose it is, is known: neither its address nor a promise has to tell."""
    plain = articles.Hints(layouts=hints.layouts) if hints.layouts else None
    return articles.extract(page, None, headers=headers, hints=plain)


def _headers(place: Place, record: Record) -> http1.Headers:
    """What was said about a page beside it: a DOM's own record names its charset, the page's answer the rest."""
    if place.rendering is not None:
        return (("Content-Type", record.field("Content-Type") or ""), *place.rendering.headers)
    if record.http is None:
        raise ArchiveError(f"the record at {place.capture.offset} of {place.capture.filename} is no HTTP answer")
    return (place.behind and place.behind.headers) or record.http.headers


def _draft(place: Place, record: Record, *, article: Article | None, outcome: str) -> Draft:
    behind, rendering = place.behind, place.rendering
    return Draft(
        url=place.url,
        filename=behind.original.filename if behind else place.capture.filename,
        capture={
            "offset": behind.original.offset if behind else place.capture.offset,
            "length": behind.length if behind else place.capture.length,
            "record_id": record.id.strip("<>"),
            "payload_digest": record.digest,
            "date": behind.date if behind else record.field("WARC-Date"),
            "rendered": rendering is not None,
            "consent": rendering.consent.told() if rendering and rendering.consent else None,
        },
        article=article,
        outcome=outcome,
        promised=place.promise is not None and place.part is None,
        part=place.part,
        revisit=_revisit(place.capture, record_id=behind.record_id) if behind else None,
    )


def _revisit(capture: Capture, *, record_id: str) -> dict[str, Any]:
    return {
        "filename": capture.filename,
        "offset": capture.offset,
        "length": capture.length,
        "record_id": record_id.strip("<>"),
    }
