"""An exchange from what the DevTools protocol tells: the events are Chromium's, cut down to what is read."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.browser.recording.exchanges import (
    Line,
    Told,
    exchange_of,
    line_of,
    posted,
    request_head,
    response_fields,
    unsparing,
)
from crawler.browser.recording.reasons import reason_of

_STARTED = datetime(2026, 11, 22, 18, 0, 0, 250_000, tzinfo=UTC)
_ASKED: dict[str, Any] = {
    "url": "https://valley-courier.example/a?b=c%20d",
    "method": "GET",
    "headers": {"Accept": "*/*", "Referer": "https://valley-courier.example/"},
}
_SENT: dict[str, Any] = {
    "headers": {
        "Accept": "*/*",
        "Accept-Encoding": "gzip, deflate, br, zstd",
        "Cookie": "a=1; b=2",
        "Host": "valley-courier.example",
    }
}
_SENT_H2: dict[str, Any] = {
    "headers": {
        ":authority": "valley-courier.example",
        ":method": "GET",
        ":path": "/a?b=c%20d",
        ":scheme": "https",
        "accept": "*/*",
    }
}


def _answer(*fields: tuple[str, str], status: int = 200, phrase: str = "OK") -> dict[str, Any]:
    headers = [{"name": name, "value": value} for name, value in fields]
    return {"responseStatusCode": status, "responseStatusText": phrase, "responseHeaders": headers}


def _received(text: str | None, status: int = 200, **headers: str) -> dict[str, Any]:
    told = {"statusCode": status, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}
    return told if text is None else {**told, "headersText": text}


def _told(**known: Any) -> Told:
    return Told(**{"started": _STARTED, "asked": _ASKED, "answer": _answer(), "sent": _SENT, **known})


def test_http_1_is_kept_by_its_text() -> None:
    told = _told(received=_received("HTTP/1.1 200 Fine\r\nb: 2\r\nA: 1\r\nA: 3\r\n\r\n"), peer="192.0.2.7")
    exchange = exchange_of(told, body=b"body")
    assert exchange.response_head == b"HTTP/1.1 200 Fine\r\nb: 2\r\nA: 1\r\nA: 3\r\n\r\n"
    assert exchange.response_body == b"body"
    assert exchange.request_head == (
        b"GET /a?b=c%20d HTTP/1.1\r\nHost: valley-courier.example\r\nAccept: */*\r\n"
        b"Accept-Encoding: gzip, deflate, br, zstd\r\nCookie: a=1; b=2\r\n\r\n"
    )
    assert (exchange.protocols, exchange.peer, exchange.started) == (("http/1.1",), "192.0.2.7", _STARTED)


def test_http_1_0_is_told_as_such() -> None:
    assert exchange_of(_told(received=_received("HTTP/1.0 200 OK\r\n\r\n")), body=b"").protocols == ("http/1.0",)


def test_http_2_is_written_as_http_1_without_pseudo_headers() -> None:
    line = Line(protocol="h2", tls="tls/1.3", cipher="TLS_AES_128_GCM_SHA256")
    answer = _answer(("zeta", "1"), ("alpha", "2"), phrase="")
    received = _received(None, alpha="2", set_cookie="a=1\nb=2\nc=3", zeta="1")
    exchange = exchange_of(_told(sent=_SENT_H2, answer=answer, received=received, line=line), body=b"")
    assert exchange.request_head == b"GET /a?b=c%20d HTTP/1.1\r\nHost: valley-courier.example\r\naccept: */*\r\n\r\n"
    assert exchange.response_head == (
        b"HTTP/1.1 200 \r\nzeta: 1\r\nalpha: 2\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nset-cookie: c=3\r\n\r\n"
    )
    assert exchange.protocols == ("h2", "tls/1.3")
    assert exchange.cipher == "TLS_AES_128_GCM_SHA256"


def test_the_wire_decides_where_the_pause_speaks_of_a_cached_answer() -> None:
    told = _told(answer=_answer(("etag", "old"), ("age", "9")), received=_received(None, status=304, etag="new"))
    assert response_fields(told) == (("etag", "new"),)
    assert exchange_of(told, body=b"from the cache").response_head == b"HTTP/1.1 304 \r\netag: new\r\n\r\n"
    assert exchange_of(told, body=b"from the cache").response_body == b""


def test_without_what_crossed_the_wire_the_pause_has_to_do() -> None:
    told = _told(sent=None, received=None, answer=_answer(("X-A", "1"), ("X-A", "2")))
    exchange = exchange_of(told, body=b"")
    assert exchange.response_head == b"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\n\r\n"
    assert exchange.request_head == (
        b"GET /a?b=c%20d HTTP/1.1\r\nHost: valley-courier.example\r\nAccept: */*\r\n"
        b"Referer: https://valley-courier.example/\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("fields", "fitting"),
    [
        ("Content-Length: 4", "Content-Length: 4"),
        ("content-length: 99", "X-Orig-content-length: 99\r\ncontent-length: 4"),
        (
            "Content-Length: 9\r\nContent-Length: 9",
            "X-Orig-Content-Length: 9\r\nContent-Length: 4\r\nX-Orig-Content-Length: 9",
        ),
        ("Transfer-Encoding: chunked", "X-Orig-Transfer-Encoding: chunked"),
        ("Content-Encoding: br", "X-Orig-Content-Encoding: br"),
        ("Content-Encoding: gzip, zstd", "X-Orig-Content-Encoding: gzip, zstd"),
        ("Content-Encoding: rot13", "Content-Encoding: rot13"),
        ("Content-Encoding: identity\r\nA: 1", "Content-Encoding: identity\r\nA: 1"),
    ],
)
def test_a_head_fits_the_body_that_is_handed_out(fields: str, fitting: str) -> None:
    told = _told(received=_received(f"HTTP/1.1 200 OK\r\n{fields}\r\n\r\n"))
    assert exchange_of(told, body=b"body").response_head == f"HTTP/1.1 200 OK\r\n{fitting}\r\n\r\n".encode()


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204), ("GET", 304)])
def test_a_head_that_has_no_body_stays_as_it_is(method: str, status: int) -> None:
    text = f"HTTP/1.1 {status} Such\r\nContent-Length: 99\r\nContent-Encoding: gzip\r\n\r\n"
    told = _told(asked={**_ASKED, "method": method}, answer=_answer(status=status), received=_received(text, status))
    assert exchange_of(told, body=None).response_head == text.encode()


@pytest.mark.parametrize(
    ("fields", "truncated"),
    [("Content-Length: 9", "unspecified"), ("Transfer-Encoding: chunked", "unspecified"), ("Content-Length: 0", None)],
)
def test_a_redirect_that_announces_a_body_is_truncated(fields: str, truncated: str | None) -> None:
    text = f"HTTP/1.1 301 Moved\r\nLocation: /b\r\n{fields}\r\n\r\n"
    told = _told(answer=_answer(status=301), received=_received(text, 301))
    assert exchange_of(told, body=None).truncated == truncated


def test_a_field_cannot_break_out_of_its_line() -> None:
    told = _told(asked={**_ASKED, "headers": {"A": "1\r\nInjected: 2"}}, sent=None)
    assert b"\r\nInjected" not in request_head(told)


def test_hints_come_before_the_answer() -> None:
    told = _told(received=_received("HTTP/1.1 200 OK\r\n\r\n"), hints=({"headers": {"Link": "</a>\n</b>"}},))
    assert exchange_of(told, body=b"").informational == (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("details", "cipher"),
    [
        ({"protocol": "TLS 1.3", "keyExchange": "", "cipher": "AES_256_GCM"}, "TLS_AES_256_GCM_SHA384"),
        ({"protocol": "TLS 1.3", "keyExchange": "", "cipher": "CHACHA20_POLY1305"}, "TLS_CHACHA20_POLY1305_SHA256"),
        (
            {"protocol": "TLS 1.2", "keyExchange": "ECDHE_RSA", "cipher": "AES_128_GCM"},
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        ),
        (
            {"protocol": "TLS 1.2", "keyExchange": "ECDHE_RSA", "cipher": "AES_256_CBC", "mac": "HMAC-SHA1"},
            "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
        ),
    ],
)
def test_cipher_suites_have_their_registered_names(details: dict[str, str], cipher: str) -> None:
    line = line_of({"protocol": "h2", "securityDetails": details})
    assert line == Line(protocol="h2", tls=f"tls/{details['protocol'][-3:]}", cipher=cipher)


def test_plain_text_lines_have_no_cipher() -> None:
    assert line_of({"protocol": "http/1.1"}) == Line(protocol="http/1.1")


def test_what_was_posted_is_put_together_or_asked_for() -> None:
    parts = [{"bytes": base64.b64encode(part).decode()} for part in (b"\x00\xff", b"end")]
    assert posted({"method": "GET"}) == b""
    assert posted({"hasPostData": True, "postDataEntries": parts}) == b"\x00\xffend"
    assert posted({"hasPostData": True}) is None
    assert posted({"hasPostData": True, "postDataEntries": [*parts, {}]}) is None


def test_a_request_past_the_cache_says_so() -> None:
    assert unsparing(_ASKED)["headers"] == [
        {"name": "Accept", "value": "*/*"},
        {"name": "Referer", "value": "https://valley-courier.example/"},
        {"name": "Cache-Control", "value": "no-cache"},
    ]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("net::ERR_CERT_DATE_INVALID", "bad-certificate"),
        ("net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "tls-failed"),
        ("net::ERR_HTTP2_PROTOCOL_ERROR", "bad-response"),
        ("net::ERR_ABORTED", "aborted"),
        ("net::ERR_SOCKS_CONNECTION_FAILED", "proxy-failed"),
        ("net::ERR_SOMETHING_NEW", "something-new"),
        ("NameNotResolved", "no-such-host"),
        ("TimedOut", "timeout"),
    ],
)
def test_errors_have_the_words_of_plain_http(error: str, reason: str) -> None:
    assert reason_of(error) == reason
