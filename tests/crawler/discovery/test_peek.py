"""crawler.discovery.peek: a page that nobody reads is not decoded, unless it leads on by itself."""

import gzip
import os
import zlib

import brotli
import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.response import get_meta_refresh
from scrapy.utils.test import get_crawler

from crawler.discovery.peek import PeekMiddleware

URL = "http://courier.example/2026/03/01/bridge"
PAGE = "<html><title>Brücke</title>" + "<p>text</p>" * 20_000
BOMB = brotli.compress(bytes(8 << 20), quality=1)
MOVED = '<html><META content="0; url=/moved" HTTP-EQUIV="Refresh"><title>Brücke</title>' + "<p>text</p>" * 20_000


def answer(body: bytes, *, coding: str | None, peek: bool = True, mime: str = "text/html; charset=utf-8") -> Response:
    """What the middlewares above see of a response."""
    coded = {"Content-Encoding": coding} if coding else {}
    middleware = PeekMiddleware.from_crawler(get_crawler())
    response = HtmlResponse(URL, headers={"Content-Type": mime, **coded}, body=body)
    answered = middleware.process_response(Request(URL, meta={"peek": peek}), response)
    assert isinstance(answered, Response)
    return answered


def test_a_page_is_left_as_it_came():
    body = gzip.compress(PAGE.encode())
    response = answer(body, coding="gzip")
    assert (type(response), response.body) == (Response, body)


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(MOVED.encode())),
        ("X-GZIP", gzip.compress(MOVED.encode())),
        ("deflate", zlib.compress(MOVED.encode())),
        ("br", brotli.compress(MOVED.encode())),
        ("deflate, gzip", gzip.compress(zlib.compress(MOVED.encode()))),
    ],
)
def test_a_page_that_leads_on_is_decoded(coding, body):
    response = answer(body, coding=coding)
    assert isinstance(response, HtmlResponse)
    assert response.text == MOVED
    assert get_meta_refresh(response) == (0.0, "http://courier.example/moved")


def test_a_page_in_utf_16_that_leads_on_is_decoded():
    response = answer(gzip.compress(MOVED.encode("utf-16")), coding="gzip", mime="text/html; charset=utf-16")
    assert get_meta_refresh(response) == (0.0, "http://courier.example/moved")


def test_what_is_not_marked_is_decoded():
    assert answer(gzip.compress(PAGE.encode()), coding="gzip", peek=False).text == PAGE


def test_a_body_without_coding_is_left_alone():
    assert answer(PAGE.encode(), coding=None).body == PAGE.encode()


def test_a_body_cut_behind_its_beginning_is_no_error():
    """The capture is whole or marked as truncated; what can be read of it is for the derivation to say."""
    cut = gzip.compress(PAGE.encode() + os.urandom(50_000))[:-25_000]
    assert answer(cut, coding="gzip").body == cut


def test_a_coding_that_we_did_not_ask_for_is_left_to_scrapy():
    assert answer(b"compressed", coding="compress").body == b"compressed"


def test_a_bomb_is_not_opened():
    bomb = gzip.compress(bytes(50 << 20))
    assert answer(bomb, coding="gzip").body == bomb


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_coding_that_is_only_claimed_costs_no_page(coding):
    assert answer(PAGE.encode(), coding=coding, peek=False).text == PAGE


@pytest.mark.parametrize(
    ("coding", "body"),
    [("gzip", gzip.compress(bytes(80 << 20))), ("gzip, " * 1000, gzip.compress(PAGE.encode())), ("br", BOMB)],
)
def test_a_bomb_that_someone_would_read_is_too_large(coding, body):
    with pytest.raises(IgnoreRequest, match=r"\Atoo-large\Z"):
        answer(body, coding=coding, peek=False)


def test_of_a_cut_body_that_someone_reads_the_beginning_is_read():
    response = answer(gzip.compress(PAGE.encode() + os.urandom(50_000))[:-25_000], coding="gzip", peek=False)
    assert response.body.startswith(PAGE.encode())
