"""What is kept of a rendered page beside its traffic: its DOM, pictures, state and facts."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from crawler.attempts.attempt import Recording
from crawler.browser.asked import Rendered
from crawler.embeds.needs import Kind
from crawler.embeds.pageinfo import CONTENT_TYPE, PageInfo, Seen

_HTML: Final = "text/html; charset=utf-8"


async def keep_rendered(recording: Recording, rendered: Rendered, *, attempt: str) -> None:
    """Writes the records of a page, the one that proves that it is whole last.

    All have the date of the document's exchange. `attempt` names the attempt in the page's id.
    """
    for uri, content_type, payload in _resources(rendered):
        await recording.resource(uri, content_type=content_type, payload=payload, date=rendered.date)
    await recording.metadata(
        rendered.url,
        content_type=CONTENT_TYPE,
        payload=_dump({"consent": rendered.consent.told(), **rendered.storage, "facts": rendered.facts}),
        date=rendered.date,
        concurrent_to=rendered.document.record_id if rendered.document else None,
    )
    await recording.resource(
        f"urn:pageinfo:{rendered.url}",
        content_type=CONTENT_TYPE,
        payload=_page_info(rendered, attempt=attempt),
        date=rendered.date,
    )


def _resources(rendered: Rendered) -> list[tuple[str, str, bytes]]:
    url = rendered.url
    pictures = [
        (f"urn:view:{url}", "image/png", rendered.view),
        (f"urn:thumbnail:{url}", "image/jpeg", rendered.thumbnail),
        (f"urn:microfiche:consent-before:{url}", "image/jpeg", rendered.before),
        (f"urn:microfiche:consent-after:{url}", "image/jpeg", rendered.after),
    ]
    dom = (f"urn:dom:{url}", _HTML, rendered.dom.encode(errors="replace"))
    return [dom, *((uri, kind, picture) for uri, kind, picture in pictures if picture is not None)]


def _page_info(rendered: Rendered, *, attempt: str) -> bytes:
    url = rendered.url
    seen = rendered.seen.get(url) or Seen(status=rendered.status, mime="text/html", date=rendered.date, digest="")
    kinds = {embed: kind for embed, kind in rendered.kinds.items() if embed != url}
    info = PageInfo(
        url=url,
        seen=seen,
        kinds=cast("dict[str, Kind]", kinds),  # a browser tells more kinds than a parser; all are written as they are
        captures={embed: one for embed, one in rendered.seen.items() if embed != url},
        missing=dict(rendered.missing),
    )
    told: dict[str, Any] = json.loads(info.dump(attempt=attempt))
    told["counts"]["jsErrors"] = rendered.facts.get("jsErrors", 0)
    told |= {
        "rendered": True,
        "consent": rendered.consent.told(),
        "storage": rendered.storage,
        "facts": rendered.facts,
    }
    return _dump(told)


def _dump(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
