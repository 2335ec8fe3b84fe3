"""Pages captured by the real browser into a committed attempt of a real store, without a crawl around it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive import facts
from archive.cdxj import Capture
from archive.commit import Commit
from archive.derive import Derived, derive
from archive.exchange import Exchange
from archive.keys import new_run
from archive.pages import Extractors
from archive.ship import ship
from archive.spool import Spool
from archive.store import Store
from archive.warc import WarcWriter
from crawler.attempts.attempt import Recording
from crawler.browser.pages.rendering import Rendered
from crawler.browser.program.chromium import Chromium
from crawler.browser.records import keep_rendered
from tests.crawler.browser.stage import asking

TICK = datetime(2026, 11, 20, 12, tzinfo=UTC)
Ask = Callable[..., Any]


async def captured(
    store: Store, folder: Path, urls: Sequence[str], *, home: str, chromium: Chromium, ticks: int = 0
) -> tuple[Commit, list[Rendered]]:
    """Renders the pages, as many at once as a crawl does, keeps them, and commits; returns how each was rendered too.

    `ticks` are hours that other attempts were before.
    """
    tick = TICK + timedelta(hours=ticks)
    run = new_run(tick, bytes([ticks] * 4))
    about = {"site": "courier", "home": home, "run": run, "attempt": 1, "tick": tick.isoformat(), "machine": "m1"}
    about |= {"started_at": tick.isoformat(), "toml": 'name = "courier"'}
    with Spool(folder).begin(run, 1, facts=about) as spooled:
        writer = WarcWriter(spooled.path, prefix=spooled.name, info={"software": "microfiche/test"})
        recording = Recording(spooled, writer)
        toml = f'name = "courier"\nhome = "{home}"\n'.encode()
        await recording.resource(facts.SITE, content_type=facts.SITE_TYPE, payload=toml, date=tick)

        async def keep(exchange: Exchange, *, is_page: bool) -> Capture | None:
            capture = await recording.exchange(exchange)
            if capture is not None and not is_page and capture.mime == "text/html":
                mark = f"{facts.EMBED}{capture.filename}:{capture.offset}"
                await recording.resource(mark, content_type="text/plain", payload=b"", date=exchange.started)
            return capture

        async def render(url: str) -> Rendered:
            page = await chromium.render(asking(url, keep=keep, site_key=spooled.name))  # type: ignore[arg-type]
            await keep_rendered(recording, page, attempt=spooled.name)
            return page

        rendered = await asyncio.gather(*map(render, urls))
        await recording.seal()
        commit = ship(spooled, store=store, software="microfiche/test")
        spooled.remove()
    return commit, rendered


def derived(store: Store, commit: Commit, *, scratch: Path) -> Derived:
    """Its articles, put into the store."""
    with Extractors(processes=1) as extractors:
        return derive(commit, store=store, extractors=extractors, scratch=scratch)
