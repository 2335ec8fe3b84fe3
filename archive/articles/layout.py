"""What a person wrote down of a site's pages: CSS selectors, dated, because a site changes its looks.

They stand in the site's TOML, which lies in the WARC of each attempt as it was used; so what is read by them is a
function of the WARC, too.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Selectors of the pages that a site served before `until` (None: serves still); a field without one is None.

    `drop` selects what within the body is none of the text.
    """

    until: date | None = None
    title: str | None = None
    authors: str | None = None
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    body: str | None = None
    drop: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Layout":
        """Reads a `[[layout]]` of a site's TOML; keys of a later version are left out."""
        known = {name: value for name, value in table.items() if name in cls.__slots__}
        return cls(**{**known, "drop": tuple(known.get("drop") or ())})


def of_day(layouts: Iterable[Layout], day: date) -> tuple[Layout, ...]:
    """Chooses the layouts of a day's captures: of those that were not over by then, those that ended first."""
    standing = [layout for layout in layouts if layout.until is None or day < layout.until]
    first = min((layout.until or date.max for layout in standing), default=None)
    return tuple(layout for layout in standing if (layout.until or date.max) == first)


def digest(layouts: Sequence[Layout]) -> str | None:
    """Returns the digest of layouts as `extractor.layouts` has it, "sha256:<hex>"; None without any."""
    if not layouts:
        return None
    told = json.dumps([asdict(layout) for layout in layouts], default=str, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(told.encode()).hexdigest()}"
