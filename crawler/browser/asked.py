"""What the browser is asked for, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from archive.cdxj import Capture
from archive.consent import Consent
from crawler.embeds.pageinfo import Seen
from crawler.fetch.addresses import Place

if TYPE_CHECKING:
    from crawler.browser.recording.keeping import Keep, MayAsk

Policy = Literal["reject", "accept", "leave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page to be rendered.

    Pages of one `site_key` share a browser context: cookies, cache, the proxy that admits only the `allowed` inward
    places. `budget` is in seconds, everything included. `keep` and `may_ask` are the recorder's.
    """

    url: str
    site_key: str
    user_agent: str
    keep: "Keep"
    may_ask: "MayAsk"
    headers: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    policy: Policy = "reject"
    allowed: frozenset[Place] = frozenset()
    budget: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page as it stood when it was settled.

    `url` is the document's own address: where the last redirect or navigation led, whatever scripts wrote into the
    address bar since; without a fragment. `date` is that of its exchange. `seen`, `kinds` and `missing` are by URL.
    `view` is a PNG of the whole page, `None` where none could be made; the thumbnails are JPEG, at most 640 pixels
    wide. `storage` holds cookies, localStorage and sessionStorage; `facts` counts what was met on the way.
    """

    url: str
    redirects: tuple[str, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    date: datetime
    dom: str
    document: Capture | None
    consent: Consent
    seen: Mapping[str, Seen]
    kinds: Mapping[str, str]
    missing: Mapping[str, str]
    too_large: tuple[str, ...]
    view: bytes | None
    thumbnail: bytes | None
    before: bytes | None
    after: bytes | None
    storage: Mapping[str, Any]
    facts: Mapping[str, int]
