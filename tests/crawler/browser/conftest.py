"""One Chromium for the tests of a folder; the sites and desks that they share."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from crawler.browser.program.chromium import Chromium
from tests.crawler.browser.recorded import Desk, browsing, desk
from tests.crawler.browser.sites import answer
from tests.crawler.browser.stage import Stage, staged
from tests.crawler.browser.stage import browsing as rendering
from tests.crawler.fetch.wire_server import WireServer, serving


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    """A bare browser, which records nothing by itself."""
    async with browsing() as running:
        yield running


@pytest.fixture
def server() -> Iterator[WireServer]:
    with serving({}) as running:
        running.scripts = {"/favicon.ico": answer("", status="204 No Content")}
        yield running


@pytest_asyncio.fixture(loop_scope="package")
async def here(browser: Browser, server: WireServer) -> AsyncIterator[Desk]:
    """A desk that may reach the server."""
    async with desk(browser, server.port) as found:
        yield found


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as stage:
        yield stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Chromium]:
    """Our own browser, three pages at once."""
    async with rendering(pages=3) as chromium:
        yield chromium
