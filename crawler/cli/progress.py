"""What a crawl shows while it runs: bars on a terminal, plain lines elsewhere."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.text import Text
from scrapy.crawler import Crawler

from archive.pages import Extractors
from crawler.cli.output import printable
from crawler.run import Crawled
from crawler.sites.site import Site
from crawler.spiders.news import NewsSpider

_DRAW_EVERY = 0.25  # seconds
_LINE_EVERY = 10.0
_SILENT = 10.0  # seconds without an answer of the store, after which a word is said
_STAGES = {"crawling": "crawling", "sealed": "shipping", "committed": "deriving", "derived": "done"}


class _Rate(ProgressColumn):
    """Pages a second, over the whole crawl."""

    def render(self, task: Task) -> Text:
        seconds = task.elapsed or 0
        return Text(f"{task.completed / seconds:6.1f}/s" if seconds > 1 and task.completed else "", style="dim")


class Progress:
    """Watches crawls (`crawler.run.Watcher`) and the jobs behind them; a context manager."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._live = self._console.is_terminal
        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[told]}"),
            _Rate(),
            TimeRemainingColumn(compact=True),
            console=self._console,
            disable=not self._live,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._crawlers: dict[str, Crawler] = {}
        self._drawing: asyncio.Task[None] | None = None
        self._said = 0.0
        self._troubles: set[tuple[str, str]] = set()
        self._silence = False

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def stop(self) -> None:
        """Takes the bars away, before something else is printed."""
        self._bars.stop()

    def say(self, line: str) -> None:
        """Prints a line above the bars."""
        self._bars.console.print(printable(line), highlight=False, markup=False, soft_wrap=True)

    def waiting(self, site: Site) -> None:
        """Another crawl has the site's domain."""
        self.say(f"{site.name}: waiting, another crawl is asking this domain")

    def began(self, site: Site, crawler: Crawler) -> None:
        """The crawl begins; its stats can be looked at from now on."""
        self._crawlers[site.name] = crawler
        self._said = time.monotonic()
        self._tasks[site.name] = self._bars.add_task(site.name, total=None, told="reading what is promised")
        if not self._live:
            self.say(f"{site.name}: crawling {site.home}")

    def ended(self, crawled: Crawled) -> None:
        """The crawl is over; its jobs follow."""
        name = crawled.site.name
        self._draw(name)
        if not self._live:
            self.say(f"{name}: {self._told(name)}; {crawled.ended}")
        self._crawlers.pop(name)

    @contextlib.asynccontextmanager
    async def drawn(self) -> Any:
        """Keeps drawing for the length of the block."""
        task = asyncio.create_task(self._keep_drawing())
        try:
            yield
        finally:
            task.cancel()

    async def _keep_drawing(self) -> None:
        while True:
            for name in list(self._crawlers):
                self._draw(name)
            if not self._live and self._crawlers and time.monotonic() - self._said > _LINE_EVERY:
                self._said = time.monotonic()
                for name in self._crawlers:
                    self.say(f"{name}: {self._told(name)}")
            await asyncio.sleep(_DRAW_EVERY)

    def _draw(self, name: str) -> None:
        spider = self._crawlers[name].spider
        stats = self._crawlers[name].stats
        if not isinstance(spider, NewsSpider) or stats is None:
            return
        done = int(stats.get_value("archive/pages", 0))
        self._bars.update(self._tasks[name], completed=done, total=spider.expected, told=self._told(name))

    def _told(self, name: str) -> str:
        stats = self._crawlers[name].stats
        assert stats is not None
        pages, captured = stats.get_value("archive/pages", 0), stats.get_value("outcome/captured", 0)
        failed = stats.get_value("outcome/failed", 0)
        size = decimal(int(stats.get_value("archive/bytes", 0)))
        told = f"{pages} page{'' if pages == 1 else 's'}, {captured} captured, {size}"
        return f"{told}, {failed} failed" if failed else told

    def look(self, rows: list[Mapping[str, Any]], extractors: Extractors) -> None:
        """Shows how far the jobs behind the crawls are."""
        for row in rows:
            told = _STAGES[row["state"]]
            if row["state"] == "committed":
                told = f"deriving, {extractors.done} pages read"
            if row["problem"]:
                told = f"{told}: {row['problem']}; trying again"
                self._tell_once(row, told)
            if row["site"] not in self._tasks:
                self._tasks[row["site"]] = self._bars.add_task(row["site"], total=None, told=told)
            self._bars.update(self._tasks[row["site"]], told=told)

    def silent(self, seconds: float) -> None:
        """Says once that the store has not answered for a while."""
        if seconds > _SILENT and not self._silence:
            self._silence = True
            self.say(f"the store has not answered for {seconds:.0f} seconds; what was captured waits in the spool")

    def _tell_once(self, row: Mapping[str, Any], told: str) -> None:
        """Prints a trouble where no bar shows it; the same words of the same attempt only once."""
        trouble = (row["run"], row["problem"])
        if not self._live and trouble not in self._troubles:
            self._troubles.add(trouble)
            self.say(f"{row['site']}: {told}")
