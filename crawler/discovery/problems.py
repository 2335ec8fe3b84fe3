"""What a reader could not use, counted by its name."""

import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

from crawler.sites.site import LONGEST_URL

_ORDINARY = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:[/?][^\s#]*)?")


class Problems(Counter[str]):
    """Counts by reason, such as too-large, too-many, malformed, entities, no-url, not-http and wrong-type."""

    def note(self, reason: str, *, times: int = 1) -> None:
        """Count a reason."""
        self[reason] += times


def absolute(url: str | None, *, base: str, problems: Problems) -> str | None:
    """Resolve a promised URL; None, and counted, when it leads nowhere we could ask.

    White space around and inside is what pretty-printed XML leaves; fragments stay, as they were promised.
    """
    url = "".join((url or "").split())
    if len(url) <= LONGEST_URL and _ORDINARY.fullmatch(url):
        return url
    if not url:
        problems.note("no-url")
        return None
    try:
        full = urljoin(base, url)
        parts = urlsplit(full)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and len(full) <= LONGEST_URL
    except ValueError:
        usable = False
    if not usable:
        problems.note("not-http")
        return None
    return full
