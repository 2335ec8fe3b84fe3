"""A site's TOML as Scrapy settings, laid over `crawler.settings`."""

from typing import Any
from urllib.parse import urlsplit

from crawler.embeds.queue import AT_ONCE
from crawler.sites.site import Site

_PORTS = {"http": 80, "https": 443}
PAGES_AT_ONCE = 16  # those that wait in the downloader for their turn included


def settings_of(
    site: Site, *, user_agent: str, max_pages: int | None = None, max_minutes: float | None = None
) -> dict[str, Any]:
    """The settings for one site; caps asked for on the command line win where they are tighter."""
    seconds = site.budget.total_seconds()
    asked = max_minutes * 60 if max_minutes else seconds
    return {
        "USER_AGENT": user_agent,
        "CONCURRENT_REQUESTS": PAGES_AT_ONCE + (AT_ONCE if site.embeds else 0),
        "DOWNLOAD_DELAY": site.delay,
        "DOWNLOAD_DELAY_JITTER": 0.5 if site.delay else 0,
        "AUTOTHROTTLE_ENABLED": site.delay > 0,  # a delay of 0 is asked for only by who owns the server
        "AUTOTHROTTLE_START_DELAY": max(site.delay, 0.1),
        "MICROFICHE_MAX_PAGES": min(max_pages or site.max_pages, site.max_pages),
        "MICROFICHE_MAX_SECONDS": min(asked, seconds),
        "MICROFICHE_TIME_CAP": "max-minutes" if asked < seconds else "budget",
        "MICROFICHE_MAX_BYTES": site.max_bytes,
        "MICROFICHE_ALLOWED_ADDRESSES": _places(site),
    }


def _places(site: Site) -> list[str]:
    """The servers the site itself is configured on, and those it names: only these may lie on a private network."""
    configured = [site.home, *(site.feeds or ()), *(site.sitemaps or ()), *(site.sections or ())]
    return sorted({*map(_place, configured), *site.embed_hosts})


def _place(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{host}:{parts.port or _PORTS[parts.scheme]}"
