"""The `urn:pageinfo:` record of a page: what it needs to be seen again, where that lies, and what is missing.

In the form of browsertrix-crawler (`util/pageinfo` there), so that tools which read its records read ours. Beyond it
say `date` and `digest` which capture is meant, also one of an earlier run, and `missing` names what no capture holds,
with the reason.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from crawler.embeds.needs import Kind

CONTENT_TYPE: Final = "application/json"
LATER: Final = "later"  # wanted, and not reached by this run
_TYPES: Final[Mapping[Kind, str]] = {"module": "script", "track": "texttrack", "frame": "document"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One capture of a URL: the date is that of its WARC record, the digest its payload's, empty where unknown.

    `leads_to` is where a redirect leads.
    """

    status: int
    mime: str
    date: datetime
    digest: str
    leads_to: str | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class PageInfo:
    """A captured page while its needs are settled.

    `kinds` has every URL it needs, in the order of finding. What is `unsettled` has neither been seen nor failed yet;
    the page counts itself in while it is read.
    """

    url: str
    seen: Seen
    kinds: dict[str, Kind] = field(default_factory=dict)
    captures: dict[str, Seen] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)
    dropped: dict[str, int] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The record's own name."""
        return f"urn:pageinfo:{self.url}"

    def settle(self, url: str, answer: Seen | str) -> None:
        """Takes in what came of a need: a capture, or the reason why there is none."""
        self.unsettled.discard(url)
        if isinstance(answer, Seen):
            self.captures[url] = answer
            self.missing.pop(url, None)
        else:
            self.missing[url] = answer

    def drop(self, dropped: Mapping[str, int]) -> None:
        """Counts needs that are not listed."""
        for reason, times in dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + times

    def dump(self, *, attempt: str) -> bytes:
        """Returns the record's payload; what is not settled by now is missing."""
        missing = self.missing | dict.fromkeys(sorted(self.unsettled - {""}), LATER)
        captures = {
            url: _told(self.captures[url], kind=kind) for url, kind in self.kinds.items() if url in self.captures
        }
        told = {
            "pageid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{attempt} {_iso(self.seen.date)} {self.url}")),
            "url": self.url,
            "ts": _iso(self.seen.date),
            "urls": {self.url: _told(self.seen, kind=None)} | captures,
            "counts": {"jsErrors": 0},
            "missing": missing,
            **({"notListed": self.dropped} if self.dropped else {}),
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def _told(seen: Seen, *, kind: Kind | None) -> dict[str, Any]:
    found = {
        "status": seen.status,
        "mime": seen.mime,
        "type": _TYPES.get(kind, kind) if kind else "document",
        "date": _iso(seen.date),
    }
    return {**found, "digest": seen.digest} if seen.digest else found


def _iso(date: datetime) -> str:
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
