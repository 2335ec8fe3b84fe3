"""Which Chromium is driven, and what to do where there is none."""

import os
import shutil
import sys
from pathlib import Path
from typing import Final

from crawler.config import BrowserConfig

NAMES: Final = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
_CACHES: Final = {"darwin": "Library/Caches/ms-playwright", "win32": "AppData/Local/ms-playwright"}
_PLACES: Final = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium-*/chrome-mac*/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "chromium-*/chrome-win*/chrome.exe",
)
NEEDS_BROWSER: Final = "needs-browser"  # why a page waits that is nothing without its scripts
ADVICE: Final = "install Chromium (Debian: apt-get install chromium; elsewhere: playwright install chromium)"


def executable_of(config: BrowserConfig) -> Path | None:
    """Finds the program: the configured one, else one on PATH, else what `playwright install` left."""
    if config.executable is not None:
        found = shutil.which(config.executable)
        return Path(found) if found else None
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((path for pattern in _PLACES for path in sorted(_downloads().glob(pattern), reverse=True)), None)


def problem_of(config: BrowserConfig) -> str | None:
    """Tells in one line why no page can be rendered, and what to do; None when one can."""
    if executable_of(config) is not None:
        return None
    if config.executable is not None:
        return f"[browser] executable: {config.executable} is no program; {ADVICE}"
    return f"no Chromium here; {ADVICE}"


def _downloads() -> Path:
    """Where Playwright keeps its browsers."""
    if chosen := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return Path(chosen)
    return Path.home() / _CACHES.get(sys.platform, ".cache/ms-playwright")
