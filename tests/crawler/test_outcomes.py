"""What came of a URL, by its answer or its failure."""

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Request

from crawler.fetch.wire import AddressRefused
from crawler.outcomes import Outcome, of_failure, of_response

HOME = "https://valley.example/"


def answer(url: str, *, status: int = 200, first: str | None = None) -> HtmlResponse:
    request = Request(url, meta={"redirect_urls": [first]} if first else {})
    return HtmlResponse(url, status=status, request=request)


def test_an_answer() -> None:
    """200 is captured, anything else failed with its status."""
    assert of_response(answer("https://valley.example/a-story"), home=HOME) == Outcome(word="captured", status=200)
    assert of_response(answer("https://valley.example/a", status=410), home=HOME) == Outcome(
        word="failed", reason="http-410", status=410
    )


def test_a_redirect() -> None:
    """The final address is told; one that only leads to the home page is a failure."""
    moved = of_response(answer("https://valley.example/new", first="https://valley.example/old"), home=HOME)
    assert moved == Outcome(word="captured", status=200, final_url="https://valley.example/new")
    buried = of_response(answer(HOME, first="https://valley.example/old"), home=HOME)
    assert buried == Outcome(word="failed", reason="redirected-home", status=200, final_url=HOME)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DownloadTimeoutError("slow"), Outcome(word="failed", reason="timeout")),
        (CannotResolveHostError("gone"), Outcome(word="failed", reason="no-such-host")),
        (DownloadFailedError("cut"), Outcome(word="failed", reason="connection-lost")),
        (AddressRefused("inward"), Outcome(word="excluded", reason="private-address")),
        (IgnoreRequest("off-site"), Outcome(word="excluded", reason="off-site")),
        (IgnoreRequest("robots-unreachable"), Outcome(word="failed", reason="robots-unreachable")),
        (IgnoreRequest("max redirections reached"), Outcome(word="failed", reason="too-many-redirects")),
        (IgnoreRequest("lease-lost"), None),
        (IgnoreRequest("interrupted"), None),
    ],
)
def test_a_failure(error: Exception, expected: Outcome | None) -> None:
    """Each has its word and reason; what was not asked at all is no outcome, and stays due."""
    assert of_failure(error) == expected
