"""How the tests read a paper: as a browser does, or byte for byte."""

import asyncio
import gzip
import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

import aiohttp
from lxml import etree

from tests.newsroom import Newsroom

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DECLARED = re.compile(rb'charset="?([\w-]+)')


async def text_of(web: aiohttp.ClientSession, url: str) -> str:
    """Returns a page as a browser reads it: the header's charset first, then the page's own."""
    async with web.get(url) as reply:
        assert reply.status == 200, url
        body = await reply.read()
        found = DECLARED.search(body)
        return body.decode(reply.get_encoding() if reply.charset or not found else found[1].decode())


async def status_of(web: aiohttp.ClientSession, url: str, **headers: str) -> int:
    async with web.get(url, headers=headers, allow_redirects=False) as reply:
        return reply.status


async def raw(room: Newsroom, path: str, *, accept: str = "gzip, br, deflate") -> bytes:
    """Returns the bytes of an answer as they came."""
    parts = urlsplit(room.url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accept}\r\nConnection: close\r\n\r\n".encode())
    data = await reader.read()
    writer.close()
    return data


def locations(xml: str | bytes) -> list[str]:
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    return [node.text or "" for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


async def promised(web: aiohttp.ClientSession, room: Newsroom) -> list[str]:
    """Returns every URL that the sitemap index promises, as often as it does."""
    urls: list[str] = []
    for child in locations(await text_of(web, room.url + "sitemap_index.xml")):
        async with web.get(child) as reply:
            body = await reply.read()
            if reply.status == 200:
                urls += locations(gzip.decompress(body) if child.endswith(".gz") else body)
    return urls
