"""From the revisits of a WARC file to the bytes behind them, copied beside it for the extracting processes to read."""

import contextlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Final, Self

from archive.cdxj import Capture, mime
from archive.excerpt import Excerpt
from archive.originals import REVISIT, OriginalGone, Originals, Reference, local_member, reference_of
from archive.pages import PAGES, Behind, Place, read_at
from archive.records import Record, read_record

_AT_ONCE: Final = 8  # originals read from the store side by side


class Resolver:
    """Makes places of the captures of one WARC file, of which `copy` holds them locally; a context manager.

    `gone` collects the revisits whose originals are not to be had.
    """

    def __init__(self, originals: Originals, *, copy: Excerpt) -> None:
        self.gone: list[Capture] = []
        self._originals = originals
        self._excerpt = copy
        self._copy = copy.path
        self._path = copy.path.with_name(f"{copy.name}.originals")
        self._file = self._path.open("wb")
        self._position = 0
        self._pool = ThreadPoolExecutor(_AT_ONCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._file.close()

    def places(self, captures: Iterable[Capture]) -> Iterator[Place]:
        """Yields the pages among the captures, in their order."""
        rest = iter(captures)
        while some := list(islice(rest, _AT_ONCE)):
            for capture, found in zip(some, self._pool.map(self._look, some), strict=True):
                if capture.mime != REVISIT:
                    yield Place(path=str(self._copy), capture=capture)
                elif isinstance(found, OriginalGone):
                    self.gone.append(capture)
                elif found is not None:
                    yield self._place(capture, revisit=found[0], member=found[1])

    def _look(self, capture: Capture) -> tuple[Record, bytes] | OriginalGone | None:
        """The revisit record and its original's gzip member; None where it is no page."""
        if capture.mime != REVISIT:
            return None
        revisit = read_at(self._copy, capture)
        if revisit.http is not None and mime(revisit.http.first("content-type")) not in PAGES:
            return None
        try:
            member = self._member(reference_of(revisit))
        except OriginalGone as gone:
            return gone
        return (revisit, member) if revisit.http is not None or _is_page(read_record(member)) else None

    def _member(self, wanted: Reference) -> bytes:
        end = self._excerpt.end_from(wanted.offset) if wanted.filename == self._copy.name else None
        if end is not None:
            with contextlib.suppress(OriginalGone):  # all of it need not be here
                return local_member(self._copy, wanted=wanted, end=end)
        return self._originals.member(wanted)

    def _place(self, capture: Capture, *, revisit: Record, member: bytes) -> Place:
        position, self._position = self._position, self._position + len(member)
        self._file.write(member)
        self._file.flush()
        behind = Behind(
            position=position,
            length=len(member),
            original=reference_of(revisit),
            record_id=revisit.id,
            date=revisit.field("WARC-Date") or "",
            headers=revisit.http.headers if revisit.http else None,
        )
        return Place(path=str(self._path), capture=capture, behind=behind)


def _is_page(original: Record) -> bool:
    head = original.http
    return head is not None and head.status == 200 and mime(head.first("content-type")) in PAGES
