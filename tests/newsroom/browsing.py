"""A headless Chromium for tests that look at the newspaper's own pages."""

import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@asynccontextmanager
async def chromium(*arguments: str) -> AsyncIterator[Browser]:
    """Starts Chromium, which scripts/browser finds or fetches."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=[*FLAGS, *arguments])
        try:
            yield browser
        finally:
            await browser.close()


def executable() -> str:
    """Returns the path of the Chromium that scripts/browser finds."""
    found = subprocess.run([ROOT / "scripts" / "browser"], check=True, capture_output=True, text=True)
    return found.stdout.strip()
