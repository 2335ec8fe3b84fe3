"""crawler.peek: of a page that nobody reads, only the beginning is decoded."""

import gzip
import os
import zlib

import brotli
import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.response import get_meta_refresh
from scrapy.utils.test import get_crawler

from crawler.peek import PeekMiddleware

URL = "http://courier.example/2026/03/01/bridge"
PAGE = b'<html><meta http-equiv="refresh" content="0; url=/moved"><p>Br\xc3\xbccke</p>' + b"<p>text</p>" * 20_000


def answer(body: bytes, *, coding: str | None, peek: bool = True, **headers: str) -> Response:
    """What the middlewares above see of a response."""
    coded = {"Content-Encoding": coding} if coding else {}
    middleware = PeekMiddleware.from_crawler(get_crawler())
    response = Response(URL, headers={"Content-Type": "text/html; charset=utf-8", **coded, **headers}, body=body)
    answered = middleware.process_response(Request(URL, meta={"peek": peek}), response)
    assert isinstance(answered, Response)
    return answered


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("X-GZIP", gzip.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
        ("br", brotli.compress(PAGE)),
    ],
)
def test_the_beginning_is_decoded_and_the_rest_is_dropped(coding, body):
    response = answer(body, coding=coding)
    assert isinstance(response, HtmlResponse)
    assert response.body == PAGE[:16384]
    assert response.text.startswith('<html><meta http-equiv="refresh" content="0; url=/moved"><p>Brücke</p>')
    assert "Content-Encoding" not in response.headers


def test_a_meta_refresh_is_seen():
    assert get_meta_refresh(answer(gzip.compress(PAGE), coding="gzip")) == (0.0, "http://courier.example/moved")


def test_what_is_not_marked_is_decoded_whole():
    assert answer(gzip.compress(PAGE), coding="gzip", peek=False).body == PAGE


def test_a_body_without_coding_is_left_alone():
    assert answer(PAGE, coding=None).body == PAGE


def test_a_body_cut_behind_its_beginning_is_no_error():
    """The capture is whole or marked as truncated; what can be read of it is for the derivation to say."""
    cut = brotli.compress(PAGE + os.urandom(50_000))[:-25_000]
    assert answer(cut, coding="br").body == PAGE[:16384]


def test_a_coding_that_we_did_not_ask_for_is_left_to_scrapy():
    assert answer(b"compressed", coding="compress").body == b"compressed"


def test_a_bomb_is_opened_no_further_than_its_beginning():
    assert answer(gzip.compress(bytes(50 << 20)), coding="gzip").body == bytes(16384)
