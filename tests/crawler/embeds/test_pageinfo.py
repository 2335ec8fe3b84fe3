"""The list of what a page needs, as a record."""

import json
from datetime import UTC, datetime

from crawler.embeds.pageinfo import PageInfo, Seen

AT = datetime(2026, 11, 20, 9, 30, 0, 250, tzinfo=UTC)
BEFORE = datetime(2026, 11, 19, tzinfo=UTC)


def test_a_page_tells_its_needs_in_the_form_of_browsertrix() -> None:
    """What was seen now or before, with date and digest; what is missing or not reached, with the reason."""
    page = PageInfo(url="http://a.example/", seen=Seen(status=200, mime="text/html", date=AT, digest="sha256:aa"))
    page.kinds |= {"http://a.example/s.css": "stylesheet", "http://a.example/t.vtt": "track"}
    page.kinds |= {"http://a.example/x.png": "image", "http://a.example/y.png": "image"}
    page.unsettled |= {"", "http://a.example/y.png"}
    page.settle("http://a.example/t.vtt", Seen(status=302, mime="", date=AT, digest=""))
    page.settle("http://a.example/s.css", Seen(status=200, mime="text/css", date=BEFORE, digest="sha256:bb"))
    page.settle("http://a.example/x.png", "timeout")
    page.drop({"not-chosen": 2})
    page.drop({"not-chosen": 1})
    told = json.loads(page.dump(attempt="run-1"))
    assert page.uri == "urn:pageinfo:http://a.example/"
    assert told.pop("pageid") == json.loads(page.dump(attempt="run-1"))["pageid"]
    assert told == {
        "url": "http://a.example/",
        "ts": "2026-11-20T09:30:00.000250Z",
        "urls": {
            "http://a.example/": {
                "status": 200, "mime": "text/html", "type": "document", "date": "2026-11-20T09:30:00.000250Z",
                "digest": "sha256:aa",
            },
            "http://a.example/s.css": {
                "status": 200, "mime": "text/css", "type": "stylesheet", "date": "2026-11-19T00:00:00.000000Z",
                "digest": "sha256:bb",
            },
            "http://a.example/t.vtt": {
                "status": 302, "mime": "", "type": "texttrack", "date": "2026-11-20T09:30:00.000250Z",
            },
        },
        "counts": {"jsErrors": 0},
        "missing": {"http://a.example/x.png": "timeout", "http://a.example/y.png": "later"},
        "notListed": {"not-chosen": 3},
    }  # fmt: skip
