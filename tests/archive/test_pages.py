"""Pages read back and extracted in processes of their own."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import psutil
import pytest

from archive import pages
from archive.cdxj import Capture
from archive.errors import ArchiveError, ServiceError
from archive.exchange import Exchange
from archive.facts import Facts
from archive.pages import Extractors, Place
from archive.warc import WarcWriter

WORDS = "The council met on Monday evening and voted to keep the old bridge open for another year. "
PAGE = f"<html><head><title>A bridge stays</title></head><body><article><h1>A bridge stays</h1><p>{WORDS * 5}</p>"


def written(folder: Path, bodies: dict[str, str]) -> list[Place]:
    """A WARC file with a page for each body."""
    writer = WarcWriter(folder, prefix="pages", info={"software": "test"})
    captures = [writer.append(exchange(url, body)) for url, body in bodies.items()]
    (path,) = writer.seal()
    return [Place(path=str(path), capture=capture) for capture in captures if capture]


def exchange(url: str, body: str) -> Exchange:
    content = body.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(content)}\r\n\r\n"
    return Exchange(
        url=url,
        method="GET",
        started=datetime(2026, 11, 22, tzinfo=UTC),
        request_head=f"GET {url} HTTP/1.1\r\n\r\n".encode(),
        response_head=head.encode(),
        response_body=content,
    )


def test_drafts_come_in_the_order_of_the_pages(tmp_path: Path) -> None:
    """However many processes work on them, and with the provenance of each."""
    urls = [f"https://valley.example/news/a-bridge-stays-{number}" for number in range(40)]
    places = written(tmp_path, dict.fromkeys(urls, PAGE))
    with Extractors(processes=2) as extractors:
        drafts = list(extractors.extract(places, facts=Facts.empty()))
        assert extractors.done == 40
    assert [draft.url for draft in drafts] == urls
    assert {draft.outcome for draft in drafts} == {"article"}
    assert [draft.capture["offset"] for draft in drafts] == [place.capture.offset for place in places]
    assert drafts[0].article is not None
    assert drafts[0].article.title == "A bridge stays"


def test_a_page_that_takes_too_long_is_counted_and_takes_no_other_with_it(tmp_path: Path) -> None:
    """A limit that no page can keep ends each process; every page still has its draft and its reason."""
    places = written(tmp_path, {f"https://valley.example/{number}": PAGE for number in range(3)})
    with Extractors(processes=1, seconds_a_page=1e-6) as extractors:
        drafts = list(extractors.extract(places, facts=Facts.empty()))
    assert [draft.outcome for draft in drafts] == ["extractor-died"] * 3
    assert [draft.article for draft in drafts] == [None] * 3


def test_a_page_extracted_alone_is_safe_from_what_breaks_the_others(tmp_path: Path) -> None:
    """Somebody else's page ends the shared processes just then."""
    (place,) = written(tmp_path, {"https://valley.example/news/a-bridge-stays-1": PAGE})
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with Extractors(processes=1) as extractors, ThreadPoolExecutor(1) as thread:
        list(extractors.extract([place], facts=Facts.empty()))
        awaited = replace(place, path=Awaited(place.path, pipe=pipe))
        drafting = thread.submit(extractors._alone, awaited, Facts.empty())
        with pipe.open("w") as told:  # opens when the page is being extracted
            killed(extractors)
            told.write(place.path)
        assert drafting.result().outcome == "article"


class Awaited(str):
    """A path that a process of the pool waits for at a named pipe."""

    pipe: Path

    def __new__(cls, path: str, *, pipe: Path) -> Self:
        made = super().__new__(cls, path)
        made.pipe = pipe
        return made

    def __reduce__(self) -> Any:
        return Path.read_text, (self.pipe,)


def killed(extractors: Extractors) -> None:
    """Kills the shared processes."""
    assert extractors._pool is not None
    processes = [psutil.Process(pid) for pid in extractors._pool._processes]
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=60)


def test_a_wrong_place_is_an_error(tmp_path: Path) -> None:
    """An index line that points into the middle of a record raises."""
    (place,) = written(tmp_path, {"https://valley.example/": PAGE})
    capture = place.capture
    wrong = Capture(**{name: getattr(capture, name) for name in capture.__slots__} | {"offset": capture.offset + 1})
    with Extractors(processes=1) as extractors, pytest.raises(ArchiveError):
        list(extractors.extract([Place(path=place.path, capture=wrong)], facts=Facts.empty()))


def test_idle_processes_that_are_killed_are_replaced(tmp_path: Path) -> None:
    """kill -9 of processes that wait for work costs nothing: the next pages are read by new ones."""
    places = written(tmp_path, {"https://valley.example/news/a-bridge-stays-1": PAGE})
    with Extractors(processes=2) as extractors:
        list(extractors.extract(places, facts=Facts.empty()))
        killed(extractors)
        (draft,) = extractors.extract(places, facts=Facts.empty())
    assert draft.outcome == "article"


def fail_to_start() -> None:
    """What a process runs first in a broken installation."""
    raise ImportError("no module named anything")


def test_processes_that_do_not_start_are_no_fault_of_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is extracted then: an articles object without articles would be taken for the truth."""
    monkeypatch.setattr(pages, "_begin", fail_to_start)
    places = written(tmp_path, {"https://valley.example/news/a-bridge-stays-1": PAGE})
    with Extractors(processes=1) as extractors, pytest.raises(ServiceError, match="end as they start"):
        list(extractors.extract(places, facts=Facts.empty()))
