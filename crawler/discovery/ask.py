"""A few polite requests without a crawl: for looking at a site before it is kept. Nothing is archived.

The same rules as for the crawl hold: an honest User-Agent, robots.txt by RFC 9309, the site's delay, and no connection
to a private address unless it was typed by the person who asks.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from crawler.fetch import tls
from crawler.fetch.addresses import Admission, Place
from crawler.manners.robots import RobotsPolicy, read_robots

LARGEST = 20 << 20  # bytes of one answer that are read
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=10)
_ACCEPT = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, br",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: `url` is where it came from in the end. `problem` says why nothing did, or why it is no 200."""

    url: str
    status: int | None = None
    body: bytes = b""
    charset: str | None = None
    problem: str | None = None


class Asker:
    """Asks one URL after the other, at the site's pace; counts its requests, robots.txt included."""

    def __init__(self, session: aiohttp.ClientSession, *, delay: float) -> None:
        self.requests = 0
        self._session = session
        self._delay = delay
        self._policies: dict[str, RobotsPolicy] = {}
        self._silent: dict[str, str | None] = {}  # why a server did not even answer for its robots.txt

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, *, user_agent: str, delay: float, typed: Iterable[str]) -> AsyncIterator["Asker"]:
        """Yields an asker; only the servers of the `typed` URLs may lie on a private network."""
        guard = _guard(frozenset(filter(None, map(Place.of_url, typed))))
        connector = aiohttp.TCPConnector(socket_factory=guard, ssl=tls.verifying())
        headers = {**_ACCEPT, "User-Agent": user_agent}
        async with aiohttp.ClientSession(
            connector=connector, headers=headers, timeout=_TIMEOUT, trust_env=True
        ) as session:
            yield cls(session, delay=delay)

    async def policy(self, url: str) -> RobotsPolicy:
        """The robots.txt that covers a URL."""
        origin = urljoin(url, "/")
        if origin not in self._policies:
            answer = await self._follow(urljoin(origin, "/robots.txt"), obeys=False)
            self._silent[origin] = answer.problem
            self._policies[origin] = read_robots(answer.status, body=answer.body, url=answer.url)
        return self._policies[origin]

    async def get(self, url: str) -> Answer:
        """Asks for a URL and follows its redirects, as far as robots.txt allows."""
        answer = await self._follow(url, obeys=True)
        if answer.problem is None and answer.status != 200:
            return Answer(url=answer.url, status=answer.status, problem=f"http-{answer.status}")
        return answer

    async def _follow(self, url: str, *, obeys: bool) -> Answer:
        for _ in range(_MOST_REDIRECTS + 1):
            refusal = (await self.policy(url)).refusal(url) if obeys else None
            if refusal:
                return Answer(url=url, problem=self._silent[urljoin(url, "/")] or refusal)
            answer, target = await self._ask(url)
            if target is None:
                return answer
            url = target
        return Answer(url=url, problem="too-many-redirects")

    async def _ask(self, url: str) -> tuple[Answer, str | None]:
        """One request: its answer, and where it redirects to."""
        if self.requests:
            await asyncio.sleep(max(self._delay, self._asked_delay(url)))
        self.requests += 1
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                target = _target(response)
                body = b"" if target else await _read(response)
                return Answer(url=url, status=response.status, body=body, charset=response.charset), target
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
            return Answer(url=url, problem=_told(error)), None

    def _asked_delay(self, url: str) -> float:
        policy = self._policies.get(urljoin(url, "/"))
        return (policy.crawl_delay or 0.0) if policy else 0.0


def _guard(allowed: frozenset[Place]) -> Callable[[Any], socket.socket]:
    """Makes the function that makes sockets, for addresses that may be connected to."""
    proxied = bool(getproxies()) and not all(proxy_bypass(place.host) for place in allowed)
    admission = Admission(allowed=allowed, asked=None)
    named = {address: place.port for place in allowed for address in _addresses(place)}

    def make(place: tuple[int, int, int, str, tuple[Any, ...]]) -> socket.socket:
        family, kind, protocol, _, (address, port, *_) = place
        if not proxied and named.get(address) != port and not admission.admits(address, port=port):
            raise OSError(f"{address} is a private address, which only a person may ask for")
        return socket.socket(family, kind, protocol)

    return make


def _addresses(place: Place) -> set[str]:
    """The addresses behind a name that was typed."""
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)}
    except OSError:
        return set()


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > LARGEST:
            break
    return bytes(body)


def _target(response: aiohttp.ClientResponse) -> str | None:
    location = response.headers.get("Location", "").strip()
    if response.status not in _REDIRECTS or not location:
        return None
    target = urljoin(str(response.url), location).partition("#")[0]
    return target if urlsplit(target).scheme in {"http", "https"} else None


def _told(error: Exception) -> str:
    """A failure in a few words."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no such host"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientSSLError):
        return "its certificate cannot be trusted"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.os_error.errno
        return os.strerror(number) if number else str(error.os_error) or "no connection"
    return str(error) or type(error).__name__
