"""The spider, where something breaks that it works with."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from archive.errors import LedgerError
from crawler.config import Config
from crawler.sites.site import Site
from crawler.spiders.news import NewsSpider


async def broken(*_: Any, **__: Any) -> None:
    raise LedgerError("the ledger's Postgres went away")


@pytest.mark.parametrize("breaks", ["follow_article", "decide"])
async def test_a_page_whose_reading_breaks_is_under_way_no_more(breaks: str) -> None:
    """It stays due, since nobody knows what it leads to; a crawl that waited for it would only end with its budget."""

    async def done(*_: Any, **__: Any) -> None:
        decided.append(breaks)

    decided: list[str] = []
    spider: Any = NewsSpider(site=Site(name="valley", home="https://valley.example/"), config=Config())
    spider._set_crawler(SimpleNamespace(settings={}, stats=SimpleNamespace(inc_value=lambda _: None), signals=_Deaf()))
    spider.reading = SimpleNamespace(follow_article=broken if breaks == "follow_article" else done)
    spider.frontier = SimpleNamespace(decide=broken if breaks == "decide" else done)
    spider._under_way = 1
    request = Request("https://valley.example/1")
    with pytest.raises(LedgerError):
        await spider.page(HtmlResponse(request.url, body=b"<p>", request=request), target=None)
    assert spider._under_way == 0
    assert decided == ([] if breaks == "follow_article" else ["decide"])


class _Deaf:
    def connect(self, *_: Any, **__: Any) -> None:
        pass
