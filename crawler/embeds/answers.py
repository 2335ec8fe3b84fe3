"""What a page is told of a need: by the answer that just came, or by what earlier runs had. Pure."""

from datetime import datetime
from typing import Final, TypeAlias

from archive.inventory import is_for_now
from archive.ledger.embeds import Miss
from archive.ledger.resources import Resource
from archive.pages import PAGES
from crawler.embeds.fetching import Fetched, seen_again, seen_missed
from crawler.embeds.needs import Need
from crawler.embeds.pageinfo import Seen

Answer: TypeAlias = Seen | str  # the capture of a URL, or why there is none
NOT_AN_EMBED: Final = "not-an-embed"
_FOR_NOW: Final = frozenset({"robots-unreachable", "retry-after", "no-such-host", "dns-failed", "unreachable"}) | {
    *("connect-timeout", "connection-refused", "connection-lost", "tls-failed", "proxy-failed", "timeout"),
}


def remembered(need: Need, *, known: Resource | None, miss: Miss | None, now: datetime) -> Answer | None:
    """What an earlier run had of a need, as long as it need not be asked for again."""
    if known is not None and known.fresh_until > now:
        return NOT_AN_EMBED if known.mime in PAGES and need.kind != "frame" else seen_again(known)
    if miss is None or miss.fresh_until <= now or (known is not None and known.captured_at > miss.captured_at):
        return None
    seen = seen_missed(miss)
    if seen is not None and seen.leads_to:
        return seen
    return _earlier(need, known=known) or seen or miss.reason or "failed"


def judged(need: Need, fetched: Fetched, *, known: Resource | None) -> tuple[Answer, str | None]:
    """What an answer is worth, and its problem, if it has one. An earlier capture stands in for a failure."""
    is_frame, problem = need.kind == "frame", fetched.problem
    if fetched.is_page:
        problem = None if is_frame else NOT_AN_EMBED
    earlier = _earlier(need, known=known) if problem is not None else None
    usable = fetched.seen if is_frame or not fetched.is_page else None
    return earlier or usable or problem or "failed", problem


def may_come(fetched: Fetched) -> bool:
    """Whether what failed may be there the next time: its server was away, or had no time."""
    return fetched.problem in _FOR_NOW if fetched.seen is None else is_for_now(fetched.seen.status)


def _earlier(need: Need, *, known: Resource | None) -> Seen | None:
    """An earlier capture that still shows something."""
    return seen_again(known) if known is not None and (need.kind == "frame" or known.mime not in PAGES) else None
