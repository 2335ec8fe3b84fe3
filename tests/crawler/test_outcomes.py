"""What came of a URL, by its answer or its failure."""

import gzip
from pathlib import Path

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Request

from crawler.attempts.outcomes import Outcome, of_failure, of_response
from crawler.fetch.conditional import AT_HAND
from crawler.fetch.failures import one_line, unfetched
from crawler.fetch.wire import AddressRefused

FIXTURES = Path(__file__).parents[1] / "archive/articles/fixtures"
GATES, NOT_GATES = FIXTURES / "gates", FIXTURES / "not-gates"
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


def test_a_redirect_to_what_this_attempt_has() -> None:
    """It is captured without an exchange of its own, and says so."""
    there = answer("https://valley.example/new", first="https://valley.example/old").replace(flags=[AT_HAND])
    assert of_response(there, home=HOME) == Outcome(
        word="captured", reason="at-hand", status=200, final_url="https://valley.example/new"
    )


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_that_was_not_followed(status: int) -> None:
    """It leads nowhere we can go."""
    stayed = of_response(answer("https://valley.example/a", status=status), home=HOME)
    assert stayed == Outcome(word="failed", reason="bad-redirect", status=status)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cloudflare-managed", "gate-challenge"),
        ("datadome", "gate-challenge"),
        ("perimeterx", "gate-captcha"),
        ("recaptcha-own-words", "gate-captcha"),
        ("login", "gate-login"),
        ("password", "gate-password"),
    ],
)
def test_a_gate_in_the_page_s_place(name: str, reason: str) -> None:
    """It is no capture of the page, though its status says so; also when it came packed."""
    url, page = "https://valley.example/a", (GATES / f"{name}.html").read_bytes()
    answers = (
        HtmlResponse(url, body=page, headers={"Content-Type": "text/html"}, request=Request(url)),
        HtmlResponse(
            url,
            body=gzip.compress(page),
            headers={"Content-Type": "text/html", "Content-Encoding": "gzip"},
            request=Request(url),
        ),
    )
    for response in answers:
        assert of_response(response, home=HOME) == Outcome(word="failed", reason=reason, status=200)


def test_a_page_about_gates() -> None:
    """An article that speaks of robots and passwords, and has a CAPTCHA at its comments, is captured."""
    for page in sorted(NOT_GATES.glob("*.html")):
        url = "https://valley.example/a"
        response = HtmlResponse(
            url, body=page.read_bytes(), headers={"Content-Type": "text/html"}, request=Request(url)
        )
        assert of_response(response, home=HOME) == Outcome(word="captured", status=200), page.name


def test_an_unchanged_page() -> None:
    """A 304 is a capture where we asked whether the page changed, and else no page."""
    assert of_response(answer("https://valley.example/a", status=304), home=HOME) == Outcome(
        word="failed", reason="http-304", status=304
    )
    for name in ("If-None-Match", "If-Modified-Since"):
        request = Request("https://valley.example/a", headers={name: "x"})
        unchanged = HtmlResponse("https://valley.example/a", status=304, request=request)
        assert of_response(unchanged, home=HOME) == Outcome(word="captured", status=304)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (DownloadTimeoutError("slow"), Outcome(word="failed", reason="timeout")),
        (CannotResolveHostError("gone"), Outcome(word="failed", reason="no-such-host")),
        (DownloadFailedError("cut"), Outcome(word="failed", reason="connection-lost")),
        (AddressRefused("inward"), Outcome(word="excluded", reason="private-address")),
        (unfetched("expired", reason="bad-certificate"), Outcome(word="failed", reason="bad-certificate")),
        (unfetched("cut", reason="cut-short"), Outcome(word="failed", reason="cut-short")),
        (ValueError("Port out of range"), Outcome(word="failed", reason="bad-url")),
        (IgnoreRequest("bad-url"), Outcome(word="failed", reason="bad-url")),
        (IgnoreRequest("too-large"), Outcome(word="failed", reason="too-large")),
        (IgnoreRequest("Ignored response <200 http://x/>: \x1b[31m"), Outcome(word="failed", reason="refused")),
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


def test_what_is_logged_of_a_failure() -> None:
    """One line of plain ASCII, of bounded length, without a password."""
    assert one_line("a\r\nb\0\x1b[31m\u202ec\ud800\x85d") == "a b [31m c d"
    assert one_line("407, url='http://reader:s3cret@proxy.example:3128'") == "407, url='http://proxy.example:3128'"
    assert len(one_line("x" * 1_000_000)) == 300
    assert "s3cret" not in one_line("http://" + "u" * 280 + ":s3cret@proxy.example/")
