"""One page fetched by the browser for the crawl: asked with the crawl's manners, kept by its recording."""

from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from crawler.attempts.live import live_of
from crawler.browser.pages.rendering import Asked, Rendered
from crawler.browser.records import keep_rendered
from crawler.fetch.capture import Keeper
from crawler.fetch.failures import unfetched
from crawler.render.asking import Asking
from crawler.render.hollow import why_hollow

RENDERED: Final = "rendered"  # flags a response that is a page's DOM
_TORN: Final = frozenset({"endless", "body-gone", "aborted", "failed", "later", "timeout", "proxy-failed"}) | {
    *("connection-lost", "cut-short", "network-changed", "network-io-suspended", "internet-disconnected"),
}


async def render(crawler: Crawler, request: Request) -> Response:
    """Returns the page's DOM as a response, when all of the page is kept.

    Raises:
        Unfetched: no page came of it; what came is kept all the same.
    """
    live = live_of(crawler)
    asking = Asking(crawler)
    rendered = await live.line.browser.render(
        Asked(
            url=request.url,
            site_key=live.attempt.name,
            user_agent=live.line.user_agent,
            language=live.site.language,
            policy=live.site.consent,
            allowed=asking.allowed,
            keep=Keeper(crawler).keep_rendered,
            may_ask=asking.may_ask,
            budget=live.line.config.browser.budget,
        )
    )
    if is_torn(rendered, request=request):
        raise unfetched(f"{rendered.url} shows nothing: what works on it did not come", reason="page-incomplete")
    await keep_rendered(live.recording, rendered, attempt=live.attempt.name)
    _count(crawler, rendered)
    request.meta["capture"] = rendered.document
    if rendered.url != request.url:
        request.meta["redirect_urls"] = [*request.meta.get("redirect_urls", []), request.url]
    return HtmlResponse(
        rendered.url,
        status=rendered.status,
        headers={"Content-Type": "text/html; charset=utf-8"},
        body=rendered.dom.encode("utf-8", "replace"),
        encoding="utf-8",
        request=request,
        flags=[RENDERED],
    )


def is_torn(rendered: Rendered, *, request: Request) -> bool:
    """Whether a page shows nothing, and something was lost on its way: asked again, it may come.

    What is asked while Chromium's network is being ended fails without a trace: any loss will do.
    """
    if _TORN.isdisjoint(rendered.missing.values()):
        return False
    target = request.cb_kwargs.get("target")
    title = target.promise.title if target is not None else None
    dom = rendered.dom.encode("utf-8", "replace")
    return rendered.status == 200 and why_hollow(dom, title=title, is_list=target is None) is not None


def _count(crawler: Crawler, rendered: Rendered) -> None:
    stats = crawler.stats
    assert stats is not None
    stats.inc_value("render/pages")
    stats.inc_value("render/milliseconds", int(rendered.facts.get("milliseconds", 0)))
    stats.inc_value(f"consent/{rendered.consent.outcome}")
    for reason in rendered.missing.values():
        stats.inc_value(f"render/missing/{reason}")
