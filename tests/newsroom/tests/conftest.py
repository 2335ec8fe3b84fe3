"""A paper that is printed once, and what asks it."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.newsroom import Newsroom
from tests.newsroom.tests.reading import NOW


@pytest.fixture(scope="package")
def paper() -> Iterator[Newsroom]:
    """A healthy paper that no test changes."""
    with Newsroom(articles=160, seed=1, now=NOW) as room:
        room.heal()
        yield room


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session
