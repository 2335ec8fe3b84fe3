"""What a crawl costs the process it runs in, from its first request on; and how the parent is told."""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import psutil
from scrapy import signals
from scrapy.crawler import Crawler

_LOOK_EVERY = 0.05  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One crawl: seconds of wall time and of CPU (all threads, user and system), and resident bytes.

    `rss_at` has the resident size when so many pages had been asked for.
    """

    seconds: float
    cpu: float
    rss_peak: int
    rss_at: tuple[tuple[int, int], ...] = ()

    @classmethod
    def parse(cls, line: str) -> Self:
        """Reads what `tell` printed."""
        facts: dict[str, Any] = json.loads(line)
        facts["rss_at"] = tuple((pages, rss) for pages, rss in facts["rss_at"])
        return cls(**facts)

    def tell(self) -> None:
        """Prints it for the parent."""
        sys.stdout.write(json.dumps(asdict(self)) + "\n")


def peak(pid: int | str = "self") -> int:
    """Returns the largest resident size of a running program so far, in bytes; 0 when it is gone.

    From /proc: `ru_maxrss` counts what the parent had before it started the program.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


class Meter:
    """Measures one crawler of this process; `marks` are the numbers of pages at which to look at its memory."""

    def __init__(self, *, marks: Sequence[int] = ()) -> None:
        self._marks = sorted(marks)
        self._began = 0.0
        self._cpu = 0.0
        self._rss_at: list[tuple[int, int]] = []
        self._watch: asyncio.Task[None] | None = None

    def attach(self, crawler: Crawler) -> None:
        """Begins with the crawler's first request."""
        self._crawler = crawler
        crawler.signals.connect(self._first, signal=signals.request_reached_downloader)

    def _first(self) -> None:
        self._crawler.signals.disconnect(self._first, signal=signals.request_reached_downloader)
        self._began, self._cpu = time.perf_counter(), time.process_time()
        if self._marks:
            self._watch = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        stats = self._crawler.stats
        assert stats is not None
        while self._marks:
            await asyncio.sleep(_LOOK_EVERY)
            if stats.get_value("downloader/response_count", 0) >= self._marks[0]:
                self._rss_at.append((self._marks.pop(0), psutil.Process().memory_info().rss))

    def stop(self) -> Cost:
        """Ends now."""
        cost = Cost(
            seconds=time.perf_counter() - self._began,
            cpu=time.process_time() - self._cpu,
            rss_peak=peak(),
            rss_at=tuple(self._rss_at),
        )
        if self._watch is not None:
            self._watch.cancel()
        return cost
