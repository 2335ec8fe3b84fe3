"""What an exchange says of itself."""

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
