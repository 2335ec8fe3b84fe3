"""One browser and one server of pages for all tests of consent banners."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.crawler.consent.papers import Paper, serving

_ARGUMENTS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-site-isolation-trials --disable-features=IsolateOrigins,site-per-process"
)
_BROWSER = Path(__file__).parents[3] / "scripts" / "browser"


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    with serving() as one:
        yield one


@pytest.fixture(scope="session")
def executable() -> str:
    return subprocess.run([_BROWSER], check=True, capture_output=True, text=True).stdout.strip()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(executable: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        one = await playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS.split())
        yield one
        await one.close()
