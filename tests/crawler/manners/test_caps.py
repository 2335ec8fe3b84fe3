"""The caps at which a run ends, and by which name."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Spider
from scrapy.utils.test import get_crawler

from crawler.cli.session import DONE
from crawler.manners.caps import Caps
from crawler.sites.settings import settings_of
from crawler.sites.site import Site


@pytest.mark.parametrize(
    ("max_minutes", "cap", "done"),
    [(None, "budget", False), (5.0, "max-minutes", True), (60.0, "budget", False)],
)
def test_a_cap_on_minutes_that_was_asked_for_counts_as_done(max_minutes: float | None, cap: str, *, done: bool) -> None:
    """The site's own budget does not, whether or not somebody would have waited longer."""
    site = Site(name="valley", home="https://valley.example/", budget=timedelta(minutes=30))
    crawler: Any = get_crawler(Spider, settings_of(site, user_agent="test", max_minutes=max_minutes))
    spool = SimpleNamespace(room=lambda **_: None)
    line = SimpleNamespace(spool=spool, config=SimpleNamespace(spool=SimpleNamespace(max_size=1, min_free=1)))
    recording, lease = SimpleNamespace(problem=None), SimpleNamespace(valid=True)
    crawler.spider = SimpleNamespace(live=SimpleNamespace(line=line, recording=recording, lease=lease))
    caps = Caps.from_crawler(crawler)
    assert caps.reached(elapsed=299.0) is None
    assert caps.reached(elapsed=1800.0) == cap
    assert (cap in DONE) is done
