"""HTTP/1 messages cut out of bytes."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from archive import http1
from archive.http1 import Framing

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "payload", "framing"),
    [
        (b"3\r\nabc\r\n0\r\n\r\n", b"abc", Framing.COMPLETE),
        (b"003;a=b\r\nabc\r\n1\r\nd\r\n0\r\nX: y\r\nZ: 1\r\n\r\n", b"abcd", Framing.COMPLETE),
        (b"A\nabcdefghij\n0\n\n", b"abcdefghij", Framing.COMPLETE),
        (b"3 \r\nabc\r\n0\r\n\r\n", b"abc", Framing.COMPLETE),
        (b"3\r\nabc\r\n0\r\nX: y\r\n", b"abc", Framing.CUT),
        (b"3\r\nabc\r\n0\r\n", b"abc", Framing.CUT),
        (b"3\r\nabc\r\n", b"abc", Framing.CUT),
        (b"3\r\nabc\r", b"abc", Framing.CUT),
        (b"3\r\nab", b"ab", Framing.CUT),
        (b"3\r", b"", Framing.CUT),
        (b"3", b"", Framing.CUT),
        (b"", b"", Framing.CUT),
        (b"3\r\nabc\r\nzz\r\nfoo", b"abc", Framing.BROKEN),
        (b"3\r\nabcd\r\n", b"abc", Framing.BROKEN),
        (b"-3\r\nabc\r\n", b"", Framing.BROKEN),
        (b"ffffffffffffffffff\r\nabc", b"", Framing.BROKEN),
    ],
)
def test_chunks_are_read_as_far_as_they_go(body, payload, framing):
    chunks = http1.read_chunks(body)
    assert (chunks.payload, chunks.framing) == (payload, framing)


def test_what_stands_behind_the_last_chunk_is_surplus():
    message = http1.split_response(HEAD + b"1\r\na\r\n0\r\n\r\nHTTP/1.1 200 Next\r\n", method="GET")
    assert (message.body, message.framing, message.surplus) == (b"1\r\na\r\n0\r\n\r\n", Framing.COMPLETE, 19)


@pytest.mark.parametrize(
    ("head", "method", "rest", "body", "framing"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", "GET", b"abcdef", b"abc", Framing.COMPLETE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "GET", b"abcdef", b"abcdef", Framing.CUT),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD", b"", b"", Framing.COMPLETE),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "GET", b"", b"", Framing.COMPLETE),
        (b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", "GET", b"", b"", Framing.COMPLETE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "GET", b"abc", b"abc", Framing.UNTIL_CLOSE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "GET", b"abc", b"abc", Framing.UNTIL_CLOSE),
        (b"HTTP/1.0 200 OK\r\n\r\n", "GET", b"abc", b"abc", Framing.UNTIL_CLOSE),
        (HEAD, "GET", b"1\r\na\r\n0\r\n\r\n", b"1\r\na\r\n0\r\n\r\n", Framing.COMPLETE),
    ],
)
def test_a_body_ends_where_its_head_says(head, method, rest, body, framing):
    message = http1.split_response(head + rest, method=method)
    assert (message.head, message.body, message.framing) == (head, body, framing)


def test_informational_heads_and_blank_lines_stand_before_the_answer():
    early = b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"
    message = http1.split_response(b"\r\n" + early + b"HTTP/1.1 204 No\r\n\r\n", method="GET")
    assert (message.informational, message.head) == (early, b"HTTP/1.1 204 No\r\n\r\n")


def test_a_cut_informational_head_is_no_answer():
    message = http1.split_response(b"HTTP/1.1 103 Early Hints\r\nLink", method="GET")
    assert (message.informational, message.head) == (b"HTTP/1.1 103 Early Hints\r\nLink", b"")


def test_an_upgrade_is_an_answer():
    assert http1.split_response(b"HTTP/1.1 101 Switching\r\n\r\n", method="GET").head != b""


def test_a_head_keeps_order_case_and_repeats():
    head = http1.parse_head(
        b"HTTP/1.1 404 Not Found \r\nb: 1\r\nA:2\r\nB:  3 \r\n more\r\nnonsense\r\nX: \xfc\r\n\r\nY: no"
    )
    assert head.start == ("HTTP/1.1", "404", "Not Found")
    assert head.headers == (("b", "1"), ("A", "2"), ("B", "3 more"), ("X", "ü"))
    assert (head.status, head.first("b")) == (404, "1")
    assert head.tokens("b") == ("1", "3 more")


def test_a_body_that_is_not_chunked_although_it_says_so_is_its_own_payload():
    assert http1.payload(http1.parse_head(HEAD), b"<html>") == b"<html>"


_PIECES = [
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 C\r\n", b"HTTP/1.1 204 N\r\n", b"HTTP/1.1 \xb2\xb3\xb9 O\r\n", b"\n",
    b"\r\n", b"\r", b"0", b"5", b"5\r\nhello\r\n", b"Content-Length: 4\r\n", b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: " + b"9" * 5000 + b"\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n",
    b"abc", b":", b" ", b";", b"\xff", b"\x85", b"\xa0", b"\x00", b"f" * 16, b"f" * 17,
]  # fmt: skip
_GARBAGE = some.lists(some.sampled_from(_PIECES) | some.binary(max_size=4), max_size=16).map(b"".join)
_METHOD = some.sampled_from(["GET", "HEAD", "POST"])


@given(data=_GARBAGE, method=_METHOD)
def test_whatever_comes_is_split_without_losing_a_byte(data, method):
    message = http1.split_response(data, method=method)
    kept = message.blank + message.informational + message.head + message.body
    assert data.startswith(kept)
    assert len(data) == len(kept) + message.surplus
    assert message.framing is Framing.COMPLETE or not message.surplus


@given(data=_GARBAGE, method=_METHOD)
def test_whatever_comes_has_a_head_and_a_payload(data, method):
    message = http1.split_response(data, method=method)
    head = http1.parse_head(message.head)
    assert head.status is None or 0 <= head.status <= 999
    assert all(name == name.strip(" \t\r") and value == value.strip(" \t\r") for name, value in head.headers)
    assert "\n" not in "".join(name + value for name, value in head.headers)
    assert len(http1.payload(head, message.body)) <= len(message.body)


@given(data=_GARBAGE, method=_METHOD, cuts=some.lists(some.integers(0, 200), max_size=6))
def test_following_a_response_piece_by_piece_ends_where_splitting_it_does(data, method, cuts):
    follower = http1.Follower(method=method)
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    came = 0
    for begin, end in pairwise(edges):
        came = end
        if follower.is_over(data[begin:end]):
            break
    else:
        assert http1.split_response(data, method=method).framing in {Framing.CUT, Framing.UNTIL_CLOSE}
        return
    message = http1.split_response(data[:came], method=method)
    begun = b"\n" in message.head and not http1.has_status(message.head)  # no HTTP: nobody waits for its end
    assert begun or message.framing in {Framing.COMPLETE, Framing.BROKEN}


_MUCH = 1 << 17
_GROWING = {
    "nothing but line ends": b"\r\n",
    "line feeds": b"\n",
    "carriage returns": b"\r",
    "1xx heads": b"HTTP/1.1 100 C\r\n\r\n",
    "fields": b"X: y\r\n",
    "folded lines": b"\r\n y",
    "colons": b":",
    "chunks": b"1\r\nx\r\n",
    "chunk sizes": b"0",
    "extensions": b";a=b",
    "trailers": b"0\r\nX: y\r\n",
    "blanks before a chunk": b" ",
    "status lines": b"HTTP/1.1 200 OK\r\n",
    "lengths": b"Content-Length: 5,5,5\r\n",
    "NULs": b"\0",
    "bytes": bytes(range(256)),
}


def _read(data: bytes) -> float:
    """Reads a response in all our ways; returns the seconds of work."""
    started = time.process_time()
    message = http1.split_response(data, method="GET")
    http1.payload(http1.parse_head(message.head), message.body)
    http1.has_status(data)
    follower = http1.Follower(method="GET")
    any(follower.is_over(data[at : at + 4096]) for at in range(0, len(data), 4096))
    return time.process_time() - started


@pytest.mark.parametrize("name", _GROWING)
def test_garbage_costs_no_more_than_its_length(name):
    """What is quadratic would take minutes."""
    unit = _GROWING[name]
    for begin in (b"", b"HTTP/1.1 200 ", b"HTTP/1.1 200 OK\r\nX: y", HEAD, HEAD + b"5;", HEAD + b"0\r\n"):
        assert _read(begin + unit * (_MUCH // len(unit))) < 10


def test_utf_8_in_a_field_keeps_its_last_byte():
    """Read as Latin-1, as RFC 9110 has it, `à` ends with a no-break space, and `Å` with a next-line."""
    head = http1.parse_head("HTTP/1.1 200 voilà\r\nX-Title: voilà\r\nX-Å: Å\r\n\r\n".encode())
    assert head.start[2].encode("latin-1").decode() == "voilà"
    assert [value.encode("latin-1").decode() for _, value in head.headers] == ["voilà", "Å"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (b"", Framing.UNTIL_CLOSE),
        (b"Content-Length: 5\r\n", 5),
        (b"Content-Length: 5, 5\r\nContent-Length: 5\r\n", 5),
        (b"Content-Length: 005\r\n", 5),
        (b"Content-Length: 5\r\nContent-Length: 6\r\n", Framing.BROKEN),
        (b"Content-Length: -5\r\n", Framing.UNTIL_CLOSE),
        (b"Content-Length: +5\r\n", Framing.UNTIL_CLOSE),
        (b"Content-Length: 5 bytes\r\n", Framing.UNTIL_CLOSE),
        (b"Content-Length: \xb2\r\n", Framing.UNTIL_CLOSE),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n", 10**18 - 1),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", Framing.COMPLETE),
        (b"Transfer-Encoding: gzip, Chunked\r\n", Framing.COMPLETE),
        (b"Transfer-Encoding: chunked, gzip\r\n", Framing.UNTIL_CLOSE),
        (b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", 5),
    ],
)
def test_a_head_announces_how_its_body_ends(fields, expected):
    head = http1.parse_head(b"HTTP/1.1 200 OK\r\n" + fields + b"\r\n")
    assert http1.announced_length(head, method="GET") == expected
    assert http1.announced_length(head, method="HEAD") == 0
