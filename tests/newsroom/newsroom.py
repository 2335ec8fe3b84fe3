"""The newspaper, served: a thread with an event loop of its own, and the controls a test has over it."""

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO, TypeVar
from urllib.parse import urlsplit

from tests.newsroom.certificate import Certificate
from tests.newsroom.faults import Delay, Down
from tests.newsroom.paper import Paper
from tests.newsroom.registry import answer
from tests.newsroom.secure import serve_secure
from tests.newsroom.server import port_of, serve
from tests.newsroom.truth import Bad, Hit, Truth
from tests.newsroom.walls import Choice, choices_in
from tests.newsroom.wire import Reply, Request, Step, assemble

T = TypeVar("T")
SCRIPTS = 60


class Newsroom:
    """Serves a newspaper on 127.0.0.1 while it is entered.

    The paper is a function of `seed`, `articles` and `now` (its address apart). Without `now` the paper is of today,
    and its clock goes on; with it, each change to the paper happens a minute after the one before.

    `scripts` adds sections whose articles are nothing without a browser (`Truth.needs_browser`), and some that only
    look so: 60 articles, or as many as it says, promised as all others are.

    With `secure` it is served at `secure_url` as well, by HTTP/2 over TLS, under the self-made `certificate`: start
    Chromium with `certificate.chromium`, give aiohttp `ssl=certificate.trusting()`.

    A second origin, which is another site to a browser, serves the same pages: frames and their like come from there.
    """

    def __init__(
        self,
        *,
        articles: int = 300,
        seed: int = 1,
        now: datetime | None = None,
        port: int = 0,
        crawl_delay: float | None = None,
        access_log: Path | None = None,
        scripts: bool | int = False,
        secure: bool = False,
    ) -> None:
        self._articles, self._seed, self._crawl_delay = articles, seed, crawl_delay
        self._scripts = SCRIPTS if scripts is True else int(scripts)
        self.certificate = Certificate.made() if secure else None
        self._secure_port = 0
        self._start = now or datetime.now(UTC).replace(microsecond=0)
        self._fixed = now is not None
        self._changes = 0
        self._port = port
        self._log: list[Hit] = []
        self._log_path = access_log
        self._log_file: TextIO | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._main, name="newsroom", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    @property
    def url(self) -> str:
        """The address of the home page, with a slash at its end."""
        return self.paper.base + "/"

    @property
    def other(self) -> str:
        """The second origin, without a slash: another host name and another port than `url`."""
        return self.paper.other

    @property
    def secure_url(self) -> str:
        """The address of the home page over TLS, with a slash at its end; its pages name themselves by it."""
        assert self._secure_port, "Newsroom(secure=True) serves over TLS"
        return f"https://127.0.0.1:{self._secure_port}/"

    @property
    def truth(self) -> list[Truth]:
        """The truth of each article, the oldest first."""
        return self._call(lambda: self.paper.truth)

    @property
    def bad(self) -> list[Bad]:
        """The sitemap's promises that no article can come of."""
        return self.paper.bad

    @property
    def log(self) -> list[Hit]:
        """Every request so far."""
        return list(self._log)

    @property
    def choices(self) -> list[Choice]:
        """What was pressed on consent walls and on the pages with tempting buttons, in order."""
        return choices_in(self._log)

    def set_robots(self, what: str | int | None) -> None:
        """Replaces robots.txt by a text, or by an answer with that status; None brings back its own."""
        self._call(lambda: setattr(self.paper, "robots", what))

    def redesign(self, theme: str | None) -> None:
        """Has all articles wear another theme; None brings back their own."""
        self._call(lambda: setattr(self.paper, "redesign", theme))

    def part(self, truth: Truth) -> None:
        """Spreads an article over three pages, which lead to each other."""
        self._call(lambda: self.paper.parted.add(urlsplit(truth.url).path))

    def publish_new(self, count: int) -> list[Truth]:
        """Publishes fresh articles and returns their truth."""
        return self._call(lambda: self.paper.publish_new(count, at=self._moment()))

    def revise(self, truth: Truth, text: str) -> Truth:
        """Replaces an article's body (paragraphs parted by blank lines) and returns its new truth."""
        return self._call(lambda: self.paper.revise(truth, text=text, at=self._moment()))

    def down(self, pattern: str, status: int, times: int = -1, *, retry_after: int | None = None) -> None:
        """Answers `status` for paths (with query) that the regular expression finds, so many times or for ever."""
        rule = Down(pattern=re.compile(pattern), status=status, times=times, retry_after=retry_after)
        self._call(lambda: self.paper.faults.downs.insert(0, rule))

    def delay(self, pattern: str, seconds: float = 0.0, *, per_byte: float = 0.0) -> None:
        """Waits before the answer for paths that the regular expression finds, and for each of its bytes."""
        rule = Delay(pattern=re.compile(pattern), seconds=seconds, per_byte=per_byte)
        self._call(lambda: self.paper.faults.delays.insert(0, rule))

    def heal(self) -> None:
        """Takes back every rule that `down` and `delay` made, and the failures that articles have by nature."""
        self._call(self.paper.faults.clear)

    def _moment(self) -> datetime:
        self._changes += 1
        return (
            self._start + timedelta(minutes=self._changes) if self._fixed else datetime.now(UTC).replace(microsecond=0)
        )

    def _call(self, work: Callable[[], T]) -> T:
        """Runs `work` on the server's loop, between two requests."""

        async def run() -> T:
            return work()

        if not self._thread.is_alive():
            return work()
        return asyncio.run_coroutine_threadsafe(run(), self._loop).result()

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 -- handed to the thread that waits in __enter__
            self._failure = error
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await serve(self._respond, port=self._port)
        base = f"http://127.0.0.1:{port_of(server)}"
        self.paper = Paper(
            base=base,
            seed=self._seed,
            articles=self._articles,
            now=self._start,
            crawl_delay=self._crawl_delay,
            scripts=self._scripts,
        )
        second = await serve(self._respond)
        self.paper.other = f"http://localhost:{port_of(second)}"
        servers = [server, second]
        if self.certificate is not None:
            servers.append(await serve_secure(self._over_tls, self._over_h2, certificate=self.certificate))
            self._secure_port = port_of(servers[-1])
        if self._log_path is not None:
            self._log_file = self._log_path.open("a", encoding="utf-8")
        self._ready.set()
        await self._stop.wait()
        for each in servers:
            each.close()
        if self._log_file is not None:
            self._log_file.close()

    def _respond(self, request: Request) -> tuple[Step, ...]:
        return self._play(answer(self.paper, request), request=request, protocol="http/1.1")

    def _over_tls(self, request: Request) -> tuple[Step, ...]:
        return self._play(self._renamed(answer(self.paper, request)), request=request, protocol="http/1.1")

    def _over_h2(self, request: Request) -> tuple[Step, ...]:
        return self._play(self._renamed(answer(self.paper, request)), request=request, protocol="h2")

    def _renamed(self, reply: Reply) -> Reply:
        """Returns a reply in which the paper calls itself by its address over TLS."""
        old, new = self.url.encode(), self.secure_url.encode()
        headers = tuple((name, value.replace(self.url, self.secure_url)) for name, value in reply.headers)
        return replace(reply, body=reply.body.replace(old, new), headers=headers)

    def _play(self, reply: Reply, *, request: Request, protocol: str) -> tuple[Step, ...]:
        steps = assemble(reply, request=request)
        head = next((step for step in steps if isinstance(step, bytes)), b"HTTP/1.1 000 ")
        hit = Hit(
            method=request.method,
            path=request.target,
            status=_status(head),
            time=time.time(),
            headers=request.headers,
            body=request.body,
            protocol=protocol,
        )
        self._log.append(hit)
        if self._log_file is not None:
            self._log_file.write(as_line(hit))
            self._log_file.flush()
        return self.paper.faults.slowed(steps, request=request)


def as_line(hit: Hit) -> str:
    """Returns a hit as a line of JSON."""
    fields = {"time": round(hit.time, 6), "method": hit.method, "path": hit.path, "status": hit.status}
    return json.dumps({**fields, "headers": hit.headers}, ensure_ascii=False) + "\n"


def _status(head: bytes) -> int:
    digits = head[9:12]
    return int(digits) if digits.isdigit() else 0
