"""What an exchange says of itself."""

from dataclasses import replace

import pytest

from tests.archive.exchanges import exchange


def test_an_answered_exchange_knows_status_headers_and_payload():
    answered = exchange(
        head=b"HTTP/1.1 404 Gone fishing\r\nTransfer-Encoding: chunked\r\nX-a: 1\r\nx-A: 2\r\n\r\n",
        body=b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
    )
    assert (answered.answered, answered.status, answered.payload) == (True, 404, b"abc")
    assert answered.headers == (("Transfer-Encoding", "chunked"), ("X-a", "1"), ("x-A", "2"))


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 20", b"HTTP/1.1 200", b"ICY 200 OK\r\n\r\n", b"<html>"])
def test_without_a_whole_status_line_there_is_no_answer(head):
    unanswered = exchange(head=head, body=b"")
    assert (unanswered.answered, unanswered.status) == (False, None)


def test_a_head_cut_behind_its_status_line_is_an_answer():
    assert exchange(head=b"HTTP/1.1 503 Busy\r\nRetry-Af", body=b"").status == 503


def test_the_digest_of_a_payload_is_that_of_the_body_out_of_its_chunks():
    """Told twice, it is the same; of another body in the same exchange it is another."""
    answered = exchange(head=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body=b"3\r\nabc\r\n0\r\n\r\n")
    abc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (answered.payload_digest, answered.payload_digest) == (abc, abc)
    empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert replace(answered, response_body=b"0\r\n\r\n").payload_digest == empty
