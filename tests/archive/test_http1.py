"""HTTP/1 messages cut out of bytes."""

import random

import pytest

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


def test_garbage_is_split_without_losing_a_byte():
    rng = random.Random(5)
    alphabet = [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 C\r\n", b"\r\n", b"\n", b"0", b"5", b"Content-Length: 4\r\n",
                b"Transfer-Encoding: chunked\r\n", b"abc", b":", b" ", b"\xff", b"\x00"]  # fmt: skip
    for _ in range(5000):
        data = b"".join(rng.choices(alphabet, k=rng.randrange(14)))
        message = http1.split_response(data, method="GET")
        kept = message.informational + message.head + message.body
        assert data.lstrip(b"\r\n").startswith(kept)
        assert len(data.lstrip(b"\r\n")) in {len(kept) + message.surplus, 0}
