"""What a page kept in the browser when it was captured, in the forms from which ReplayWeb.page restores it.

It does so before any script of the page runs, so that a consent banner does not come back whose choice was kept:

- storage from a header of the page's record, `WARC-JSON-Metadata`, as browsertrix-crawler writes it (`--saveStorage`),
- cookies from a field of the page's line in the index of a WACZ, `req.http:cookie`.

`storage` is that of page facts: `{"cookies": [...], "localStorage": {origin: {key: value}}, "sessionStorage": {...}}`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

HEADER: Final = "WARC-JSON-Metadata"
COOKIE_FIELD: Final = "req.http:cookie"
_MOST: Final = 16_000  # characters; Quirk: fastwarc reads no record whose headers are longer than 32 KiB together
_KINDS: Final = (("localStorage", "local"), ("sessionStorage", "session"))


def header(storage: Mapping[str, Any], *, url: str) -> str | None:
    """Returns the value of `HEADER` for a page; None where it kept nothing.

    Where it kept too much for a header, what is largest is left out: a choice is small.
    """
    kept = {told: list(_items(storage, url=url, kind=kind)) for kind, told in _KINDS}
    by_size = sorted((len(_text([pair])), told, pair) for told, pairs in kept.items() for pair in pairs)
    room = _MOST
    chosen: dict[str, list[list[str]]] = {told: [] for told in kept}
    for size, told, pair in by_size:
        room -= 2 * size  # what is quoted twice may grow as much
        if room > 0:
            chosen[told].append(pair)
    return json.dumps({"storage": _text(chosen)}) if any(chosen.values()) else None


def cookies(storage: Mapping[str, Any], *, url: str) -> str:
    """Returns the cookies that a page's scripts could read, as a Cookie header has them; empty where there is none."""
    parts = urlsplit(url)
    return "; ".join(
        f"{one['name']}={one['value']}"
        for one in storage.get("cookies", ())
        if not one.get("httpOnly") and _is_for(one, host=parts.hostname or "", path=parts.path or "/")
    )


def _items(storage: Mapping[str, Any], *, url: str, kind: str) -> list[list[str]]:
    parts = urlsplit(url)
    items = storage.get(kind, {}).get(f"{parts.scheme}://{parts.netloc}", {})
    return [[str(name), str(value)] for name, value in items.items()]


def _text(value: Any) -> str:
    """JSON that may stand in a script element, where ReplayWeb.page puts it."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _is_for(cookie: Mapping[str, Any], *, host: str, path: str) -> bool:
    domain = str(cookie.get("domain", "")).lstrip(".")
    within = str(cookie.get("path") or "/")
    is_here = f".{host}".endswith(f".{domain}") and (f"{path}/".startswith(f"{within.rstrip('/')}/"))
    return is_here and not set(f"{cookie['name']}{cookie['value']}") & set("<;\r\n")
