"""How a paper answers: codings, framings, cookies, redirects, validators."""

import asyncio
import gzip
import re
import zlib
from urllib.parse import unquote, urlsplit

import aiohttp
import pytest

from tests.newsroom import big_newsroom
from tests.newsroom.bench import BigPaper, joined_crc
from tests.newsroom.tests.reading import NOW, locations, raw, status_of, text_of
from tests.newsroom.wire import CLOSE, Reply, Request, assemble


async def test_replies_come_in_every_coding_and_framing_and_decode_to_the_same_page(paper, web):
    seen = set()
    for truth in paper.truth[:60]:
        async with web.get(truth.url, headers={"Accept-Encoding": "gzip, deflate, br"}) as reply:
            decoded = await reply.read()
            framing = "chunked" if "Transfer-Encoding" in reply.headers else "length"
            seen.add((reply.headers.get("Content-Encoding", "identity"), framing))
        async with web.get(truth.url, headers={"Accept-Encoding": "identity"}) as reply:
            assert await reply.read() == decoded
    assert {coding for coding, _ in seen} == {"gzip", "br", "deflate", "identity"}
    assert {framing for _, framing in seen} == {"chunked", "length"}


async def test_three_cookies_come_in_three_headers_and_some_servers_write_names_small(paper):
    truths = {truth.theme: truth for truth in paper.truth}
    press = await raw(paper, truths["press"].url.removeprefix(paper.url.rstrip("/")))
    modern = await raw(paper, truths["modern"].url.removeprefix(paper.url.rstrip("/")))
    assert press.partition(b"\r\n\r\n")[0].count(b"\r\nSet-Cookie: ") == 3
    assert b"\r\ncontent-type: text/html" in modern


async def test_charsets_are_told_in_the_header_or_in_the_page_only(paper, web):
    async with web.get(next(t for t in paper.truth if t.section == "Archiv").url) as reply:
        assert reply.headers["Content-Type"] == "text/html; charset=iso-8859-1"
        assert b"charset" not in await reply.read()
    async with web.get(next(t for t in paper.truth if t.section == "Новости").url) as reply:
        assert reply.headers["Content-Type"] == "text/html"
        assert b"charset=windows-1251" in await reply.read()


async def test_head_has_the_headers_of_get_and_no_body(paper, web):
    url = paper.truth[-1].url
    async with web.get(url) as got, web.head(url) as head:
        assert head.status == 200
        assert {k: v for k, v in head.headers.items() if k != "Date"} == dict(got.headers)


async def test_old_addresses_redirect_in_every_manner(paper, web):
    truth = next(t for t in paper.truth if t.theme == "press")
    number = re.search(r"/\?p=(\d+)", await text_of(web, truth.url))
    assert number
    for path, hops in ((f"old/{number[1]}.php", 1), (f"older/{number[1]}.php", 2), (f"node/{number[1]}", 1)):
        async with web.get(paper.url + path) as reply:
            assert (str(reply.url), len(reply.history)) == (truth.url, hops)
    async with web.get(paper.url + f"node/{number[1]}", allow_redirects=False) as reply:
        assert reply.headers["Location"].startswith("../")
    with pytest.raises(aiohttp.TooManyRedirects):
        await text_of(web, paper.url + "loop/a")


async def test_print_and_amp_versions_name_the_article_as_canonical(paper, web):
    truth = next(t for t in paper.truth if t.theme == "press")
    number = re.search(r"/\?p=(\d+)", await text_of(web, truth.url))
    assert number
    for form in ("print", "amp"):
        page = await text_of(web, f"{paper.url}{form}/{number[1]}")
        assert f'<link rel="canonical" href="{truth.url}">' in page


async def test_pages_with_validators_answer_304(paper, web):
    truths = {truth.theme: truth for truth in paper.truth}
    for theme, names in (("press", {"ETag", "Last-Modified"}), ("modern", {"ETag"}), ("drupal", {"Last-Modified"})):
        async with web.get(truths[theme].url) as reply:
            headers = reply.headers
        assert {name for name in ("ETag", "Last-Modified") if name in headers} == names
        ask = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
        for name in names:
            assert await status_of(web, truths[theme].url, **{ask[name]: headers[name]}) == 304
    async with web.get(truths["bare"].url) as reply:
        assert "ETag" not in reply.headers
        assert "Last-Modified" not in reply.headers
    async with web.get(paper.url + "feed/") as reply:
        etag = reply.headers["ETag"]
    assert await status_of(web, paper.url + "feed/", **{"If-None-Match": etag}) == 304
    assert await status_of(web, paper.url + "feed/", **{"If-None-Match": '"other"'}) == 200


async def test_assets_are_what_their_names_say(paper, web):
    truth = paper.truth[-1]
    number = re.search(r"/img/(\d+)-", await text_of(web, truth.url))
    assert number
    begins = {"png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "svg": b"<svg", "webp": b"RIFF"}
    for form, start in begins.items():
        async with web.get(f"{paper.url}assets/img/{number[1]}-64.{form}") as reply:
            assert (await reply.read()).startswith(start)
    for path in ("assets/css/main.css", "assets/css/type.css", "assets/js/site.js", "assets/fonts/ornaments.ttf"):
        assert await status_of(web, paper.url + path) == 200


def test_a_reply_may_be_any_bytes_in_any_steps():
    request = Request.read(b"GET / HTTP/1.1")
    steps = (b"HTTP/1.1 200 \r\nBROKEN", 0.5, CLOSE)
    assert assemble(Reply(steps=steps), request=request) == steps
    odd = Reply(status=200, reason="Fine, really", headers=(("X-tWiCe", "1"), ("X-tWiCe", "2")), body=b"abc", chunk=2)
    assert assemble(odd, request=request) == (
        b"HTTP/1.1 200 Fine, really\r\nX-tWiCe: 1\r\nX-tWiCe: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
    )


async def test_pipelined_requests_are_answered_in_their_order(paper):
    parts = urlsplit(paper.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    close = "\r\nConnection: close"
    asked = "".join(
        f"GET /{name} HTTP/1.1\r\nHost: x{close if name == 'no' else ''}\r\n\r\n" for name in ("about", "no")
    )
    writer.write(asked.encode())
    data = await reader.read()
    writer.close()
    assert re.findall(rb"HTTP/1.1 (\d+)", data) == [b"200", b"404"]


async def test_big_pages_are_whole_gzip_members_with_titles_of_their_own(web):
    with big_newsroom(pages=12) as room:
        urls = locations(await text_of(web, room.url + "sitemaps/0.xml"))
        pages = [await text_of(web, url) for url in urls]
        hits = room.log
    assert len({re.findall("<title>(.*?)</title>", page)[0] for page in pages}) == 12
    assert [unquote(hit.path) for hit in hits][1:] == [urlsplit(url).path for url in urls]


def test_big_pages_pass_the_sum_check_of_gzip_and_have_the_size_told():
    paper = BigPaper(base="http://paper.test", pages=3, now=NOW)
    request = Request.read(f"GET {paper.paths[2]} HTTP/1.1".encode())
    reply = b"".join(step for step in paper.respond(request) if isinstance(step, bytes))
    body = reply.partition(b"\r\n\r\n")[2]
    assert 50_000 < len(body) < 75_000
    assert len(gzip.decompress(body)) > 150_000


def test_sums_of_joined_data_are_those_of_the_whole():
    first, second = b"some news from the valley", b" and some more"
    assert joined_crc(zlib.crc32(first), zlib.crc32(second), size=len(second)) == zlib.crc32(first + second)
